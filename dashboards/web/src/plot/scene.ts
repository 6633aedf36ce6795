import type { AlertView } from '../../../../src/server/protocol.ts';
import type { Model } from '../model.ts';
import type { RowStore } from '../rowStore.ts';
import type { View } from '../view.ts';
import type { AxisMap, Geometry } from './geometry.ts';
import type { Tokens } from './tokens.ts';
import type { RowMap } from './waterfall.ts';

/** What one drawing of the main panel needs. */
export interface Scene {
  readonly g: CanvasRenderingContext2D;
  readonly geometry: Geometry;
  readonly axis: AxisMap;
  readonly map: RowMap;
  readonly rows: RowStore;
  /** The row after the one on top. */
  readonly endRow: number;
  readonly model: Model;
  readonly view: View;
  readonly tokens: Tokens;
  /** Alerts of a changed spectrum, newest first. */
  readonly changes: readonly AlertView[];
  /** Pixels the newest row stands below the top: room for "no data". */
  readonly offset: number;
  /** How long nothing came, s; 0 while data are fresh. */
  readonly silentSeconds: number;
}

/** y of a moment in the waterfall. */
export function timeToY(scene: Scene, timeUs: number): number {
  return scene.map.y(scene.rows.positionOf(timeUs)) + scene.offset;
}
