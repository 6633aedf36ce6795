import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sinkDefinitions, type AnySink } from '../../src/config/definitions.ts';
import { MonitorError } from '../../src/model/error.ts';
import { needs } from '../support/requirement.ts';
import { alertAt, detectionAt, frameAt, listeningSetting, readingAt } from '../sinks/signals.ts';
import { isPresent, sinkBenches, type Place } from './sinkBenches.ts';

const benches = sinkDefinitions.map((definition) => {
  const bench = sinkBenches[definition.name as keyof typeof sinkBenches];
  const present = needs('servers', bench.program ?? definition.name, isPresent(bench));
  return { name: definition.name, definition, bench, present };
});

it('has a bench for every registered sink', () => {
  expect(sinkDefinitions.map(({ name }) => name).toSorted()).toEqual(Object.keys(sinkBenches).toSorted());
  expect(sinkDefinitions.length).toBeGreaterThanOrEqual(5);
});

describe.each(benches)('the sink $name', ({ definition, bench, present }) => {
  let place: Place;
  beforeEach(async () => {
    if (present) place = await bench.open();
  });
  afterEach(() => place?.end());

  function open(settings: object = place.settings) {
    const listening = listeningSetting(place.directory);
    const sink = definition.create(definition.config.parse(settings), listening.setting);
    return { sink, ...listening };
  }
  const writeAll = (sink: ReturnType<AnySink['create']>, from: number, to: number) => {
    for (let seq = from; seq < to; seq++) {
      sink.write(frameAt(seq), 'xrd');
      sink.write(readingAt(seq), 'onset');
      sink.write(detectionAt(seq), 'onset');
      sink.write(alertAt(seq, { phase: seq === 0 ? 'raised' : 'updated' }), 'newPhase');
    }
  };

  it('has a working example and says what it accepts', () => {
    expect(definition.config.safeParse(definition.example).success).toBe(true);
    expect(definition.accepts.length).toBeGreaterThan(0);
    expect(definition.summary).toMatch(/^[A-Z].*\.$/);
  });

  it.skipIf(!present)('has delivered all that was written, in order, when a flush resolves', async () => {
    const { sink, dropped } = open();
    writeAll(sink, 0, 30);
    await sink.flush();
    writeAll(sink, 30, 50);
    await sink.flush();
    const { alertSeqs, frameTotals } = await place.arrived(sink, 50);
    expect(alertSeqs).toEqual(Array.from({ length: 50 }, (_, i) => i));
    if (definition.accepts.includes('frame')) expect(frameTotals?.size).toBe(50);
    expect(dropped).toEqual({});
    await sink.close();
  });

  it.skipIf(!present)('keeps nothing of what it was lent', async () => {
    const { sink } = open();
    const lent = frameAt(0);
    const total = (seq: number) => 8 * seq + 28;
    for (let seq = 0; seq < 20; seq++) {
      const fresh = frameAt(seq);
      lent.values.set(fresh.values);
      lent.seq = seq;
      lent.timeUs = fresh.timeUs;
      sink.write(lent, 'xrd');
      lent.values.fill(-1e9);
      lent.seq = -1;
      lent.timeUs = 0;
    }
    sink.write(alertAt(1), 'newPhase');
    await sink.flush();
    const { frameTotals } = await place.arrived(sink, 1);
    if (frameTotals !== null)
      expect([...frameTotals]).toEqual(Array.from({ length: 20 }, (_, seq) => [seq, total(seq)]));
    await sink.close();
  });

  it.skipIf(!present)('never throws on write, and says so, when its place is not there', async () => {
    if (place.absentSettings === null) return;
    let opened: ReturnType<typeof open>;
    try {
      opened = open(place.absentSettings);
    } catch (error) {
      // A sink may also refuse to begin, if it says where.
      expect(error).toBeInstanceOf(MonitorError);
      expect((error as MonitorError).place.path).toContain(place.directory);
      return;
    }
    const { sink, reports } = opened;
    expect(() => writeAll(sink, 0, 200)).not.toThrow();
    await expect(sink.flush()).rejects.toThrow();
    expect(reports.map(({ state }) => state)).toContain('down');
    expect(reports.find(({ state }) => state === 'down')!.detail).not.toBe('');
    expect(() => writeAll(sink, 200, 210)).not.toThrow();
    await sink.close();
  });

  it.skipIf(!present)('delivers what waits when it is closed, closes again, and takes nothing afterwards', async () => {
    const { sink } = open();
    writeAll(sink, 0, 10);
    await sink.close();
    await sink.close();
    expect(() => writeAll(sink, 10, 12)).not.toThrow();
    await sink.close();
    const { alertSeqs } = await place.arrived(sink, 10);
    expect(alertSeqs).toEqual(Array.from({ length: 10 }, (_, i) => i));
  });
});
