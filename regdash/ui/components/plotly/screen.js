// When what has been drawn so far is on the screen. A figure's first drawing takes long: what stands above is seen before.
function aFrame() {
  return new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
}
