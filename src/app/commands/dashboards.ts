import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { EXIT, parseArguments, UsageError, type Command, type ParsedArguments } from '../command.ts';
import { provisioningFor, type ProvisioningSettings } from '../grafana/provisioning.ts';

export const dashboards: Command = {
  name: 'dashboards',
  summary: 'write dashboards, alert rules and data source for your Grafana',
  help: `operando dashboards --out DIR [options]

Writes what Grafana (12 or newer) reads at its start: the data source, five dashboards, alert rules
and a contact point. The queries are InfluxQL: of InfluxDB 1.x, and of 2.x and 3.x through their
interface for it. VictoriaMetrics takes what the monitor writes, but does not answer InfluxQL.

  --out DIR                  the provisioning folder, often /etc/grafana/provisioning
  --seen-as PATH             where Grafana sees that folder, when it is mounted elsewhere
  --url URL                  InfluxDB as Grafana reaches it, http://127.0.0.1:8086 by default
  --database NAME            database or bucket, operando by default
  --influx 1|2|3             major version of InfluxDB, 1 by default
  --user NAME                account of 1.x
  --password-variable NAME   variable of Grafana's environment that holds its password
  --token-variable NAME      variable of Grafana's environment that holds the token of 2.x or 3.x
  --email ADDRESS            whom alerts reach; may be repeated
  --webhook URL              what is called with alerts; may be repeated

example
  operando dashboards --out /etc/grafana/provisioning --email lab@example.org`,
  async run(args, console) {
    const { values } = parseArguments(
      args,
      {
        out: { type: 'string' },
        'seen-as': { type: 'string' },
        url: { type: 'string', default: 'http://127.0.0.1:8086' },
        database: { type: 'string', default: 'operando' },
        influx: { type: 'string', default: '1' },
        user: { type: 'string' },
        'password-variable': { type: 'string' },
        'token-variable': { type: 'string' },
        email: { type: 'string', multiple: true },
        webhook: { type: 'string', multiple: true },
      },
      { least: 0, most: 0, names: '' },
    );
    const out = values['out'];
    if (typeof out !== 'string' || out === '') throw new UsageError('--out is missing');
    const tree = await provisioningFor(settingsOf(values, resolve(out)));
    for (const [path, text] of tree) {
      const file = join(resolve(out), path);
      await mkdir(dirname(file), { recursive: true });
      await writeFile(file, text);
      console.out(file);
    }
    return EXIT.done;
  },
};

/** @throws UsageError for what Grafana could not read. */
function settingsOf(values: ParsedArguments['values'], out: string): ProvisioningSettings {
  const text = (name: string): string | undefined => {
    const value = values[name];
    return typeof value === 'string' ? value : undefined;
  };
  const list = (name: string): string[] => ((values[name] ?? []) as string[]).slice();
  const variable = (name: string): string | undefined => {
    const value = text(name);
    if (value === undefined || /^[A-Za-z_]\w*$/.test(value)) return value;
    throw new UsageError(`--${name} expects the name of a variable, such as INFLUX_TOKEN`);
  };
  const influx = Number(text('influx'));
  if (influx !== 1 && influx !== 2 && influx !== 3)
    throw new UsageError(`--influx expects 1, 2 or 3, got '${text('influx')}'; VictoriaMetrics answers no InfluxQL`);
  const tokenVariable = variable('token-variable');
  if (influx === 2 && tokenVariable === undefined) throw new UsageError('InfluxDB 2.x wants --token-variable');
  for (const url of [text('url') ?? '', ...list('webhook')])
    if (!/^https?:\/\/[^/]/.test(url))
      throw new UsageError(`expected an address such as http://host:8086, got '${url}'`);
  const badEmail = list('email').find((address) => !/^[^\s;@]+@[^\s;@]+$/.test(address));
  if (badEmail !== undefined) throw new UsageError(`--email expects one mail address, got '${badEmail}'`);
  const seenAs = text('seen-as') ?? out;
  if (!/^(\/|[A-Za-z]:)/.test(seenAs)) throw new UsageError('--seen-as expects an absolute path');
  return {
    url: text('url') ?? '',
    database: text('database') ?? '',
    influx,
    user: text('user'),
    passwordVariable: variable('password-variable'),
    tokenVariable,
    seenAs,
    emails: list('email'),
    webhooks: list('webhook'),
  };
}
