/** How the viewer looks at it: kept in the address, so that a view can be sent to a colleague. */
export type Scale = 'linear' | 'sqrt' | 'log';
export type WaterfallView = 'residual' | 'counts';
export type Theme = 'dark' | 'light';
/** By what the waterfall is painted: 'auto' takes WebGL where the machine has it. */
export type Renderer = 'auto' | 'webgl' | 'canvas';

export interface View {
  scale: Scale;
  waterfall: WaterfallView;
  theme: Theme;
  readonly renderer: Renderer;
  /** Part of the spectral axis in its unit; null for all. */
  zoom: readonly [from: number, to: number] | null;
  /** Rows that the vertical axis covers; null for all that are held. */
  spanRows: number | null;
  /** Row looked back at; null at the live edge. */
  cursorRow: number | null;
}

/** How many rows can be looked at, where not all are. */
const ROW_SPANS = [25, 50, 100, 200, 500] as const;
const SCALES: readonly Scale[] = ['linear', 'sqrt', 'log'];
const RENDERERS: readonly Renderer[] = ['auto', 'webgl', 'canvas'];

export function readView(): View {
  const asked = new URLSearchParams(location.hash.slice(1));
  const zoom = (asked.get('zoom') ?? '').split(',').map(Number);
  const [from = Number.NaN, to = Number.NaN] = zoom;
  return {
    scale: SCALES.find((scale) => scale === asked.get('scale')) ?? 'sqrt',
    waterfall: asked.get('view') === 'counts' ? 'counts' : 'residual',
    theme: themeOf(asked.get('theme') ?? localStorage.getItem('theme')),
    renderer: RENDERERS.find((renderer) => renderer === asked.get('renderer')) ?? 'auto',
    zoom: zoom.length === 2 && to > from ? [from, to] : null,
    spanRows: ROW_SPANS.find((rows) => String(rows) === asked.get('rows')) ?? null,
    cursorRow: null,
  };
}

function themeOf(asked: string | null): Theme {
  if (asked === 'light' || asked === 'dark') return asked;
  return matchMedia('(prefers-color-scheme: light)').matches ? 'light' : 'dark';
}

export function writeView(view: View): void {
  const said = new URLSearchParams();
  if (view.scale !== 'sqrt') said.set('scale', view.scale);
  if (view.waterfall !== 'residual') said.set('view', view.waterfall);
  if (view.zoom !== null) said.set('zoom', view.zoom.map((x) => Number(x.toPrecision(6))).join(','));
  if (view.spanRows !== null) said.set('rows', String(view.spanRows));
  if (view.renderer !== 'auto') said.set('renderer', view.renderer);
  said.set('theme', view.theme);
  // The path alone: a token does not stay in the address.
  history.replaceState(null, '', `${location.pathname}#${said.toString().replaceAll('%2C', ',')}`);
  localStorage.setItem('theme', view.theme);
  document.documentElement.dataset['theme'] = view.theme;
}

export function nextScale(scale: Scale): Scale {
  return SCALES[(SCALES.indexOf(scale) + 1) % SCALES.length] ?? 'sqrt';
}

/** Fewer rows, or with `isCloser` false more, up to all. */
export function nextSpan(spanRows: number | null, isCloser: boolean): number | null {
  const at = ROW_SPANS.findIndex((rows) => rows === spanRows);
  if (isCloser) return ROW_SPANS[at < 0 ? ROW_SPANS.length - 1 : Math.max(0, at - 1)] ?? null;
  return at < 0 ? null : (ROW_SPANS[at + 1] ?? null);
}
