// Surfaces in motion. At rest a surface is an image in Plotly's drawing: it zooms with it and is printed with it. But to
// pack an image, to read it and to draw all points above it anew takes 35 ms for two panels where a canvas behind the
// drawing, which is transparent, takes 18 (two slow cores; `python -m bench page`). So while the picture moves, canvases
// stand in for the images.

const XLINK = "http://www.w3.org/1999/xlink";
const READ = 500; // milliseconds that a browser needs at most to read an image
const SETTLED = 100; // milliseconds without a new surface after which a thumb that is held counts as resting

class Film {
  constructor(picture) {
    this.picture = picture;
    this.canvases = new Map(); // by the image that each stands in for
    this.moving = new Set(); // images that are hidden
  }

  // Show an arm's surface.
  paint(arm, moves = this.picture.moves) {
    const { data, frames, overlay, painter, plot } = this.picture;
    const image = plot.querySelector(`.subplot.x${arm + 2}y${arm + 2} .heatmaplayer image`);
    if (!image) return; // zoomed out of sight
    const surface = overlay.surface(arm);
    image.style.imageRendering = "auto";
    image.style.opacity = overlay.lacks(arm) ? FAINT : "";
    if (moves) painter.paint(surface, this.canvas(image, arm));
    else this.still(image, painter.url(surface));
    // The hover label reads its value here.
    const calculated = plot.calcdata.find(([cell]) => cell?.trace?.uid === `surface-${data.scores[arm].key}`);
    if (calculated) calculated[0].z = frames.rows(surface.mix < 0.5 ? surface.first : surface.second);
  }

  // The canvas in place of an image; from now on it is what is seen.
  canvas(image, arm) {
    if (!this.canvases.has(image)) this.canvases.set(image, standIn(image, this.picture.plot, arm));
    const canvas = this.canvases.get(image);
    canvas.style.opacity = image.style.opacity;
    canvas.hidden = false;
    image.style.visibility = "hidden";
    this.moving.add(image);
    clearInterval(this.timer);
    this.timer = setInterval(() => this.settle(), SETTLED);
    return canvas;
  }

  // The image itself; its canvas is seen until the browser has read it.
  still(image, url) {
    const isNew = image.getAttributeNS(XLINK, "href") !== url;
    if (isNew) image.setAttributeNS(XLINK, "xlink:href", url);
    if (!this.moving.delete(image)) return;
    if (!isNew) return void this.show(image);
    const there = () => this.moving.has(image) || this.show(image);
    image.addEventListener("load", there, { once: true });
    setTimeout(there, READ); // in a browser that does not say so
  }

  settle() {
    const { player, strength } = this.picture;
    if (player.playing || strength.playing) return; // a slow browser's next surface is late
    clearInterval(this.timer);
    this.picture.data.scores.forEach((_, arm) => this.paint(arm, false));
  }

  show(image) {
    image.style.visibility = "";
    const canvas = this.canvases.get(image);
    if (canvas) canvas.hidden = true;
  }

  // Plotly has drawn anew: elsewhere, perhaps other images.
  forget() {
    for (const [image, canvas] of this.canvases) {
      image.style.visibility = "";
      canvas.parentElement.remove();
    }
    this.canvases.clear();
    this.moving.clear();
  }

  close() {
    clearInterval(this.timer);
  }
}

// A canvas exactly where an image is, cut off at its panel's sides.
function standIn(image, plot, arm) {
  const { [`xaxis${arm + 2}`]: xaxis, [`yaxis${arm + 2}`]: yaxis } = plot._fullLayout;
  const panel = document.createElement("div");
  const canvas = Object.assign(document.createElement("canvas"), { width: PIXELS, height: PIXELS });
  panel.className = "film";
  panel.dataset.arm = arm;
  panel.setAttribute("aria-hidden", "true");
  place(panel, { left: xaxis._offset, top: yaxis._offset, width: xaxis._length, height: yaxis._length });
  const [x, y, width, height] = ["x", "y", "width", "height"].map((name) => image.getAttribute(name));
  canvas.style.transform = `translate(${x}px, ${y}px) scale(${width / PIXELS}, ${height / PIXELS})`; // not rounded to pixels
  panel.append(canvas);
  plot.querySelector(".svg-container").prepend(panel);
  return canvas;
}

function place(node, box) {
  for (const [side, length] of Object.entries(box)) node.style[side] = `${length}px`;
}
