import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseDocument } from 'yaml';
import { packageRoot } from '../paths.ts';

/** Where a Grafana of one's own finds things, and whom it tells. */
export interface ProvisioningSettings {
  /** Of the database, as Grafana reaches it. */
  readonly url: string;
  readonly database: string;
  /** Major version of InfluxDB; 2 and 3 answer InfluxQL at the address of 1, to a token. */
  readonly influx: 1 | 2 | 3;
  readonly user: string | undefined;
  /** Name of the variable, in the environment of Grafana, that holds the password of `user`. */
  readonly passwordVariable: string | undefined;
  /** Name of the variable, in the environment of Grafana, that holds the token. */
  readonly tokenVariable: string | undefined;
  /** The provisioning folder as Grafana sees it, absolute. */
  readonly seenAs: string;
  /** Mail addresses that are told of alerts. */
  readonly emails: readonly string[];
  /** Addresses that are called with alerts. */
  readonly webhooks: readonly string[];
}

const committed = join(packageRoot, 'dashboards/grafana/provisioning');

/** Grafana puts the environment in place of `$NAME` in its provisioning files. */
const literal = (text: string): string => text.replaceAll('$', '$$$$');

/** The files as generated: text of each, by its path inside the folder. */
async function readCommitted(): Promise<Map<string, string>> {
  const entries = await readdir(committed, { recursive: true, withFileTypes: true });
  const paths = entries
    .filter((entry) => entry.isFile())
    .map((entry) =>
      join(entry.parentPath, entry.name)
        .slice(committed.length + 1)
        .replaceAll('\\', '/'),
    )
    .sort();
  return new Map(
    await Promise.all(
      paths.map(async (path): Promise<[string, string]> => [path, await readFile(join(committed, path), 'utf8')]),
    ),
  );
}

/** The provisioning folder for a Grafana of one's own: text of each file, by its path inside it. */
export async function provisioningFor(settings: ProvisioningSettings): Promise<Map<string, string>> {
  const tree = await readCommitted();
  const edit = (path: string, place: readonly (string | number)[], value: unknown): void => {
    const document = parseDocument(tree.get(path) ?? '');
    document.setIn(place, document.createNode(value));
    tree.set(path, document.toString({ lineWidth: 0 }));
  };
  const source = (name: string, value: unknown): void =>
    edit('datasources/operando.yaml', ['datasources', 0, name], value);
  source('url', literal(settings.url));
  source('jsonData', {
    version: 'InfluxQL',
    dbName: literal(settings.database),
    httpMode: 'POST',
    ...(settings.tokenVariable === undefined ? {} : { httpHeaderName1: 'Authorization' }),
  });
  if (settings.user !== undefined) source('user', literal(settings.user));
  const secrets = {
    ...(settings.passwordVariable === undefined ? {} : { password: `$${settings.passwordVariable}` }),
    ...(settings.tokenVariable === undefined ? {} : { httpHeaderValue1: `Token $${settings.tokenVariable}` }),
  };
  if (Object.keys(secrets).length > 0) source('secureJsonData', secrets);
  const path = `${settings.seenAs.replace(/\/+$/, '')}/dashboards/operando`;
  edit('dashboards/operando.yaml', ['providers', 0, 'options', 'path'], literal(path));
  const receivers = receiversOf(settings);
  if (receivers.length > 0) edit('alerting/contactPoints.yaml', ['contactPoints', 0, 'receivers'], receivers);
  return tree;
}

function receiversOf({ emails, webhooks }: ProvisioningSettings): object[] {
  const mail = {
    uid: 'operando-email',
    type: 'email',
    settings: { addresses: literal(emails.join(';')), singleEmail: true },
    disableResolveMessage: false,
  };
  const hooks = webhooks.map((url, i) => ({
    uid: `operando-webhook-${i + 1}`,
    type: 'webhook',
    settings: { url: literal(url), httpMethod: 'POST' },
    disableResolveMessage: false,
  }));
  return [...(emails.length > 0 ? [mail] : []), ...hooks];
}
