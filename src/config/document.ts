import { isAlias, isMap, isScalar, isSeq, LineCounter, parseDocument, type Document, type Node } from 'yaml';

/** Where something stands in a pipeline file: keys and indices from its root. */
export type Path = readonly (string | number)[];

/** What is wrong, and where. */
export interface Problem {
  readonly at: Path;
  /** What was expected, what was found, what may have been meant. */
  readonly message: string;
  /** The key is at fault, not its value. */
  readonly isKey?: boolean;
  /** The key that was meant instead. */
  readonly meant?: string | undefined;
}

export interface Position {
  readonly line: number;
  readonly column: number;
}

export interface PlacedProblem extends Problem, Position {}

/** A YAML text whose parts know their lines. */
export interface TextDocument {
  /** Plain data; undefined when the text is no YAML. */
  readonly data: unknown;
  /** Errors of syntax and double keys. */
  readonly problems: readonly PlacedProblem[];
  /** Line and column, from 1, of the deepest part of a path that is written in the file. */
  readonly locate: (at: Path, isKey?: boolean) => Position;
}

/** Reads YAML 1.2 text. Never throws. */
export function readDocument(text: string): TextDocument {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, merge: true });
  const position = (offset: number): Position => {
    const { line, col } = lines.linePos(offset);
    return { line, column: col };
  };
  const problems = [...document.errors, ...document.warnings].map((error) => ({
    at: [],
    message:
      error.code === 'DUPLICATE_KEY' ? 'expected each key once, got it twice in one map' : `not YAML: ${error.message}`,
    ...position(error.pos[0]),
  }));
  return {
    data: document.errors.length === 0 ? (document.toJS() as unknown) : undefined,
    problems,
    locate: (at, isKey = false) => position(offsetOf(document, at, isKey)),
  };
}

function offsetOf(document: Document.Parsed, at: Path, isKey: boolean): number {
  let node: Node | null = document.contents;
  let offset = startOf(node) ?? 0;
  for (const [depth, step] of at.entries()) {
    if (isAlias(node)) node = node.resolve(document) ?? null;
    let next: unknown;
    if (isMap(node)) {
      const pair = node.items.find(({ key }) => isScalar(key) && String(key.value) === String(step));
      if (pair === undefined) break;
      const keyOffset = startOf(pair.key as Node);
      if (isKey && depth === at.length - 1) return keyOffset ?? offset;
      next = pair.value;
      offset = startOf(next as Node | null) ?? keyOffset ?? offset;
    } else if (isSeq(node)) {
      next = node.items[Number(step)];
      if (next === undefined) break;
      offset = startOf(next as Node) ?? offset;
    } else break;
    node = next as Node | null;
  }
  return offset;
}

const startOf = (node: Node | null | undefined): number | undefined => node?.range?.[0];

/** `pipeline[1].with.halfWidth`. */
export function pathText(at: Path): string {
  return at.reduce<string>(
    (text, step) => (typeof step === 'number' ? `${text}[${step}]` : text === '' ? step : `${text}.${step}`),
    '',
  );
}

/** What stands at a path of plain data; undefined when nothing does. */
export function valueAt(data: unknown, at: Path): unknown {
  let value = data;
  for (const step of at) {
    if (typeof value !== 'object' || value === null) return undefined;
    value = (value as Record<string | number, unknown>)[step];
  }
  return value;
}
