import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { extname, join } from 'node:path';
import { encodeFrameCbor, encodeLayoutCbor, encodeSlowCbor } from '../../src/wire/frameCbor.ts';
import { encodeFrameJson, encodeLayoutJson, encodeSlowJson } from '../../src/wire/frameJson.ts';
import { layoutIdOf } from '../../src/wire/layoutId.ts';
import { makeFrame } from '../../src/model/frame.ts';
import { spectrumLayout } from '../../src/model/layout.ts';
import { encodeCborItem } from '../../src/wire/cborItem.ts';

/** A valid input, and the end of a file name that goes with it. */
export interface Seed {
  readonly bytes: Uint8Array;
  readonly extension: string;
}

/** Text says all that it has to say at the beginning. */
const MOST_TEXT_BYTES = 30_000;
const MOST_BYTES = 400_000;
const FILES_PER_KIND = 8;

const axis = Float64Array.from({ length: 40 }, (_, i) => 20 + i / 10);
const counts = axis.map((x) => Math.round(100 + 400 * Math.exp(-((x - 22) ** 2))));
const layout = spectrumLayout(
  { name: 'twoTheta', unit: 'deg', coordinates: axis },
  { quantity: 'counts', unit: '1', noise: 'poisson' },
);
const frame = makeFrame({
  stream: 'xrd',
  seq: 7,
  timeUs: 1_767_225_600_000_000,
  exposureUs: 1e5,
  layout,
  values: counts,
  variances: counts,
  mask: new Uint8Array(40),
  context: { temperature: 300 },
  contextAgeUs: { temperature: 5 },
});
const slow = { type: 'slow', name: 'temperature', timeUs: 1_767_225_600_000_000, value: 300, unit: 'K' } as const;
const text = (lines: string): Uint8Array => new TextEncoder().encode(lines);
const copy = (bytes: Uint8Array): Uint8Array => bytes.slice();

/** Packets of every codec of the house, and of detectors. */
export const packetSeeds = (): Seed[] =>
  [
    copy(encodeFrameCbor(frame, layoutIdOf(layout))),
    copy(encodeLayoutCbor(layout, 'xrd')),
    copy(encodeSlowCbor(slow)),
    copy(encodeFrameJson(frame, layoutIdOf(layout))),
    copy(encodeLayoutJson(layout, 'xrd')),
    copy(encodeSlowJson(slow)),
    new Uint8Array(2048 * 4).fill(3),
    encodeCborItem({ type: 'start', arm_date: '2026-01-01T00:00:00Z', image_size_x: 4, image_size_y: 4, series_id: 1 }),
    encodeCborItem({ type: 'image', series_id: 1, image_id: 0, data: { threshold_1: new Uint32Array(16) } }),
    text(JSON.stringify({ htype: 'dheader-1.0', series: 1, header_detail: 'basic' })),
    text(JSON.stringify({ htype: 'dimage-1.0', series: 1, frame: 0, hash: '' })),
  ].map((bytes) => ({ bytes, extension: 'bin' }));

/** Small files made here, so that every reader meets something without real data. */
const madeFiles = (): Seed[] => {
  const rows = [...axis].map((x, i) => [x.toFixed(2), String(counts[i])] as const);
  const columns = (separator: string): string => rows.map((row) => row.join(separator)).join('\n');
  return [
    { extension: 'xy', bytes: text(columns(' ')) },
    { extension: 'csv', bytes: text(`x,y\n${columns(',')}\n`) },
    { extension: 'txt', bytes: text(`# comment\n${columns('\t')}\n`) },
    { extension: 'txt', bytes: text(`time,temperature\n${rows.map(([x]) => `${x},300`).join('\n')}\n`) },
    {
      extension: 'msa',
      bytes: text(
        `#FORMAT      : EMSA/MAS Spectral Data File\n#VERSION     : 1.0\n#TITLE       : x\n#NPOINTS     : 40.\n#NCOLUMNS    : 1.\n#XUNITS      : eV\n#YUNITS      : Counts\n#DATATYPE    : Y\n#XPERCHAN    : 0.1\n#OFFSET      : 20.\n#SPECTRUM    : Spectral Data Starts Here\n${[...counts].join(',\n')},\n#ENDOFDATA   :\n`,
      ),
    },
    {
      extension: 'xdi',
      bytes: text(
        `# XDI/1.0 GSE/1.0\n# Element.symbol: Fe\n# Column.1: energy eV\n# Column.2: mutrans\n# ///\n# ---\n# energy mutrans\n${columns(' ')}\n`,
      ),
    },
    {
      extension: 'fxye',
      bytes: text(
        `title\nBANK 1 40 40 CONS 2000 10 0 0 FXYE\n${rows.map(([x, y]) => `${Number(x) * 100} ${y} 1`).join('\n')}\n`,
      ),
    },
  ];
};

/** Real files where there are any, cut short, a few of each extension, and the made ones. */
export function fileSeeds(dataFolder: string): Seed[] {
  const seeds = madeFiles();
  if (!existsSync(dataFolder)) return seeds;
  const seen = new Map<string, number>();
  for (const name of readdirSync(dataFolder, { recursive: true, encoding: 'utf8' }).sort()) {
    const path = join(dataFolder, name);
    const extension = extname(name).slice(1).toLowerCase();
    const kind = `${extension}@${name.split('/')[0]}`;
    if (extension === '' || (seen.get(kind) ?? 0) >= FILES_PER_KIND || !statSync(path).isFile()) continue;
    seen.set(kind, (seen.get(kind) ?? 0) + 1);
    const whole = readFileSync(path);
    const most = whole.subarray(0, 2000).includes(0) ? MOST_BYTES : MOST_TEXT_BYTES;
    seeds.push({ extension, bytes: new Uint8Array(whole.subarray(0, most)) });
  }
  return seeds;
}
