import { readFile } from 'node:fs/promises';
import { MonitorError } from '../../../src/model/error.ts';
import { createLayoutInterner, spectrumLayout } from '../../../src/model/layout.ts';
import type { Layout } from '../../../src/model/layout.ts';
import { defineReader } from '../../../src/model/reader.ts';
import type { FileFault, FileFrame, FileSeries } from '../../../src/model/reader.ts';
import type { SlowSample } from '../../../src/model/signal.ts';

/**
 * A format for tests: line 1 `TINY`, then `series NAME`, `axis x x x`, `slow NAME SECONDS VALUE`, `at SECONDS v v v`
 * (a clock), `since SECONDS v v v`, `plain v v v`, `bad`.
 */
export const tiny = defineReader({
  name: 'tiny',
  summary: 'A format for tests.',
  extensions: ['tiny'],
  recognise: ({ text }) => (text.startsWith('TINY') ? 'certain' : null),
  async open({ path }) {
    const [, ...lines] = (await readFile(path, 'utf8')).split('\n');
    const intern = createLayoutInterner();
    const series: { name: string; layout: Layout; items: (FileFrame | FileFault)[] }[] = [];
    const slow: SlowSample[] = [];
    let name = '';
    let layout: Layout | null = null;
    lines.forEach((line, k) => {
      const [word = '', ...fields] = line.split(' ');
      const numbers = Float64Array.from(fields, Number);
      if (word === 'series') name = fields[0]!;
      else if (word === 'axis')
        layout = intern(
          spectrumLayout(
            { name: 'x', unit: 'eV', coordinates: numbers },
            { quantity: 'counts', unit: '1', noise: 'poisson' },
          ),
        );
      else if (word === 'slow')
        slow.push({ type: 'slow', name: fields[0]!, timeUs: numbers[1]! * 1e6, value: numbers[2]!, unit: 'K' });
      else if (word !== '') {
        if (layout === null)
          throw new MonitorError('ADAPTER', `${path}:${k + 2}: a spectrum before its axis`, { id: 'tiny' });
        const values = word === 'plain' ? numbers : numbers.slice(1);
        let items = series.find((each) => each.name === name)?.items;
        if (items === undefined) series.push({ name, layout, items: (items = []) });
        if (values.length !== layout.size) items.push({ fault: `${path}:${k + 2}: ${values.length} values` });
        else
          items.push({
            layout,
            values,
            timeUs: word === 'at' ? numbers[0]! * 1e6 : null,
            seconds: word === 'since' ? numbers[0]! : null,
            exposureUs: null,
            numbers: [{ name: 'position', value: k, unit: 'um' }],
          });
      }
    });
    return {
      format: 'tiny',
      modality: 'XPS',
      series: series.map(({ items, ...rest }): FileSeries => ({
        ...rest,
        frameCount: null,
        shape: null,
        facts: {},
        frames: (from) => items.slice(from),
      })),
      slow,
      oddities: [],
      close: () => undefined,
    };
  },
});

/** The same format, with numbers of spectra that are known beforehand. */
export const countedTiny = defineReader({
  ...tiny,
  async open(request) {
    const contents = await tiny.open(request);
    return {
      ...contents,
      series: contents.series.map((each) => ({
        ...each,
        frameCount: [...(each.frames(0) as Iterable<unknown>)].length,
      })),
    };
  },
});
