import type { Alert } from '../model/alert.ts';

/** A mean spectrum of consecutive frames, per frame, with one standard deviation. */
export interface EvidenceSpectrum {
  readonly fromSeq: number;
  readonly toSeq: number;
  /** Start of the first exposure, and of the last, microseconds since 1970. */
  readonly fromUs: number;
  readonly toUs: number;
  readonly frameCount: number;
  /** Of all frames together, microseconds. */
  readonly exposureUs: number;
  /** [channels], in the unit of the layout; null where no frame could be used. */
  readonly mean: readonly (number | null)[];
  /** [channels], one standard deviation of the mean. */
  readonly sigma: readonly (number | null)[];
}

/** One statistic around the onset: [time in microseconds since 1970, value, threshold or null]. */
export interface EvidenceStatistic {
  readonly stage: string;
  readonly points: readonly (readonly [timeUs: number, value: number, threshold: number | null])[];
}

/** A reading as it last stood when the alert was raised. */
export interface EvidenceReading {
  readonly stage: string;
  readonly name: string;
  readonly timeUs: number;
  readonly value: number;
  readonly standardError?: number | undefined;
  readonly unit: string;
  readonly quality: string;
}

/** All that speaks for an alert, kept with the run. The same from a live run and from its recording. */
export interface EvidenceBundle {
  readonly format: 1;
  readonly run: string;
  readonly instrument: string;
  readonly modality: string;
  /** SHA-256 of the pipeline file without its secrets, hexadecimal. */
  readonly configSha256: string;
  /** Of the program and of what matters to a replay, by name. */
  readonly versions: Readonly<Record<string, string>>;
  /** As it was raised. */
  readonly alert: Alert;
  readonly axis: { readonly name: string; readonly unit: string; readonly centres: readonly number[] };
  readonly quantity: string;
  readonly unit: string;
  /** Channels of the detector that were added to one here. */
  readonly channelsPerBin: number;
  /** The last frames before the change can have begun; null when they were no longer held. */
  readonly before: EvidenceSpectrum | null;
  /** From the onset to the frame of the alert. */
  readonly at: EvidenceSpectrum | null;
  /** The first frames after that; fewer where the run ended. */
  readonly after: EvidenceSpectrum | null;
  /** [channels] (after - before) over its standard deviation, before scaled to the exposure of after; null where there is none. */
  readonly residual: readonly (number | null)[] | null;
  readonly statistics: readonly EvidenceStatistic[];
  /** Dose, damage, drift and all else that stages read, as it stood. */
  readonly readings: readonly EvidenceReading[];
  /** Slow signals at the frame of the alert, by name. */
  readonly context: Readonly<Record<string, number>>;
}
