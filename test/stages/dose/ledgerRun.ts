import type { FrameParts } from '../../../src/model/frame.ts';
import type { Detection, Reading } from '../../../src/model/signal.ts';
import type { Stage } from '../../../src/model/stage.ts';
import { channelLayout, testFrame } from '../../support/frames.ts';

const layout = channelLayout(2);

/** What an account of dose says of these frames. */
export function ledgerRun(stage: Stage, frames: readonly (Partial<FrameParts> & { values?: Float64Array })[]) {
  const said: (Reading | Detection)[] = [];
  frames.forEach((more, seq) =>
    stage.process(testFrame(layout, seq, new Float64Array(2), more), (out) => {
      if (out.type === 'reading' || out.type === 'detection') said.push(out);
    }),
  );
  const readings = said.filter((signal) => signal.type === 'reading');
  const of = (name: string): Reading[] => readings.filter((reading) => reading.name === name);
  return {
    said,
    of,
    values: (name: string): number[] => of(name).map(({ value }) => value),
    detections: said.filter((signal) => signal.type === 'detection'),
  };
}
