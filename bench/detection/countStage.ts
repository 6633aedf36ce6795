import { makeFrame } from '../../src/model/frame.ts';
import { spectrumLayout } from '../../src/model/layout.ts';
import type { Detection, Reading } from '../../src/model/signal.ts';
import focus from '../../src/stages/change/focus.ts';
import poissonCusum from '../../src/stages/change/poissonCusum.ts';

const layout = spectrumLayout(
  { name: 'channel', unit: '1', coordinates: Float64Array.of(0) },
  { quantity: 'counts', unit: '1', noise: 'poisson' },
);
const PERIOD_US = 1000;

export type FocusSettings = Parameters<typeof focus.create>[1];
export type CusumSettings = Parameters<typeof poissonCusum.create>[1];

/** A stage fed with a number per frame. */
export interface CountStage {
  /** The last statistic; NaN while it learns. */
  statistic: number;
  detected: boolean;
  process(counts: number, background?: number): void;
}

/** change.focus on one count per frame; `background` is handed on as a beam monitor. */
export const focusOn = (settings: FocusSettings): CountStage => feed(focus.create('focus', settings));
export const cusumOn = (settings: CusumSettings): CountStage => feed(poissonCusum.create('cusum', settings));

function feed(stage: ReturnType<typeof focus.create> | ReturnType<typeof poissonCusum.create>): CountStage {
  const values = new Float64Array(1);
  const frame = makeFrame({ stream: 's', seq: 0, timeUs: 0, exposureUs: PERIOD_US, layout, values });
  const monitor = { background: 1 };
  const listen = (signal: Reading | Detection): void => {
    if (signal.type === 'detection') fed.detected = true;
    else if (signal.name === 'statistic') fed.statistic = signal.value;
  };
  const fed: CountStage = {
    statistic: NaN,
    detected: false,
    process(counts, background) {
      values[0] = counts;
      if (background !== undefined) {
        monitor.background = background;
        frame.context = monitor;
      }
      fed.statistic = NaN;
      fed.detected = false;
      stage.process(frame, listen);
      frame.seq++;
      frame.timeUs += PERIOD_US;
    },
  };
  return fed;
}
