/**
 * Damerau-Levenshtein distance (optimal string alignment): insertions, deletions, substitutions and
 * exchanges of two neighbours, each counted once.
 * @see Damerau, Communications of the ACM 7 (1964) 171
 */
export function editDistance(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const isSame = a[i - 1] === b[j - 1];
      let best = Math.min(at(last, j) + 1, at(row, j - 1) + 1, at(last, j - 1) + (isSame ? 0 : 1));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        best = Math.min(best, at(beforeLast, j - 2) + 1);
      row.push(best);
    }
    beforeLast = last;
    last = row;
  }
  return at(last, b.length);
}

const at = (row: readonly number[], j: number): number => row[j] ?? Infinity;

/**
 * The candidate a person most likely meant, or null when none is close: at most a third of its letters differ.
 * A word without a dot is also compared with what follows the last dot, so that 'snip' finds 'background.snip'.
 */
export function nearest(word: string, candidates: Iterable<string>): string | null {
  const wanted = word.toLowerCase();
  let best: string | null = null;
  let bestDistance = Infinity;
  for (const candidate of candidates) {
    const full = candidate.toLowerCase();
    const forms = wanted.includes('.') ? [full] : [full, full.slice(full.lastIndexOf('.') + 1)];
    for (const form of forms) {
      const distance = editDistance(wanted, form);
      if (distance < bestDistance && distance <= Math.max(1, Math.floor(Math.max(form.length, wanted.length) / 3))) {
        best = candidate;
        bestDistance = distance;
      }
    }
  }
  return best;
}
