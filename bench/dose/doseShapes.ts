/** A flat ground, Gaussian bands: [height, place, width], channels. */
export interface Shape {
  readonly ground: readonly [left: number, right: number];
  readonly bands: readonly (readonly [height: number, place: number, width: number])[];
}

const CHANNELS = 64;

/** A: an edge with two bands that move when damaged; B: bands that lose height while a broad one grows between them. */
export const SHAPES: Readonly<Record<'A' | 'B', { readonly intact: Shape; readonly damaged: Shape }>> = {
  A: {
    intact: {
      ground: [0.35, 0.6],
      bands: [
        [1.6, 21.8, 2.6],
        [0.8, 36, 3.2],
      ],
    },
    damaged: {
      ground: [0.35, 0.6],
      bands: [
        [1.5, 19.6, 2.9],
        [0.75, 34, 3.4],
      ],
    },
  },
  B: {
    intact: {
      ground: [0.3, 0.3],
      bands: [
        [2.2, 20, 1.9],
        [1.4, 44, 2],
      ],
    },
    damaged: {
      ground: [0.3, 0.3],
      bands: [
        [0.55, 20, 2.6],
        [0.55, 44, 2.4],
        [0.55, 32, 8],
      ],
    },
  },
};

/** [64] the shape, moved up by `shift` channels. */
export function shiftedShape({ ground, bands }: Shape, shift: number): number[] {
  return Array.from({ length: CHANNELS }, (_, i) => {
    const x = i - shift;
    const step = ground[0] + (ground[1] - ground[0]) / (1 + Math.exp(-(x - 16) / 1.2));
    return bands.reduce(
      (sum, [height, place, width]) => sum + height * Math.exp(-0.5 * ((x - place) / width) ** 2),
      step,
    );
  });
}
