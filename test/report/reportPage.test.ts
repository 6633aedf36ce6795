import { describe, expect, it } from 'vitest';
import type { RunContents } from '../../src/report/contents.ts';
import { html } from '../../src/report/html.ts';
import { reportPage } from '../../src/report/page.ts';
import { ticksOf, timeTicksOf } from '../../src/report/scale.ts';
import { createSeries } from '../../src/report/series.ts';
import { measuredText, numberText, spanText, unitWords } from '../../src/report/words.ts';

const empty: RunContents = {
  header: {
    type: 'header',
    format: 1,
    run: '<b>bold</b>',
    instrument: '"quoted" & <i>',
    modality: 'XRD',
    config: 'run: "<script>alert(1)</script>"\u0000',
    versions: { operando: '1.0.0' },
  },
  streams: [],
  alerts: [],
  curves: [],
  steps: [],
  acts: [],
  permits: [],
  losses: [],
  faults: [{ file: '000001.seg', offset: 8, lostBytes: 20, kind: 'tornTail', detail: 'the <end> is torn' }],
};

describe('a report', () => {
  it('shows as text what came as text, and of an empty run that it is empty', () => {
    const page = reportPage({
      run: empty,
      evidence: new Map(),
      digest: { value: 'd1', count: 0 },
      configSha256: 'c1',
      program: '1.0.0',
    });
    expect(page).toContain('<h1>&lt;b&gt;bold&lt;/b&gt;</h1>');
    expect(page).toContain('&quot;quoted&quot; &amp; &lt;i&gt;');
    expect(page).not.toContain('<script');
    expect(page).not.toContain('\u0000');
    expect(page).toContain('the &lt;end&gt; is torn (20 bytes)');
    expect(page).toMatch(/No alert\. No frame was lost\./);
  });

  it('puts markup into markup, and lists one after the other', () => {
    expect(html`<p>${[html`<b>${'<'}</b>`, 1, null, undefined]}</p>`.html).toBe('<p><b>&lt;</b>1</p>');
  });
});

describe('numbers on paper', () => {
  it.each([
    [1234567, '1\u202f234\u202f567'],
    [0.00012, '1.2 × 10⁻⁴'],
    [-3.14159, '−3.142'],
    [2.5e9, '2.5 × 10⁹'],
    [0, '0'],
    [NaN, '–'],
  ])('%d is %s', (value, text) => expect(numberText(value)).toBe(text));

  it.each([
    [0.0213, 0.0041, 'deg', '0.021 ± 0.004°'],
    [1234.5, 17, 'e.nm-2', '1235 ± 17\u00a0e⁻·nm⁻²'],
    [0.5, undefined, '1', '0.5'],
    [27.0123, 0.0012, 'eV', '27.0123 ± 0.0012\u00a0eV'],
  ])('%d ± %d %s is %s', (value, error, unit, text) => expect(measuredText(value, error, unit)).toBe(text));

  it('are round on the axes, and times too', () => {
    expect(ticksOf(0, 1, 5)).toEqual([0, 0.2, 0.4, 0.6, 0.8, 1]);
    expect(ticksOf(3, 3, 5)).toEqual([]);
    expect(timeTicksOf(1e6, 61e6, 6)).toEqual([10e6, 20e6, 30e6, 40e6, 50e6, 60e6]);
    expect([spanText(4e5), spanText(75e6), spanText(7.26e9)]).toEqual(['0.4 s', '1 min 15 s', '2 h 01 min']);
    expect(unitWords('W.cm-2')).toBe('W·cm⁻²');
  });
});

it('a curve of any length keeps its ends, its extremes and its order in so many points', () => {
  for (const count of [1, 7, 8, 9, 1000, 12345]) {
    const series = createSeries(8);
    for (let k = 0; k < count; k++) series.add(k, k === 500 ? 99 : k % 3);
    const { bins } = series;
    expect(bins.length).toBeLessThanOrEqual(8);
    expect([bins[0]?.fromUs, bins.at(-1)?.toUs, bins.at(-1)?.last]).toEqual([0, count - 1, (count - 1) % 3]);
    expect(bins.every((bin, i) => i === 0 || bin.fromUs === (bins[i - 1]?.toUs ?? 0) + 1)).toBe(true);
    expect(Math.max(...bins.map(({ high }) => high))).toBe(count > 500 ? 99 : Math.min(2, count - 1));
    const lengths = bins.slice(0, -1).map(({ fromUs, toUs }) => toUs - fromUs + 1);
    expect(new Set(lengths).size).toBeLessThanOrEqual(1);
  }
});
