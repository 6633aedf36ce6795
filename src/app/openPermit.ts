import { resolve } from 'node:path';
import { shutterLinks } from '../../adapters/registry.ts';
import { withReconnect } from '../../adapters/withReconnect.ts';
import type { LoadedConfig } from '../config/load.ts';
import { planPermit } from '../config/permitPlan.ts';
import type { GraphPlan } from '../config/plan.ts';
import { explainError, MonitorError } from '../model/error.ts';
import type { InstrumentCommand } from '../model/instrumentCommand.ts';
import type { PermitEvent, PermitView, ShutterReport } from '../model/permit.ts';
import type { ShutterLink, ShutterLinkSetting } from '../model/shutter.ts';
import { openAuditLog, type AuditLog } from '../permit/auditLog.ts';
import type { LinkReporter } from './linkBoard.ts';
import { createLocalReceiver } from './shutter/localReceiver.ts';
import { createSimulatedShutter } from './shutter/simulatedShutter.ts';
import { createPermitDesk, type PermitDesk } from './permitDesk.ts';

export interface OpenPermitOptions {
  /** Commands a simulated instrument inside the monitor. */
  order(stream: string, command: InstrumentCommand): void;
  report: LinkReporter['report'];
  noted(event: PermitEvent): void;
  reported(report: ShutterReport, nowMs: number): void;
  changed(view: PermitView): void;
  /** Critical alarms that nobody has seen. */
  urgent(): number;
}

/** A permit that is being given. */
export interface OpenPermit {
  readonly desk: PermitDesk;
  /** Switches the beam off and ends. */
  close(): Promise<void>;
}

/** The first second of a lost link is the one that counts. */
const LONGEST_PAUSE_MS = 500;

/** Opens the beam permit of a pipeline file; null when it has none. @throws MonitorError CONFIG when its audit log cannot be kept */
export function openPermit(loaded: LoadedConfig, graph: GraphPlan, options: OpenPermitOptions): OpenPermit | null {
  const plan = planPermit(loaded.config, graph);
  if (plan === null) return null;
  const { instrument, run } = loaded.config;
  const { leaseMs, timer } = plan.config;
  const link = createLink(plan.config.shutter, {
    instrument,
    localReceiver: (stream) =>
      createLocalReceiver({
        device: createSimulatedShutter((command) => options.order(stream, command)),
        maxLeaseMs: leaseMs,
        maxOpenMs: timer / 1000,
      }),
  });
  const desk = createPermitDesk({
    plan,
    run,
    link,
    audit: openAudit(resolve(loaded.directory, plan.config.audit)),
    noted: options.noted,
    reported: options.reported,
    changed: options.changed,
    urgent: options.urgent,
  });
  const end = new AbortController();
  const listening = withReconnect<ShutterReport>(link, { longestMs: LONGEST_PAUSE_MS }).run(
    { next: (report) => desk.hear(report), report: options.report },
    end.signal,
  );
  return {
    desk,
    async close() {
      await desk.end();
      const { state, confirmedMs } = desk.view();
      if (state !== 'notArmed' && confirmedMs === null)
        options.report({
          state: 'down',
          detail: 'The run has ended, and the shutter was not seen closed: look at it.',
        });
      end.abort();
      await listening;
    },
  };
}

function createLink({ use, with: settings }: { use: string; with: unknown }, setting: ShutterLinkSetting): ShutterLink {
  const definitions: readonly {
    readonly name: string;
    create(config: never, setting: ShutterLinkSetting): ShutterLink;
  }[] = shutterLinks;
  const definition = definitions.find(({ name }) => name === use);
  if (definition === undefined)
    throw new MonitorError('CONFIG', `there is no way to a shutter named ${use}`, { id: 'permit' });
  return definition.create(settings as never, setting);
}

function openAudit(path: string): AuditLog {
  try {
    return openAuditLog(path);
  } catch (cause) {
    throw new MonitorError(
      'CONFIG',
      `the audit log ${path} cannot be opened: ${explainError(cause)}`,
      { id: 'permit' },
      { cause },
    );
  }
}
