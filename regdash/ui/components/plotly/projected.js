// Figures before a room: they fill what the screen leaves them, with lines and marks that are seen from the last row.

const LINE_EM = 17; // the text size, in CSS pixels, for which Python's widths and sizes of marks are made

// Whether presenter mode shows this figure now.
function isProjected(root) {
  return document.body.classList.contains("regdash-staged") && root.clientWidth > 0;
}

// A copy of a trace or shape with its widths and sizes for text of `size` CSS pixels.
function projected(part, size) {
  const scale = size / LINE_EM;
  const grow = (node, key) => {
    if (Array.isArray(node[key])) node[key] = node[key].map((value) => scale * value);
    else if (typeof node[key] === "number") node[key] *= scale;
  };
  const copy = structuredClone(part);
  for (const at of [copy.line, copy.marker, copy.marker?.line, copy.error_x, copy.error_y, copy.colorbar]) {
    if (at) ["width", "thickness", "size"].forEach((key) => grow(at, key));
  }
  if (copy.textfont?.size) delete copy.textfont.size; // smaller than the rest where there is little room
  return copy;
}
