import { stageOfKind, type AnyStage } from '../../src/config/definitions.ts';
import { makeFrame, type MutableFrame } from '../../src/model/frame.ts';
import { spectrumLayout, type Layout } from '../../src/model/layout.ts';
import type { Stage, StageSnapshot } from '../../src/model/stage.ts';

/** Which detector is measured, and with what settings. */
export interface DetectorChoice {
  readonly kind: string;
  /** Settings as they would stand in a pipeline file; `learn` is set by the measurement unless given. */
  readonly settings: Readonly<Record<string, unknown>>;
}

/** Settings of each detector that are not its defaults: what the README of the streams allows a detector to know. */
const SETTINGS: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  'change.templates': {},
  'change.step': { window: 60, ignore: ['shift', 'slope'] },
};

/** The detector to measure when none is named. */
export const DEFAULT_DETECTOR = 'change.templates';
/** What it is compared with. */
export const COMPARED_DETECTOR = 'change.step';

/** @throws Error when there is no stage of that kind. */
export function chooseDetector(kind: string, settings: Readonly<Record<string, unknown>> = {}): DetectorChoice {
  definitionOf(kind);
  return { kind, settings: { ...SETTINGS[kind], ...settings } };
}

export const hasDetector = (kind: string): boolean => stageOfKind(kind) !== undefined;

function definitionOf(kind: string): AnyStage {
  const definition = stageOfKind(kind);
  if (definition === undefined) throw new Error(`there is no stage '${kind}'`);
  return definition;
}

/** Exposure and period of every frame here, microseconds. */
const FRAME_US = 100_000;

/** A running stage that is fed counts, as the pipeline would feed it frames. */
export interface Detector {
  readonly stage: Stage;
  /** One frame; says whether the stage has detected. `values` [channels] is lent. */
  take(values: Float64Array): boolean;
  /** What it knows now, to go on from again and again. */
  save(): SavedDetector;
  restore(saved: SavedDetector): void;
}

export interface SavedDetector {
  readonly seq: number;
  readonly snapshot: StageSnapshot;
}

/** Creates the stage from its definition. */
export function createDetector(choice: DetectorChoice, channels: number, learn: number, runLength: number): Detector {
  const settings = { learn, falseAlarms: { onePer: { frames: runLength } }, ...choice.settings };
  const stage = definitionOf(choice.kind).create('bench', settings, { framePeriodUs: FRAME_US });
  const layout = layoutOf(channels);
  let frame: MutableFrame | null = null;
  let seq = 0;
  let found = false;
  const emit = ({ type }: { readonly type: string }): void => {
    if (type === 'detection') found = true;
  };
  return {
    stage,
    take(values) {
      frame ??= makeFrame({ stream: 'bench', seq, timeUs: 0, exposureUs: FRAME_US, layout, values });
      frame.values = values;
      frame.seq = seq;
      frame.timeUs = seq++ * FRAME_US;
      found = false;
      stage.process(frame, emit);
      return found;
    },
    save: () => ({ seq, snapshot: stage.snapshot() }),
    restore(saved) {
      seq = saved.seq;
      stage.restore(saved.snapshot);
    },
  };
}

function layoutOf(channels: number): Layout {
  const coordinates = Float64Array.from({ length: channels }, (_, i) => i);
  return spectrumLayout(
    { name: 'channel', unit: '1', coordinates },
    { quantity: 'counts', unit: '1', noise: 'poisson' },
  );
}

/** Bytes of everything a stage keeps. */
export function stateBytes(stage: Stage): number {
  return bytesOf(stage.snapshot().state);
}

function bytesOf(value: unknown): number {
  if (ArrayBuffer.isView(value)) return value.byteLength;
  if (typeof value === 'string') return 2 * value.length;
  if (typeof value !== 'object' || value === null) return 8;
  return Object.values(value).reduce((sum: number, part) => sum + bytesOf(part), 0);
}
