import { createLayoutInterner } from '../../src/model/layout.ts';
import type { Layout, Noise } from '../../src/model/layout.ts';
import type { FileMeaning } from './fileSettings.ts';

/** Layouts of files under the names, units and noise that were declared; one object per geometry, whatever the file. */
export function createRelabel(
  { axis, values }: Pick<FileMeaning, 'axis' | 'values'>,
  noise: Noise | undefined,
): (layout: Layout) => Layout {
  const intern = createLayoutInterner();
  const known = new WeakMap<Layout, Layout>();
  return (layout) => {
    const found = known.get(layout);
    if (found !== undefined) return found;
    const last = layout.axes.length - 1;
    const axes = layout.axes.map((each, k) =>
      k === last ? { ...each, name: axis.name ?? each.name, unit: axis.unit ?? each.unit } : each,
    );
    const relabelled = intern({
      ...layout,
      axes,
      quantity: values.quantity ?? layout.quantity,
      unit: values.unit ?? layout.unit,
      noise: noise ?? layout.noise,
    });
    known.set(layout, relabelled);
    return relabelled;
  };
}
