// The epoch of a link: as if the visitor had moved the picture's slider there, once, when the picture has been drawn.

const PATIENCE = 60_000; // milliseconds

export default function regdashSeek({ data }) {
  if (window.regdashSought) return;
  window.regdashSought = true;
  const latest = performance.now() + PATIENCE;
  const look = () => {
    const picture = document.querySelector(".regdash-picture[data-picture]");
    if (picture) go(picture.querySelector("input.epoch"), data.epoch);
    else if (performance.now() < latest) requestAnimationFrame(look);
  };
  look();
}

function go(slider, epoch) {
  slider.value = epoch;
  slider.dispatchEvent(new Event("input"));
}
