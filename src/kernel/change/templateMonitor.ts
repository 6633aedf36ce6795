import { createWeightWork } from './frameWeight.ts';
import { createCertificate, type Certificate } from './templateCertificate.ts';
import { createCertificateState, type CertificateState } from './templateWealth.ts';
import { createDriftFit, type DriftFit } from './driftTrack.ts';
import { createTemplateBank, peakBlocks, type TemplateBank, type TemplateOptions } from './templateBank.ts';
import { createTemplateDirections, type TemplateDirections } from './templateDirections.ts';
import type { ScanEvidence } from './templateEvidence.ts';
import { createLearningBlocks, type LearningBlocks } from './templateLearning.ts';
import {
  createTemplateReference,
  noDrift,
  type Drift,
  type DriftState,
  type TemplateReference,
} from './templateReference.ts';
import { createHeldBaseline, createTemplateSums, type HeldBaseline, type TemplateSums } from './templateSums.ts';
import { createScanTemplates } from './templateScan.ts';
import { anchorCapacity } from './windowAnchors.ts';

/** 'counts': Poisson; 'given': variances come with the frames; 'learned': channel by channel while learning. */
export type TemplateNoiseModel = 'counts' | 'given' | 'learned';

export interface TemplateMonitorOptions extends TemplateOptions {
  readonly noise: TemplateNoiseModel;
  /** Beside the gain, which is always free. */
  readonly drifts: readonly Drift[];
  /** Frames the reference is learned from. */
  readonly learn: number;
  /** Longest window, frames. */
  readonly memory: number;
  /** Whether more, and whether less of a template is looked for. */
  readonly up: boolean;
  readonly down: boolean;
  /** Relative wander of peak intensities that means nothing (texture); 0 for none. */
  readonly tolerance: number;
  /** Relative scatter of the channels' sensitivity, which stays where it is while the axis drifts; 0 for none. */
  readonly fixedPattern: number;
  /** Whether the certificate runs beside it; counts only. */
  readonly certified: boolean;
}

/** Plain data, bounded. */
export type TemplateState = {
  learning: LearningBlocks;
  /** Frames behind the reference; 0 while learning. */
  frames: number;
  /** [n] reference spectrum of one frame and, if not counts, its variances. */
  reference: Float64Array;
  variances: Float64Array;
  /** Counts of a reference frame. */
  total: number;
  /** Independent templates that would give as many false alarms, as first laid; 0 before. */
  effective: number;
  /** Axis shift that the frames themselves said last. */
  saidShift: number;
  /** Drift as tracked, and as the directions are laid for. */
  drift: DriftState;
  used: DriftState;
  sums: TemplateSums;
  held: HeldBaseline;
  /** Sums of squared residuals, of what the model expects of them, and of the free channels behind them. */
  dispersion: { squares: number; expected: number; free: number };
  certificate: CertificateState;
};

/** What can be derived again from options and state. */
export interface TemplateWork {
  readonly options: TemplateMonitorOptions;
  readonly bank: TemplateBank;
  readonly reference: TemplateReference;
  readonly directions: TemplateDirections;
  readonly fit: DriftFit;
  readonly scan: ReturnType<typeof createScanTemplates>;
  readonly evidence: ScanEvidence;
  readonly certificate: Certificate;
  /** [drifts] share of a new frame in each tracked drift; how far each may leave the one directions are laid for. */
  readonly gains: Float64Array;
  readonly reaches: Float64Array;
  /** [n] the frame without gaps; variances as estimated; weights. */
  readonly clean: Float64Array;
  readonly variances: Float64Array;
  readonly weights: Float64Array;
  readonly mask: Uint8Array;
  readonly ratios: readonly Float64Array[];
  readonly likelihoods: Float64Array;
  /** The narrowest and the widest peak (FWHM), axis units. */
  readonly narrow: number;
  readonly wide: number;
  /** Whether the reference, and whether the directions, belong to the state. */
  hasReference: boolean;
  ready: boolean;
}

export function createTemplateWork(options: TemplateMonitorOptions): TemplateWork {
  const { x, drifts, fwhm, sets, memory, up, down } = options;
  const isTempered = options.tolerance > 0 || options.fixedPattern > 0;
  const n = x.length;
  const bank = createTemplateBank(options);
  const K = 1 + drifts.length;
  const directions = createTemplateDirections(bank, K, n);
  const pitch = n < 2 ? 1 : (x[n - 1]! - x[0]!) / (n - 1);
  const widths = fwhm.length + sets.length === 0 ? [4 * pitch, 8 * pitch] : [...fwhm, ...sets.map((set) => set.fwhm)];
  const narrow = Math.min(...widths);
  const blocks = peakBlocks(bank, 1.5 * narrow);
  return {
    options,
    bank,
    reference: createTemplateReference(x, drifts),
    directions,
    fit: createDriftFit(K),
    scan: createScanTemplates(directions, blocks, { up, down, isTempered }),
    evidence: { single: 0, several: 0, row: -1, severalRow: -1 },
    certificate: createCertificate(x, K, narrow, options),
    gains: new Float64Array(drifts.length),
    reaches: new Float64Array(drifts.length),
    clean: new Float64Array(n),
    variances: new Float64Array(n),
    weights: new Float64Array(n),
    mask: new Uint8Array(n),
    ratios: createWeightWork(n),
    likelihoods: new Float64Array(anchorCapacity(memory)),
    narrow,
    wide: Math.max(...widths),
    hasReference: false,
    ready: false,
  };
}

export function createTemplateState({ options, bank, certificate }: TemplateWork): TemplateState {
  const n = options.x.length;
  return {
    learning: createLearningBlocks(n, options.learn),
    frames: 0,
    reference: new Float64Array(n),
    variances: new Float64Array(options.noise === 'counts' ? 0 : n),
    total: 0,
    effective: 0,
    saidShift: 0,
    drift: noDrift(),
    used: noDrift(),
    sums: createTemplateSums(bank.count, options.memory),
    held: createHeldBaseline(bank.count),
    dispersion: { squares: 0, expected: 0, free: 0 },
    certificate: createCertificateState(certificate),
  };
}
