/** What a row of numbers says of the absorption. */
export type Absorption = (row: readonly number[]) => number;

const COLUMN = /^#\s*Column\.(\d+):\s*(\S+)/gim;

/**
 * How to get the absorption out of a file of XAS Data Interchange (XDI): its header names the columns. Fluorescence over the
 * incident beam, the logarithm of incident over transmitted, or a column that is the absorption already.
 *
 * @param text - of the file.
 * @returns null when its header names no columns of that kind; the position is then still the first column.
 * @see Ravel and Newville, J. Phys.: Conf. Ser. 712 (2016) 012148.
 */
export function xdiAbsorption(text: string): Absorption | null {
  const places = new Map<string, number>();
  for (const [, number, name] of text.matchAll(COLUMN)) places.set((name ?? '').toLowerCase(), Number(number) - 1);
  const at = (...names: string[]): number | undefined =>
    names.map((name) => places.get(name)).find((place) => place !== undefined);
  const ready = at('mutrans', 'mufluor', 'norm');
  if (ready !== undefined) return (row) => row[ready] ?? NaN;
  const incident = at('i0');
  const fluorescence = at('ifluor');
  const transmitted = at('itrans');
  if (incident === undefined) return null;
  if (fluorescence !== undefined) return (row) => (row[fluorescence] ?? NaN) / (row[incident] ?? NaN);
  if (transmitted !== undefined) return (row) => Math.log((row[incident] ?? NaN) / (row[transmitted] ?? NaN));
  return null;
}
