import type { InstrumentCommand } from '../../src/model/instrumentCommand.ts';

/** What commands have made of the beam. */
export interface BeamControl {
  /** Relative to nominal. */
  readonly relative: number;
  /** Live time per frame, microseconds. */
  readonly exposureUs: number;
  /** Stage position, um. */
  readonly x: number;
  readonly y: number;
  readonly isStopped: boolean;
  order(command: InstrumentCommand, nowUs: number): void;
  /** Applies what is due; returns the microseconds of the exposure during which the shutter is open. */
  expose(frameStartUs: number): number;
}

/**
 * Commands wait for the latency, then for the next exposure; only the shutter acts in the middle of one.
 * @param periodUs frame period, the longest exposure
 */
export function createBeamControl(periodUs: number, latencyUs: number): BeamControl {
  const waiting: { readonly command: InstrumentCommand; readonly dueUs: number }[] = [];
  let isOpen = true;
  const now = { relative: 1, exposureUs: periodUs, x: 0, y: 0, isStopped: false };

  const apply = (command: InstrumentCommand): void => {
    if (command.command === 'shutter') isOpen = command.state === 'open';
    else if (command.command === 'exposure') now.exposureUs = Math.round(command.seconds * 1e6);
    else if (command.command === 'beam') now.relative = command.relative;
    else if (command.command === 'move') Object.assign(now, { x: command.x, y: command.y });
    else now.isStopped = true;
  };
  const takeDue = (
    beforeUs: number,
    kinds: 'all' | 'shutter',
  ): { command: InstrumentCommand; dueUs: number } | undefined => {
    const at = waiting.findIndex(
      ({ command, dueUs }) =>
        dueUs <= beforeUs && (kinds === 'all' || command.command === 'shutter' || command.command === 'stop'),
    );
    return at < 0 ? undefined : waiting.splice(at, 1)[0];
  };
  return {
    get relative() {
      return now.relative;
    },
    get exposureUs() {
      return now.exposureUs;
    },
    get x() {
      return now.x;
    },
    get y() {
      return now.y;
    },
    get isStopped() {
      return now.isStopped;
    },
    order(command, nowUs) {
      check(command, periodUs);
      waiting.push({ command, dueUs: nowUs + latencyUs });
    },
    expose(frameStartUs) {
      for (let due = takeDue(frameStartUs, 'all'); due; due = takeDue(frameStartUs, 'all')) apply(due.command);
      const endUs = frameStartUs + now.exposureUs;
      let openUs = 0;
      let sinceUs = frameStartUs;
      for (let due = takeDue(endUs, 'shutter'); due; due = takeDue(endUs, 'shutter')) {
        if (isOpen && !now.isStopped) openUs += due.dueUs - sinceUs;
        sinceUs = due.dueUs;
        apply(due.command);
      }
      return isOpen && !now.isStopped ? openUs + endUs - sinceUs : openUs;
    },
  };
}

function check(command: InstrumentCommand, periodUs: number): void {
  if (command.command === 'exposure' && !(command.seconds > 0 && command.seconds * 1e6 <= periodUs))
    throw new RangeError(`exposure ${command.seconds} s, expected more than 0 and at most ${periodUs / 1e6} s`);
  if (command.command === 'beam' && !(command.relative >= 0 && command.relative < Infinity))
    throw new RangeError(`beam ${command.relative}, expected a finite number >= 0`);
  if (command.command === 'move' && !(Number.isFinite(command.x) && Number.isFinite(command.y)))
    throw new RangeError(`move to ${command.x}, ${command.y}, expected finite numbers`);
}
