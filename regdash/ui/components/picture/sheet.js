// The picture as a file: a copy of what is on the screen, with its sentence, its settings and its key.

async function savePicture(picture) {
  const { data, frames, root } = picture;
  const style = getComputedStyle(root);
  const { figure, plotHeight, text } = stillFigure(picture);
  const { url, width, height } = await figureImage(picture.Plotly, figure, plotHeight);
  const paper = style.getPropertyValue("--st-background-color") || "#ffffff";
  const sheet = new Sheet(width, { size: figure.layout.font.size, ink: style.color, paper });
  sheet.text(data.headline, { bold: true, scale: 1.2 });
  sheet.text(`${data.settings}; ${text}`);
  sheet.y += PNG_EDGE;
  sheet.image(await decoded(url), height);
  sheet.row(keyEntries(root, sheet, bytes(data.colours.table)), 1.6 * sheet.size);
  await sheet.save(`${data.stem}-epoch${frames.epochs[Math.round(picture.position)]}`);
}

// The figure at the present epoch. The surfaces go in as images, since they carry the boundary line.
function stillFigure(picture) {
  const { frames, plot, painter, position } = picture;
  const { data, layout, plotHeight } = picture.figure(PNG_FONT);
  const { half, side, epochs } = frames;
  const edge = half + half / (side - 1); // an image reaches half a grid step beyond the outermost grid points
  const images = picture.data.scores.map((_, arm) => ({
    source: painter.url(picture.overlay.surface(arm)),
    ...{ xref: `x${arm + 2}`, yref: `y${arm + 2}`, x: -edge, y: edge, sizex: 2 * edge, sizey: 2 * edge },
    ...{ sizing: "stretch", layer: "below" },
  }));
  const shown = data.map((trace, i) => ({ ...trace, visible: trace.type === "heatmap" ? false : plot.data[i].visible }));
  const { showlegend } = picture.data.wide.layout; // a picture that stands alone has one, whatever the page shows
  const still = { ...layout, showlegend, ...zoomOf(plot._fullLayout, layout), images };
  const text = `epoch ${epochs[Math.round(position)]} of ${frames.last}`; // what the page says beside it
  return { figure: { data: shown, layout: still }, plotHeight, text };
}

// What the page's key shows at present, for `Sheet.row`: each entry's signs and words, one after the other.
function keyEntries(root, sheet, table) {
  const entries = [...root.querySelectorAll(".key > :not([hidden], [aria-pressed=false], [data-marks=legend])")];
  return entries.map((entry) => {
    const pieces = [...entry.childNodes].map((node) => keyPiece(node, sheet, table)).filter(({ width }) => width);
    const gap = 0.4 * sheet.size;
    const draw = (canvas, x, y) => {
      let left = x;
      for (const piece of pieces) {
        piece.draw(canvas, left, y);
        left += piece.width + gap;
      }
    };
    return { width: pieces.reduce((sum, { width }) => sum + width + gap, -gap), draw };
  });
}

function keyPiece(node, sheet, table) {
  if (node.nodeName === "svg") return keySign(node, sheet.size);
  return node.nodeName === "I" ? keyRamp(sheet.size, table) : keyWords(node.textContent.trim(), sheet);
}

function keyWords(words, { context, size, ink }) {
  const font = (context.font = `${size}px ${PNG_FONT}`);
  const draw = (canvas, x, y) => {
    Object.assign(canvas, { font, fillStyle: ink });
    canvas.fillText(words, x, y);
  };
  return { width: context.measureText(words).width, draw };
}

// A sign of the key is one path, which a canvas can draw, too.
function keySign(svg, size) {
  const path = svg.querySelector("path");
  const { fill, stroke, strokeWidth, strokeDasharray } = getComputedStyle(path);
  const box = svg.viewBox.baseVal;
  const scale = size / box.height;
  const draw = (canvas, x, y) => {
    const shape = new Path2D(path.getAttribute("d"));
    canvas.save();
    canvas.translate(x, y);
    canvas.scale(scale, scale);
    canvas.setLineDash(strokeDasharray.match(/[\d.]+/g)?.map(Number) ?? []);
    Object.assign(canvas, { fillStyle: fill, strokeStyle: stroke, lineWidth: parseFloat(strokeWidth) });
    if (fill !== "none") canvas.fill(shape);
    canvas.stroke(shape);
    canvas.restore();
  };
  return { width: scale * box.width, draw };
}

// The colours of the surfaces, from certain class 0 to certain class 1.
function keyRamp(size, table) {
  const width = 4 * size;
  const draw = (canvas, x, y) => {
    for (let pixel = 0; pixel < width; pixel += 0.5) {
      const level = 3 * Math.floor((256 * pixel) / width);
      canvas.fillStyle = `rgb(${table.subarray(level, level + 3).join()})`;
      canvas.fillRect(x + pixel, y, 0.5, 0.9 * size);
    }
  };
  return { width, draw };
}
