import { describe, expect, it } from 'vitest';
import { createModel, type Model } from '../../dashboards/web/src/model.ts';
import type { Piece } from '../../dashboards/web/src/element.ts';
import { hindrances, permitWords } from '../../dashboards/web/src/panels/permitWords.ts';
import type { PermitView } from '../../src/model/permit.ts';
import type { DoseAccountView, DamageView, StatusMessage } from '../../src/server/protocol.ts';

const NOW_MS = 10_000;

const permitOf = (more: Partial<PermitView> = {}): PermitView => ({
  state: 'permitted',
  desired: 'open',
  observed: 'open',
  isReadBack: true,
  reportAgeMs: 40,
  cause: '',
  sinceUs: 1_795_000_000_480_000,
  confirmedMs: 22,
  tries: 1,
  epoch: 3,
  leaseMs: 500,
  leaseLeftMs: 420,
  conditions: [],
  ...more,
});

function modelOf(permit: PermitView | null, more: Partial<Model> = {}): Model {
  const status = { mode: 'live', state: 'live', lastTimeUs: 1_795_000_000_000_000 } as StatusMessage;
  return { ...createModel(), status, permit, permitAtMs: NOW_MS - 100, ...more };
}

const wordsOf = (permit: PermitView | null, more: Partial<Model> = {}) =>
  permitWords(modelOf(permit, more), null, NOW_MS);
const plain = (pieces: readonly Piece[]) =>
  pieces
    .map((piece) => (typeof piece === 'string' ? piece : piece.strong))
    .join('')
    .replaceAll('\u00a0', ' ');

const closed = { desired: 'closed', observed: 'closed', confirmedMs: 38, leaseLeftMs: 0 } as const;

describe('the words of the permit', () => {
  it.each([
    ['no permit at all', null, {}, 'NOT ARMED', 'plain', 'closed'],
    ['never armed', { ...closed, state: 'notArmed' }, {}, 'NOT ARMED', 'plain', 'closed'],
    [
      'never armed, shutter not heard',
      { ...closed, state: 'notArmed', observed: 'unknown' },
      {},
      'NOT ARMED',
      'plain',
      'unknown',
    ],
    [
      'never armed, yet open',
      { ...closed, state: 'notArmed', observed: 'open' },
      {},
      'STOP NOT CONFIRMED',
      'unsure',
      'unsure',
    ],
    ['permitted', {}, {}, 'BEAM PERMITTED', 'plain', 'open'],
    ['permitted, not open yet', { observed: 'closed' }, {}, 'BEAM PERMITTED', 'plain', 'closed'],
    ['withheld', { ...closed, state: 'withheld' }, {}, 'BEAM WITHHELD', 'red', 'closed'],
    ['stopped', { ...closed, state: 'stopped' }, {}, 'BEAM STOPPED', 'red', 'closed'],
    [
      'stopped, still open',
      { ...closed, state: 'stopped', observed: 'open' },
      {},
      'STOP NOT CONFIRMED',
      'unsure',
      'unsure',
    ],
    [
      'withheld, not heard',
      { ...closed, state: 'withheld', observed: 'unknown' },
      {},
      'STOP NOT CONFIRMED',
      'unsure',
      'unsure',
    ],
    ['lost', {}, { lostAtMs: 5 }, 'BEAM UNKNOWN', 'void', 'unknown'],
    ['before the first status', {}, { status: null }, 'BEAM UNKNOWN', 'void', 'unknown'],
    ['told of no more', {}, { permitAtMs: NOW_MS - 2001 }, 'BEAM UNKNOWN', 'void', 'unknown'],
  ] as const)('are right when %s', (_, view, more, word, tile, shutter) => {
    const words = wordsOf(view === null ? null : permitOf(view), more);
    expect(words).toMatchObject({ word, tile, shutter });
  });

  it('are those of the past in a replay, and nothing can be commanded', () => {
    const status = { mode: 'replay' } as StatusMessage;
    expect(wordsOf(permitOf(), { status })).toMatchObject({ word: 'RECORDED: PERMITTED', tile: 'past', stop: 'off' });
    expect(wordsOf(permitOf({ ...closed, state: 'stopped' }), { status })).toMatchObject({ word: 'RECORDED: STOPPED' });
    expect(wordsOf(null, { status })).toMatchObject({ word: 'RECORDED: NOT ARMED', rearm: null });
  });

  it('say why nothing is known: the link, a silent monitor, or the end of the run', () => {
    const old = { permitAtMs: 0 };
    expect(wordsOf(permitOf(), { lostAtMs: 5 }).why).toMatch(/^No link to the monitor/);
    expect(wordsOf(permitOf(), old).why).toMatch(/^The monitor has stopped telling/);
    const status = { mode: 'live', state: 'ended' } as StatusMessage;
    expect(wordsOf(permitOf(), { ...old, status }).why).toBe('The run has ended, and the permit with it.');
  });

  it('let nobody re-arm before the critical alarms are acknowledged', () => {
    const conditions = [{ id: 'alarms', name: 'Critical alarms acknowledged', isHeld: false, detail: '1' }];
    const words = wordsOf(permitOf({ ...closed, state: 'stopped', conditions }));
    expect([words.rearm, words.why]).toEqual(['off', 'Re-arming waits for: Critical alarms acknowledged.']);
    const seen = conditions.map((condition) => ({ ...condition, isHeld: true }));
    expect(wordsOf(permitOf({ ...closed, state: 'stopped', conditions: seen })).rearm).toBe('on');
  });

  it('offer a stop where the beam may be on, and a grant where it is off', () => {
    const offered = (view: Partial<PermitView>) => {
      const { stop, rearm } = wordsOf(permitOf(view));
      return [stop, rearm];
    };
    expect(offered({})).toEqual(['on', null]);
    expect(offered({ ...closed, state: 'stopped' })).toEqual([null, 'on']);
    expect(offered({ ...closed, state: 'stopped', observed: 'open' })).toEqual(['on', null]);
    const conditions = [{ id: 'fresh.camera', name: 'camera fresh', isHeld: false, detail: 'nothing yet' }];
    expect(offered({ ...closed, state: 'notArmed', conditions })).toEqual([null, 'off']);
  });

  it('tell when a stop was confirmed, and when it is only believed', () => {
    const since = (view: Partial<PermitView>) =>
      plain(wordsOf(permitOf({ ...closed, state: 'stopped', ...view })).since);
    expect(since({})).toMatch(/^At \d\d:\d\d:\d\d\.480, beam off confirmed 38 ms later$/);
    expect(since({ isReadBack: false })).toMatch(/, told to close 38 ms later; not read back$/);
    expect(since({ observed: 'open', tries: 4 })).toMatch(/; shutter open, told 4 times$/);
    expect(since({ observed: 'unknown', reportAgeMs: null })).toMatch(/; shutter never heard, told once$/);
  });

  it('tell what comes first, the end of the budget or that of the sample', () => {
    const account = { spent: 10, rate: 2, exhaustedSeconds: 100 } as DoseAccountView;
    const dose = { ...createModel().dose, account };
    expect(plain(wordsOf(permitOf(), { dose }).sub)).toMatch(/^Stops in 1 min 40 s, at \d\d:\d\d:\d\d, on dose$/);
    const damage = { reach: 40, reachLow: 30, reachHigh: 60 } as DamageView;
    expect(plain(wordsOf(permitOf(), { dose: { ...dose, damage } }).sub)).toBe(
      'Stops in 10 s or later on damage, if it goes on as now',
    );
    expect(plain(wordsOf(permitOf()).sub)).toMatch(/^Since /);
  });

  it('tell what became of a stop only while it matters', () => {
    const why = (state: 'asking' | 'late' | 'done' | 'refused', view: Partial<PermitView> = {}) =>
      permitWords(modelOf(permitOf(view)), { state, detail: 'No.' }, NOW_MS).why;
    expect(why('asking')).toMatch(/not answered yet/);
    expect(why('late')).toMatch(/press again/);
    expect(why('refused')).toBe('Refused: No.');
    expect(why('done')).toBe('');
    expect(why('late', { ...closed, state: 'stopped' })).toBe('');
  });

  it('count the audit log for no hindrance: the grant itself tries it anew', () => {
    const conditions = [
      { id: 'audit', name: 'Audit log kept', isHeld: false, detail: 'disk full' },
      { id: 'alert', name: 'No critical alert', isHeld: false, detail: 'one stands' },
    ];
    expect(hindrances(permitOf({ conditions })).map(({ id }) => id)).toEqual(['alert']);
    expect(wordsOf(permitOf({ ...closed, state: 'stopped', conditions })).why).toBe(
      'Re-arming waits for: No critical alert.',
    );
  });
});
