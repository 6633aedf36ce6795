import { z } from 'zod';
import { permitServer } from '../../../adapters/actuators/doors/http.ts';
import { permitBroker } from '../../../adapters/actuators/permitMqtt.ts';
import { shutterDeviceNode } from '../../../adapters/registry.ts';
import { pathText, readDocument } from '../../config/document.ts';
import { configError, place, problemsOf } from '../../config/problems.ts';
import { resolveSecrets, type Environment } from '../../config/secrets.ts';
import { unknownKeys } from '../../config/unknownKeys.ts';
import { duration } from '../../model/duration.ts';
import { MonitorError } from '../../model/error.ts';

/** The file of `operando shutter`. */
export const shutterFile = z.strictObject({
  version: z.literal(1).default(1).describe('Version of this file format.'),
  instrument: z
    .string()
    .regex(/^[^/+#\s]+$/, 'expected a name without spaces, / + #')
    .describe('As in the pipeline file of the monitor; part of the topics.'),
  link: z
    .discriminatedUnion('use', [
      z.strictObject({ use: z.literal('mqtt'), with: permitBroker }),
      z.strictObject({ use: z.literal('http'), with: permitServer }),
    ])
    .describe('The way from the monitor.'),
  device: shutterDeviceNode.describe('What takes the beam off the sample.'),
  maxOpen: duration
    .default(28_800_000_000)
    .describe("Backup timer: the longest time open without being armed anew; default '8 h'."),
  maxLeaseMs: z
    .number()
    .min(100)
    .max(60_000)
    .default(10_000)
    .describe('The longest lease that is accepted, whatever the monitor asks for.')
    .meta({ unit: 'ms' }),
});
export type ShutterConfig = z.output<typeof shutterFile>;

/** Checks the text of the file. @throws MonitorError CONFIG that lists every problem with line and column. */
export function parseShutterFile(text: string, path: string, env: Environment): ShutterConfig {
  const document = readDocument(text);
  if (document.problems.length > 0) throw configError(path, document.problems);
  const { config, problems } = checkShutter(document.data, env);
  if (config === null) throw configError(path, place(problems, document.locate));
  return config;
}

/** Checks the settings of a shutter that were given without a file. @throws MonitorError CONFIG */
export function checkShutterSettings(settings: unknown, env: Environment): ShutterConfig {
  const { config, problems } = checkShutter(settings, env);
  if (config !== null) return config;
  const lines = problems.map(({ at, message }) => `${pathText(at)}: ${message}`);
  throw new MonitorError('CONFIG', lines.join('\n'), { id: 'shutter' });
}

function checkShutter(written: unknown, env: Environment) {
  const secrets = resolveSecrets(written, env);
  const parsed = shutterFile.safeParse(secrets.data);
  const strangers = unknownKeys(shutterFile, written);
  const problems = [
    ...secrets.problems,
    ...strangers,
    ...(parsed.success ? [] : problemsOf(parsed.error.issues, written)),
  ];
  return { config: parsed.success && problems.length === 0 ? parsed.data : null, problems };
}
