import { chmodSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import {
  digestOfToken,
  newToken,
  parseTokens,
  ROLES,
  tokenLine,
  type KnownToken,
  type Role,
} from '../../server/tokenList.ts';
import type { Console } from '../console.ts';
import { EXIT, parseArguments, UsageError, type Command } from '../command.ts';

const ACTS = ['add', 'revoke', 'list'] as const;

export const token: Command = {
  name: 'token',
  summary: 'make, revoke and list the tokens that open the page to others',
  help: `operando token add NAME --file FILE [--role view|operate]
operando token revoke NAME --file FILE
operando token list --file FILE

Keeps the file that page.tokensFile names. 'add' prints the new token once: the file holds only what it
takes to know it again. A token may look, or with --role operate also stop the beam, grant the permit
and accept a new state. A monitor that runs sees the change within two seconds; pages opened with a
revoked token are closed.

options
  --file FILE   the file of tokens; made when it is not there
  --role ROLE   view (the default) or operate

example
  operando token add "control room" --file tokens
  operando token revoke "control room" --file tokens`,
  run: (args, console) => Promise.resolve(keep(args, console)),
};

function keep(args: readonly string[], console: Console): number {
  const { values, positionals } = parseArguments(
    args,
    { file: { type: 'string' }, role: { type: 'string' } },
    { least: 1, most: 2, names: 'add|revoke|list [NAME]' },
  );
  const [act = '', name = ''] = positionals;
  const { file } = values;
  const role = String(values['role'] ?? 'view');
  if (typeof file !== 'string') throw new UsageError('--file: expected the file of tokens');
  if (!ACTS.some((known) => known === act)) throw new UsageError(`expected add, revoke or list, got '${act}'`);
  const { tokens, problems } = parseTokens(readIfThere(file));
  for (const problem of problems) console.err(`${file}: ${problem}`);
  if (act === 'list') {
    for (const known of tokens) console.out(`${known.role.padEnd(7)}  ${known.name}`);
    if (tokens.length === 0) console.out('none');
    return EXIT.done;
  }
  if (problems.length > 0) throw new UsageError(`${file} is left as it is: mend it first`);
  if (!/^\S.{0,39}$/.test(name) || name !== name.trim())
    throw new UsageError(`expected a name of 1 to 40 characters, got '${name}'`);
  const isThere = tokens.some((known) => known.name === name);
  if (act === 'revoke') {
    if (!isThere) throw new UsageError(`${file} has no token of '${name}'`);
    replace(
      file,
      tokens.filter((known) => known.name !== name),
    );
    console.out(`revoked: ${name}`);
    return EXIT.done;
  }
  if (isThere) throw new UsageError(`${file} has a token of '${name}' already: revoke it first`);
  if (!ROLES.some((known) => known === role)) throw new UsageError(`--role: expected view or operate, got '${role}'`);
  const made = newToken();
  replace(file, [...tokens, { name, role: role as Role, digest: digestOfToken(made) }]);
  console.out(made);
  console.err(`${name} may ${role}; the token is shown this once. Open the page with /?token=...`);
  return EXIT.done;
}

function readIfThere(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return '';
    throw error;
  }
}

/** In one step, so that a monitor never reads half a file; for its owner alone. */
function replace(path: string, tokens: readonly KnownToken[]): void {
  const next = `${path}.${process.pid}.new`;
  writeFileSync(next, tokens.map(tokenLine).join(''), { mode: 0o600 });
  chmodSync(next, 0o600);
  renameSync(next, path);
}
