import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { listScenarios } from '../../simulators/createSimulator.ts';
import { readYaml } from '../support/grafanaQueries.ts';
import { root } from '../support/operando.ts';

interface Service {
  readonly image: string;
  readonly build?: string;
  readonly command?: readonly string[];
  readonly ports?: readonly string[];
  readonly volumes?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly depends_on?: Readonly<Record<string, { condition: string }>>;
  readonly healthcheck?: object;
}

const read = (file: string): string => readFileSync(join(root, file), 'utf8');
const { services, volumes } = parse(read('docker-compose.yaml'), { merge: true }) as {
  services: Record<string, Service>;
  volumes: Record<string, object>;
};
const monitors = Object.entries(services).filter(([, { build }]) => build !== undefined);

// No container engine is needed: what the files name must be there, and fit together.
describe('docker-compose.yaml', () => {
  it('pins every image to a version', () => {
    for (const [name, { image, build }] of Object.entries(services))
      if (build === undefined) expect(image, name).toMatch(/^[\w/-]+:\d+\.\d+\.\d+$/);
    expect(read('Dockerfile')).toMatch(/^FROM node:\d+\.\d+\.\d+-[\w-]+$/m);
  });

  it('opens ports on this machine only', () => {
    const ports = Object.values(services).flatMap((service) => service.ports ?? []);
    expect(ports).toEqual(['127.0.0.1:3000:3000']);
  });

  it('mounts what is there, and where Grafana and the dashboards look for it', () => {
    for (const volume of Object.values(services).flatMap((service) => service.volumes ?? [])) {
      const [from] = volume.split(':');
      if (from!.startsWith('.')) expect(existsSync(join(root, from!)), volume).toBe(true);
      else expect(volumes).toHaveProperty(from!);
    }
    const [mount] = services['grafana']!.volumes!;
    expect(mount).toBe('./dashboards/grafana/provisioning:/etc/grafana/provisioning:ro');
    const { providers } = readYaml('dashboards/operando.yaml') as { providers: { options: { path: string } }[] };
    const home = services['grafana']!.environment!['GF_DASHBOARDS_DEFAULT_HOME_DASHBOARD_PATH']!;
    for (const path of [providers[0]!.options.path, home])
      expect(existsSync(join(root, path.replace('/etc/grafana', 'dashboards/grafana'))), path).toBe(true);
  });

  it('waits for the database, which Grafana and the monitors find under its name', () => {
    const { datasources } = readYaml('datasources/operando.yaml') as { datasources: { url: string }[] };
    const { url } = datasources[0]!;
    expect(services).toHaveProperty(new URL(url).hostname);
    expect(services['influxdb']!.healthcheck).toBeDefined();
    for (const [, service] of [...monitors, ['grafana', services['grafana']!] as const])
      expect(service.depends_on).toEqual({ influxdb: { condition: 'service_healthy' } });
    for (const [name, { command }] of monitors) expect(command![command!.indexOf('--influx') + 1], name).toBe(url);
  });

  it('shows scenarios that there are', () => {
    const known = listScenarios().map(({ name }) => name);
    expect(monitors).toHaveLength(2);
    for (const [, { command }] of monitors) {
      expect(command![0]).toBe('demo');
      expect(known).toContain(command![command!.indexOf('--scenario') + 1]);
    }
  });

  it('builds the monitor from scripts that there are, without what was built or installed here', () => {
    const scripts = [...read('Dockerfile').matchAll(/(?:bin|scripts)\/[\w.]+/g)].map(([path]) => path);
    expect(scripts).toEqual(['scripts/build.mjs', 'bin/operando.mjs']);
    for (const path of scripts) expect(existsSync(join(root, path)), path).toBe(true);
    const ignored = read('.dockerignore').trim().split('\n');
    expect(ignored).toEqual(expect.arrayContaining(['node_modules', 'dist', '.git']));
    // A pattern such as '**/spool' would leave out a room of the sources.
    for (const path of ignored) expect(path).toMatch(/^(?!src|adapters|simulators|scripts|bin)[\w./-]+$/);
  });
});
