import { describe, expect, it } from 'vitest';
import { createAlarmLifeCycle, DEFAULT_ALARMS, MAX_ALARMS } from '../../src/alarms/lifeCycle.ts';
import type { AlarmMemory, AlarmStep } from '../../src/model/alarm.ts';
import type { AlarmAct } from '../../src/model/alarmCommand.ts';
import type { Alert } from '../../src/model/alert.ts';

const S = 1e6;

function alert(id: string, phase: Alert['phase'], seconds: number, more: Partial<Alert> = {}): Alert {
  return {
    type: 'alert',
    ...{ id, rule: 'changed', stream: 'xrd', seq: seconds, timeUs: seconds * S, onsetUs: seconds * S },
    ...{ severity: 'warning', phase, message: `${id} changed`, evidence: ['watch'], statistic: 40, threshold: 20 },
    ...{ sign: 1, region: [30, 31], ...more },
  };
}

const act = (command: AlarmAct['command'], alarm: string, more: Partial<AlarmAct> = {}): AlarmAct => ({
  type: 'alarmAct',
  ...{ command, alarm, id: `${command} ${alarm}`, by: 'mk', reason: 'seen it', forSeconds: 600, via: 'page', atUs: 7 },
  ...more,
});

function begin(settings: Partial<typeof DEFAULT_ALARMS> = {}, memory?: AlarmMemory) {
  const steps: AlarmStep[] = [];
  const cycle = createAlarmLifeCycle({ ...DEFAULT_ALARMS, ...settings }, (step) => steps.push(step), memory);
  const told = () => steps.map(({ event, alarm }) => `${event} ${alarm.id}: ${alarm.state}`);
  return { cycle, steps, told };
}

describe('an alarm', () => {
  it('is unacknowledged until somebody has seen it, and over when it is cleared after that', () => {
    const { cycle, told, steps } = begin();
    cycle.hear(alert('a', 'raised', 10));
    cycle.hear(alert('a', 'updated', 11));
    expect(cycle.obey(act('acknowledge', 'a'))).toBeNull();
    cycle.hear(alert('a', 'cleared', 20));
    expect(told()).toEqual(['raised a: unacknowledged', 'acknowledged a: acknowledged', 'cleared a: normal']);
    expect(steps.map(({ step }) => step)).toEqual([1, 2, 3]);
    expect(steps[1]).toMatchObject({ by: 'mk', alarm: { acknowledged: { by: 'mk', atUs: 7 } } });
    expect(cycle.list()).toEqual([]);
  });

  it('that is over stays until it is seen', () => {
    const { cycle, told } = begin();
    cycle.hear(alert('a', 'raised', 10));
    cycle.hear(alert('a', 'cleared', 20));
    expect(cycle.list()).toMatchObject([{ id: 'a', state: 'returned', isActive: false, clearedUs: 20 * S }]);
    cycle.obey(act('acknowledge', 'a'));
    expect(told()).toEqual(['raised a: unacknowledged', 'cleared a: returned', 'acknowledged a: normal']);
  });

  it('of a latching severity stays, seen and over, until it is reset', () => {
    const { cycle, told } = begin();
    cycle.hear(alert('a', 'raised', 10, { severity: 'critical' }));
    expect(cycle.obey(act('reset', 'a'))).toMatch(/Only a latched/);
    cycle.obey(act('acknowledge', 'a'));
    cycle.hear(alert('a', 'cleared', 20, { severity: 'critical' }));
    expect(cycle.list()).toMatchObject([{ state: 'latched' }]);
    expect(cycle.obey(act('reset', 'a'))).toBeNull();
    expect(told().slice(2)).toEqual(['cleared a: latched', 'reset a: normal']);
    expect(begin({ latch: null }).cycle.list()).toEqual([]);
  });

  it('cleared because its state was accepted has been seen by whoever accepted it', () => {
    const { cycle, steps } = begin();
    cycle.hear(alert('a', 'raised', 10));
    cycle.accepted('jo');
    cycle.hear(alert('a', 'cleared', 20, { clearedBy: 'operator' }));
    expect(steps.at(-1)).toMatchObject({ event: 'accepted', by: 'jo', alarm: { state: 'normal' } });
  });

  it('is seen to only by somebody with a name, and once', () => {
    const { cycle } = begin();
    cycle.hear(alert('a', 'raised', 10));
    expect(cycle.obey(act('acknowledge', 'a', { by: '' }))).toMatch(/name/);
    expect(cycle.obey(act('shelve', 'a', { reason: '' }))).toMatch(/reason/);
    expect(cycle.obey(act('acknowledge', 'b'))).toMatch(/no such alarm/);
    expect(cycle.obey(act('acknowledge', 'all'))).toBeNull();
    expect(cycle.obey(act('acknowledge', 'a'))).toMatch(/by mk before/);
    expect(cycle.obey(act('acknowledge', 'all'))).toMatch(/No alarm waits/);
  });

  it('is hidden where its rule is suppressed by design', () => {
    const { cycle, told } = begin({ suppress: ['changed'] });
    cycle.hear(alert('a', 'raised', 10));
    cycle.hear(alert('a', 'cleared', 20));
    expect(told()).toEqual(['raised a: suppressed', 'cleared a: normal']);
  });
});

describe('a shelf', () => {
  it('holds an alarm and those like it, wherever they overlap, until its time has come by the clock of the frames', () => {
    const { cycle, told } = begin();
    cycle.hear(alert('a', 'raised', 10));
    expect(cycle.obey(act('shelve', 'a'))).toBeNull();
    cycle.hear(alert('b', 'raised', 30, { region: [30.5, 33] }));
    cycle.hear(alert('c', 'raised', 31, { region: [40, 41] }));
    cycle.hear(alert('d', 'raised', 32, { stream: 'other' }));
    cycle.pass('other', 2000 * S);
    cycle.pass('xrd', 609 * S);
    expect(cycle.list().map(({ id, state }) => `${id} ${state}`)).toEqual([
      'a shelved',
      'b shelved',
      'c unacknowledged',
      'd unacknowledged',
    ]);
    cycle.pass('xrd', 610 * S);
    expect(told().slice(-2)).toEqual(['expired a: unacknowledged', 'expired b: unacknowledged']);
  });

  it('can be emptied before, and what is over meanwhile is not forgotten', () => {
    const { cycle, told } = begin();
    cycle.hear(alert('a', 'raised', 10));
    cycle.obey(act('shelve', 'a'));
    cycle.hear(alert('a', 'cleared', 20));
    expect(cycle.list()).toMatchObject([{ state: 'shelved', isActive: false }]);
    expect(cycle.obey(act('unshelve', 'a'))).toBeNull();
    expect(told().at(-1)).toBe('unshelved a: returned');
    expect(cycle.obey(act('unshelve', 'a'))).toMatch(/not shelved/);
  });
});

describe('a storm', () => {
  const burst = (cycle: ReturnType<typeof begin>['cycle'], from: number, count: number) => {
    for (let k = from; k < from + count; k++) {
      cycle.hear(alert(`a${k}`, 'raised', 10 * k, { region: undefined }));
      cycle.hear(alert(`a${k}`, 'cleared', 10 * k + 1, { region: undefined }));
    }
  };

  it('of more than ten in ten minutes is one alarm with a count, seen at once', () => {
    const { cycle, told } = begin();
    burst(cycle, 0, 10);
    expect(cycle.list()).toHaveLength(10);
    burst(cycle, 10, 30);
    expect(cycle.list()).toMatchObject([
      { id: 'a10', state: 'returned', count: 40, raisedUs: 0, alert: { id: 'a39' } },
    ]);
    expect(told().filter((line) => line.startsWith('folded'))).toHaveLength(10);
    cycle.obey(act('acknowledge', 'a39'));
    expect(cycle.list()).toEqual([]);
  });

  it('stands as long as one of its alerts does', () => {
    const { cycle } = begin({ fold: { most: 1, spanUs: 100 * S } });
    cycle.hear(alert('a', 'raised', 10));
    cycle.hear(alert('b', 'raised', 11));
    cycle.obey(act('acknowledge', 'b'));
    cycle.hear(alert('b', 'cleared', 12));
    expect(cycle.list()).toMatchObject([{ id: 'b', state: 'acknowledged', count: 2 }]);
    cycle.hear(alert('c', 'raised', 13));
    expect(cycle.list()).toMatchObject([{ id: 'b', state: 'unacknowledged', count: 3 }]);
    cycle.hear(alert('a', 'cleared', 14));
    cycle.hear(alert('c', 'cleared', 15));
    expect(cycle.list()).toMatchObject([{ state: 'returned', clearedUs: 15 * S }]);
  });

  it('of slow alarms, or of different causes, is none', () => {
    const { cycle } = begin();
    for (let k = 0; k < 30; k++) cycle.hear(alert(`s${k}`, 'raised', 61 * k));
    for (let k = 0; k < 30; k++) cycle.hear(alert(`c${k}`, 'raised', 5000 + k, { rule: `rule${k}` }));
    expect(cycle.list().every(({ count }) => count === 1)).toBe(true);
  });
});

it('keeps so many alarms and no more, and says which it gave up', () => {
  const { cycle, told } = begin();
  for (let k = 0; k < MAX_ALARMS + 5; k++) cycle.hear(alert(`a${k}`, 'raised', 100 * k, { rule: `rule${k}` }));
  expect(cycle.list()).toHaveLength(MAX_ALARMS);
  expect(told().filter((line) => line.startsWith('forgotten'))).toHaveLength(5);
});

it('goes on from what it remembers, wherever it is cut', () => {
  const script: ((cycle: ReturnType<typeof begin>['cycle']) => void)[] = [
    (cycle) => cycle.hear(alert('a', 'raised', 10)),
    (cycle) => void cycle.obey(act('shelve', 'a')),
    (cycle) => cycle.hear(alert('b', 'raised', 30, { rule: 'x', severity: 'critical' })),
    (cycle) => cycle.hear(alert('e', 'raised', 35, { region: [30, 30.2] })),
    (cycle) => void cycle.obey(act('acknowledge', 'b')),
    (cycle) => cycle.hear(alert('c', 'raised', 40, { rule: 'x' })),
    (cycle) => cycle.hear(alert('d', 'raised', 41, { rule: 'x' })),
    (cycle) => cycle.hear(alert('b', 'cleared', 45, { rule: 'x' })),
    (cycle) => cycle.pass('xrd', 700 * S),
    (cycle) => cycle.hear(alert('d', 'cleared', 701, { rule: 'x' })),
    (cycle) => cycle.accepted('jo'),
    (cycle) => cycle.hear(alert('e', 'cleared', 702, { clearedBy: 'operator' })),
  ];
  const settings = { fold: { most: 2, spanUs: 100 * S } };
  const whole = begin(settings);
  for (const move of script) move(whole.cycle);
  for (let cut = 1; cut < script.length; cut++) {
    const first = begin(settings);
    for (const move of script.slice(0, cut)) move(first.cycle);
    const memory = JSON.parse(JSON.stringify(first.cycle.snapshot())) as AlarmMemory;
    const second = begin(settings, memory);
    for (const move of script.slice(cut)) move(second.cycle);
    expect([...first.steps, ...second.steps]).toEqual(whole.steps);
  }
});
