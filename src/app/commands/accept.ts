import { randomUUID } from 'node:crypto';
import { userInfo } from 'node:os';
import { explainError } from '../../model/error.ts';
import { EXIT, parseArguments, UsageError, type Command } from '../command.ts';

const DEFAULT_PAGE = 'http://127.0.0.1:4180';
const ANSWER_MS = 5000;

export const accept: Command = {
  name: 'accept',
  summary: 'tell a running monitor that the present state is the new reference',
  help: `operando accept [options]

The detectors of a running monitor forget their reference and learn the state that the next frames
show; open alerts are cleared with that reason. The act is recorded with the frames, so that a replay
does the same at the same frame. Prints the monitor's confirmation; exit code 1 without one.

  --page URL    the monitor's page, ${DEFAULT_PAGE} by default; with ?token=... as the monitor prints it
  --token T     its token, if it has one and the URL does not hold it; else OPERANDO_TOKEN
  --by NAME     who accepts; by default the user of this machine

example
  operando accept --by mk`,
  async run(args, console) {
    const options = { page: { type: 'string' }, token: { type: 'string' }, by: { type: 'string' } } as const;
    const { values } = parseArguments(args, options, { least: 0, most: 0, names: '' });
    const page = typeof values['page'] === 'string' ? values['page'] : DEFAULT_PAGE;
    if (!/^https?:\/\//.test(page) || !URL.canParse(page))
      throw new UsageError(`--page expects an address that begins with http://, got '${page}'`);
    const url = new URL('/api/v1/accept', page);
    const token = values['token'] ?? new URL(page).searchParams.get('token') ?? console.env['OPERANDO_TOKEN'];
    const by = typeof values['by'] === 'string' ? values['by'] : userInfo().username.slice(0, 40);
    try {
      const response = await fetch(url, {
        method: 'POST',
        headers: {
          'Content-Type': 'application/json',
          ...(typeof token === 'string' ? { Cookie: `operando_token=${encodeURIComponent(token)}` } : {}),
        },
        body: JSON.stringify({ id: randomUUID(), by }),
        signal: AbortSignal.any([AbortSignal.timeout(ANSWER_MS), console.interrupted]),
      });
      const { detail } = (await response.json()) as { detail?: unknown };
      if (response.ok) console.out(String(detail));
      else console.err(`not accepted: ${String(detail)}`);
      return response.ok ? EXIT.done : EXIT.failed;
    } catch (error) {
      console.err(`not confirmed by ${url.origin}: ${explainError(error)}`);
      return EXIT.failed;
    }
  },
};
