import type { Transfer } from '../../model/transferFile.ts';

/** [m] 1 where a window of the file reaches beyond the channels of the layout: these channels cannot be told. */
export function hangingWindows({ map, master }: Transfer): Uint8Array {
  const m = master.centres.length;
  const out = new Uint8Array(m);
  if (map.kind === 'lowRank') return out;
  const w = map.halfWindow;
  for (let j = 0; j < m; j++)
    for (let k = -w; k <= w; k++)
      if ((j + k < 0 || j + k >= m) && map.coefficients[j * (2 * w + 1) + w + k] !== 0) out[j] = 1;
  return out;
}

/** Masks the channels that a masked one takes part in; a map of the whole spectrum takes bridged ones for measured. */
export function maskTouched({ map }: Transfer, mask: Uint8Array, out: Uint8Array): void {
  if (map.kind === 'lowRank') {
    if (map.identity) for (let j = 0; j < mask.length; j++) if (mask[j] === 1) out[j] = 1;
    return;
  }
  const w = map.halfWindow;
  for (let i = 0; i < mask.length; i++) {
    if (mask[i] !== 1) continue;
    const end = Math.min(out.length, i + w + 1);
    for (let j = Math.max(0, i - w); j < end; j++) if (map.coefficients[j * (2 * w + 1) + w + i - j] !== 0) out[j] = 1;
  }
}
