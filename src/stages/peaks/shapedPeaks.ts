import type { z } from 'zod';
import type { fitSettings } from './fitSettings.ts';

type Settings = z.output<typeof fitSettings>;

/** A peak as the settings give it, with its shape. */
export type PeakSettings = Settings['peaks'][number] & Pick<Settings, 'shape'>;

/** The peaks, each with its shape. @throws RangeError when one that is like another has a shape of its own. */
export function shapedPeaks({ peaks, shape: shared }: Pick<Settings, 'peaks' | 'shape'>): readonly PeakSettings[] {
  const shapes = new Map<string, PeakSettings['shape']>();
  return peaks.map((each) => {
    const other = each.like === undefined ? shared : shapes.get(each.like)!;
    const { shape = other } = each;
    if (each.like !== undefined && shape !== other)
      throw new RangeError(`'${each.name}' is a ${shape} like '${each.like}', a ${other}; expected the same shape`);
    shapes.set(each.name, shape);
    return { ...each, shape };
  });
}
