import { z } from 'zod';
import { bridgeMasked } from '../../kernel/array/bridgeMasked.ts';
import { whiteLines, type WhiteLines } from '../../kernel/eels/whiteLines.ts';
import { isRefusal } from '../../kernel/refusal.ts';
import { channelRange } from '../../model/channelRange.ts';
import { defineStage } from '../../model/defineStage.ts';
import { MonitorError } from '../../model/error.ts';
import { hasUsableChannel } from '../../model/frame.ts';
import { fastAxis, type Layout } from '../../model/layout.ts';
import { makeReading } from '../../model/makeReading.ts';
import { uniformStep } from '../background/uniformStep.ts';

const window = z
  .tuple([z.number(), z.number()])
  .refine(([from, to]) => from < to, 'a window needs two energies, the lower first');
const NAMES = { l3: 'L3', l2: 'L2', area3: 'areaL3', area2: 'areaL2', ratio: 'ratio' } as const;

export default defineStage({
  kind: 'quantification.whiteLines',
  version: 1,
  summary:
    'Gives the L3 and L2 white lines of a transition metal and their ratio by one recipe: constant background, continuum of two arctan steps, sums over windows. Compare it only with a calibration made by the same recipe.',
  reference: 'Pearson, Ahn and Fultz, Phys. Rev. B 47 (1993) 8471',
  input: 'frame',
  outputs: ['reading'],
  noise: {
    accepts: ['poisson'],
    gives: 'same',
    advice: 'take the counts as they come: the recipe has its own background, and its error is that of counting',
  },
  config: z.strictObject({
    preEdge: window.describe('Before the edge, eV: its mean is the background.').meta({ unit: 'eV' }),
    plateau: window.describe('Behind both lines, eV: its mean is the continuum.').meta({ unit: 'eV' }),
    window: window.describe('What is summed around each line, eV relative to it.').meta({ unit: 'eV' }),
    l2Search: window.describe('Where L2 is looked for, eV relative to L3.').meta({ unit: 'eV' }),
    stepWeights: z
      .tuple([z.number().min(0).max(1), z.number().min(0).max(1)])
      .describe('Share of the continuum that begins at L3 and at L2.'),
    stepWidth: z.number().positive().describe('Half width of the steps, eV.').meta({ unit: 'eV' }),
  }),
  example: {
    preEdge: [2, 10],
    plateau: [38, 44],
    window: [-2, 3],
    l2Search: [6, 14],
    stepWeights: [2 / 3, 1 / 3],
    stepWidth: 0.5,
  },
  presets: {
    // The recipe as declared with its reference values; the steps stand 2 to 1, as 2p3/2 and 2p1/2 are occupied.
    EELS: { window: [-4, 5], l2Search: [9, 17], stepWeights: [2 / 3, 1 / 3], stepWidth: 0.5 },
  },
  prepare({ id, config, layout }) {
    if (layout.axes.length !== 1)
      throw new MonitorError('STAGE', `takes one spectrum per frame, got ${layout.axes.length} axes`, { id });
    const { offset, step } = uniformStep(layout);
    const axis = fastAxis(layout);
    for (const name of ['preEdge', 'plateau'] as const) refuseOutside(id, name, config[name], layout);
    const bridged = new Float64Array(layout.size);
    return { id, config, offset, step, bridged, unit: axis.unit };
  },
  init: () => ({}),
  step(_state, frame, emit, { id, config, offset, step, bridged, unit }) {
    let found: WhiteLines | null = null;
    if (hasUsableChannel(frame)) {
      bridgeMasked(frame.values, frame.mask, bridged);
      try {
        found = whiteLines(bridged, { ...config, energyOffset: offset + frame.axisShift, energyStep: step });
      } catch (error) {
        // Lines that lie too near the end, or are none, are no reason to stop.
        if (!isRefusal(error, 'OutOfRange') && !isRefusal(error, 'ZeroNorm')) throw error;
      }
    }
    const isFound = found !== null && found.area3 > 0 && found.area2 > 0;
    const units = { l3: unit, l2: unit, area3: unit, area2: unit, ratio: '1' };
    for (const key of ['l3', 'l2', 'area3', 'area2', 'ratio'] as const)
      emit(
        makeReading(frame, id, {
          name: NAMES[key],
          value: found?.[key] ?? 0,
          standardError: key === 'ratio' && isFound ? found?.ratioError : undefined,
          unit: units[key],
          quality: isFound ? 'valid' : 'invalid',
        }),
      );
  },
});

/** @throws MonitorError naming the window, when the axis does not cover it. */
function refuseOutside(id: string, name: string, [from, to]: readonly [number, number], layout: Layout): void {
  const axis = fastAxis(layout);
  const [lowest, highest] = [axis.coordinates[0]!, axis.coordinates[axis.coordinates.length - 1]!];
  if (from < lowest || to > highest)
    throw new MonitorError(
      'STAGE',
      `${name} is ${from} to ${to}, expected a part of ${lowest} to ${highest} ${axis.unit}`,
      { id },
    );
  channelRange(axis, [from, to]);
}
