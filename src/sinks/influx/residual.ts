import type { Frame } from '../../model/frame.ts';
import type { Fold } from './foldSpectrum.ts';

/** Which two nodes a residual is made of. */
export interface ResidualChoice {
  /** Id of the stream or node whose frames were measured. */
  readonly of: string;
  /** Id of the change stage whose frames say what was expected, with variances. */
  readonly against: string;
}

interface Kept {
  seq: number;
  values: Float64Array;
  mask: Uint8Array | null;
}

/** Remembers the measured frames until what was expected of them is known. */
export interface ResidualMaker {
  /** Keeps a copy of a measured frame. */
  keep(frame: Frame): void;
  /**
   * What was measured less what was expected, over its standard deviation.
   *
   * @param expected - of the same stream, with variances.
   * @param fold - of its layout.
   * @returns [binCount] new array, standard deviations of each field; NaN where nothing is known. Null when the measured frame is another.
   */
  residualOf(expected: Frame, fold: Fold): Float64Array | null;
}

export function createResidualMaker(): ResidualMaker {
  const kept = new Map<string, Kept>();
  return {
    keep({ stream, seq, values, mask }) {
      const old = kept.get(stream);
      const copy = old?.values.length === values.length ? old.values : new Float64Array(values.length);
      copy.set(values);
      kept.set(stream, { seq, values: copy, mask: mask === undefined ? null : Uint8Array.from(mask) });
    },
    residualOf({ stream, seq, values: means, variances, mask: unknown }, { binOf, binCount }) {
      const measured = kept.get(stream);
      if (measured?.seq !== seq || measured.values.length !== means.length || variances === undefined) return null;
      const { values, mask } = measured;
      const differences = new Float64Array(binCount);
      const scatters = new Float64Array(binCount);
      const length = binOf.length;
      for (let start = 0; start < values.length; start += length)
        for (let i = 0; i < length; i++) {
          const at = start + i;
          const scatter = variances[at]!;
          if (mask?.[at] === 1 || unknown?.[at] === 1 || !(scatter > 0 && scatter < Infinity)) continue;
          differences[binOf[i]!]! += values[at]! - means[at]!;
          scatters[binOf[i]!]! += scatter;
        }
      return differences.map((difference, bin) => difference / Math.sqrt(scatters[bin]!));
    },
  };
}
