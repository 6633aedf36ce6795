import { z } from 'zod';
import { checkFrame } from './checkFrame.ts';
import { checkAxis, type Layout } from './layout.ts';
import { MonitorError } from './error.ts';
import type { SignalType } from './signal.ts';
import {
  inputsOf,
  type Setting,
  type Stage,
  type StageDefinition,
  type StageSurroundings,
  type State,
} from './stage.ts';

/** What `onError` may say: 'stop' ends the run, 'skip' drops the signal, 'bypass' hands frames on unchanged. */
export const ON_ERROR = ['stop', 'skip', 'bypass'] as const;

/** Turns a definition into something a pipeline file can name (`node`) and a pipeline can run (`create`). */
export function defineStage<
  const Kind extends string,
  In extends SignalType,
  Out extends SignalType,
  Config extends z.ZodObject,
  Work,
  S extends State,
>(definition: StageDefinition<Kind, In, Out, Config, Work, S>) {
  /** As `create`, from settings the schema has parsed: what `config` hands out. */
  const createChecked = (
    id: string,
    config: z.output<Config>,
    surroundings: StageSurroundings = {},
  ): Stage<In, Out> => {
    const assets = surroundings.assets ?? {};
    const framePeriodUs = surroundings.framePeriodUs ?? null;
    let layout: Layout | undefined;
    let running: { work: Work; state: S } | null = null;
    let restored: S | null = null;

    const start = (): { work: Work; state: S } => {
      if (layout !== undefined && definition.noise !== undefined && !definition.noise.accepts.includes(layout.noise))
        throw new MonitorError('STAGE', `takes ${definition.noise.accepts.join(' or ')} data, got ${layout.noise}`, {
          id,
        });
      try {
        layout?.axes.forEach(checkAxis);
      } catch (cause) {
        throw new MonitorError('STAGE', (cause as RangeError).message, { id }, { cause });
      }
      const work = definition.prepare({ id, config, layout, assets, framePeriodUs } as Setting<z.output<Config>, In>);
      const fresh = definition.init(work);
      if (restored === null) return { work, state: fresh };
      if (!sameShape(restored, fresh))
        throw new MonitorError('CHECKPOINT', 'the saved state has another shape than this layout asks for', { id });
      return { work, state: restored };
    };
    return {
      id,
      kind: definition.kind,
      inputs: inputsOf(definition),
      outputs: definition.outputs,
      process(signal, emit) {
        if (signal.type === 'frame') checkFrame(signal, id);
        if (running === null || (signal.type === 'frame' && signal.layout !== layout)) {
          // Before its first frame, as after a checkpoint, a stage has seen no other layout.
          const keeps = definition.keepsStateOverLayouts === true || layout === undefined;
          if (signal.type === 'frame') layout = signal.layout;
          if (running !== null && keeps) restored = running.state;
          running = start();
          // A reading that comes before the first frame must not use up what was restored for that frame's layout.
          if (layout !== undefined || !inputsOf(definition).includes('frame' as In)) restored = null;
        }
        definition.step(running.state, signal, emit, running.work);
      },
      snapshot: () => ({
        kind: definition.kind,
        version: definition.version,
        state: structuredClone(running?.state ?? restored),
      }),
      restore(snapshot) {
        if (snapshot.kind !== definition.kind || snapshot.version !== definition.version)
          throw new MonitorError(
            'CHECKPOINT',
            `saved by ${snapshot.kind} v${snapshot.version}, wanted ${definition.kind} v${definition.version}`,
            { id },
          );
        running = null;
        restored = structuredClone(snapshot.state) as S | null;
      },
    };
  };
  return {
    ...definition,
    node: z.strictObject({
      id: z.string().min(1).describe('Name of this node; other nodes and sinks refer to it.'),
      from: z
        .union([z.string(), z.array(z.string()).min(1)])
        .optional()
        .describe('Where its signals come from: ids of streams or nodes; left out, the entry above.'),
      use: z.literal(definition.kind),
      onError: z.enum(ON_ERROR).optional().describe("What happens when it fails; default 'stop'."),
      with: definition.config.optional().describe('Its settings.'),
    }),
    create: (id: string, settings: z.input<Config>, surroundings: StageSurroundings = {}): Stage<In, Out> =>
      createChecked(id, definition.config.parse(settings), surroundings),
    createChecked,
  };
}

/** Same keys, and arrays of the same length. */
function sameShape(a: State, b: State): boolean {
  const keys = Object.keys(a);
  return (
    keys.length === Object.keys(b).length && keys.every((key) => key in b && lengthOf(a[key]) === lengthOf(b[key]))
  );
}
function lengthOf(value: unknown): number | undefined {
  return ArrayBuffer.isView(value) ? value.byteLength : undefined;
}
