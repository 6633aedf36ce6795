import { z } from 'zod';
import { codecNode, shutterLinkNode, sourceNode, transportNode } from '../../adapters/registry.ts';
import simulator from '../../simulators/simulatorSource.ts';
import { duration } from '../model/duration.ts';
import { NOISES } from '../model/layout.ts';
import { sinkNode } from '../sinks/registry.ts';
import { stageNode } from '../stages/registry.ts';
import { alarmsSection } from './alarmsSchema.ts';
import { exposureSection } from './exposureSchema.ts';

/** Ids and names end up in topics, tags and file names. */
export const ID_PATTERN = /^[A-Za-z0-9][\w.-]*$/;
const name = z.string().regex(ID_PATTERN, 'expected letters, digits, "_", "-" or "."');

const stream = z
  .strictObject({
    source: z
      .discriminatedUnion('use', [...sourceNode.options, simulator.node])
      .optional()
      .describe('Frames without a wire: files, a recording, a simulator. Instead of transport and codec.'),
    transport: transportNode.optional().describe('How the bytes arrive. Needs a codec.'),
    codec: codecNode.optional().describe('How the bytes are understood. Needs a transport.'),
    noise: z
      .enum(NOISES)
      .optional()
      .describe('How the values scatter, when it is known better than by the source; decides which stages may follow.'),
    framePeriodMs: z
      .number()
      .positive()
      .optional()
      .describe(
        'Time from one frame to the next; turns "one false alarm per 8 h" into frames, and tells when a stream is stale.',
      )
      .meta({ unit: 'ms' }),
    ingress: z
      .strictObject({
        capacity: z
          .int()
          .min(1)
          .max(65536)
          .default(256)
          .describe('Frames that may wait; more ride out longer pauses and take more memory.')
          .meta({ unit: 'frame' }),
        overflow: z
          .enum(['sum', 'dropOldest', 'fail'])
          .default('sum')
          .describe(
            'When full: add to the newest waiting frame (keeps the counts), give up the oldest, or end the run.',
          ),
      })
      .prefault({})
      .describe('The bounded queue at the door of the stream.'),
  })
  .refine((value) => (value.source === undefined) === (value.transport !== undefined && value.codec !== undefined), {
    error: 'expected either source, or transport and codec',
  })
  .refine((value) => value.source === undefined || (value.transport === undefined && value.codec === undefined), {
    error: 'expected either source, or transport and codec, not both',
  });

const pageSettings = z.strictObject({
  port: z.int().min(0).max(65535).default(4180).describe('Port of the live page; 0 takes a free one.'),
  host: z.string().min(1).default('127.0.0.1').describe('Address to listen on; any but the loopback demands a token.'),
  token: z
    .string()
    .min(16)
    .optional()
    .describe("What a browser must show, and its holder may operate; write it as '${NAME}'."),
  tokensFile: z
    .string()
    .min(1)
    .optional()
    .describe('Further tokens, each to view or to operate, kept by `operando token`; read again when it changes.'),
  certFile: z
    .string()
    .min(1)
    .optional()
    .describe('Certificate of the page, PEM, relative to this file: the page is then encrypted. Goes with keyFile.'),
  keyFile: z.string().min(1).optional().describe('Private key of certFile, PEM.'),
  origin: z
    .string()
    .regex(/^https?:\/\/[^/]+$/, "expected an origin such as 'https://beam.example.org', without a path")
    .optional()
    .describe('What browsers see as the address of the page behind a proxy.'),
  spectrum: z
    .string()
    .optional()
    .describe('Id of the stream or node whose frames are drawn; default: what the change stage takes.'),
  reference: z
    .string()
    .optional()
    .describe('Id of the change stage whose expected spectrum is drawn; default: the first.'),
  dose: z.string().optional().describe('Id of the dose stage that is shown; default: the first.'),
});

const page = pageSettings.refine(({ certFile, keyFile }) => (certFile === undefined) === (keyFile === undefined), {
  error: 'expected certFile and keyFile together',
});

const broker = z.strictObject({
  port: z.int().min(1).max(65535).default(1883).describe('Port of the broker.'),
  host: z.string().min(1).default('127.0.0.1').describe('Address to listen on.'),
});

const commands = z.strictObject({
  url: z
    .string()
    .regex(/^(mqtts?|wss?):\/\//, "expected an address that begins with 'mqtt://' or 'mqtts://'")
    .default('mqtt://127.0.0.1:1883')
    .describe('The broker. Whoever may publish there may command.'),
  site: name.default('lab').describe('Site in the topics operando/v1/{site}/{instrument}/cmd/...'),
  version: z.enum(['auto', '3.1.1', '5']).default('auto').describe('MQTT version; only 5 carries answers.'),
  username: z.string().optional().describe('For brokers with accounts.'),
  password: z.string().optional().describe("As '${NAME}', from the environment."),
});

const checkpoint = z.strictObject({
  file: z.string().min(1).describe('Where to keep it, relative to this file.'),
  everyFrames: z
    .int()
    .min(1)
    .default(1000)
    .describe('Frames between two checkpoints; fewer repeat less after a crash and cost more time.')
    .meta({ unit: 'frame' }),
});

const permit = z.strictObject({
  shutter: shutterLinkNode.describe(
    'The way to the shutter: what `operando shutter` listens to, or a simulated stream.',
  ),
  leaseMs: z
    .number()
    .min(100)
    .max(10_000)
    .default(500)
    .describe(
      'How long a renewal holds the shutter open; shorter stops sooner when all else fails, longer bears worse networks.',
    )
    .meta({ unit: 'ms' }),
  freshWithin: duration
    .optional()
    .describe('A stream or dose stage that is silent for longer stops the beam; default: three frames, at least 1 s.'),
  timer: duration.default(28_800_000_000).describe("Backup timer: beam time of one arming; default '8 h'."),
  alerts: z
    .enum(['notice', 'warning', 'critical', 'none'])
    .default('critical')
    .describe('Alerts of this severity or a higher one stop the beam.'),
  ignore: z
    .array(z.string())
    .default([])
    .describe(
      'Ids of dose stages that only watch: every other dose account, damage estimate and comparison of channels can stop the beam.',
    ),
  audit: z
    .string()
    .min(1)
    .default('permit.jsonl')
    .describe('The append-only log of grants, refusals and trips, relative to this file.'),
  armedAtStart: z
    .boolean()
    .default(false)
    .describe('Grants the permit by itself once, as soon as every condition holds. For rehearsals.'),
  framesNeedBeam: z
    .boolean()
    .default(false)
    .describe('The detector is silent without beam: nothing of the data is demanded before arming.'),
});

/** The whole pipeline file. */
export const pipelineFile = z.strictObject({
  version: z.literal(1).describe('Version of this file format.'),
  run: name.default('run').describe('Name of this run; a tag of everything that is written.'),
  instrument: name.default('instrument').describe('Name of the instrument; a tag and a level of every topic.'),
  modality: name
    .default('spectroscopy')
    .describe(
      'Kind of measurement. XRD, EELS, EDX, XPS, Raman and XAS bring presets: settings of stages that the file leaves out.',
    ),
  streams: z
    .record(name, stream)
    .refine((value) => Object.keys(value).length > 0, { error: 'expected at least one stream' })
    .describe('Where frames come from, by name.'),
  pipeline: z.array(stageNode).default([]).describe('The stages; `from` makes them a graph.'),
  sinks: z.array(sinkNode).default([]).describe('Where signals go.'),
  page: page.prefault({}).describe('The live page.'),
  broker: broker
    .optional()
    .describe('An MQTT broker inside the monitor, where the laboratory has none; left alone when the port is taken.'),
  commands: commands
    .optional()
    .describe(
      'Obeys commands over MQTT: accepting a new state, stopping and arming. Left out, only the page and the command line command.',
    ),
  permit: permit
    .optional()
    .describe(
      'The beam permit: a lease on the shutter, renewed while every condition holds. Protects samples, not people.',
    ),
  exposure: exposureSection
    .optional()
    .describe('Sends the advice on exposure to the instrument; left out, it stays advice.'),
  alarms: alarmsSection.optional().describe('How alarms latch, fold and are suppressed; left out, by the defaults.'),
  checkpoint: checkpoint.optional().describe('State kept on disk, so that a restart continues where it ended.'),
});

export type PipelineConfig = z.output<typeof pipelineFile>;
export type StreamConfig = PipelineConfig['streams'][string];
export type PageConfig = PipelineConfig['page'];
export type PermitConfig = z.output<typeof permit>;
