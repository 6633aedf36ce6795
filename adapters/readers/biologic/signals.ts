/** A column of an .mpt file that becomes a slow signal. */
export interface MptSignal {
  readonly at: number;
  readonly name: string;
  /** UCUM code. */
  readonly unit: string;
}

/** Flags and counters of the program. */
const SKIPPED = /^(?:time|error|control changes|Ns changes|counter inc\.|I Range|control|)$/i;
/** Words of the house for what is measured most. */
const NAMES: readonly (readonly [pattern: RegExp, name: string])[] = [
  [/^<?Ewe>?$/, 'potential'],
  [/^<?Ece>?$/, 'counterPotential'],
  [/^<?Ewe-Ece>?$|^Ecell$|^<?Voltage>?$/i, 'cellVoltage'],
  [/^<?I>?$|^<?Current>?$/i, 'current'],
  [/^mode$/, 'mode'],
  [/^ox\/red$/, 'oxidation'],
  [/^Ns$/, 'sequence'],
  [/^\(Q-Qo\)$/, 'charge'],
  [/^Q charge\/discharge$/, 'chargeOfHalfCycle'],
  [/^half cycle$/, 'halfCycle'],
  [/^cycle number$/, 'cycle'],
  [/^Temperature$/i, 'temperature'],
  [/^P$/, 'power'],
];

/**
 * The columns that are measured, by their labels 'quantity/unit'.
 *
 * @param unitCode - UCUM code of a unit as it is written.
 */
export function signalsOf(labels: readonly string[], unitCode: (unit: string) => string): MptSignal[] {
  const taken = new Set<string>();
  return labels.flatMap((label, at): MptSignal[] => {
    const { quantity, unit } = splitLabel(label);
    if (SKIPPED.test(quantity)) return [];
    const word = NAMES.find(([pattern]) => pattern.test(quantity))?.[1] ?? camelCase(quantity);
    if (word === '' || taken.has(word)) return [];
    taken.add(word);
    return [{ at, name: word, unit: codeOf(unit, unitCode) }];
  });
}

/** 'ox/red' and 'Q charge/discharge/mA.h' have slashes in their names. */
function splitLabel(label: string): { quantity: string; unit: string } {
  if (/^(?:ox\/red|I Range|control\/)/.test(label))
    return { quantity: label.replace(/^control\/.*/, 'control'), unit: '' };
  const at = label.lastIndexOf('/');
  return at <= 0
    ? { quantity: label, unit: '' }
    : { quantity: label.slice(0, at).trim(), unit: label.slice(at + 1).trim() };
}

const codeOf = (unit: string, unitCode: (unit: string) => string): string =>
  /^[munkµ]?[AW]\.h$/.test(unit)
    ? unit.replace('µ', 'u')
    : /^[munkµ]?Ohm$/i.test(unit)
      ? unit.replace('µ', 'u').replace(/ohm$/i, 'Ohm')
      : unit === 'µA'
        ? 'uA'
        : unitCode(unit);

function camelCase(text: string): string {
  const [first = '', ...rest] = text.split(/[^A-Za-z0-9]+/).filter((word) => word !== '');
  return (
    first.charAt(0).toLowerCase() +
    first.slice(1) +
    rest.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join('')
  );
}
