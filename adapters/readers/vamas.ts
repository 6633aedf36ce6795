import { defineReader, type FileContents, type FileFrame, type FileSeries } from '../../src/model/reader.ts';
import { frameOf, heldContents, readySeries } from './text/contents.ts';
import { createOddities, type Oddities } from './text/oddities.ts';
import { createSpectra } from './text/spectrum.ts';
import { brokenLine, headText, readWholeText, splitLines } from './text/textFile.ts';
import { readBlock, readExperiment, type Block } from './vamas/blocks.ts';
import { createLineWalk } from './vamas/lineWalk.ts';

const FIRST = /^\s*VAMAS Surface Chemical Analysis Standard Data Transfer Format/i;

export default defineReader({
  name: 'vamas',
  summary: 'Surface analysis of the VAMAS standard (.vms, ISO 14976), regular and irregular: XPS, UPS, AES, ELS.',
  extensions: ['vms', 'npl'],
  recognise: (head) => (FIRST.test(headText(head)) ? 'certain' : null),
  async open({ path }) {
    return contentsOf(splitLines(await readWholeText(path)), path);
  },
});

function contentsOf(lines: readonly string[], path: string): FileContents {
  const walk = createLineWalk(lines, path);
  const oddities = createOddities();
  const experiment = readExperiment(walk);
  const blocks: Block[] = [];
  for (let k = 0; k < experiment.blockCount; k++) {
    if (walk.isAtEnd()) {
      oddities.note(`the file ends early: ${blocks.length} of ${experiment.blockCount} blocks`);
      break;
    }
    blocks.push(readBlock(walk, experiment, k));
  }
  if (blocks.length === 0) throw brokenLine(path, walk.lineNumber(), 'there is no block in it');
  const technique = blocks[0]!.technique;
  return heldContents({
    format: 'VAMAS (ISO 14976)',
    modality: /XPS|UPS/i.test(technique)
      ? 'XPS'
      : /^E?ELS/i.test(technique)
        ? 'EELS'
        : /EDX/i.test(technique)
          ? 'EDX'
          : null,
    series: seriesOf(blocks, path, oddities),
    oddities: oddities.list,
  });
}

/** Blocks of one region and one sample are the spectra of a series. */
function seriesOf(blocks: readonly Block[], path: string, oddities: Oddities): FileSeries[] {
  const groups = new Map<string, Block[]>();
  for (const block of blocks) {
    const key = [block.species, block.transition, block.sample, block.axis.name].join('\n');
    groups.set(key, [...(groups.get(key) ?? []), block]);
  }
  const names = new Set<string>();
  return [...groups.values()].map((group) => {
    const first = group[0]!;
    const region = `${first.species} ${first.transition}`.trim() || first.name;
    let name = groups.size === 1 ? '' : region;
    for (let k = 2; names.has(name); k++) name = `${region} (${k})`;
    names.add(name);
    const frames = framesOf(group, path, oddities);
    return readySeries(name, frames, { ...first.facts, region });
  });
}

function framesOf(blocks: readonly Block[], path: string, oddities: Oddities): FileFrame[] {
  const startUs = blocks.find(({ timeUs }) => timeUs !== null)?.timeUs ?? null;
  const makers = new Map<string, ReturnType<typeof createSpectra>>();
  return blocks.map((block) => {
    const { axis, quantity, unit, line } = block;
    const key = [axis.name, axis.unit, quantity, unit].join();
    // Counts behind a multichannel analyser are interpolated sums: their noise is not known.
    const maker =
      makers.get(key) ??
      createSpectra({ ...axis, quantity, valueUnit: unit, noise: 'unknown' }, oddities, (what, cause) =>
        brokenLine(path, line, what, cause),
      );
    makers.set(key, maker);
    return frameOf(maker(block.points), {
      timeUs: block.timeUs,
      seconds: block.timeUs === null || startUs === null ? null : (block.timeUs - startUs) / 1e6,
      exposureUs: block.exposureUs,
      numbers: block.numbers,
    });
  });
}
