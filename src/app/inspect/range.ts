/** Least and most of finite numbers; both 0 when there was none. */
export interface Range {
  readonly least: number;
  readonly most: number;
}

/** Collects a range; what is not finite is left out. */
export function createRange() {
  let least = Infinity;
  let most = -Infinity;
  return {
    add(value: number): void {
      if (!Number.isFinite(value)) return;
      if (value < least) least = value;
      if (value > most) most = value;
    },
    isEmpty: () => least > most,
    get: (): Range => (least > most ? { least: 0, most: 0 } : { least, most }),
  };
}
