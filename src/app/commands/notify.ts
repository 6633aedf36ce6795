import { explainError } from '../../model/error.ts';
import { EXIT, parseArguments, UsageError, type Command } from '../command.ts';
import { loadFile } from './loadFile.ts';

export const notify: Command = {
  name: 'notify',
  summary: 'send a test message through the sinks that tell of alerts',
  help: `operando notify FILE [--sink ID]

Sends a message that says it is a test through every sink of a pipeline file that tells of alerts
(webhook, email, command), or through one of them, and prints the answer. Exit code 1 when one fails.

options
  --sink ID   only this one

example
  operando notify xrd.yaml --sink pager`,
  async run(args, console) {
    const { values, positionals } = parseArguments(
      args,
      { sink: { type: 'string' } },
      { least: 1, most: 1, names: 'FILE' },
    );
    const [path = ''] = positionals;
    const { loaded, plan } = await loadFile(path, console);
    const able = plan.sinks.filter(({ definition }) => definition.test !== undefined);
    const chosen = values['sink'] === undefined ? able : able.filter(({ id }) => id === values['sink']);
    if (chosen.length === 0)
      throw new UsageError(
        values['sink'] === undefined
          ? `${path} has no sink that tells of alerts (webhook, email, command)`
          : `--sink ${String(values['sink'])}: expected one of ${able.map(({ id }) => id).join(', ') || 'none at all'}`,
      );
    let failures = 0;
    for (const { id, use, definition, with: settings } of chosen) {
      console.progress(`${id} ...`);
      try {
        console.out(`${id} (${use}): ${await definition.test?.(settings, loaded.config)}`);
      } catch (error) {
        failures++;
        console.err(`${id} (${use}): not sent: ${explainError(error)}`);
      }
    }
    console.progress(null);
    return failures === 0 ? EXIT.done : EXIT.failed;
  },
};
