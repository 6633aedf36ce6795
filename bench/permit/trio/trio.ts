import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { PermitState } from '../../../src/model/permit.ts';
import { freePort, startBroker, type BrokerProcess } from './broker.ts';
import { besideThis, nodeArguments, startChild, type Child } from './children.ts';
import { COUNTS, CURRENT_PA, openFeed, type Feed } from './feed.ts';
import { openLink, type Link } from './link.ts';
import { createRenewals, type Renewals } from './renewals.ts';
import { startShutterProcess, type ShutterProcess } from './shutterProcess.ts';
import { auditFolder, type AuditFolder } from './auditFolder.ts';
import { pipelineText } from './pipelineText.ts';

export interface TrioSetting {
  /** A budget that one large frame breaks, an outage of a sink and pressure of garbage, instead of two dose channels. */
  readonly isForSpeed: boolean;
  /** What Node is to run as `operando`; by default the sources this was compiled with. */
  readonly program?: readonly string[];
}

/** A monitor, a broker and a receiver as processes of this machine, and the shutter they are about. */
export interface Trio {
  readonly shutter: ShutterProcess;
  readonly feed: Feed;
  readonly broker: BrokerProcess;
  readonly links: { readonly monitor: Link; readonly receiver: Link };
  readonly renewals: Renewals;
  readonly audit: AuditFolder;
  readonly monitor: Child;
  readonly receiver: Child;
  startMonitor(): Promise<void>;
  startReceiver(): Promise<void>;
  /** A command to the permit; null when the monitor does not answer. */
  command(command: 'rearm' | 'stop', reason?: string): Promise<CommandAnswer | null>;
  /** Where the monitor says that the permit stands; null when it does not answer. */
  permitState(): Promise<PermitState | null>;
  /** Arms until the shutter is open; rejects when it cannot be. */
  openAgain(): Promise<void>;
  /** Ends every process and removes the folder. */
  end(): Promise<void>;
}

interface CommandAnswer {
  readonly isDone: boolean;
  readonly detail: string;
}

export const LEASE_MS = 500;
const ARM_WITHIN_MS = 25_000;
const ANSWER_MS = 2000;
const preload = ['--expose-gc', '--import', new URL('./preload.mjs', sourceFolder()).href];

export async function startTrio({
  isForSpeed,
  program = nodeArguments(besideThis('operando')),
}: TrioSetting): Promise<Trio> {
  const folder = await mkdtemp(join(tmpdir(), 'operando-permit-'));
  const [shutter, feed, broker] = await Promise.all([startShutterProcess(folder), openFeed(), startBroker(folder)]);
  const renewals = createRenewals(LEASE_MS);
  const links = { monitor: await openLink(broker.port), receiver: await openLink(broker.port, renewals.see) };
  const audit = await auditFolder(folder, !isForSpeed);
  const pagePort = await freePort();
  const file = join(folder, 'pipeline.yaml');
  await writeFile(
    file,
    pipelineText({
      feedPort: feed.port,
      pagePort,
      brokerPort: links.monitor.port,
      audit: audit.file,
      deadPort: isForSpeed ? await freePort() : null,
      counts: COUNTS,
      currentPa: CURRENT_PA,
      leaseMs: LEASE_MS,
    }),
  );
  let monitor: Child | null = null;
  let receiver: Child | null = null;
  let commandCount = 0;
  const started = (child: Child | null): Child => {
    if (child === null) throw new Error('not started yet');
    return child;
  };
  const ask = async (request: RequestInit): Promise<unknown> => {
    try {
      const url = `http://127.0.0.1:${pagePort}/api/v1/permit`;
      return await (await fetch(url, { ...request, signal: AbortSignal.timeout(ANSWER_MS) })).json();
    } catch {
      return null;
    }
  };
  const trio: Trio = {
    shutter,
    feed,
    broker,
    links,
    renewals,
    audit,
    get monitor() {
      return started(monitor);
    },
    get receiver() {
      return started(receiver);
    },
    async startMonitor() {
      monitor = startChild(process.execPath, [...preload, ...program, 'run', file], folder);
      if (isForSpeed) monitor.process.send({ gcEveryMs: 500 });
      await monitor.shows(/page http/);
    },
    async startReceiver() {
      const settings = ['--instrument', 'bench', '--mqtt', `mqtt://127.0.0.1:${links.receiver.port}`];
      const device = ['--device', 'datagram', '--with', `port=${shutter.port}`, '--json'];
      receiver = startChild(process.execPath, [...preload, ...program, 'shutter', ...settings, ...device], folder);
      await receiver.shows(/"event":"link"[^\n]*"state":"ok"/);
    },
    async command(command, reason = 'trial') {
      const id = `bench${++commandCount}`;
      const body = JSON.stringify({ command, id, by: 'bench', reason });
      return (await ask({
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body,
      })) as CommandAnswer | null;
    },
    async permitState() {
      const answer = (await ask({})) as { permit: { state: PermitState } | null } | null;
      return answer?.permit?.state ?? null;
    },
    async openAgain() {
      const untilMs = performance.now() + ARM_WITHIN_MS;
      let detail = 'nothing was answered';
      while (performance.now() < untilMs) {
        const answer = await trio.command('rearm');
        detail = answer?.detail ?? detail;
        if (answer !== null && (answer.isDone || answer.detail.includes('already')))
          if (
            await shutter.until(true, 1000).then(
              () => true,
              () => false,
            )
          )
            return;
        await pause(40);
      }
      throw new Error(`the beam could not be armed: ${detail}\n${monitor?.tail()}\n${receiver?.tail()}`);
    },
    async end() {
      await Promise.all([monitor?.kill(), receiver?.kill()]);
      await Promise.all([
        broker.child.kill(),
        shutter.end(),
        feed.close(),
        links.monitor.close(),
        links.receiver.close(),
      ]);
      await audit.end();
      await rm(folder, { recursive: true, force: true });
    },
  };
  try {
    await Promise.all([trio.startMonitor(), trio.startReceiver()]);
    return trio;
  } catch (error) {
    await trio.end();
    throw error;
  }
}

/** The folder of the sources of this one, also where it runs compiled. */
function sourceFolder(): URL {
  const here = import.meta.url;
  return new URL(here.replace('/dist/bench/bench/', '/bench/'));
}
