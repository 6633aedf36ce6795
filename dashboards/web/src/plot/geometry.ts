/** Where everything stands in the main panel, CSS pixels. All plots share the horizontal axis; all times the vertical. */
export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface Geometry {
  readonly width: number;
  readonly height: number;
  readonly spectrum: Box;
  readonly residual: Box;
  readonly waterfall: Box;
  /** Top of the spectral axis under the residual. */
  readonly axisY: number;
  readonly run: Box;
  readonly trackX: number;
  readonly trackStep: number;
  readonly trackCount: number;
  readonly isSmall: boolean;
}

const HEAD = 28;
const AXIS = 20;

export function geometryOf(width: number, height: number): Geometry {
  const isSmall = width < 1000 || height < 520;
  const left = isSmall ? 98 : 104;
  const trackCount = width < 760 ? 4 : 6;
  const trackStep = width > 1250 ? 92 : width > 940 ? 66 : width > 760 ? 54 : 58;
  const right = width - trackCount * trackStep - 6 - 8;
  const free = Math.max(120, height - 3 * HEAD - 2 * AXIS - 6);
  const spectrumHeight = Math.round(free * 0.27);
  const residualHeight = Math.round(free * 0.15);
  const residualY = HEAD + spectrumHeight + HEAD - 2;
  const axisY = residualY + residualHeight;
  const waterfallY = axisY + AXIS + HEAD;
  const plotWidth = Math.max(60, right - left);
  const waterfallHeight = Math.max(40, height - waterfallY - AXIS);
  return {
    width,
    height,
    spectrum: { x: left, y: HEAD, width: plotWidth, height: spectrumHeight },
    residual: { x: left, y: residualY, width: plotWidth, height: residualHeight },
    waterfall: { x: left, y: waterfallY, width: plotWidth, height: waterfallHeight },
    axisY,
    run: { x: 8, y: waterfallY, width: isSmall ? 16 : 22, height: waterfallHeight },
    trackX: left + plotWidth + 8,
    trackStep,
    trackCount,
    isSmall,
  };
}

/** A linear map between the spectral axis and pixels. */
export interface AxisMap {
  readonly from: number;
  readonly to: number;
  x(coordinate: number): number;
  coordinate(x: number): number;
}

export function axisMapOf(box: Box, range: readonly [number, number]): AxisMap {
  const [from, to] = range;
  const scale = box.width / (to - from);
  return { from, to, x: (c) => box.x + (c - from) * scale, coordinate: (x) => from + (x - box.x) / scale };
}

/** Round numbers inside a range, about `count` of them. */
export function niceSteps(from: number, to: number, count: number): number[] {
  const raw = (to - from) / count;
  if (!(raw > 0) || !Number.isFinite(raw)) return [];
  const power = 10 ** Math.floor(Math.log10(raw));
  const lead = raw / power;
  const step = (lead < 1.5 ? 1 : lead < 3.5 ? 2 : lead < 7.5 ? 5 : 10) * power;
  const steps: number[] = [];
  for (let k = Math.ceil(from / step); k * step <= to + step * 1e-9; k++)
    steps.push(Number((k * step).toPrecision(12)));
  return steps;
}
