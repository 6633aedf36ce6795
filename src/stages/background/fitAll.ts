import type { BackgroundState, BackgroundWork } from './work.ts';

/** The background, and now and then those of varied settings. */
export function fitAll(state: BackgroundState, work: BackgroundWork): boolean {
  const { method, settings, spectrum, background, lower, higher } = work;
  const { region } = work.place;
  const isDue = settings.vary > 0 && ++state.age >= settings.varyEvery;
  const hasLower = isDue && method.fit(spectrum, -1, lower);
  const hasHigher = isDue && method.fit(spectrum, 1, higher);
  if (!method.fit(spectrum, 0, background)) return false;
  if (!hasLower && !hasHigher) return true;
  state.age = 0;
  let [netLower, netHigher] = [0, 0];
  for (let i = 0; i < background.length; i++) {
    const down = hasLower ? lower[i]! - background[i]! : 0;
    const up = hasHigher ? higher[i]! - background[i]! : 0;
    state.systematic[i] = Math.max(Math.abs(down), Math.abs(up));
    if (i < region.first || i >= region.end) continue;
    netLower += down;
    netHigher += up;
  }
  state.netSystematic = Math.max(Math.abs(netLower), Math.abs(netHigher));
  return true;
}
