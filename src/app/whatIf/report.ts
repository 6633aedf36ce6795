import { clockText } from '../runReport.ts';
import type { RuledRun, Spent } from './firstStop.ts';

const amount = ({ value, unit }: Spent): string => `${Number(value.toPrecision(4))} ${unit}`;

/** What the rules say to a run, in lines; the first begins with `title`. */
export function stopLines(title: string, { stop, startUs, spent }: RuledRun): string[] {
  const totals = spent.map((whole) => {
    const then = stop?.spent.find(({ stage }) => stage === whole.stage);
    return then === undefined
      ? `  ${whole.stage}: ${amount(whole)} at the end of the run`
      : `  ${whole.stage}: ${amount(then)} then, ${amount(whole)} at the end of the run${savedText(then, whole)}`;
  });
  if (stop === null) return [`${title}: no rule stops the beam`, ...totals];
  const after = ((stop.timeUs - (startUs ?? stop.timeUs)) / 1e6).toPrecision(4);
  return [
    `${title}: the beam stops after frame ${stop.seq} (${clockText(stop.timeUs)}, ${Number(after)} s into the run)`,
    `  ${stop.cause}`,
    ...totals,
  ];
}

function savedText(then: Spent, whole: Spent): string {
  if (!(whole.value > 0) || then.value >= whole.value) return '';
  return `, ${Number((100 * (1 - then.value / whole.value)).toPrecision(3))} % spared`;
}
