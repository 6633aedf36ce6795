import type { DoseFile, DoseStream } from './doseStream.ts';
import type { StreamRun } from './runStream.ts';

/** Sums over streams, from which shares are made. */
export interface DoseSums {
  streams: number;
  over: number;
  over20: number;
  efficiency: number;
  inside: number;
  looked: number;
  reachInside: number;
  reachLooked: number;
  characteristicInside: number;
  characteristicLooked: number;
}

export const emptySums = (): DoseSums => ({
  streams: 0,
  over: 0,
  over20: 0,
  efficiency: 0,
  inside: 0,
  looked: 0,
  reachInside: 0,
  reachLooked: 0,
  characteristicInside: 0,
  characteristicLooked: 0,
});

/** Adds one stream to the sums of a rule. @param stop - frames taken before it stopped. */
export function addStream(
  sums: DoseSums,
  { tolerance, scenario }: DoseFile,
  stream: DoseStream,
  run: StreamRun,
  stop: number,
): void {
  const { f_end: truth, dose_at_tolerance: reach } = stream.truth;
  const doses = stream.dose_per_frame;
  const after = (t: number): number => (t === 0 ? 0 : truth[t - 1]!);
  let delivered = 0;
  let allowed = 0;
  let spent = 0;
  doses.forEach((dose, t) => {
    spent += dose;
    if (t < stop) delivered = spent;
    if (after(t + 1) <= tolerance) allowed = spent;
  });
  sums.streams++;
  if (after(stop) > tolerance) sums.over++;
  if (after(stop) > 1.2 * tolerance) sums.over20++;
  sums.efficiency += allowed > 0 ? Math.min(1, delivered / allowed) : 1;
  for (let t = 5; t <= doses.length && t <= run.frames; t += 5) {
    const f = after(t);
    if (f > 2 * tolerance || !(run.low[t]! >= 0)) continue;
    sums.looked++;
    if (run.low[t]! <= f && f <= run.high[t]!) sums.inside++;
  }
  if (reach === null) return;
  const edgeAt = (share: number): number => {
    let at = 0;
    for (let sum = 0; at < doses.length && sum < share * reach; at++) sum += doses[at]!;
    return at;
  };
  const end = edgeAt(1);
  if (scenario === 'exp' && end <= run.frames && run.characteristicLow[end]! > 0) {
    const truth = -reach / Math.log1p(-tolerance);
    sums.characteristicLooked++;
    if (run.characteristicLow[end]! <= truth && truth <= run.characteristicHigh[end]!) sums.characteristicInside++;
  }
  const at = edgeAt(0.75);
  if (at > run.frames) return;
  sums.reachLooked++;
  if (!(run.reachLow[at]! > reach) && !(run.reachHigh[at]! < reach)) sums.reachInside++;
}

/** Shares of a cell, or of several together. */
export function sharesOf(sums: DoseSums) {
  const share = (part: number, whole: number): number => (whole === 0 ? 0 : part / whole);
  return {
    streams: sums.streams,
    over: share(sums.over, sums.streams),
    over20: share(sums.over20, sums.streams),
    efficiency: share(sums.efficiency, sums.streams),
    coverage: share(sums.inside, sums.looked),
    reachCoverage: share(sums.reachInside, sums.reachLooked),
    /** Of the characteristic dose when the tolerance is reached; exponential streams only. */
    characteristicCoverage: share(sums.characteristicInside, sums.characteristicLooked),
  };
}

/** Adds the sums of one cell to those of several. */
export function addSums(to: DoseSums, from: DoseSums): void {
  for (const key of Object.keys(to) as (keyof DoseSums)[]) to[key] += from[key];
}
