import { expect, it } from 'vitest';
import { createAlarmsSeen } from '../../src/permit/alarmsSeen.ts';

it('lets arming wait for critical alarms that nobody has seen, and never takes a beam off', () => {
  let urgent = 2;
  let armedMs: number | null = null;
  const source = createAlarmsSeen(() => urgent, {
    get armedMs() {
      return armedMs;
    },
  });
  const judged = () => source.judge(0).map(({ id, isHeld, tell }) => [id, isHeld, tell()]);
  expect(judged()).toEqual([['alarms', false, '2 unacknowledged']]);
  urgent = 0;
  expect(judged()).toEqual([['alarms', true, 'none waits']]);
  armedMs = 5;
  urgent = 1;
  expect(judged()).toEqual([['alarms', true, 'none waits']]);
});
