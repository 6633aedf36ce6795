import { MonitorError } from '../../src/model/error.ts';
import { nearest } from '../../src/model/nearest.ts';

/** Smallest and largest physical value of a state number, and its unit (UCUM). */
export type StateRange = readonly [least: number, most: number, unit: string];

/**
 * Where a sample starts: the usual values, and what is asked for in their place.
 * @param usual state numbers by name
 * @param ranges of those that can be impossible
 * @param asked by name
 * @throws MonitorError (CONFIG) for a name the sample does not know and for a value out of range
 */
export function startState<State extends Readonly<Record<string, number>>>(
  usual: State,
  ranges: Readonly<Partial<Record<keyof State & string, StateRange>>>,
  asked: Readonly<Record<string, number>>,
): State {
  for (const [name, value] of Object.entries(asked)) {
    if (!(name in usual)) {
      const names = Object.keys(usual);
      const meant = nearest(name, names);
      const hint = meant === null ? `known: ${names.join(', ')}` : `did you mean '${meant}'?`;
      refuse(`the sample has no state number '${name}', ${hint}`);
    }
    const [least, most, unit] = ranges[name] ?? [-Infinity, Infinity, '1'];
    if (Number.isFinite(value) && value >= least && value <= most) continue;
    refuse(`${name} is ${value}, expected ${least} to ${most}${unit === '1' ? '' : ` ${unit}`}`);
  }
  return { ...usual, ...asked };
}

function refuse(reason: string): never {
  throw new MonitorError('CONFIG', reason, { id: 'simulator' });
}
