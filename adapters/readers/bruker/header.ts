import type { MonitorError } from '../../../src/model/error.ts';
import { evenly, makeGrid, MAX_CHANNELS, type Grid } from '../binary/grid.ts';

/** A node of parsed XML: text, a record of its children, or several of one name. */
type Node = string | { readonly [name: string]: Node | undefined } | readonly Node[] | undefined;

/** What the header says of one spectrum image. */
export interface MapHeader {
  readonly grid: Grid;
  /** Width and height of a pixel. */
  readonly pixel: { readonly width: number; readonly height: number; readonly unit: string };
  /** Real time of one pixel in one scan; null when it is not said. */
  readonly scanUs: number | null;
  /** How often each row was scanned. */
  readonly scans: readonly number[] | null;
  readonly facts: Readonly<Record<string, string>>;
}

/** @param text - XML of the entry 'HeaderData'. @throws MonitorError made by `broken`. */
export async function readHeader(
  text: string,
  broken: (what: string, cause?: unknown) => MonitorError,
): Promise<(index: number) => MapHeader> {
  const { XMLParser } = await import('fast-xml-parser');
  const options = { ignoreAttributes: false, attributeNamePrefix: '@', parseTagValue: false, processEntities: false };
  let root: Node;
  try {
    // The images in it are not needed, and are most of it.
    root = new XMLParser(options).parse(text.replaceAll(/<Data>[^<]*<\/Data>/g, '')) as Node;
  } catch (cause) {
    throw broken('the header is no XML', cause);
  }
  const database = instance(child(root, 'TRTSpectrumDatabase'), 'TRTSpectrumDatabase');
  if (database === undefined) throw broken('the header describes no spectra (TRTSpectrumDatabase)');
  return (index) => mapHeader(database, index, broken);
}

function mapHeader(database: Node, index: number, broken: (what: string, cause?: unknown) => MonitorError): MapHeader {
  const what = `spectrum image ${index}`;
  const spectrum = child(database, `SpectrumData${index}`, 'ClassInstance');
  const calibration = instance(spectrum, 'TRTSpectrumHeader');
  const first = numberOf(child(calibration, 'CalibAbs'));
  const step = numberOf(child(calibration, 'CalibLin'));
  const channels = textOf(child(spectrum, 'Channels')).split(',').length;
  if (first === null || step === null) throw broken(`the header has no energy calibration of ${what}`);
  if (channels < 2 || channels > MAX_CHANNELS) throw broken(`the header has ${channels} channels of ${what}`);
  const meaning = { name: 'energy', unit: 'keV', quantity: 'counts', valueUnit: '1', noise: 'poisson' } as const;
  const microscope = instance(database, 'TRTSEMData');
  const [width, height] = [numberOf(child(microscope, 'DX')), numberOf(child(microscope, 'DY'))];
  const scanner = instance(database, 'TRTDSPConfiguration');
  const times = ['PixelTime', 'PixelAverage', 'LineAverage'].map((name) => numberOf(child(scanner, name)));
  const scans = textOf(child(database, 'LineCounter'));
  return {
    grid: makeGrid(evenly(channels, first, step), meaning, (problem, cause) => broken(`${what}: ${problem}`, cause)),
    pixel:
      width !== null && height !== null && width > 0 && height > 0
        ? { width, height, unit: 'um' }
        : { width: 1, height: 1, unit: '1' },
    scanUs: times.every((time) => time !== null && time > 0) ? times.reduce<number>((a, b) => a * b!, 1) : null,
    scans: scans === '' ? null : scans.split(',').map(Number),
    facts: factsOf(database, spectrum),
  };
}

function factsOf(database: Node, spectrum: Node): Record<string, string> {
  const voltage = numberOf(child(instance(database, 'TRTSEMData'), 'HV'));
  const header = child(database, 'Header');
  const facts = {
    name: textOf(child(database, '@Name')).trim(),
    beam: voltage === null ? '' : `${voltage} kV`,
    magnification: textOf(child(instance(database, 'TRTSEMData'), 'Mag')),
    detector: textOf(child(instance(child(spectrum, 'TRTHeaderedClass'), 'TRTDetectorHeader'), 'Type')),
    acquired: `${textOf(child(header, 'Date'))} ${textOf(child(header, 'Time'))}`.trim(),
  };
  return Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== ''));
}

/** Down the names; the first where there are several. */
function child(node: Node, ...names: readonly string[]): Node {
  let at = node;
  for (const name of names) {
    const one = isList(at) ? at[0] : at;
    at = typeof one === 'object' && !isList(one) ? one[name] : undefined;
  }
  return at;
}

const isList = (node: Node): node is readonly Node[] => Array.isArray(node);

/** The child of the name ClassInstance whose attribute Type is this. */
function instance(node: Node, type: string): Node {
  const found = child(node, 'ClassInstance');
  return (isList(found) ? found : [found]).find((each) => textOf(child(each, '@Type')) === type);
}

function textOf(node: Node): string {
  const one = isList(node) ? node[0] : node;
  return typeof one === 'string' ? one : '';
}

function numberOf(node: Node): number | null {
  const text = textOf(node);
  const value = Number(text.replace(',', '.'));
  return text !== '' && Number.isFinite(value) ? value : null;
}
