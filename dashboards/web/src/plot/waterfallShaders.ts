import { FULL_SIGMA } from './colour.ts';
import { POOLED_ROWS, STRIPE_CELLS } from './linePainter.ts';

/**
 * Paints lines: cell x of line `gl_FragCoord.y` of the ring. The same sums, σ and colours as the painter without WebGL;
 * near zero the likelihood ratio is a series, because 32 bits would cancel.
 */
export const PAINT_LINES = `#version 300 es
precision highp float;
precision highp int;
precision highp sampler2D;
precision highp isampler2D;
uniform sampler2D counts;
uniform sampler2D expected;
uniform sampler2D variance;
uniform sampler2D meta;
uniform isampler2D columns;
uniform sampler2D colours;
uniform int newest;
uniform int lines;
uniform int rowsPerLine;
uniform int firstRow;
uniform int nextRow;
uniform int capacity;
uniform bool isResidual;
uniform bool isPoisson;
uniform int scale;
uniform vec2 limits;
uniform vec3 ground;
uniform float stripe;
out vec4 colour;

float forward(float value) {
  if (scale == 0) return value;
  return scale == 1 ? sign(value) * sqrt(abs(value)) : log(max(value, 1e-12)) / 2.302585093;
}
float significance(float difference, float spread) {
  if (!(spread > 0.0)) return 0.0;
  if (!isPoisson) return difference / sqrt(spread);
  float u = max(-1.0, difference / spread);
  float ratio = abs(u) < 0.1
    ? u * u * (0.5 - u * (1.0 / 6.0 - u * (1.0 / 12.0 - u * (0.05 - u / 30.0))))
    : u <= -1.0 ? 1.0 : (1.0 + u) * log(1.0 + u) - u;
  return sign(difference) * sqrt(max(0.0, 2.0 * spread * ratio));
}
void main() {
  int x = int(gl_FragCoord.x);
  int back = (newest - int(gl_FragCoord.y)) % lines;
  int line = newest - (back < 0 ? back + lines : back);
  int from = max(firstRow, line * rowsPerLine - (isResidual ? ${POOLED_ROWS} : 0));
  int to = min(nextRow, (line + 1) * rowsPerLine);
  ivec2 range = texelFetch(columns, ivec2(x, 0), 0).rg;
  float frames = 0.0;
  float sum = 0.0;
  float spread = 0.0;
  for (int row = from; row < to; row++) {
    int slot = row % capacity;
    vec2 about = texelFetch(meta, ivec2(slot, 0), 0).rg;
    if (isResidual && about.g < 0.5) continue;
    frames += about.r;
    for (int j = range.x; j < range.y; j++) {
      float seen = texelFetch(counts, ivec2(j, slot), 0).r;
      sum += isResidual ? seen - texelFetch(expected, ivec2(j, slot), 0).r : seen;
      if (isResidual) spread += texelFetch(variance, ivec2(j, slot), 0).r;
    }
  }
  if (frames == 0.0 || range.y <= range.x) {
    colour = vec4(ground * ((x + line) % ${STRIPE_CELLS} == 0 ? stripe : 1.0), 1.0);
    return;
  }
  float share = isResidual
    ? 0.5 + 0.5 * significance(sum, spread) / ${FULL_SIGMA.toFixed(1)}
    : (forward(sum / frames / float(range.y - range.x)) - limits.x) / (limits.y - limits.x);
  colour = vec4(texelFetch(colours, ivec2(int(clamp(floor(share * 255.0 + 0.5), 0.0, 255.0)), 0), 0).rgb, 1.0);
}`;

/** Shows the ring, newest line on top. */
export const SHOW_LINES = `#version 300 es
precision highp float;
precision highp int;
uniform sampler2D ring;
uniform int newest;
uniform int oldest;
uniform int lines;
uniform float height;
uniform float offset;
uniform float lineHeight;
out vec4 colour;
void main() {
  float y = height - gl_FragCoord.y - offset;
  int line = newest - int(floor(y / lineHeight));
  if (y < 0.0 || line < oldest) { colour = vec4(0.0); return; }
  colour = texelFetch(ring, ivec2(int(gl_FragCoord.x), line % lines), 0);
}`;
