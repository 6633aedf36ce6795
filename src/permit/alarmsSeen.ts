import type { BeamHistory, ConditionSource } from './conditions.ts';

/**
 * Who arms must have seen what stopped the beam: arming waits while critical alarms are unacknowledged. It never takes a beam off:
 * what stops the beam is the cause of an alarm, not that nobody has looked at it.
 *
 * @param urgent - critical alarms that nobody has seen.
 */
export function createAlarmsSeen(urgent: () => number, beam: BeamHistory): ConditionSource {
  return {
    judge() {
      const count = beam.armedMs === null ? urgent() : 0;
      return [
        {
          id: 'alarms',
          name: 'Critical alarms acknowledged',
          isHeld: count === 0,
          stopsAs: 'withheld',
          tell: () => (count === 0 ? 'none waits' : `${count} unacknowledged`),
        },
      ];
    },
  };
}
