import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A count stream with the statistic that published implementations give for it. */
export interface ReferenceStream {
  readonly name: string;
  readonly counts: readonly number[];
  /** Counts expected of each frame, or of all. */
  readonly background: number | readonly number[];
  /** Of each side, the statistic at some frames. */
  readonly statistics: readonly {
    readonly side: 'up' | 'down';
    readonly at: readonly (readonly [frame: number, statistic: number])[];
  }[];
  /** First frame whose rise reaches sigma^2 / 2; null for none. */
  readonly triggers: readonly { readonly sigma: number; readonly frame: number | null }[];
}

interface Trigger {
  readonly threshold_sigma: number;
  readonly mu_min: number;
  readonly trigger_index: number | null;
}
interface TraceFile {
  readonly format: 'poisson-focus-univariate/1';
  readonly streams: readonly {
    readonly name: string;
    readonly counts: readonly number[];
    readonly background: number | readonly number[];
    readonly stat_up: readonly number[];
    readonly stat_down: readonly number[];
    readonly pfocus_triggers: readonly Trigger[];
  }[];
}
interface DelayFile {
  readonly format: 'poisson-delay/1';
  readonly streams: readonly {
    readonly rate0: number;
    readonly ratio: number;
    readonly counts: readonly number[];
    readonly pfocus_5sigma_mu1: Trigger;
  }[];
}
interface LongFile {
  readonly format: 'poisson-long/1';
  readonly rate0: number;
  readonly counts: string;
  readonly checkpoints: readonly (readonly [frame: number, up: number, ...rest: number[]])[];
  readonly pfocus_trigger: Trigger;
}
type StreamFile = TraceFile | DelayFile | LongFile | { readonly format?: undefined };

const triggerOf = ({ threshold_sigma: sigma, trigger_index: frame }: Trigger) => ({ sigma, frame });
const framed = (values: readonly number[]) => values.map((value, frame) => [frame, value] as const);

/** The reference streams of a folder; without one, those that come with the tests. */
export function referenceStreams(folder: string | null): ReferenceStream[] {
  const usual = join('test', 'golden', 'data');
  const from = folder !== null && existsSync(folder) ? folder : usual;
  return readdirSync(from)
    .filter((name) => name.endsWith('.json') && !/^(chg|null|truth)/.test(name))
    .flatMap((name) => streamsOf(JSON.parse(readFileSync(join(from, name), 'utf8')) as StreamFile, name));
}

function streamsOf(file: StreamFile, name: string): ReferenceStream[] {
  if (file.format === 'poisson-focus-univariate/1')
    return file.streams.map(({ stat_up: up, stat_down: down, pfocus_triggers: triggers, ...stream }) => ({
      ...stream,
      statistics: [
        { side: 'up', at: framed(up) },
        { side: 'down', at: framed(down) },
      ],
      triggers: triggers.filter((trigger) => trigger.mu_min === 1).map(triggerOf),
    }));
  if (file.format === 'poisson-delay/1')
    return file.streams.map(({ rate0, ratio, counts, pfocus_5sigma_mu1: trigger }) => ({
      name: `${name}: rate ${rate0}, ratio ${ratio}`,
      counts,
      background: rate0,
      statistics: [],
      triggers: [triggerOf(trigger)],
    }));
  if (file.format === 'poisson-long/1')
    return [
      {
        name,
        counts: Array.from(Buffer.from(file.counts, 'hex')),
        background: file.rate0,
        statistics: [{ side: 'up', at: file.checkpoints.map(([frame, up]) => [frame, up] as const) }],
        triggers: [triggerOf(file.pfocus_trigger)],
      },
    ];
  return [];
}
