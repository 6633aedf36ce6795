import type { AdapterSetting } from '../../../src/model/adapter.ts';
import { WIRE_LIMITS } from '../../../src/wire/limits.ts';
import { WireError } from '../../../src/wire/wireError.ts';
import type { ImageMessage } from './message.ts';

const MOST_IMAGES = 2 ** 32;

/** Number and time of images whose own begin anew with each series. */
export interface SeriesClock {
  /** @throws WireError 'garbage' or 'clock'. */
  place(image: ImageMessage, receivedUs: number): { readonly seq: number; readonly timeUs: number };
}

/**
 * Goes on counting from series to series. Where a series does not tell its date, its first image is taken to have
 * ended when it arrived.
 */
export function createSeriesClock({ resumeAfter }: Pick<AdapterSetting, 'resumeAfter'>): SeriesClock {
  let series: string | null = null;
  let first = 0;
  let last = resumeAfter?.seq ?? -1;
  let arrivedUs: number | null = null;
  return {
    place({ series: given, imageId, seriesStartUs, startUs, exposureUs }, receivedUs) {
      if (imageId >= MOST_IMAGES)
        throw new WireError('garbage', `image ${imageId}, expected fewer than ${MOST_IMAGES}`);
      if (given !== series) {
        // After a restart the series may be the same as before: then its numbers go on.
        first = series === null && imageId > last ? 0 : last + 1;
        arrivedUs = null;
        series = given;
      }
      arrivedUs ??= receivedUs - startUs - exposureUs;
      const timeUs = Math.round((seriesStartUs ?? arrivedUs) + startUs);
      if (!(timeUs >= 0 && timeUs < WIRE_LIMITS.maxTimeUs))
        throw new WireError('clock', `image ${imageId} begins at ${timeUs} us, expected microseconds since 1970`);
      last = Math.max(last, first + imageId);
      return { seq: first + imageId, timeUs };
    },
  };
}
