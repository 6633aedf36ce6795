import type { PermitView } from '../../../../src/model/permit.ts';
import type { Asked } from '../asking.ts';
import { strong, type IconName, type Piece } from '../element.ts';
import { clock, clockMs, counts, duration, fixed } from '../format.ts';
import { commandHindrance, type Model } from '../model.ts';

/** Told of ten times a second; silent for so long, it is not known any more, ms. */
const SILENCE_MS = 2000;

/** What the tile of the permit shows. */
export interface PermitWords {
  readonly word: string;
  /** 'past': of a replay. 'unsure': the stop is not confirmed. */
  readonly tile: 'plain' | 'red' | 'unsure' | 'void' | 'past';
  readonly shutter: 'open' | 'closed' | 'unknown' | 'unsure';
  readonly icon: IconName | null;
  /** Why, or until when. */
  readonly sub: readonly Piece[];
  /** Since when, and what the shutter says. */
  readonly since: readonly Piece[];
  /** Null where there is no such button. */
  readonly stop: 'on' | 'off' | null;
  readonly rearm: 'on' | 'off' | null;
  /** Why a button is off, or what became of a command. */
  readonly why: string;
  /** Share of the lease that is left; null where none is shown. */
  readonly lease: number | null;
}

const NAMES: Readonly<Record<PermitView['state'], string>> = {
  notArmed: 'NOT ARMED',
  permitted: 'BEAM PERMITTED',
  withheld: 'BEAM WITHHELD',
  stopped: 'BEAM STOPPED',
};

/** @param stopping - how the last stop of this page stands. */
export function permitWords(model: Model, stopping: Asked | null, nowMs: number): PermitWords {
  const { permit, status } = model;
  if (model.lostAtMs !== null || status === null)
    return unknown(permit, 'No link to the monitor. Use the hardware button.');
  if (status.mode === 'replay') return recorded(permit);
  if (permit === null) return ABSENT;
  if (isSilent(model, nowMs))
    return unknown(
      permit,
      status.state === 'ended'
        ? 'The run has ended, and the permit with it.'
        : 'The monitor has stopped telling of the permit.',
    );
  const words = livePermit(model, permit, stopText(stopping, permit));
  const hindrance = commandHindrance(model);
  if (hindrance === '' || status.state === 'ended') return words;
  return { ...words, stop: words.stop && 'off', rearm: words.rearm && 'off', why: hindrance };
}

function livePermit(model: Model, permit: PermitView, why: string): PermitWords {
  if (permit.state === 'permitted') return permitted(model, permit, why);
  if (permit.observed === 'open' || (permit.observed === 'unknown' && permit.state !== 'notArmed'))
    return unconfirmed(permit, why);
  return closed(permit, why);
}

/** Is nothing heard of a permit that there is? */
export const isSilent = ({ permit, permitAtMs }: Model, nowMs: number): boolean =>
  permit !== null && nowMs - permitAtMs > SILENCE_MS;

/** Could a command reach the monitor? */
export const isCommandable = (model: Model, nowMs: number): boolean =>
  model.lostAtMs === null &&
  model.status?.mode === 'live' &&
  model.hello?.role !== 'view' &&
  model.permit !== null &&
  !isSilent(model, nowMs);

/** What stands in the way of a grant. The audit log is tried anew with the grant itself. */
export const hindrances = ({ conditions }: PermitView): PermitView['conditions'] =>
  conditions.filter(({ id, isHeld }) => !isHeld && id !== 'audit');

const ABSENT: PermitWords = {
  word: 'NOT ARMED',
  tile: 'plain',
  shutter: 'closed',
  icon: null,
  sub: ['This monitor watches; it gives no beam permit.'],
  since: [],
  stop: 'off',
  rearm: null,
  why: 'Stop is off: no shutter is connected to this monitor.',
  lease: null,
};

function unknown(permit: PermitView | null, why: string): PermitWords {
  const last = permit === null ? '' : `Last seen ${LAST[permit.state]}. `;
  return {
    ...ABSENT,
    word: 'BEAM UNKNOWN',
    tile: 'void',
    shutter: 'unknown',
    sub: [`${last}This page cannot see the permit. Trust the interlock panel.`],
    rearm: permit === null || permit.state === 'permitted' ? null : 'off',
    stop: permit === null || permit.state === 'permitted' ? 'off' : null,
    why,
  };
}

const LAST: Readonly<Record<PermitView['state'], string>> = {
  notArmed: 'not armed',
  permitted: 'permitted',
  withheld: 'withheld',
  stopped: 'stopped',
};

function recorded(permit: PermitView | null): PermitWords {
  return {
    ...ABSENT,
    word: `RECORDED: ${permit === null ? 'NOT ARMED' : NAMES[permit.state].replace('BEAM ', '')}`,
    tile: 'past',
    shutter: permit?.observed ?? 'closed',
    sub: ['It does not show the beam today.'],
    why: 'Commands are off: this is a replay.',
  };
}

function permitted(model: Model, permit: PermitView, why: string): PermitWords {
  const { observed, isReadBack } = permit;
  const word: Piece[] =
    observed === 'open'
      ? isReadBack
        ? []
        : ['The shutter was told to open; it is not read back.']
      : [observed === 'closed' ? 'The shutter is still closed.' : 'The shutter is not heard.'];
  return {
    word: NAMES.permitted,
    tile: 'plain',
    shutter: observed,
    icon: null,
    sub: endPieces(model, permit),
    since: word,
    stop: 'on',
    rearm: null,
    why,
    lease: Math.max(0, Math.min(1, permit.leaseLeftMs / permit.leaseMs)),
  };
}

/** When it stops, as far as is known: the budget, or the damage before it. */
function endPieces({ dose, status }: Model, permit: PermitView): Piece[] {
  const { account, damage } = dose;
  const onDose = account?.exhaustedSeconds ?? Infinity;
  const reach = damage?.reachLow ?? damage?.reach ?? Infinity;
  const rate = account?.rate ?? 0;
  const onDamage = account !== null && rate > 0 && reach > account.spent ? (reach - account.spent) / rate : Infinity;
  const seconds = Math.min(onDose, onDamage);
  if (!Number.isFinite(seconds)) return ['Since ', strong(clock(permit.sinceUs))];
  const at = seconds < 86_400 ? [', at ', strong(clock((status?.lastTimeUs ?? permit.sinceUs) + seconds * 1e6))] : [];
  return onDamage < onDose
    ? ['Stops in ', strong(duration(seconds)), ' or later on damage, if it goes on as now']
    : ['Stops in ', strong(duration(seconds)), ...at, ', on dose'];
}

function unconfirmed(permit: PermitView, why: string): PermitWords {
  const says = permit.observed === 'open' ? 'shutter open' : notHeard(permit);
  return {
    ...closed(permit, why),
    word: 'STOP NOT CONFIRMED',
    tile: 'unsure',
    shutter: 'unsure',
    since: ['Since ', strong(clockMs(permit.sinceUs)), `; ${says}, told `, strong(timesText(permit.tries))],
    stop: 'on',
    rearm: null,
    why: why === '' ? 'Close the shutter at the instrument.' : why,
  };
}

function notHeard({ reportAgeMs }: PermitView): string {
  return reportAgeMs === null ? 'shutter never heard' : `shutter unknown for ${spanText(reportAgeMs)}`;
}

function closed(permit: PermitView, why: string): PermitWords {
  const isArmed = permit.state !== 'notArmed';
  const missing = hindrances(permit);
  const isDark = missing.some(({ id }) => id === 'alarms' || id.split('.')[0] === 'fresh');
  const names = missing.map(({ name }) => name).join(', ');
  return {
    word: NAMES[permit.state],
    tile: isArmed ? 'red' : 'plain',
    shutter: permit.observed === 'unknown' ? 'unknown' : 'closed',
    icon: isArmed ? 'stop' : null,
    sub: [permit.cause === '' ? 'Beam is withheld until someone arms the permit.' : sentence(permit.cause)],
    since: isArmed ? sincePieces(permit) : [],
    stop: null,
    rearm: isDark ? 'off' : 'on',
    why: why !== '' ? why : missing.length === 0 ? '' : `${isArmed ? 'Re-arming' : 'Arming'} waits for: ${names}.`,
    lease: null,
  };
}

function sincePieces({ sinceUs, confirmedMs, isReadBack }: PermitView): Piece[] {
  const at: Piece[] = ['At ', strong(clockMs(sinceUs))];
  if (confirmedMs === null) return [...at, isReadBack ? '' : ', not read back'];
  const later = strong(spanText(confirmedMs));
  return isReadBack
    ? [...at, ', beam off confirmed ', later, ' later']
    : [...at, ', told to close ', later, ' later; not read back'];
}

function stopText(asked: Asked | null, { state }: PermitView): string {
  if (asked === null || (asked.state !== 'refused' && state !== 'permitted')) return '';
  if (asked.state === 'asking') return 'Stop sent; the monitor has not answered yet.';
  if (asked.state === 'late') return 'Stop not confirmed, press again, or use the hardware button.';
  return asked.state === 'refused' ? `Refused: ${asked.detail}` : '';
}

/** `38 ms`, `0.41 s`. */
function spanText(ms: number): string {
  if (ms < 99.5) return `${fixed(ms, 0)}\u00a0ms`;
  return ms < 9950 ? `${fixed(ms / 1000, 2)}\u00a0s` : duration(ms / 1000);
}

const timesText = (count: number): string => (count === 1 ? 'once' : `${counts(count)}\u00a0times`);

const sentence = (text: string): string => (/[.!?]$/.test(text) ? text : `${text}.`);
