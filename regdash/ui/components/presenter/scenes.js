// One scene at a time: what of the page is on the screen, and how large, so that nothing scrolls.
//
// All the rest of the page stays where it is, and is not shown: so nothing that the visitor has set is lost. Which is
// shown says a style sheet, not the elements' own classes: those are Streamlit's, which may write them anew.

const MAIN = 'body.regdash-staged [data-testid="stMainBlockContainer"]';
const BLOCKS = ["stElementContainer", "stLayoutWrapper", "stGridCell"].map((id) => `[data-testid="${id}"]`).join();
const KEPT = [".st-key-unseen", ".st-key-unheard", ".st-key-presenter", ".st-key-dock"]; // spoken, or the bar itself
const FIGURES = ".regdash-picture, .regdash-chart";
const ZOOMS = [2, 1.85, 1.7, 1.55, 1.4, 1.3, 1.2, 1.1, 1, 0.92, 0.85, 0.78, 0.72, 0.66, 0.6]; // of words, largest first
const ZOOM_BESIDE_FIGURE = 1.1; // no larger where a figure wants the room
const ZOOM_IN_GRID = 0.92; // Streamlit's grid measures its cells later than this could
const FIGURE_SHARE = { picture: 0.64, chart: 0.52 }; // of the screen's height, if words can be made small enough

class Scenes {
  // `sheet` is the <style> that says what is shown; `changed` is called when that is another scene.
  constructor(sheet, changed) {
    Object.assign(this, { sheet, changed, named: [], on: false });
    this.watcher = new MutationObserver((changes) => changes.some(isOfThePage) && this.soon());
    this.sizes = new ResizeObserver(() => this.soon());
  }

  // What Python says: the scenes of this page, or none: then they are the containers called so.
  name(scenes) {
    this.named = scenes.map(({ name, parts }) => ({ name, parts: parts.map((key) => `.st-key-${key}`) }));
  }

  get there() {
    const found = this.named.filter(({ parts }) => document.querySelector(parts.at(-1)));
    if (this.named.length) return found;
    return [...document.querySelectorAll('[class*="st-key-scene_"]')].map((element) => {
      const key = [...element.classList].find((name) => name.startsWith("st-key-scene_"));
      return { name: key.slice("st-key-scene_".length), parts: [`.${key}`] };
    });
  }

  // Where a reload finds the scene that was shown: a page and, on Lessons, a lesson have one each.
  get memory() {
    return `regdash-scene ${window.location.pathname} ${new window.URLSearchParams(window.location.search).get("lesson") ?? ""}`;
  }

  get at() {
    const wanted = window.sessionStorage.getItem(this.memory);
    return Math.max(0, this.there.findIndex(({ name }) => name === wanted));
  }

  go(to) {
    const scene = this.there[Math.max(0, Math.min(to, this.there.length - 1))];
    if (scene) window.sessionStorage.setItem(this.memory, scene.name);
    this.show();
  }

  turn(on) {
    if (on === this.on) return;
    this.on = on;
    document.body.classList.toggle("regdash-presenting", on);
    if (on) {
      this.watcher.observe(document.querySelector('[data-testid="stMain"]'), { subtree: true, childList: true });
      this.sizes.observe(document.body);
    } else {
      this.watcher.disconnect();
      this.sizes.disconnect();
      document.body.classList.remove("regdash-staged", "regdash-words");
      this.sheet.textContent = "";
    }
    this.show();
  }

  // Streamlit draws a page in many pieces: look once they are there.
  soon() {
    this.due ??= requestAnimationFrame(() => {
      this.due = null;
      if (this.on) this.show();
    });
  }

  show() {
    if (!this.on) return;
    const found = this.there;
    const { at } = this;
    const text = found.length ? ruleFor(found[at].parts) : "";
    document.body.classList.toggle("regdash-staged", found.length > 0);
    if (this.sheet.textContent !== text) this.sheet.textContent = text;
    if (found.length) fit(found[at].parts);
    this.changed(at, found.length);
  }

  close() {
    this.turn(false);
  }
}

// Not a figure's own doing: while it plays it writes the epoch anew all the time.
function isOfThePage({ target }) {
  return !target.closest?.(`${FIGURES}, .regdash-presenter`);
}

// What is around the scene gives it its place, what is beside it goes.
function ruleFor(parts) {
  const shown = [...parts, ...KEPT].join();
  const others = `${MAIN} :is(${BLOCKS}):not(:is(${shown}), :is(${shown}) *, :has(${shown}))`;
  const around = `${MAIN} *:has(${shown}):not(:is(${shown}), :is(${shown}) *)`;
  const words = `body.regdash-words${MAIN.slice("body".length)} :is(${parts.join()})`;
  return [
    `${others} { display: none !important; }`,
    `${around} { display: contents !important; }`,
    `${words} { flex: 1 1 0; min-height: 0; justify-content: safe center; overflow: hidden; }`,
  ].join("\n");
}

// Words as large as they fit; beside a figure no larger than leaves it its share of the screen.
function fit(parts) {
  const main = document.querySelector('[data-testid="stMainBlockContainer"]');
  const elements = parts.map((part) => document.querySelector(part)).filter(Boolean);
  const plot = elements.map((element) => element.querySelector(".plot")).find(Boolean);
  const figure = plot?.closest(FIGURES);
  document.body.classList.toggle("regdash-words", !figure);
  const share = figure?.matches(".regdash-picture") ? FIGURE_SHARE.picture : FIGURE_SHARE.chart;
  const inGrid = elements.some((element) => element.querySelector('[data-testid="stGrid"]') && !figure);
  const largest = plot ? ZOOM_BESIDE_FIGURE : ZOOMS[0];
  const fits = () => {
    if (figure) return figure.clientHeight >= share * main.clientHeight;
    return elements.every((element) => element.scrollHeight <= element.clientHeight + 1);
  };
  for (const zoom of inGrid ? [ZOOM_IN_GRID] : ZOOMS.filter((each) => each <= largest)) {
    document.body.style.setProperty("--regdash-zoom", zoom);
    if (fits()) break;
  }
}
