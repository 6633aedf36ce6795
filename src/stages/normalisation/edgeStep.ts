import { z } from 'zod';
import { bridgeMasked } from '../../kernel/array/bridgeMasked.ts';
import { createEdgeStepWork } from '../../kernel/normalisation/edgeStepWork.ts';
import { normaliseByEdge, type EdgeStep } from '../../kernel/normalisation/normaliseByEdge.ts';
import { defineStage } from '../../model/defineStage.ts';
import { MonitorError } from '../../model/error.ts';
import { blankFrame, copyHeader, hasUsableChannel } from '../../model/frame.ts';
import { channelCentres, fastAxis } from '../../model/layout.ts';
import { makeReading } from '../../model/makeReading.ts';
import { learningReading } from '../../model/operatorAct.ts';
import { ownVariances } from '../../model/scaleError.ts';
import { addToReference, createReferenceState } from '../alignment/frozenReference.ts';
import { edgeSettings } from './edgeSettings.ts';
import { halfStepEnergy, learnedEdge, moveEdge, type EdgeWindows } from './edgeWindows.ts';

export default defineStage({
  kind: 'normalisation.edgeStep',
  version: 1,
  summary:
    'Normalises an absorption spectrum by its edge: less a line before it, over the step at the edge; and reads the step and the energy at half of it. Assumes that fine structure has faded in the window behind the edge.',
  reference: 'Lee, Citrin, Eisenberger and Kincaid, Rev. Mod. Phys. 53 (1981) 769',
  input: 'frame',
  outputs: ['frame', 'reading'],
  noise: { accepts: ['poisson', 'scaledPoisson', 'gaussian', 'unknown'], gives: 'gaussian' },
  config: z.strictObject(edgeSettings),
  example: { edge: 16, preEdge: [-14, -6], postEdge: [2, 14], order: 0 },
  presets: {
    // The ranges Athena and larch begin with: behind a pre-edge peak, and from where near neighbours shake the spectrum less; 500 eV of
    // atomic absorption bend. Of a scan that ends sooner, the windows must be named.
    XAS: { preEdge: [-150, -30], postEdge: [100, 600], order: 2, flatten: true },
  },
  prepare({ id, config, layout }) {
    if (layout.axes.length !== 1)
      throw new MonitorError('STAGE', `takes one spectrum per frame, got ${layout.axes.length} axes`, { id });
    const axis = fastAxis(layout);
    const n = layout.size;
    const room = (): Float64Array => new Float64Array(n);
    const output = blankFrame({ ...layout, quantity: 'absorbance', unit: '1', noise: 'gaussian' }, true);
    const found: EdgeStep = { step: 0, standardError: NaN };
    const place: EdgeWindows['place'] = { edge: NaN, axisShift: NaN, isCovered: false, between: [0, n] };
    const windows: EdgeWindows = {
      id,
      config,
      centres: channelCentres(axis),
      unit: axis.unit,
      energies: room(),
      model: createEdgeStepWork(n),
      place,
    };
    // A window that the axis does not have is refused before the first frame.
    if (config.edge !== undefined) moveEdge(windows, config.edge, 0);
    const rooms = { values: room(), counted: room(), nothing: new Uint8Array(n).fill(1) };
    return { ...config, windows, found, output, outVariances: output.variances!, ofStep: layout.unit, ...rooms };
  },
  init: ({ nothing }) => ({ ...createReferenceState(nothing.length), edge: 0 }),
  step(state, frame, emit, work) {
    const { windows, edge: given, learn, flatten, found, output, outVariances, values, counted, nothing } = work;
    const { id, model, unit } = windows;
    if (given === undefined && state.learnedCount < learn) {
      emit(learningReading(frame, id, addToReference(state, frame, learn)));
      if (state.learnedCount === learn) state.edge = learnedEdge(windows, state);
      return;
    }
    const edge = given ?? state.edge;
    const { mask } = frame;
    const own = ownVariances(frame, counted);
    const variances = own === undefined ? undefined : bridgeMasked(own, mask, counted);
    copyHeader(output, frame);
    output.variances = variances === undefined ? undefined : outVariances;
    const isCovered = moveEdge(windows, edge, frame.axisShift) && hasUsableChannel(frame);
    if (isCovered)
      normaliseByEdge(
        bridgeMasked(frame.values, mask, values),
        model,
        { flatten, variances, outVariances },
        output.values,
        found,
      );
    const standardError = isCovered && Number.isFinite(found.standardError) ? found.standardError : undefined;
    const isEdge = isCovered && found.step > 0;
    const quality = isEdge ? 'valid' : 'invalid';
    emit(
      makeReading(frame, id, {
        name: 'edgeStep',
        value: isEdge ? found.step : 0,
        standardError,
        unit: work.ofStep,
        quality,
      }),
    );
    const half = isEdge ? halfStepEnergy(output.values, output.variances, windows) : null;
    const ofEdge = half === null ? 'invalid' : 'valid';
    emit(
      makeReading(frame, id, {
        name: 'edge',
        value: half?.energy ?? edge,
        standardError: half?.standardError,
        unit,
        quality: ofEdge,
      }),
    );
    output.scaleError = isEdge ? (standardError ?? 0) / found.step : 0;
    output.mask = isEdge ? mask : nothing;
    for (let i = 0; i < nothing.length; i++)
      if (output.mask?.[i] === 1) {
        output.values[i] = 0;
        outVariances[i] = 0;
      }
    emit(output);
  },
});
