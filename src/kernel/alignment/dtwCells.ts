import { costAt, rowOffset, type DtwWorkspace } from './dtwWorkspace.ts';

/**
 * Fills the cells for the steps (1, 1), (0, 1), (1, 0). Away from the edges of the band, where all three candidates are finite, the minima
 * are taken by absolute values: noise would mispredict every other branch.
 *
 * @param diagonalWeight - what a diagonal step costs, in local costs.
 */
export function fillSymmetric(
  query: Float64Array,
  reference: Float64Array,
  work: DtwWorkspace,
  diagonalWeight: number,
): void {
  const { n, m, halfWidth, costs } = work;
  for (let i = 0; i < n; i++) {
    const from = Math.max(0, i - halfWidth);
    const end = Math.min(m, i + halfWidth + 1);
    const row = rowOffset(work, i);
    const q = query[i]!;
    if (from >= end) continue;
    fillEdge(i, from, Math.abs(q - reference[from]!));
    if (i === 0) {
      for (let j = 1; j < end; j++) fillEdge(0, j, Math.abs(q - reference[j]!));
      continue;
    }
    const above = rowOffset(work, i - 1);
    const inner = Math.min(end, i + halfWidth);
    let left = costs[row + from]!;
    let corner = costs[above + from]!;
    for (let j = from + 1; j < inner; j++) {
      const d = Math.abs(q - reference[j]!);
      const over = costs[above + j]!;
      const diagonal = corner + diagonalWeight * d;
      const vertical = over + d;
      corner = over;
      const either = 0.5 * (diagonal + vertical - Math.abs(diagonal - vertical));
      const horizontal = left + d;
      left = 0.5 * (either + horizontal - Math.abs(either - horizontal));
      costs[row + j] = left;
    }
    for (let j = Math.max(inner, from + 1); j < end; j++) fillEdge(i, j, Math.abs(q - reference[j]!));
  }

  function fillEdge(i: number, j: number, d: number): void {
    const best = Math.min(
      costAt(work, i - 1, j - 1) + diagonalWeight * d,
      costAt(work, i, j - 1) + d,
      costAt(work, i - 1, j) + d,
    );
    costs[rowOffset(work, i) + j] = i === 0 && j === 0 ? d : best;
  }
}

/** Fills the cells for the steps (1, 0), (1, 1), (1, 2). */
export function fillAsymmetric(query: Float64Array, reference: Float64Array, work: DtwWorkspace): void {
  const { n, m, halfWidth, costs } = work;
  for (let i = 0; i < n; i++) {
    const end = Math.min(m, i + halfWidth + 1);
    const row = rowOffset(work, i);
    for (let j = Math.max(0, i - halfWidth); j < end; j++) {
      const d = Math.abs(query[i]! - reference[j]!);
      const before = Math.min(costAt(work, i - 1, j), costAt(work, i - 1, j - 1), costAt(work, i - 1, j - 2));
      costs[row + j] = i === 0 && j === 0 ? d : before + d;
    }
  }
}
