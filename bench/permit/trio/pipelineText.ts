export interface PipelineParts {
  readonly feedPort: number;
  readonly pagePort: number;
  readonly brokerPort: number;
  readonly audit: string;
  /** Port of a database that is not there; null for two dose channels and no database. */
  readonly deadPort: number | null;
  readonly counts: number;
  readonly currentPa: number;
  readonly leaseMs: number;
}

/** Counts that an area may receive where one large frame is to pass it. */
export const SMALL_BUDGET = 10_000;
const EXPOSURE_S = 0.02;
const AREA_NM2 = 100;
/** Electrons of a picoampere per second. */
const ELECTRONS = 6.241509074e6;

/** The pipeline file of the monitor. */
export function pipelineText(parts: PipelineParts): string {
  const { feedPort, pagePort, brokerPort, audit, deadPort, counts, currentPa, leaseMs } = parts;
  const perFrame = (currentPa * ELECTRONS * EXPOSURE_S) / AREA_NM2;
  const area = '{ signal: area }';
  const budget = deadPort === null ? 1e15 : SMALL_BUDGET;
  const channels = [
    `  - { id: current, use: dose.fluence, from: s, with: { current: { signal: beamCurrent, unit: pA, maximum: 20 }, areaNm2: ${AREA_NM2}, limit: 1e15, area: ${area} } }`,
    `  - { id: channels, use: dose.agreement, from: [s, current], with: { a: current, countsPerDose: ${counts / perFrame} } }`,
  ];
  const sink = `sinks:\n  - { id: database, use: influx, from: counts, with: { url: 'http://127.0.0.1:${deadPort}' } }`;
  return [
    'version: 1',
    'run: trials',
    'instrument: bench',
    'streams:',
    '  s:',
    `    transport: { use: websocket, with: { url: 'ws://127.0.0.1:${feedPort}' } }`,
    '    codec: { use: cbor, with: {} }',
    '    framePeriodMs: 25',
    'pipeline:',
    `  - { id: counts, use: dose.counts, from: s, with: { countsPerUnit: 1, unit: '1', maximum: 10000, limit: ${budget}, area: ${area} } }`,
    ...(deadPort === null ? channels : [sink]),
    `page: { port: ${pagePort} }`,
    'permit:',
    `  shutter: { use: mqtt, with: { url: 'mqtt://127.0.0.1:${brokerPort}', site: lab } }`,
    `  leaseMs: ${leaseMs}`,
    `  audit: ${audit}`,
    '',
  ].join('\n');
}
