import { hasUsableChannel } from '../model/frame.ts';
import type { AcceptAnswer } from '../model/operatorCommand.ts';
import type { PermitEvent, PermitView, ShutterReport } from '../model/permit.ts';
import type { PermitCommand, PermitRequest } from '../model/permitCommand.ts';
import type { ShutterLink } from '../model/shutter.ts';
import { SIGNAL_TYPES, type Signal } from '../model/signal.ts';
import type { Sink } from '../model/sink.ts';
import type { PermitPlan } from '../config/permitPlan.ts';
import type { AuditLog } from '../permit/auditLog.ts';
import { createAlarmsSeen } from '../permit/alarmsSeen.ts';
import { createBudgets } from '../permit/budgets.ts';
import { createFreshness, type Freshness } from '../permit/freshness.ts';
import { createIssuer, type Issuer, type Occasion } from '../permit/issuer.ts';
import { createVerdicts } from '../permit/verdicts.ts';

export interface PermitDeskOptions {
  readonly plan: PermitPlan;
  readonly run: string;
  readonly link: ShutterLink;
  readonly audit: AuditLog;
  /** Hears of every line of the audit log. */
  noted(event: PermitEvent): void;
  /** Hears of every report of the receiver. */
  reported(report: ShutterReport, nowMs: number): void;
  /** The view has changed, or a tenth of a second has passed. */
  changed(view: PermitView): void;
  /** Critical alarms that nobody has seen: arming waits for it. Absent, for none. */
  urgent?(): number;
}

/** Where the beam permit of a run is given. The one place that gives it a clock. */
export interface PermitDesk {
  readonly command: PermitCommand;
  /** Gets everything that is emitted. */
  readonly listener: Sink;
  /** A frame has run through the whole graph: what it brought is judged at once. */
  afterFrame(): void;
  hear(report: ShutterReport): void;
  view(): PermitView;
  /** The run fails or ends: the beam goes off, with this reason. */
  stop(reason: string): void;
  /** Ends the clock, when the shutter is seen closed or after a while. */
  end(): Promise<void>;
}

/** Renewals per lease. */
const RENEWALS = 5;
/** So many answers are remembered, so that a command that is repeated is known again. */
const REMEMBERED = 200;
/** So long the end of a run waits for the shutter. */
const CONFIRMATION_MS = 3000;
/** A shutter may take so long to do as it is told. */
const SETTLE_MS = 2000;

export function createPermitDesk(options: PermitDeskOptions): PermitDesk {
  const { plan, run, link, audit } = options;
  const { config } = plan;
  const now = (): number => performance.now();
  const wallUs = (): number => Date.now() * 1000;
  const verdicts = createVerdicts(plan);
  let freshness: Freshness | null = null;
  let budgets: ReturnType<typeof createBudgets> | null = null;
  const issuer: Issuer = createIssuer(
    {
      run,
      lastEpoch: audit.lastEpoch,
      leaseMs: config.leaseMs,
      timerMs: config.timer / 1000,
      settleMs: SETTLE_MS,
    },
    (beam) => {
      freshness = createFreshness({ sources: plan.sources, framesNeedBeam: config.framesNeedBeam }, beam);
      budgets = createBudgets(plan.accounts, config.framesNeedBeam, beam);
      return [freshness, budgets, verdicts, createAlarmsSeen(() => options.urgent?.() ?? 0, beam)];
    },
    {
      send: (message) => link.send(message),
      record(partial) {
        const event = { ...partial, timeUs: wallUs(), run };
        options.noted(event);
        audit.append(event);
      },
    },
  );
  const view = (): PermitView => issuer.view(now(), wallUs());
  const tell = (): void => options.changed(view());

  let occasion: Occasion | undefined;
  let isDue = false;
  const listen = (signal: Signal, from: string): void => {
    switch (signal.type) {
      case 'frame':
        if (hasUsableChannel(signal) && freshness?.heard(from, now()) === true) {
          occasion = signal;
          isDue = true;
        }
        return;
      case 'reading':
        if (freshness?.heard(from, now()) !== true) return;
        budgets?.hear(signal);
        verdicts.hearReading(signal);
        break;
      case 'detection':
        verdicts.hearDetection(signal);
        break;
      case 'alert':
        verdicts.hearAlert(signal);
        break;
    }
    occasion = { stream: signal.stream, seq: signal.seq };
    isDue = true;
  };

  let toArmAtStart = config.armedAtStart;
  const armAtStart = (): void => {
    const { state, conditions } = view();
    if (state !== 'notArmed') toArmAtStart = false;
    else if (conditions.every(({ isHeld }) => isHeld)) {
      toArmAtStart = false;
      issuer.arm({ by: 'pipeline file', reason: 'armed at start', via: 'pipeline file' }, now());
    }
  };

  const everyMs = config.leaseMs / RENEWALS;
  let dueMs = now() + everyMs;
  let timer: NodeJS.Timeout | null = null;
  const beat = (): void => {
    const nowMs = now();
    const lateMs = Math.max(0, nowMs - dueMs);
    dueMs = nowMs + everyMs;
    timer = setTimeout(beat, everyMs);
    issuer.tick(nowMs, lateMs);
    if (toArmAtStart) armAtStart();
    tell();
  };
  // From here on the issuer knows when its clock stood still.
  issuer.tick(now(), 0);
  timer = setTimeout(beat, everyMs);

  let isEnding = false;
  const answers = new Map<string, AcceptAnswer>();
  const obey = (request: PermitRequest): AcceptAnswer => {
    const { id, command } = request;
    if (command === 'stop') {
      issuer.stop(request, now());
      return { id, isDone: true, detail: 'The beam is told to stop.' };
    }
    const refusal = isEnding ? 'The run has ended.' : issuer.arm(request, now());
    return refusal === null
      ? { id, isDone: true, detail: 'The beam is permitted.' }
      : { id, isDone: false, detail: refusal };
  };
  return {
    view,
    command(request) {
      let answer = answers.get(request.id);
      if (answer === undefined) {
        answer = obey(request);
        answers.set(request.id, answer);
        if (answers.size > REMEMBERED) answers.delete([...answers.keys()][0] ?? '');
        tell();
      }
      return Promise.resolve(answer);
    },
    listener: {
      name: 'permit',
      accepts: SIGNAL_TYPES,
      write: listen,
      flush: () => Promise.resolve(),
      close: () => Promise.resolve(),
    },
    afterFrame() {
      if (!isDue) return;
      isDue = false;
      const before = issuer.state;
      issuer.judge(now(), occasion);
      if (issuer.state !== before) tell();
    },
    hear(report) {
      const nowMs = now();
      issuer.hear(report, nowMs);
      options.reported(report, nowMs);
      tell();
    },
    stop(reason) {
      if (issuer.state === 'permitted') issuer.stop({ by: '', reason, via: '' }, now());
    },
    async end() {
      isEnding = true;
      this.stop('The run has ended');
      const untilMs = now() + CONFIRMATION_MS;
      const isOpen = (): boolean => view().state !== 'notArmed' && view().confirmedMs === null;
      while (isOpen() && now() < untilMs) await new Promise((resolve) => setTimeout(resolve, everyMs / 2));
      if (timer !== null) clearTimeout(timer);
      audit.close();
    },
  };
}
