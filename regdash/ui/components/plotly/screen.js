// When what has been drawn so far is on the screen. A figure's first drawing takes long: what stands above is seen before.
function aFrame() {
  return new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
}

// Not on the screen, or on its way out: what is left of another page may stand in a place for what nobody sees.
const isNarrow = (root) => root.clientWidth < 100; // CSS pixels; a phone gives a figure more than twice that
