import { parse, parseDocument, type Document } from 'yaml';
import { ACCOUNT_KINDS } from '../../config/permitPlan.ts';
import { nearest } from '../../model/nearest.ts';
import { UsageError } from '../command.ts';

/** One setting as it is asked to be: 'dose.limit=2e6'. */
export interface Change {
  readonly text: string;
  readonly path: string;
  readonly value: unknown;
}

/** @throws UsageError for a text that is no change. */
export function readChange(text: string): Change {
  const at = text.indexOf('=');
  const path = text.slice(0, Math.max(0, at)).trim();
  if (at < 0 || !path.includes('.'))
    throw new UsageError(`--what-if expects STAGE.SETTING=VALUE, as in dose.limit=2e6, got '${text}'`);
  return { text, path, value: valueOf(text.slice(at + 1)) };
}

function valueOf(text: string): unknown {
  try {
    return parse(text) as unknown;
  } catch {
    throw new UsageError(`--what-if expects a value after '=', got '${text}'`);
  }
}

interface Entry {
  readonly id?: unknown;
  readonly use?: unknown;
}

/**
 * The text of a pipeline file with other settings.
 * @throws UsageError when it has no such stage; an unknown setting is told by the check of the file.
 */
export function withChanges(text: string, changes: readonly Change[]): string {
  const document = parseDocument(text);
  for (const change of changes) document.setIn(placeOf(change, document), change.value);
  return document.toString();
}

function placeOf({ path, text }: Change, document: Document): (string | number)[] {
  const { pipeline = [] } = document.toJS() as { pipeline?: readonly Entry[] };
  if (path.startsWith('permit.')) return path.split('.');
  // Ids may hold dots: the longest that fits is meant.
  const fitting = pipeline
    .map(({ id, use }, i) => ({ id: String(id), use: String(use), i }))
    .filter(({ id }) => path.startsWith(`${id}.`))
    .sort((a, b) => b.id.length - a.id.length)[0];
  if (fitting === undefined) {
    const ids = pipeline.map(({ id }) => String(id));
    const meant = nearest(path.slice(0, path.indexOf('.')), ids);
    throw new UsageError(
      `--what-if ${text}: there is no stage of that id${meant === null ? '' : `, did you mean '${meant}'?`}`,
    );
  }
  const setting = path.slice(fitting.id.length + 1).split('.');
  // A budget is what people call the limit of an account.
  if (setting.length === 1 && setting[0] === 'budget' && ACCOUNT_KINDS.includes(fitting.use)) setting[0] = 'limit';
  return ['pipeline', fitting.i, 'with', ...setting];
}
