import { DEFAULT_ALARMS } from '../../src/alarms/lifeCycle.ts';
import { createAlarmDesk } from '../../src/app/alarmDesk.ts';
import type { AlarmCommand } from '../../src/model/alarmCommand.ts';
import type { Sink } from '../../src/model/sink.ts';
import type { MonitorStatus } from '../../src/model/status.ts';
import { createPageFeed, type PageFeed, type PageFeedOptions } from '../../src/server/pageFeed.ts';
import { createScriptedRun, type ScriptedRun, type ScriptOptions } from './scriptedRun.ts';

/** A feed on a clock of its own, so that minutes of data take no time; wall time still passes on it. */
export interface Stand {
  readonly feed: PageFeed;
  /** Where signals go: to the feed, and to the desk where alarms are seen to. */
  readonly sink: Sink;
  /** The real desk. */
  readonly alarm: AlarmCommand;
  readonly run: ScriptedRun;
  readonly status: (more?: Partial<MonitorStatus>, stream?: Partial<MonitorStatus['streams'][number]>) => void;
  /** Writes frames one row each, as if they had come in their own time. */
  play(frames: number): void;
  /** Lets time pass at the source's side. */
  pass(ms: number): void;
}

export function standOf(wanted: ScriptOptions = {}, run = '0147', options: Partial<PageFeedOptions> = {}): Stand {
  // A slow detector, so that nothing turns stale while a slow machine looks.
  const script = { framePeriodUs: 5e6, ...wanted };
  let skippedMs = 0;
  const now = () => performance.now() + skippedMs;
  const periodUs = script.framePeriodUs;
  const feed = createPageFeed({
    run,
    instrument: 'P07',
    modality: 'powder XRD',
    spectrum: 'detector',
    reference: 'regionScan',
    dose: 'dose',
    milestones: [0.5, 0.8],
    historyRows: 1000,
    contextUnit: () => 'Cel',
    now,
    ...options,
  });
  const desk = createAlarmDesk({
    mode: 'live',
    settings: DEFAULT_ALARMS,
    memory: undefined,
    acted: () => undefined,
    stepped: (step) => feed.noteAlarm(step),
    keep: () => Promise.resolve(),
  });
  const sink: Sink = {
    name: 'page and desk',
    accepts: feed.accepts,
    write(signal, from) {
      feed.write(signal, from);
      desk.hear(signal, from);
    },
    flush: () => Promise.resolve(),
    close: () => Promise.resolve(),
  };
  const scripted = createScriptedRun(script);
  const status: Stand['status'] = (more = {}, stream = {}) =>
    feed.setStatus({
      mode: 'live',
      speed: 1,
      run,
      instrument: 'P07',
      modality: 'powder XRD',
      links: [{ id: 'InfluxDB', role: 'sink', state: 'ok', detail: '' }],
      nodes: [],
      streams: [
        {
          stream: 'detector',
          state: 'live',
          lastSeq: null,
          lastTimeUs: null,
          receivedCount: 0,
          processedCount: 0,
          mergedCount: 0,
          waitingCount: 0,
          droppedCount: {},
          lostCount: 0,
          maskedCount: 0,
          restartCount: 0,
          suspiciousClockCount: 0,
          layoutChangeCount: 0,
          framesPerSecond: 1e6 / periodUs,
          framePeriodUs: periodUs,
          ...stream,
        },
      ],
      ...more,
    });
  return {
    feed,
    sink,
    alarm: desk.command,
    run: scripted,
    status,
    play(frames) {
      for (let k = 0; k < frames; k++) {
        scripted.write(sink, 1);
        skippedMs += 51;
        feed.settle();
      }
    },
    pass: (ms) => {
      skippedMs += ms;
    },
  };
}
