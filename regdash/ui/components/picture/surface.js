// Paints a probability surface, and on it the decision boundary, into an image.

const PIXELS = 288; // painted this wide and high, then scaled by the browser
const EDGE = 127.5; // between the levels of the two classes

class SurfacePainter {
  // `line` is how many of its pixels the boundary is wide.
  constructor(rgb, edge, line = 1) {
    this.line = line;
    this.table = colourTable(rgb, edge);
    this.canvas = Object.assign(document.createElement("canvas"), { width: PIXELS, height: PIXELS });
  }

  // A blend of two surfaces (side × side levels, row 0 at the bottom), on a canvas PIXELS wide and high.
  paint({ first, second, mix, side }, canvas) {
    const context = canvas.getContext("2d");
    const pixels = context.createImageData(PIXELS, PIXELS);
    renderSurface(first, second, mix, side, this, new Uint32Array(pixels.data.buffer));
    context.putImageData(pixels, 0, 0);
  }

  // The same as the address of an image.
  url(surface) {
    this.paint(surface, this.canvas);
    return this.canvas.toDataURL();
  }
}

// 256 colours as 32-bit pixels; entry 256 is the boundary line itself.
function colourTable(rgb, edge) {
  const table = new Uint8ClampedArray(4 * 257).fill(255);
  for (let i = 0; i < 256; i += 1) table.set(rgb.subarray(3 * i, 3 * i + 3), 4 * i);
  table.set(edge, 4 * 256);
  return new Uint32Array(table.buffer);
}

// Scale a blend of two frames (side × side, row 0 at the bottom) to PIXELS × PIXELS bilinearly, and draw the line where
// the class changes.
function renderSurface(first, second, mix, side, { table, line }, out) {
  const levels = new Float32Array(PIXELS * PIXELS);
  const blend = Float32Array.from(first, (value, i) => value + mix * (second[i] - value));
  for (let row = 0; row < PIXELS; row += 1) {
    const v = Math.max(0, Math.min(side - 1, ((PIXELS - 1 - row + 0.5) / PIXELS) * side - 0.5));
    const low = Math.min(Math.floor(v), side - 2) * side;
    const up = v - low / side;
    for (let column = 0; column < PIXELS; column += 1) {
      const u = Math.max(0, Math.min(side - 1, ((column + 0.5) / PIXELS) * side - 0.5));
      const left = Math.min(Math.floor(u), side - 2);
      const right = u - left;
      const at = low + left;
      const bottom = blend[at] + right * (blend[at + 1] - blend[at]);
      const top = blend[at + side] + right * (blend[at + side + 1] - blend[at + side]);
      levels[row * PIXELS + column] = bottom + up * (top - bottom);
    }
  }
  const reach = line / 2 + 0.75; // somewhat beyond its sides, where it fades
  const far = (reach * Math.SQRT2 * 255 * side) / PIXELS; // from the line's level, even where levels change fastest
  for (let i = 0; i < levels.length; i += 1) {
    const level = levels[i];
    out[i] = table[level | 0];
    if (Math.abs(level - EDGE) > far) continue;
    const across = level - levels[i % PIXELS ? i - 1 : i + 1];
    const down = level - levels[i < PIXELS ? i + PIXELS : i - PIXELS];
    const share = edgeShare(level - EDGE, across * across + down * down, reach);
    if (share > 0) out[i] = mixed(out[i], table[256], share);
  }
}

// How much of a pixel the line covers: all of those at it, and less of the next ones, so that it has no steps. `beyond`
// is how far the pixel's level lies from the line's, `steepness` the square of what levels change by from pixel to pixel.
function edgeShare(beyond, steepness, reach) {
  if (beyond * beyond >= reach * reach * steepness) return 0;
  return Math.min(1, reach - Math.abs(beyond) / Math.sqrt(steepness));
}

// A 32-bit pixel between two.
function mixed(one, other, share) {
  let pixel = 0;
  for (let shift = 0; shift < 32; shift += 8) {
    const from = (one >>> shift) & 255;
    pixel |= Math.round(from + share * (((other >>> shift) & 255) - from)) << shift;
  }
  return pixel >>> 0;
}
