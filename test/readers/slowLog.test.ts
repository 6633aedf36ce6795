import { describe, expect, it } from 'vitest';
import reader from '../../adapters/readers/slowLog.ts';
import { hasRecording } from '../support/realSpectra.ts';
import { createTexts, readFile, realFiles } from './textFiles.ts';

const texts = createTexts(reader);
const START_US = Date.UTC(2024, 1, 1, 10) * 1000;

async function samples(text: string) {
  const { reader: name, contents } = await texts.read('a.csv', text);
  expect(name).toBe('slowLog');
  return {
    oddities: contents.oddities.join('; '),
    rows: contents.slow.map((each) => [each.timeUs - START_US, each.name, each.value, each.unit]),
  };
}

describe('a log of slow signals', () => {
  it('has times with or without a zone, in the orders of different countries', async () => {
    for (const [first, second] of [
      ['2024-02-01T10:00:00Z', '2024-02-01T10:00:01Z'],
      ['2024-02-01T12:00:00.000+02:00', '2024-02-01T12:00:01.000+02:00'],
      ['2024-02-01 10:00:00', '2024-02-01 10:00:01'],
      ['01.02.2024 10:00:00', '01.02.2024 10:00:01'],
      ['02/01/2024 10:00:00', '02/01/2024 10:00:01'],
    ] as const) {
      const { rows } = await samples(`time,temperature [K]\n${first},300\n${second},301\n`);
      expect(rows, first).toEqual([
        [0, 'temperature', 300, 'K'],
        [1e6, 'temperature', 301, 'K'],
      ]);
    }
  });

  it('has seconds, milliseconds or microseconds since 1970', async () => {
    for (const factor of [1, 1e3, 1e6]) {
      const rows = [0, 1, 2].map((s) => `${(START_US / 1e6 + s) * factor},${s}`).join('\n');
      expect((await samples(`timestamp,pressure (mbar)\n${rows}\n`)).rows[2]).toEqual([2e6, 'pressure', 2, 'mbar']);
    }
  });

  it('has seconds since a start that its header says, or since 1970 with a note', async () => {
    const rows = 'time (min)\tT (K)\n0\t5\n0.5\t6\n1\t7\n';
    expect((await samples(`# started 2024-02-01 10:00:00\n${rows}`)).rows[1]).toEqual([30e6, 'T', 6, 'K']);
    const bare = await samples(rows);
    expect(bare.rows[1]![0]).toBe(30e6 - START_US);
    expect(bare.oddities).toContain('count from 1970');
  });

  it('has decimal commas, empty fields and words beside the numbers', async () => {
    const { rows } = await samples('Zeit;T1;Status;p\n01.02.2024 10:00:00;25,5;ok;\n01.02.2024 10:00:01;;ok;1,5\n');
    expect(rows).toEqual([
      [0, 'T1', 25.5, '1'],
      [1e6, 'p', 1.5, '1'],
    ]);
  });

  it('says where it paused, went back, or cannot be read', async () => {
    const at = (s: number) => new Date(START_US / 1000 + s * 1000).toISOString();
    const { oddities, rows } = await samples(
      `time,T\n${[0, 1, 2, 3, 200, 199].map((s) => `${at(s)},${s}`).join('\n')}\nnoise here\n`,
    );
    expect(rows).toHaveLength(6);
    expect(oddities).toContain('nothing was written for 197 s before line 6');
    expect(oddities).toContain('goes back at line 7');
    expect(oddities).toContain('line 8');
  });

  it('stays honest when it is broken', () =>
    texts.expectHonest('time,T\n2024-02-01T10:00:00Z,1\n2024-02-01T10:00:01Z,2\n2024-02-01T10:00:02Z,3\n', 1));

  it.skipIf(!hasRecording('xrd_coin_cell_operando'))('of a beamline numbers the scans by their start', async () => {
    const { contents } = await readFile(realFiles('xrd_coin_cell_operando', /\.csv$/)[0]!);
    expect(contents.slow).toHaveLength(5);
    expect(contents.slow[0]).toMatchObject({ value: 1355639, timeUs: Date.UTC(2025, 6, 2, 19, 5, 59, 614) * 1000 });
  });
});
