import type { Alert } from '../model/alert.ts';
import type { Detection } from '../model/signal.ts';
import type { RegionView, RegionsMessage } from './protocol.ts';
import type { RecentMean } from './recentMean.ts';

const MAX_REGIONS = 32;

interface Region {
  from: number;
  to: number;
  sign: -1 | 0 | 1;
  sinceUs: number;
  /** Of the last detection there. */
  lastUs: number;
  strength: number;
}

/** Where the spectrum has changed while an alert stands: the regions of the alerts and of the detections behind them. */
export interface RegionBook {
  noteDetection(detection: Detection): void;
  noteAlert(alert: Alert): void;
  /** σ and % of the shown mean over each region, and the largest residual. */
  message(mean: RecentMean, edges: readonly number[]): RegionsMessage;
  clear(): void;
}

export function createRegionBook(): RegionBook {
  const active = new Set<string>();
  let regions: Region[] = [];

  function note(signal: Alert | Detection, onsetUs: number): void {
    if (signal.region === undefined) return;
    const [from, to] = signal.region;
    const { sign, timeUs } = signal;
    const strength = signal.statistic / signal.threshold;
    const known = regions.find((r) => r.sign * sign >= 0 && r.from < to && from < r.to);
    if (known === undefined) {
      if (regions.length < MAX_REGIONS) regions.push({ from, to, sign, strength, sinceUs: onsetUs, lastUs: timeUs });
      return;
    }
    known.sinceUs = Math.min(known.sinceUs, onsetUs);
    known.lastUs = timeUs;
    if (strength <= known.strength) return;
    known.strength = strength;
    known.from = from;
    known.to = to;
    if (sign !== 0) known.sign = sign;
  }
  return {
    noteDetection: (detection) => note(detection, detection.onsetUs),
    noteAlert(alert) {
      if (alert.phase === 'cleared') {
        active.delete(alert.id);
        if (active.size === 0) regions = [];
        return;
      }
      // What was detected long before and called nobody does not belong to this change.
      if (active.size === 0) regions = regions.filter((region) => region.lastUs >= alert.onsetUs);
      active.add(alert.id);
      note(alert, alert.onsetUs);
    },
    message(mean, edges) {
      const shown = active.size === 0 ? [] : regions;
      const views = shown.map((region) => weigh(region, mean, edges));
      views.sort((a, b) => Math.abs(b.sigma ?? 0) - Math.abs(a.sigma ?? 0));
      return { type: 'regions', regions: views, residual: mean.isReferenced ? largestResidual(mean, edges) : null };
    },
    clear() {
      active.clear();
      regions = [];
    },
  };
}

function weigh(region: Region, mean: RecentMean, edges: readonly number[]): RegionView {
  const { from, to, sign, sinceUs } = region;
  let counts = 0;
  let expected = 0;
  let variance = 0;
  for (let j = 0; j < mean.counts.length; j++) {
    const centre = 0.5 * (edges[j]! + edges[j + 1]!);
    if (centre < from || centre > to) continue;
    counts += mean.counts[j]!;
    expected += mean.expected[j]!;
    variance += mean.variance[j]!;
  }
  const isKnown = mean.isReferenced && variance > 0;
  return {
    from,
    to,
    sign,
    sinceUs,
    sigma: isKnown ? (counts - expected) / Math.sqrt(variance) : null,
    percent: isKnown && expected > 0 ? (100 * (counts - expected)) / expected : null,
  };
}

function largestResidual(mean: RecentMean, edges: readonly number[]): NonNullable<RegionsMessage['residual']> {
  let outsideCount = 0;
  let channelCount = 0;
  let largest = 0;
  let largestSigma = 0;
  for (let j = 0; j < mean.counts.length; j++) {
    if (!(mean.variance[j]! > 0)) continue;
    channelCount++;
    const sigma = (mean.counts[j]! - mean.expected[j]!) / Math.sqrt(mean.variance[j]!);
    if (Math.abs(sigma) > 3) outsideCount++;
    if (Math.abs(sigma) > Math.abs(largestSigma)) {
      largest = j;
      largestSigma = sigma;
    }
  }
  return { outsideCount, channelCount, largestAt: 0.5 * (edges[largest]! + edges[largest + 1]!), largestSigma };
}
