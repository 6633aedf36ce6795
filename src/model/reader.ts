import type { Layout } from './layout.ts';
import type { SlowSample } from './signal.ts';

/** How sure a reader is that a file is its own: 'certain' by a signature, 'likely' by the look of it. */
export type Recognition = 'certain' | 'likely';

/** The beginning of a file: what it is recognised by. */
export interface FileHead {
  readonly path: string;
  /** Last part of the name in lower case, without its dot and without '.gz': 'xy', 'wdf'. */
  readonly extension: string;
  /** The first 64 KiB, unpacked when the file is gzipped. */
  readonly bytes: Uint8Array;
  /** The same bytes as latin-1. */
  readonly text: string;
}

/** A number that belongs to one frame and stands in the file beside it: temperature, position, monitor. */
export interface FrameNumber {
  readonly name: string;
  readonly value: number;
  /** UCUM code. */
  readonly unit: string;
}

/** One spectrum of a file. Its arrays are lent until the next is asked for. */
export interface FileFrame {
  /** One object per geometry. */
  readonly layout: Layout;
  /** [layout.size], ascending along the axis, in layout.unit. */
  readonly values: Float64Array;
  /** [layout.size], in layout.unit squared. */
  readonly variances?: Float64Array | undefined;
  /** [layout.size], 1 = do not use. */
  readonly mask?: Uint8Array | undefined;
  /** Start of exposure, integer microseconds since 1970; null when the file does not say. */
  readonly timeUs: number | null;
  /** Since the start of the series; null when the file does not say. */
  readonly seconds: number | null;
  /** Live time, microseconds; null when the file does not say. */
  readonly exposureUs: number | null;
  /** Position in a map ('x', 'y'), temperature, monitor. */
  readonly numbers: readonly FrameNumber[];
}

/** A spectrum that is in the file and cannot be used: one sentence that names the place. */
export interface FileFault {
  readonly fault: string;
}

/** One series of spectra: a region of an XPS file, a signal of a microscope file, a map. */
export interface FileSeries {
  /** Unique within the file; '' for an only one without a name. */
  readonly name: string;
  /** Spectra in it that were measured; null when that is known only after reading. */
  readonly frameCount: number | null;
  /** Of the first spectrum. */
  readonly layout: Layout;
  /** Of a map: rows, columns; null for a plain series. */
  readonly shape: readonly number[] | null;
  /** What the file says of it, in words: 'laser' -> '532 nm'. */
  readonly facts: Readonly<Record<string, string>>;
  /** Each call begins anew. Streams where the format allows. `from`: how many spectra to leave out. */
  frames(from: number): AsyncIterable<FileFrame | FileFault> | Iterable<FileFrame | FileFault>;
}

/** What is inside a file. */
export interface FileContents {
  /** The format in words, with its version where it has one: 'Renishaw WiRE', 'NeXus'. */
  readonly format: string;
  /** 'XRD', 'XAS', 'XPS', 'Raman', 'EELS', 'EDX'; null when the file does not tell. */
  readonly modality: string | null;
  readonly series: readonly FileSeries[];
  /** Slow signals with a clock of their own. */
  readonly slow: readonly SlowSample[];
  /** What a user should know: 'written by an interrupted measurement: 12 of 16 spectra', 'the axis descends'. */
  readonly oddities: readonly string[];
  close(): void;
}

/** What a reader is told. */
export interface ReadRequest {
  readonly path: string;
}

/** A file format. */
export interface ReaderDefinition {
  /** The same as the name of its file: 'renishawWdf'. */
  readonly name: string;
  /** One sentence for the catalogue. */
  readonly summary: string;
  /** Usual ends of names, for the catalogue; never what decides. */
  readonly extensions: readonly string[];
  /** By content; null for a file of another format. Never throws. */
  recognise(head: FileHead): Recognition | null;
  /** @throws MonitorError 'ADAPTER' naming the file and the place when it is broken; RangeError never. */
  open(request: ReadRequest): Promise<FileContents>;
}

/** A file format: what `operando inspect`, `operando import` and the source `file` read. */
export const defineReader = (definition: ReaderDefinition): ReaderDefinition => definition;
