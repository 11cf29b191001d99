// Plays the epochs of a picture.

const SECONDS = 6; // one play from the first to the last epoch at speed 1

class Player {
  constructor(picture, button) {
    Object.assign(this, { picture, button, playing: false });
  }

  play() {
    const { picture } = this;
    this.playing = true;
    this.label("Pause", "M3 2h4v12H3zM9 2h4v12H9z");
    if (picture.position >= picture.frames.lastFrame) picture.position = 0;
    const still = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
    let previous = null; // not performance.now(): a frame's own time can lie a little before it
    let ahead = 0; // epochs that the play is ahead of the position shown, if that moves in whole frames
    const step = (now) => {
      const { last } = picture.frames;
      const pace = (picture.speed * last) / SECONDS; // epochs a second
      const exact = Math.min(picture.epoch + ahead + ((now - (previous ?? now)) / 1000) * pace, last);
      previous = now;
      picture.position = picture.frames.positionAt(exact);
      if (still) picture.position = Math.floor(picture.position);
      ahead = exact - picture.epoch;
      picture.remember();
      picture.paint();
      if (exact >= last) picture.pause();
      else this.frame = requestAnimationFrame(step);
    };
    this.frame = requestAnimationFrame(step);
  }

  stop() {
    this.playing = false;
    cancelAnimationFrame(this.frame);
    this.label("Play", "M4 2l10 6-10 6z");
  }

  label(text, shape) {
    this.button.setAttribute("aria-label", text);
    this.button.querySelector("span").textContent = text;
    this.button.querySelector("path").setAttribute("d", shape);
  }
}
