/** Lines that come and go together: a phase, an element. */
export interface ListedLines {
  readonly name: string;
  /** Axis units. */
  readonly positions: readonly number[];
  readonly intensities: readonly number[];
}

/**
 * Reads a list of phases or elements: one line of text per spectral line, `name position [intensity]`, separated by
 * blanks, tabs or commas; lines of the same name belong together; `#` begins a comment.
 *
 * @param bytes - UTF-8.
 * @throws RangeError naming the line that is wrong.
 */
export function parseLineList(bytes: Uint8Array): ListedLines[] {
  const sets = new Map<string, { positions: number[]; intensities: number[] }>();
  const rows = new TextDecoder().decode(bytes).split(/\r?\n/);
  rows.forEach((row, k) => {
    const text = row.replace(/#.*/, '').trim();
    if (text === '') return;
    const [name = '', position = '', intensity = '1', ...more] = text.split(/[\s,;]+/);
    const at = Number(position);
    const height = Number(intensity);
    if (position === '' || more.length > 0 || !Number.isFinite(at) || !(height > 0))
      throw new RangeError(`line ${k + 1} of the list of lines is '${text}', expected 'name position [intensity]'`);
    const set = sets.get(name) ?? { positions: [], intensities: [] };
    set.positions.push(at);
    set.intensities.push(height);
    sets.set(name, set);
  });
  if (sets.size === 0) throw new RangeError('the list of lines is empty');
  return [...sets].map(([name, { positions, intensities }]) => ({ name, positions, intensities }));
}
