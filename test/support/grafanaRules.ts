import { sentQuery, type RuleJson } from './grafanaQueries.ts';

/** A number with its labels. */
export interface Labelled {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** Gives the newest value of each series of a query. */
export type NewestValues = (query: string) => Promise<readonly Labelled[]>;

/** One set of labels is part of the other: Grafana then computes with both. */
const isPart = (a: Labelled['labels'], b: Labelled['labels']): boolean =>
  Object.entries(a).every(([name, value]) => b[name] === value);

function joined(a: readonly Labelled[], b: readonly Labelled[], compute: (a: number, b: number) => number): Labelled[] {
  return a.flatMap((left) =>
    b
      .filter((right) => isPart(left.labels, right.labels) || isPart(right.labels, left.labels))
      .map((right) => ({
        labels: { ...left.labels, ...right.labels },
        value: compute(left.value, right.value),
      })),
  );
}

/** `$a`, `$a + $b`, `$a > 0`, and several of them with `&&`: what the rules of the house are made of. */
function math(expression: string, known: ReadonlyMap<string, readonly Labelled[]>): readonly Labelled[] {
  const conditions = expression.split('&&').map((text): readonly Labelled[] => {
    const match = /^\s*((?:\$\w+)(?:\s*\+\s*\$\w+)*)\s*(?:([<>])\s*([\d.]+))?\s*$/.exec(text);
    if (match === null) throw new RangeError(`not understood: ${text}`);
    const sum = match[1]!
      .split('+')
      .map((name) => known.get(name.trim().slice(1)) ?? [])
      .reduce((a, b) => joined(a, b, (x, y) => x + y));
    const [, , sign, limit] = match;
    if (sign === undefined) return sum;
    return sum.map(({ labels, value }) => ({
      labels,
      value: Number(sign === '<' ? value < Number(limit) : value > Number(limit)),
    }));
  });
  return conditions.reduce((a, b) => joined(a, b, (x, y) => Number(x !== 0 && y !== 0)));
}

/**
 * Evaluates a rule as Grafana does: queries, the last value of each series, the computation, the threshold.
 *
 * @returns the labels of what fires.
 */
export async function firing(rule: RuleJson, nowMs: number, newest: NewestValues): Promise<Labelled['labels'][]> {
  const known = new Map<string, readonly Labelled[]>();
  for (const { refId, model, relativeTimeRange: range } of rule.data) {
    const expression = String(model['expression']);
    switch (model['type']) {
      case undefined:
        known.set(
          refId,
          await newest(sentQuery(String(model['query']), {}, [nowMs - 1000 * range.from, nowMs - 1000 * range.to])),
        );
        break;
      case 'reduce':
        known.set(refId, known.get(expression) ?? []);
        break;
      case 'math':
        known.set(refId, math(expression, known));
        break;
      case 'threshold':
        known.set(
          refId,
          (known.get(expression) ?? []).filter(({ value }) => value > 0),
        );
        break;
      default:
        throw new RangeError(`rule ${rule.uid}: ${String(model['type'])} is not known`);
    }
  }
  return (known.get(rule.condition) ?? []).map(({ labels }) => labels);
}
