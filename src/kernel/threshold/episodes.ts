/**
 * The maxima of the episodes of a statistic. An episode lasts from one return to the usual level to the next: what
 * lies between two returns hangs together, what lies in different episodes is nearly independent, whatever memory the
 * statistic has.
 *
 * @param values - [n] the statistic, frame by frame.
 * @param runs - first index of each stretch of frames that follow each other; an episode does not span two.
 * @param usual - the usual level; an episode ends at or below it.
 * @returns the maxima in falling order, of the episodes that rose above the level.
 */
export function episodeMaxima(values: Float64Array, runs: readonly number[], usual: number): Float64Array {
  const maxima: number[] = [];
  let highest = -Infinity;
  const close = (): void => {
    if (highest > usual) maxima.push(highest);
    highest = -Infinity;
  };
  let run = 0;
  for (let i = 0; i < values.length; i++) {
    if (i === runs[run]) {
      close();
      run++;
    }
    if (values[i]! <= usual) close();
    else highest = Math.max(highest, values[i]!);
  }
  close();
  return Float64Array.from(maxima).sort().reverse();
}
