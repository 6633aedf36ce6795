import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { parse, stringify } from 'yaml';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { main } from '../../src/app/cli.ts';
import { historySink } from '../../src/app/demoHistory.ts';
import { planGraph } from '../../src/config/graph.ts';
import { parseConfig } from '../../src/config/load.ts';
import {
  readDashboards,
  readRules,
  sentQuery,
  type DashboardJson,
  type VariableJson,
} from '../support/grafanaQueries.ts';
import { firing, type NewestValues } from '../support/grafanaRules.ts';
import { root } from '../support/operando.ts';
import { needs } from '../support/requirement.ts';
import { findProgram, startInfluxd, type TestServer } from '../support/servers.ts';

interface Series {
  readonly name: string;
  readonly tags?: Readonly<Record<string, string>>;
  readonly columns: readonly string[];
  readonly values: readonly (readonly (string | number | boolean | null)[])[];
}

const canRun = needs('servers', 'influxd', findProgram('influxd') !== null);
const dashboards = readDashboards();
const FRAMES_PER_SECOND = 20;
const PATIENCE_MS = 120_000;

/** A demonstration that lasts until it is ended, in a folder of its own: without a broker, and twice as fast. */
async function demonstrate(folder: string, instrument: string, url: string, end: AbortSignal): Promise<string> {
  const example = join(folder, `${instrument}.yaml`);
  const text = await readFile(example, 'utf8');
  const file = parse(text) as {
    streams: Record<string, { source: { with: Record<string, unknown> }; framePeriodMs: number; ingress?: object }>;
    permit?: object;
  };
  for (const stream of Object.values(file.streams)) {
    Object.assign(stream.source.with, { framesPerSecond: FRAMES_PER_SECOND });
    stream.framePeriodMs = 1000 / FRAMES_PER_SECOND;
    // A busy machine makes frames wait; it must not sum them.
    stream.ingress = { capacity: 10_000 };
  }
  if (file.permit !== undefined)
    Object.assign(file.permit, { audit: 'permit.jsonl', leaseMs: 10_000, freshWithin: '1 min' });
  const history = historySink(planGraph(parseConfig(text, { path: example, env: {} }).config), url);
  Object.assign(history.with, { healthEvery: '1 s' });
  const path = join(folder, `${instrument}-history.yaml`);
  await writeFile(path, stringify({ ...file, broker: undefined, sinks: [history] }));
  return operando(['run', path, '--no-page'], end);
}

/** The real command in this process. Resolves with what it said. */
async function operando(args: readonly string[], interrupted: AbortSignal): Promise<string> {
  const said: string[] = [];
  const console = {
    out: (line: string) => void said.push(line),
    err: (line: string) => void said.push(line),
    progress: () => undefined,
    isTerminal: false,
    env: {},
    interrupted,
  };
  const code = await main(args, console);
  if (code !== 0) throw new Error(`operando ${args.join(' ')} ended with ${code}:\n${said.join('\n')}`);
  return said.join('\n');
}

describe.skipIf(!canRun)('the dashboards on a real InfluxDB, written by the demonstration', () => {
  let server: TestServer;
  let folder = '';
  let endMs = 0;
  /** Both runs had found what there is, and neither had ended. */
  let runningMs = 0;

  beforeAll(async () => {
    server = await startInfluxd();
    folder = await mkdtemp(join(tmpdir(), 'operando-dashboards-'));
    await cp(join(root, 'examples'), folder, { recursive: true });
    const end = new AbortController();
    const runs = ['xrd-heating', 'eels-beam-damage'].map((each) => demonstrate(folder, each, server.url, end.signal));
    const missing = await Promise.race([allIsFound(), ...runs]).finally(() => end.abort());
    const said = await Promise.all(runs);
    if (missing !== '') throw new Error(`waited in vain for ${missing}:\n${said.join('\n')}`);
    endMs = Date.now() + 1000;
    const lastWords = await ask(`SELECT last("running") FROM "operando_health" WHERE "running" = 1 GROUP BY "run"`);
    runningMs = Math.min(...lastWords.map(({ values }) => Number(values[0]![0])));
  }, PATIENCE_MS + 60_000);
  afterAll(async () => {
    await server.stop();
    await rm(folder, { recursive: true });
  });

  /** The series of an answer that hold a value. */
  async function ask(query: string): Promise<readonly Series[]> {
    const body = new URLSearchParams({ db: 'operando', epoch: 'ms', q: query });
    const answer = await fetch(`${server.url}/query`, { method: 'POST', body });
    const { error, results } = (await answer.json()) as {
      error?: string;
      results?: { error?: string; series?: Series[] }[];
    };
    const fault = error ?? results?.[0]?.error;
    if (fault !== undefined) throw new Error(`${fault}: ${query}`);
    return (results?.[0]?.series ?? []).filter(({ columns, values }) =>
      values.some((row) => row.some((value, i) => columns[i] !== 'time' && value !== null)),
    );
  }

  /** Resolves with '' when the demonstrations have told of what happens in them, and of how they stand after it; else with what is missing. */
  async function allIsFound(): Promise<string> {
    const wanted = [
      ['a new phase', `SELECT count("standing") FROM "operando_alert" WHERE "detector" = 'newPhase'`],
      ['damage foreseen', `SELECT count("standing") FROM "operando_alert" WHERE "severity" = 'critical'`],
      [
        'a permit that stays withheld',
        `SELECT count("state") FROM "operando_permit" WHERE "permitted" = 0 AND "name" = ''`,
      ],
    ];
    const deadline = performance.now() + PATIENCE_MS;
    for (;;) {
      await pause(1000);
      const missing: string[] = [];
      for (const [name, query] of wanted) if ((await ask(query!).catch(() => [])).length === 0) missing.push(name!);
      if (missing.length === 0 || performance.now() > deadline) return missing.join(', ');
    }
  }

  const rangeMs = (): [number, number] => [endMs - 900_000, endMs];
  const valuesOf = async ({ query: { query } }: VariableJson, chosen: Record<string, readonly string[]>) => [
    ...new Set(
      (await ask(sentQuery(query, chosen, rangeMs()))).flatMap(({ values }) => values.map((row) => String(row[1]))),
    ),
  ];

  /** Every choice of the variables that the dashboard offers: all at once where it may, else one after the other. */
  async function choices({ templating }: DashboardJson): Promise<Record<string, readonly string[]>[]> {
    let all: Record<string, readonly string[]>[] = [{}];
    for (const variable of templating.list) {
      const next: typeof all = [];
      for (const chosen of all) {
        const values = await valuesOf(variable, chosen);
        expect(values, variable.name).not.toEqual([]);
        const options = variable.multi === true ? [values] : values.map((value) => [value]);
        next.push(...options.map((option) => ({ ...chosen, [variable.name]: option })));
      }
      all = next;
    }
    return all;
  }

  it('offer the site, the instruments and the runs of the database', async () => {
    const [chosen] = await choices(dashboards.get('overview.json')!);
    expect(chosen).toEqual({
      site: ['demo'],
      instrument: ['eels-beam-damage', 'xrd-heating'],
      run: ['eels-beam-damage', 'xrd-heating'],
    });
    const spectra = await choices(dashboards.get('spectrum.json')!);
    expect(spectra.map(({ run, node }) => [run?.[0], node?.[0]])).toEqual([
      ['eels-beam-damage', 'whiteLines'],
      ['xrd-heating', 'aligned'],
    ]);
  });

  describe.each([...dashboards])('%s', (_, dashboard) => {
    const cases = dashboard.panels.flatMap((panel) => panel.targets.map((target) => ({ ...panel, target })));
    it.each(cases)('$title, $target.refId: the query has an answer with data', async ({ target, maxDataPoints }) => {
      for (const chosen of await choices(dashboard)) {
        const series = await ask(sentQuery(target.query, chosen, rangeMs(), maxDataPoints));
        expect(series.length, JSON.stringify(chosen)).toBeGreaterThan(0);
      }
    });
  });

  it('mark the alerts and what became of the beam', async () => {
    const overview = dashboards.get('overview.json')!;
    const [chosen] = await choices(overview);
    for (const { target } of overview.annotations.list) {
      const [series] = await ask(sentQuery(target.query, chosen!, rangeMs()));
      expect(series?.columns).toEqual(expect.arrayContaining(['time', target.textColumn, target.tagsColumn]));
    }
  });

  it('draw as many channels of the axis as of the spectrum, its reference and the residual', async () => {
    const spectrum = dashboards.get('spectrum.json')!;
    for (const chosen of await choices(spectrum)) {
      const names = new Map<string, string>();
      for (const { targets, type } of spectrum.panels)
        for (const { refId, query } of type === 'xychart' ? targets : []) {
          const series = await ask(sentQuery(query, chosen, rangeMs()));
          expect(series, refId).toHaveLength(1);
          names.set(series[0]!.tags!['name']!, series[0]!.columns.slice(1).join());
        }
      expect([...names.keys()].slice(1)).toEqual(['measured', 'expected', 'residual']);
      expect(new Set(names.values()).size).toBe(1);
    }
  });

  it.each(
    readRules()
      .flatMap((rule) => rule.data.map((data) => ({ title: rule.title, ...data })))
      .filter(({ datasourceUid }) => datasourceUid === 'operando'),
  )('rule $title, $refId: the query has an answer with data', async ({ model, relativeTimeRange: { from, to } }) => {
    const series = await ask(sentQuery(String(model['query']), {}, [endMs - 1000 * from, endMs - 1000 * to]));
    expect(series.length).toBeGreaterThan(0);
  });

  const newest: NewestValues = async (query) =>
    (await ask(query)).map(({ tags = {}, values }) => ({ labels: tags, value: Number(values.at(-1)![1]) }));
  const whatFires = async (uid: string, nowMs: number): Promise<string[]> =>
    (
      await firing(
        readRules().find((rule) => rule.uid === uid)!,
        nowMs,
        newest,
      )
    )
      .map(({ run, detector }) => (detector === undefined ? run! : `${run} ${detector}`))
      .sort();
  it('tell people of the new phase, of the damage, and of the beam that was stopped, while the runs last', async () => {
    expect(await whatFires('operando-alert-warning', runningMs)).toContain('xrd-heating newPhase');
    expect(await whatFires('operando-permit', runningMs)).toEqual(['eels-beam-damage']);
    for (const uid of ['operando-link-down', 'operando-spool-full', 'operando-dose', 'operando-silent'])
      expect(await whatFires(uid, runningMs), uid).toEqual([]);
    for (const uid of ['operando-alert-warning', 'operando-alert-critical', 'operando-permit', 'operando-silent'])
      expect(await whatFires(uid, endMs), uid).toEqual([]);
  });

  it('tell of a monitor that died, and not of one that ended or writes', async () => {
    const point = (run: string, agoS: number, running: number): string =>
      `operando_health,instrument=i,modality=m,name=run,run=${run},site=s running=${running} ${Math.round(nowMs - 1000 * agoS)}`;
    // In the middle of a minute: the newest of the minutes that are counted is never complete.
    const nowMs = Math.ceil(endMs / 60_000) * 60_000 + 30_000;
    const lines = [
      ...[400, 300, 200].map((agoS) => point('dead', agoS, 1)),
      ...[400, 300, 200].map((agoS) => point('ended', agoS, agoS === 200 ? 0 : 1)),
      ...[400, 300, 200, 100, 5].map((agoS) => point('alive', agoS, 1)),
    ];
    const path = `${server.url}/write?db=operando&precision=ms`;
    expect((await fetch(path, { method: 'POST', body: lines.join('\n') })).status).toBe(204);
    expect(await whatFires('operando-silent', nowMs)).toEqual(['dead']);
    expect(await whatFires('operando-silent', nowMs - 170_000)).toEqual([]);
    expect(await whatFires('operando-silent', nowMs + 1_200_000)).toEqual([]);
  });

  it('have something to show when the demonstration is told of a database', async () => {
    const args = ['--scenario', 'raman-crystallisation:event-in-drift', '--frames', '8'];
    await operando(['demo', ...args, '--influx', server.url, '--no-page'], new AbortController().signal);
    const ended = await ask(`SELECT last("running") FROM "operando_health" WHERE "run" = 'raman-crystallisation'`);
    expect(ended[0]?.values[0]?.[1]).toBe(0);
    const spectra = await ask(`SELECT count("ch000") FROM "operando_spectrum" WHERE "run" = 'raman-crystallisation'`);
    expect(spectra[0]?.values[0]?.[1]).toBeGreaterThan(0);
  });
});
