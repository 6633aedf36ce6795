import type { FileHead } from '../../src/model/reader.ts';

/** What a file begins with, as latin-1, and what that is. */
const BEGINNINGS: readonly (readonly [start: string, what: string])[] = [
  ['\x89PNG', 'a PNG image'],
  ['\xff\xd8\xff', 'a JPEG image'],
  ['GIF8', 'a GIF image'],
  ['BM', 'a BMP image'],
  ['II*\0', 'a TIFF image'],
  ['MM\0*', 'a TIFF image'],
  ['II+\0', 'a BigTIFF image'],
  ['%PDF', 'a PDF document'],
  ['{\\rtf', 'an RTF document'],
  ['PK\x03\x04', 'a ZIP archive (xlsx, docx, ndax, opju)'],
  ['Rar!', 'a RAR archive'],
  ['7z\xbc\xaf\x27\x1c', 'a 7-Zip archive'],
  ['BZh', 'bzip2'],
  ['\xfd7zXZ', 'xz'],
  ['\x28\xb5\x2f\xfd', 'Zstandard'],
  ['\x1f\x8b', 'gzip'],
  ['\xd0\xcf\x11\xe0', 'an OLE file (xls, doc, opus project)'],
  ['\x89HDF\r\n\x1a\n', 'HDF5'],
  ['\x0e\x03\x13\x01', 'HDF4'],
  ['CDF\x01', 'netCDF'],
  ['CDF\x02', 'netCDF'],
  ['SQLite format 3\0', 'an SQLite database'],
  ['SIMPLE  =', 'FITS'],
  ['\x93NUMPY', 'a NumPy array'],
  ['MATLAB 5.0', 'a MATLAB file'],
  ['IGOR', 'an Igor text wave'],
  ['\x05\0', 'an Igor binary wave'],
  ['\0\x05', 'an Igor binary wave'],
  ['CPY', 'an Origin project'],
  ['WDF1', 'Renishaw WiRE'],
  ['AAMVHFSS', 'a Bruker container (bcf)'],
  ['\0\0\0\x03', 'Gatan DigitalMicrograph 3'],
  ['\0\0\0\x04', 'Gatan DigitalMicrograph 4'],
  ['RAW1.0', 'Bruker RAW 1'],
  ['RAW4.00', 'Bruker RAW 4'],
  ['BIO-LOGIC', 'a Biologic binary file (mpr)'],
  ['\x7fELF', 'a program'],
  ['MZ', 'a program'],
];

/** Words of a text file, and what they make it; the first that fits. */
const WORDS: readonly (readonly [pattern: RegExp, what: string])[] = [
  [/^\s*data_\S*[\s\S]*_cell_length_a/m, 'CIF, a crystal structure (as a phase, not as a spectrum)'],
  [/^\s*<(?:!doctype html|html)/i, 'a web page'],
  [/^\s*<\?xml/, 'XML'],
  [/^\s*[{[]\s*["\]}{[\d-]/, 'JSON'],
  [/^\s*(?:version|streams|pipeline)\s*:/m, 'a pipeline file (operando check FILE)'],
  [/^##\s*(?:TITLE|JCAMP)/im, 'JCAMP-DX'],
];

const SAMPLE = 4096;

/** What a file that no reader knows looks like, in words. */
export function describeUnknown({ bytes, text }: FileHead): string {
  if (bytes.length === 0) return 'an empty file';
  const known = BEGINNINGS.find(([start]) => text.startsWith(start)) ?? WORDS.find(([pattern]) => pattern.test(text));
  if (known !== undefined) return known[1];
  const sample = bytes.subarray(0, SAMPLE);
  if (sample.every((byte) => byte === 0)) return 'nothing but zero bytes';
  return sample.includes(0) ? 'a binary file of an unknown kind' : 'text of an unknown kind';
}
