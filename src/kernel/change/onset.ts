/** When a change began, from a statistic that was quiet, then loud. Plain data. */
export type OnsetTrack = {
  /** Last quiet time, us; -1 before any. */
  quietUs: number;
  /** First time after it, us; -1 while quiet. */
  leftUs: number;
  /** First time over the threshold, us; -1 before. */
  loudUs: number;
};

export function createOnsetTrack(): OnsetTrack {
  return { quietUs: -1, leftUs: -1, loudUs: -1 };
}

/**
 * Follows a statistic. The change began after the last quiet frame and not later than the first over the threshold;
 * its best guess is the first frame that was no longer quiet.
 *
 * @param timeUs - of this frame.
 * @param isQuiet - the statistic is where quiet data have it most of the time.
 * @param isLoud - the statistic is over its threshold.
 */
export function updateOnset(track: OnsetTrack, timeUs: number, isQuiet: boolean, isLoud: boolean): void {
  if (isQuiet) {
    track.quietUs = timeUs;
    track.leftUs = -1;
    track.loudUs = -1;
    return;
  }
  if (track.leftUs < 0) track.leftUs = timeUs;
  if (isLoud && track.loudUs < 0) track.loudUs = timeUs;
}
