import { MAX_CHANNELS } from '../binary/grid.ts';
import type { ByteFile } from '../binary/openBytes.ts';

const MOST_HEADER_BYTES = 1024 * 1024;
const END = 'EOFH';
const FACTS = [
  'AcqFileDate',
  'FileDesc',
  'SoftwareVersion',
  'InstrumentModel',
  'XraySource',
  'XrayPower',
  'AnalyserMode',
  'Operator',
];

/** One spectral region that was measured. */
export interface PhiRegion {
  readonly name: string;
  readonly points: number;
  /** Binding energy, eV. */
  readonly start: number;
  readonly step: number;
  readonly secondsPerStep: number;
}

export interface PhiHeader {
  readonly fileType: string;
  readonly regions: readonly PhiRegion[];
  readonly facts: Readonly<Record<string, string>>;
  /** First byte behind the header. */
  readonly dataStart: number;
}

/** @throws MonitorError naming the file. */
export function readPhiHeader(file: ByteFile): PhiHeader {
  const bytes = Math.min(file.size, MOST_HEADER_BYTES);
  const view = file.view(0, bytes, 'the header');
  const text = Buffer.from(view.buffer, view.byteOffset, bytes).toString('latin1');
  const end = text.indexOf(END);
  if (end < 0) throw file.broken('the file ends within its header: there is no line EOFH');
  const behind = /^EOFH\r?\n/.exec(text.slice(end, end + 6))?.[0].length ?? END.length;
  const entries = text
    .slice(0, end)
    .split(/\r?\n/)
    .map((line) => /^([^:]+):\s*(.*)$/.exec(line))
    .filter((match) => match !== null)
    .map((match): [string, string] => [match[1]!.trim(), match[2]!.trim()]);
  const known = new Map(entries);
  const regions = entries.filter(([key]) => key === 'SpectralRegDef').map(([, value]) => regionOf(value, file));
  if (regions.length === 0) throw file.broken('the header has no line SpectralRegDef');
  return {
    fileType: known.get('FileType') ?? '',
    regions,
    facts: Object.fromEntries(FACTS.flatMap((key) => (known.get(key) ? [[key, known.get(key)!]] : []))),
    dataStart: end + behind,
  };
}

/** Number, active, name, element, points, step, start, end, start and end of the window, seconds per step, pass energy, kind. */
function regionOf(text: string, file: ByteFile): PhiRegion {
  const [, , name = '', , points, step, start, , , , seconds] = text.split(/\s+/);
  const region = {
    name,
    points: Number(points),
    step: Number(step),
    start: Number(start),
    secondsPerStep: Number(seconds),
  };
  const isPlausible = Number.isInteger(region.points) && region.points > 0 && region.points <= MAX_CHANNELS;
  if (!isPlausible || !Number.isFinite(region.start) || !(Math.abs(region.step) > 0))
    throw file.broken(`the region '${text.slice(0, 80)}' cannot be used`);
  return region;
}
