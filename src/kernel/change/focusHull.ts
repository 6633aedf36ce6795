/**
 * The windows that can still hold the maximum of a likelihood ratio for a rise: plain data of constant size.
 *
 * A window begins before some frame and ends now; it has information A (expected counts, or the sum of 1 / variance) and
 * score S (counts above expectation, or the sum of deviation / variance). Seen as points (A, S) of the sums so far, only
 * the corners of the lower convex hull with slope above zero can win, for any size of change. For a fall, hand in the
 * score with its sign turned.
 */
export type FocusHull = {
  /** Corners held, oldest first. */
  size: number;
  /** Sums since the hull was last empty, and frames. */
  info: number;
  score: number;
  frames: number;
  /** [capacity] the sums before the first frame of each window, and its start. */
  infos: Float64Array;
  scores: Float64Array;
  firsts: Float64Array;
  startsUs: Float64Array;
  /** Corners given up because there was no room: 0 means that every maximum was exact. */
  merged: number;
};

/** More corners than this were never seen: 25 in two million frames. */
const CAPACITY = 48;

/** @param capacity - corners kept, at least 3; beyond, the corner that changes the hull least is given up. */
export function createFocusHull(capacity = CAPACITY): FocusHull {
  const list = () => new Float64Array(capacity);
  return {
    size: 0,
    info: 0,
    score: 0,
    frames: 0,
    infos: list(),
    scores: list(),
    firsts: list(),
    startsUs: list(),
    merged: 0,
  };
}

/** Forgets all windows. */
export function resetFocusHull(hull: FocusHull): void {
  hull.size = 0;
  hull.info = 0;
  hull.score = 0;
  hull.frames = 0;
}

/**
 * Adds a frame: a window that begins with it, and the frame to all windows; then prunes. Amortised constant time.
 *
 * @param hull - changed in place.
 * @param info - information of the frame, > 0.
 * @param score - of the frame, in favour of the change looked for.
 * @param timeUs - start of the frame.
 * @param memory - longest window, frames. Windows beyond are dropped; shorter ones that had been pruned in their favour
 * do not come back.
 * @see Romano, Eckley, Fearnhead, Rigaill, J. Mach. Learn. Res. 24 (2023) 81; Ward, Dilillo, Eckley, Fearnhead,
 * J. Comput. Graph. Stat. 33 (2024), for counts.
 */
export function advanceFocusHull(hull: FocusHull, info: number, score: number, timeUs: number, memory: number): void {
  const { infos, scores, firsts } = hull;
  let n = hull.size;
  if (n === 0) {
    if (!(score > 0)) return;
    hull.info = 0;
    hull.score = 0;
    hull.frames = 0;
  } else if (hull.frames + 1 - firsts[0]! > memory) n = dropOldest(hull);
  if (n === infos.length) n = mergeLeast(hull);
  infos[n] = hull.info;
  scores[n] = hull.score;
  firsts[n] = hull.frames;
  hull.startsUs[n] = timeUs;
  const a = (hull.info += info);
  const s = (hull.score += score);
  hull.frames++;
  // What the newest window adds must be steeper than what lies between it and the one before.
  for (; n > 0; n--) {
    const da = infos[n]! - infos[n - 1]!;
    const ds = scores[n]! - scores[n - 1]!;
    if ((s - scores[n]!) * da > (a - infos[n]!) * ds) break;
  }
  hull.size = n === 0 && !(s > scores[0]!) ? 0 : n + 1;
}

function dropOldest(hull: FocusHull): number {
  remove(hull, 0);
  return hull.size;
}

/** Gives up the corner between two others whose likelihood ratio they come nearest to. */
function mergeLeast(hull: FocusHull): number {
  const { infos, scores, size } = hull;
  let place = 1;
  let least = Infinity;
  for (let j = 1; j < size - 1; j++) {
    const share = (infos[j]! - infos[j - 1]!) / (infos[j + 1]! - infos[j - 1]!);
    const height = scores[j - 1]! + share * (scores[j + 1]! - scores[j - 1]!) - scores[j]!;
    // What the window that begins here would lose: the height, at the rate of the window.
    const loss = (height * (hull.score - scores[j]!)) / (hull.info - infos[j]!);
    if (loss < least) {
      least = loss;
      place = j;
    }
  }
  remove(hull, place);
  hull.merged++;
  return hull.size;
}

function remove(hull: FocusHull, j: number): void {
  for (const list of [hull.infos, hull.scores, hull.firsts, hull.startsUs]) list.copyWithin(j, j + 1, hull.size);
  hull.size--;
}
