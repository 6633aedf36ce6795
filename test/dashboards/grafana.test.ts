import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { provisioningTree } from '../../dashboards/grafana/tree.ts';
import { main } from '../../src/app/cli.ts';
import { provisioning, readDashboards, readRules, readYaml, sentQuery } from '../support/grafanaQueries.ts';
import { sdkFaults, type TypedValue } from '../support/sdkTypes.ts';

const dashboards = readDashboards();
const rules = readRules();

/** Modules of the SDK by the names of Grafana's panels. */
const FIELD_MODULES = ['timeseries', 'heatmap', 'xychart', 'statetimeline', 'table'];

function filesOf(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .sort();
}

describe('the committed dashboards', () => {
  it('are those that would be generated now, and no others', () => {
    const tree = provisioningTree();
    expect(filesOf(provisioning)).toEqual([...tree.keys()].sort());
    for (const [path, text] of tree) expect(readFileSync(join(provisioning, path), 'utf8'), path).toBe(text);
  });

  it('are what the types of the foundation SDK say: dashboards, panels, their options, rules', () => {
    const values: TypedValue[] = [];
    for (const [file, dashboard] of dashboards) {
      // The SDK knows no targets of InfluxDB, neither of panels nor of annotations.
      const bare = {
        ...dashboard,
        panels: dashboard.panels.map((panel) => ({ ...panel, targets: [] })),
        annotations: { list: dashboard.annotations.list.map(({ target: _, ...rest }) => rest) },
      };
      values.push({ label: file, value: bare, module: 'dashboard', type: 'Dashboard' });
      for (const { title, type, options, fieldConfig } of dashboard.panels) {
        const module = type.replaceAll('-', '');
        values.push({ label: `${file}, options of ${title}`, value: options, module, type: 'Options' });
        if (FIELD_MODULES.includes(module))
          values.push({
            label: `${file}, fields of ${title}`,
            value: fieldConfig.defaults.custom ?? {},
            module: module === 'table' ? 'common' : module,
            type: module === 'table' ? 'TableFieldOptions' : 'FieldConfig',
          });
      }
    }
    for (const { title, data } of rules)
      for (const { refId, datasourceUid, model } of data)
        if (datasourceUid === '__expr__')
          values.push({ label: `${title}, ${refId}`, value: model, module: 'expr', type: 'expr' });
    expect(values.length).toBeGreaterThan(80);
    expect(sdkFaults(values)).toEqual([]);
  });

  it('would be found out by those types if they were not', () => {
    const legend = { displayMode: 'list', placement: 'bottom', showLegend: true, calcs: [] };
    const tooltip = { mode: 'multi', sort: 'none' };
    const faults = [
      { legend, tooltip: { ...tooltip, mode: 'sideways' } },
      { legend, tooltip, tooltips: {} },
      { legend },
    ].map((value, i) => ({ label: `panel ${i}`, value, module: 'timeseries', type: 'Options' }));
    expect(sdkFaults(faults)).toEqual([
      expect.stringMatching(/^panel 0: .*sideways/),
      expect.stringMatching(/^panel 1: .*tooltips/),
      expect.stringMatching(/^panel 2: .*tooltip/),
    ]);
  });

  it.each([...dashboards])('%s: ids, places and variables fit', (_, { panels, templating, annotations }) => {
    expect(panels.map(({ id }) => id)).toEqual(panels.map((__, i) => i + 1));
    const taken = new Set<string>();
    for (const { title, gridPos } of panels)
      for (let x = gridPos.x; x < gridPos.x + gridPos.w; x++)
        for (let y = gridPos.y; y < gridPos.y + gridPos.h; y++) {
          expect(x, title).toBeLessThan(24);
          expect(taken.has(`${x} ${y}`), `${title} at ${x}, ${y}`).toBe(false);
          taken.add(`${x} ${y}`);
        }
    const chosen = Object.fromEntries(templating.list.map(({ name }) => [name, ['a/b', 'c.d']]));
    expect(Object.keys(chosen).slice(0, 3)).toEqual(['site', 'instrument', 'run']);
    for (const { query, definition } of templating.list) expect(query.query).toBe(definition);
    const targets = panels.flatMap((panel) => panel.targets);
    for (const { query, rawQuery, datasource } of targets) {
      expect(rawQuery).toBe(true);
      expect(datasource.uid).toBe('operando');
      expect(sentQuery(query, chosen, [0, 900_000])).toContain('"run" =~ /^(a\\/b|c\\.d)$/');
    }
    for (const { target } of annotations.list)
      expect(sentQuery(target.query, chosen, [0, 900_000])).toContain('time >= 0ms and time <= 900000ms');
  });

  it('have each an address of its own', () => {
    expect(new Set([...dashboards.values()].map(({ uid }) => uid)).size).toBe(5);
  });
});

describe('the alert rules', () => {
  it('say what happens without data and on errors, and tell a contact point that there is', () => {
    const { contactPoints } = readYaml('alerting/contactPoints.yaml') as {
      contactPoints: { name: string; receivers: { uid: string; type: string; settings: object }[] }[];
    };
    expect(contactPoints.map(({ name }) => name)).toEqual(['operando']);
    for (const { uid, noDataState, execErrState, notification_settings } of rules) {
      expect(noDataState, uid).toMatch(/^(OK|Alerting)$/);
      expect(execErrState, uid).toMatch(/^(KeepLast|Alerting)$/);
      expect(notification_settings.receiver).toBe('operando');
      // Grafana refuses a grouping without these two.
      expect(notification_settings.group_by).toEqual(expect.arrayContaining(['grafana_folder', 'alertname']));
    }
    expect(rules.filter(({ execErrState }) => execErrState === 'Alerting').map(({ uid }) => uid)).toEqual([
      'operando-silent',
    ]);
    expect(new Set(rules.map(({ uid }) => uid)).size).toBe(rules.length);
  });

  it('compute what they name, in order, and keep dollars out of what Grafana fills from its environment', () => {
    for (const { uid, title, condition, labels, annotations, data } of rules) {
      const known = new Set<string>();
      for (const { refId, model } of data) {
        const used =
          model['type'] === 'math'
            ? [...String(model['expression']).matchAll(/\$(\w+)/g)].map((match) => match[1]!)
            : typeof model['expression'] === 'string'
              ? [model['expression']]
              : [];
        for (const name of used) expect(known.has(name), `${uid}: ${name}`).toBe(true);
        known.add(refId);
        expect(model['refId']).toBe(refId);
      }
      expect(known.has(condition)).toBe(true);
      expect([uid, title, condition, ...Object.values(labels), ...known].join()).not.toContain('$');
      expect(annotations['summary']).toContain('{{ $labels.instrument }}');
    }
  });
});

describe('operando dashboards', () => {
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'operando-provisioning-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  async function call(...args: string[]) {
    const out: string[] = [];
    const err: string[] = [];
    const code = await main(['dashboards', ...args], {
      out: (line) => void out.push(line),
      err: (line) => void err.push(line),
      progress: () => undefined,
      isTerminal: false,
      env: {},
      interrupted: new AbortController().signal,
    });
    return { code, out, err: err.join('\n') };
  }
  const written = (path: string): unknown => parse(readFileSync(join(folder, path), 'utf8'));

  it('writes the tree for a Grafana of one’s own, and says where', async () => {
    const { code, out } = await call('--out', folder);
    expect(code).toBe(0);
    expect(filesOf(folder)).toEqual(filesOf(provisioning));
    expect(out.sort()).toEqual(filesOf(folder).map((path) => join(folder, path)));
    expect(written('datasources/operando.yaml')).toEqual({
      apiVersion: 1,
      datasources: [
        {
          name: 'operando',
          type: 'influxdb',
          uid: 'operando',
          access: 'proxy',
          url: 'http://127.0.0.1:8086',
          jsonData: { version: 'InfluxQL', dbName: 'operando', httpMode: 'POST' },
        },
      ],
    });
    expect(written('dashboards/operando.yaml')).toMatchObject({
      providers: [{ options: { path: join(folder, 'dashboards/operando') } }],
    });
  });

  it('knows the database by account or token, whose secrets stay in the environment of Grafana', async () => {
    await call(
      '--out',
      folder,
      '--url',
      'http://influx:1',
      '--database',
      'lab$1',
      '--user',
      'me',
      '--password-variable',
      'PASS',
    );
    expect(written('datasources/operando.yaml')).toMatchObject({
      datasources: [
        { url: 'http://influx:1', user: 'me', jsonData: { dbName: 'lab$$1' }, secureJsonData: { password: '$PASS' } },
      ],
    });
    await call(
      '--out',
      folder,
      '--influx',
      '2',
      '--token-variable',
      'INFLUX_TOKEN',
      '--seen-as',
      '/etc/grafana/provisioning/',
    );
    expect(written('datasources/operando.yaml')).toMatchObject({
      datasources: [
        {
          jsonData: { version: 'InfluxQL', httpHeaderName1: 'Authorization' },
          secureJsonData: { httpHeaderValue1: 'Token $INFLUX_TOKEN' },
        },
      ],
    });
    expect(written('dashboards/operando.yaml')).toMatchObject({
      providers: [{ options: { path: '/etc/grafana/provisioning/dashboards/operando' } }],
    });
  });

  it('tells whom it is told to, by mail and by call', async () => {
    await call(
      '--out',
      folder,
      '--email',
      'a@lab.example',
      '--email',
      'b@lab.example',
      '--webhook',
      'https://hooks.example/$x',
    );
    expect(written('alerting/contactPoints.yaml')).toEqual({
      apiVersion: 1,
      contactPoints: [
        {
          orgId: 1,
          name: 'operando',
          receivers: [
            {
              uid: 'operando-email',
              type: 'email',
              settings: { addresses: 'a@lab.example;b@lab.example', singleEmail: true },
              disableResolveMessage: false,
            },
            {
              uid: 'operando-webhook-1',
              type: 'webhook',
              settings: { url: 'https://hooks.example/$$x', httpMethod: 'POST' },
              disableResolveMessage: false,
            },
          ],
        },
      ],
    });
  });

  it.each([
    [[], '--out is missing'],
    [['--out', 'x', '--influx', '2'], 'InfluxDB 2.x wants --token-variable'],
    [['--out', 'x', '--influx', '4'], 'VictoriaMetrics answers no InfluxQL'],
    [['--out', 'x', '--url', 'influx:8086'], 'expected an address'],
    [['--out', 'x', '--token-variable', 'se-cret'], 'expects the name of a variable'],
    [['--out', 'x', '--email', 'a@b;c@d'], 'expects one mail address'],
    [['--out', 'x', '--seen-as', 'grafana'], 'an absolute path'],
  ])('refuses %j', async (args, sentence) => {
    const { code, err } = await call(...args);
    expect(code).toBe(2);
    expect(err).toContain(sentence);
  });
});
