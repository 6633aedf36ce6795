import type { RowStore } from '../rowStore.ts';
import type { Scale } from '../view.ts';
import { createGlProgram, createGlTexture } from './glProgram.ts';
import { stripeOf, type LineLook, type LinePainter, type WaterfallSetting } from './linePainter.ts';
import { forward } from './scales.ts';
import { rgb } from './tokens.ts';
import { PAINT_LINES, SHOW_LINES } from './waterfallShaders.ts';

const SCALES: readonly Scale[] = ['linear', 'sqrt', 'log'];
const [COUNTS, EXPECTED, VARIANCE, META, COLUMNS, COLOURS, RING] = [0, 1, 2, 3, 4, 5, 6];

/**
 * Paints by WebGL2: the rows lie in ring textures (a new row is written once), lines are summed and coloured in a shader.
 *
 * @param isForced - also where the browser would only emulate it, which is slower than the painter without it.
 * @param lost - told when the context is taken away; the painter paints nothing from then on.
 * @returns null where the browser has none; the canvas can then be used otherwise.
 */
export function createGlPainter(ground: HTMLCanvasElement, isForced: boolean, lost: () => void): LinePainter | null {
  if (!isForced && isEmulated()) return null;
  // The picture is read back by the export.
  const gl = ground.getContext('webgl2', { antialias: false, depth: false, preserveDrawingBuffer: true });
  if (gl === null) return null;
  const painting = createGlProgram(gl, PAINT_LINES);
  const showing = createGlProgram(gl, SHOW_LINES);
  const textures = Array.from({ length: 7 }, (_, unit) => createGlTexture(gl, unit));
  const frame = gl.createFramebuffer();
  let store: RowStore | null = null;
  let look: LineLook | null = null;
  let uploaded = 0;
  ground.addEventListener('webglcontextlost', lost);

  const bind = (unit: number) => {
    gl.activeTexture(gl.TEXTURE0 + unit);
    gl.bindTexture(gl.TEXTURE_2D, textures[unit] ?? null);
  };
  function allocate(rows: RowStore): void {
    store = rows;
    uploaded = rows.first;
    for (const unit of [COUNTS, EXPECTED, VARIANCE]) {
      bind(unit!);
      gl!.texImage2D(gl!.TEXTURE_2D, 0, gl!.R32F, rows.channels, rows.capacity, 0, gl!.RED, gl!.FLOAT, null);
    }
    bind(META!);
    gl!.texImage2D(gl!.TEXTURE_2D, 0, gl!.RG32F, rows.capacity, 1, 0, gl!.RG, gl!.FLOAT, null);
  }
  /** Rows that have come since, in runs that lie side by side. */
  function upload(rows: RowStore): void {
    for (let row = Math.max(uploaded, rows.first); row < rows.next;) {
      const slot = rows.slot(row);
      const count = Math.min(rows.next - row, rows.capacity - slot);
      const at = slot * rows.channels;
      const data = [rows.counts, rows.expected, rows.variance] as const;
      data.forEach((values, unit) => {
        bind(unit);
        const run = values.subarray(at, at + count * rows.channels);
        gl!.texSubImage2D(gl!.TEXTURE_2D, 0, 0, slot, rows.channels, count, gl!.RED, gl!.FLOAT, run);
      });
      const about = new Float32Array(2 * count);
      for (let k = 0; k < count; k++) about.set([rows.frames(row + k), rows.isReferenced(row + k) ? 1 : 0], 2 * k);
      bind(META!);
      gl!.texSubImage2D(gl!.TEXTURE_2D, 0, slot, 0, count, 1, gl!.RG, gl!.FLOAT, about);
      row += count;
    }
    uploaded = rows.next;
  }
  function setLook({ width, lines, columns, colours, rowsPerLine }: LineLook, setting: WaterfallSetting): void {
    bind(COLUMNS!);
    gl!.texImage2D(gl!.TEXTURE_2D, 0, gl!.RG32I, width, 1, 0, gl!.RG_INTEGER, gl!.INT, columns);
    bind(COLOURS!);
    const table = Uint8Array.from({ length: 1024 }, (_, i) => (i % 4 === 3 ? 255 : colours[3 * (i >> 2) + (i % 4)]!));
    gl!.texImage2D(gl!.TEXTURE_2D, 0, gl!.RGBA8, 256, 1, 0, gl!.RGBA, gl!.UNSIGNED_BYTE, table);
    bind(RING!);
    gl!.texImage2D(gl!.TEXTURE_2D, 0, gl!.RGBA8, width, lines, 0, gl!.RGBA, gl!.UNSIGNED_BYTE, null);
    gl!.bindFramebuffer(gl!.FRAMEBUFFER, frame);
    gl!.framebufferTexture2D(gl!.FRAMEBUFFER, gl!.COLOR_ATTACHMENT0, gl!.TEXTURE_2D, textures[RING!] ?? null, 0);
    const { view, countRange, tokens, isPoisson } = setting;
    const background = rgb(tokens.bg);
    const [low, high] = countRange.map((value) => forward(view.scale, value)) as [number, number];
    gl!.useProgram(painting.program);
    const samplers = ['counts', 'expected', 'variance', 'meta', 'columns', 'colours'];
    samplers.forEach((name, unit) => gl!.uniform1i(painting.at(name), unit));
    gl!.uniform1i(painting.at('lines'), lines);
    gl!.uniform1i(painting.at('rowsPerLine'), rowsPerLine);
    gl!.uniform1i(painting.at('isResidual'), Number(view.waterfall === 'residual'));
    gl!.uniform1i(painting.at('isPoisson'), Number(isPoisson));
    gl!.uniform1i(painting.at('scale'), SCALES.indexOf(view.scale));
    gl!.uniform2f(painting.at('limits'), low, high === low ? low + 1 : high);
    gl!.uniform3fv(
      painting.at('ground'),
      background.map((part) => part / 255),
    );
    gl!.uniform1f(painting.at('stripe'), stripeOf(background));
  }

  return {
    name: 'webgl',
    reset(rows, setting, nextLook) {
      look = nextLook;
      if (rows !== store) allocate(rows);
      setLook(look, setting);
    },
    paint(rows, from, to) {
      if (look === null || to <= from) return;
      // What is no longer known to be held must be written anew.
      if (uploaded < rows.first) uploaded = rows.first;
      upload(rows);
      const { lines, width } = look;
      gl.bindFramebuffer(gl.FRAMEBUFFER, frame);
      gl.viewport(0, 0, width, lines);
      gl.useProgram(painting.program);
      gl.uniform1i(painting.at('newest'), to - 1);
      gl.uniform1i(painting.at('firstRow'), rows.first);
      gl.uniform1i(painting.at('nextRow'), rows.next);
      gl.uniform1i(painting.at('capacity'), rows.capacity);
      gl.enable(gl.SCISSOR_TEST);
      for (let line = Math.max(from, to - lines); line < to;) {
        const at = line % lines;
        const count = Math.min(to - line, lines - at);
        gl.scissor(0, at, width, count);
        gl.drawArrays(gl.TRIANGLES, 0, 3);
        line += count;
      }
      gl.disable(gl.SCISSOR_TEST);
    },
    show({ newest, oldest, offset }) {
      if (look === null) return;
      const ratio = Math.min(2, devicePixelRatio || 1);
      const height = Math.max(1, Math.round(ground.clientHeight * ratio));
      if (ground.width !== look.width || ground.height !== height) {
        ground.width = look.width;
        ground.height = height;
      }
      gl.bindFramebuffer(gl.FRAMEBUFFER, null);
      gl.viewport(0, 0, ground.width, height);
      gl.useProgram(showing.program);
      gl.uniform1i(showing.at('ring'), RING!);
      gl.uniform1i(showing.at('newest'), newest);
      gl.uniform1i(showing.at('oldest'), oldest);
      gl.uniform1i(showing.at('lines'), look.lines);
      gl.uniform1f(showing.at('height'), height);
      gl.uniform1f(showing.at('offset'), offset * ratio);
      gl.uniform1f(showing.at('lineHeight'), height / (look.lines - 1));
      gl.drawArrays(gl.TRIANGLES, 0, 3);
    },
  };
}

/** Names of renderers that have no graphics card behind them. */
const EMULATIONS = /swiftshader|llvmpipe|softpipe|basic render/i;

/** Asked of a canvas of its own: one that has given WebGL gives nothing else. */
function isEmulated(): boolean {
  const gl = document.createElement('canvas').getContext('webgl2', { failIfMajorPerformanceCaveat: true });
  if (gl === null) return true;
  const info = gl.getExtension('WEBGL_debug_renderer_info');
  const name: unknown = gl.getParameter(info === null ? gl.RENDERER : info.UNMASKED_RENDERER_WEBGL);
  gl.getExtension('WEBGL_lose_context')?.loseContext();
  return typeof name !== 'string' || EMULATIONS.test(name);
}
