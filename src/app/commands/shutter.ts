import { readFile } from 'node:fs/promises';
import { explainError, MonitorError } from '../../model/error.ts';
import { EXIT, parseArguments, UsageError, type Command, type ParsedArguments } from '../command.ts';
import type { Console } from '../console.ts';

const OPTIONS = {
  mqtt: { type: 'string' },
  http: { type: 'string' },
  site: { type: 'string' },
  instrument: { type: 'string' },
  token: { type: 'string' },
  device: { type: 'string' },
  open: { type: 'string' },
  close: { type: 'string' },
  read: { type: 'string' },
  with: { type: 'string', multiple: true },
  'max-open': { type: 'string' },
  json: { type: 'boolean' },
} as const;

export const shutter: Command = {
  name: 'shutter',
  summary: 'beside the instrument: hold its shutter open only while a monitor permits the beam',
  help: `operando shutter FILE.yaml
operando shutter --mqtt URL --instrument NAME --device DEVICE [options]

Drives a shutter closed, then listens for the beam permit of a monitor. The permit is a lease on this
machine's own clock: it opens only while renewals arrive, closes when they do not, and stays closed
until someone arms the permit anew. Tells the monitor what it sees. Ctrl-C closes and ends; exit code 0
when the shutter was seen closed, else 1. Protects samples, not people.

A shutter that stays as it is when this process is killed is not closed by a lease: have one that
closes by itself when it is not driven (--device datagram, or drive: repeat).

  --mqtt URL          the broker that the monitor uses
  --site NAME         for the topics operando/v1/SITE/INSTRUMENT/permit and .../shutter (default lab)
  --instrument NAME   as in the pipeline file of the monitor
  --http [HOST:]PORT  instead of a broker: the monitor asks here; any host but 127.0.0.1 needs a token
  --token T           what the monitor must show; else OPERANDO_TOKEN
  --device DEVICE     command, http, mqtt or datagram (docs/stages.md lists their settings)
  --open, --close, --read   settings of these names
  --with NAME=VALUE   any other setting of the device; may be given again
  --max-open TIME     backup timer, default '8 h'
  --json              one JSON object per line

A file holds the same, and what has no option:

  instrument: P07
  link: { use: mqtt, with: { url: mqtts://broker, site: lab, username: p07, password: '\${MQTT_PASSWORD}' } }
  device: { use: datagram, with: { host: 10.0.0.8, port: 4191 } }
  maxOpen: 8 h
  maxLeaseMs: 2000

examples
  operando shutter --mqtt mqtt://broker --instrument P07 --device command \\
    --open 'caput P07:shutter 1' --close 'caput P07:shutter 0' --read 'caget -t P07:shutter'
  operando shutter --http 4190 --instrument tem --device datagram --with port=4191`,
  async run(args, console) {
    const { values, positionals } = parseArguments(args, OPTIONS, { least: 0, most: 1, names: 'FILE.yaml' });
    const { parseShutterFile, checkShutterSettings } = await import('../shutter/shutterFile.ts');
    const [path] = positionals;
    const config =
      path === undefined
        ? checkShutterSettings(settingsOf(values, console), console.env)
        : parseShutterFile(await textOf(path, values), path, console.env);
    const { holdShutter } = await import('../shutter/holdShutter.ts');
    const seen = await holdShutter(config, console, values['json'] === true);
    return seen === 'closed' ? EXIT.done : EXIT.failed;
  },
};

async function textOf(path: string, values: ParsedArguments['values']): Promise<string> {
  const other = Object.keys(values).find((name) => name !== 'json');
  if (other !== undefined) throw new UsageError(`--${other} and a file: expected one of them`);
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    throw new MonitorError('CONFIG', `cannot be read: ${explainError(cause)}`, { id: path, path }, { cause });
  }
}

/** What the file would hold. */
function settingsOf(values: ParsedArguments['values'], console: Console): unknown {
  const { mqtt, http, instrument, device } = values;
  if ((mqtt === undefined) === (http === undefined)) throw new UsageError('expected FILE.yaml, --mqtt or --http');
  if (device === undefined) throw new UsageError('--device is missing: command, http, mqtt or datagram');
  if (instrument === undefined) throw new UsageError('--instrument is missing');
  const given = Object.entries({ open: values['open'], close: values['close'], read: values['read'] });
  return {
    instrument,
    link:
      mqtt === undefined
        ? { use: 'http', with: serverOf(String(http), values['token'] ?? console.env['OPERANDO_TOKEN']) }
        : { use: 'mqtt', with: { url: mqtt, site: values['site'] ?? 'lab' } },
    device: {
      use: device,
      with: { ...Object.fromEntries(given.filter(([, value]) => value !== undefined)), ...extrasOf(values['with']) },
    },
    ...(values['max-open'] === undefined ? {} : { maxOpen: values['max-open'] }),
  };
}

function serverOf(text: string, token: unknown): unknown {
  const match = /^(?:(.+):)?(\d+)$/.exec(text);
  if (match === null) throw new UsageError(`--http expects a port, or a host and a port, got '${text}'`);
  return {
    port: Number(match[2]),
    ...(match[1] === undefined ? {} : { host: match[1] }),
    ...(token === undefined ? {} : { token }),
  };
}

/** NAME=VALUE; numbers, true and false as such. */
function extrasOf(given: unknown): Record<string, unknown> {
  const texts = Array.isArray(given) ? (given as string[]) : [];
  return Object.fromEntries(
    texts.map((text) => {
      const at = text.indexOf('=');
      if (at < 1) throw new UsageError(`--with expects NAME=VALUE, got '${text}'`);
      const value = text.slice(at + 1);
      return [text.slice(0, at), /^(true|false|-?\d+(\.\d+)?)$/.test(value) ? (JSON.parse(value) as unknown) : value];
    }),
  );
}
