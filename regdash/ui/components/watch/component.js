// Looks at how a class stands, and asks for what is around it to be drawn again when the teacher has done something.
//
// A look is a request of a few bytes that runs no page, so hundreds may look. Nobody looks while the page is hidden.

const watches = new Places();

export default function regdashWatch({ data, parentElement, setTriggerValue }) {
  const [watch, leave] = watches.at(parentElement, () => new Watch(parentElement.querySelector(".regdash-watch")));
  watch.ask = (version) => setTriggerValue("changed", version);
  watch.show(data);
  return leave;
}

class Watch {
  constructor(root) {
    this.root = root;
    this.failures = 0;
    this.seen = () => document.hidden || this.after(0);
    document.addEventListener("visibilitychange", this.seen);
  }

  show(data) {
    const begins = this.data?.path !== data.path;
    const said = this.root.querySelector("[role=status]");
    if (this.data && this.data.said !== data.said) said.textContent = data.said;
    this.data = data;
    this.count(data.drawn);
    if (begins) this.after(data.every);
  }

  after(seconds) {
    clearTimeout(this.timer);
    if (!this.closed) this.timer = setTimeout(() => this.look(), 1000 * seconds);
  }

  async look() {
    if (document.hidden) return; // `seen` looks as soon as it is not
    const { path, every } = this.data;
    const found = await answer(path);
    if (this.closed || path !== this.data.path) return;
    this.failures = found ? 0 : this.failures + 1;
    if (found) {
      this.count(found);
      this.compare(found);
      if (found.over) return;
    }
    const pace = found ? every || found.after : Math.min(30, 2 ** this.failures);
    this.after(pace * (0.8 + 0.4 * Math.random())); // so that a class does not look all at once
  }

  // What was asked for may have got lost with a connection: then it is asked for again.
  compare({ version }) {
    if (version === this.data.drawn.version) return;
    if (version === this.asked && performance.now() - this.at < 10000) return;
    this.asked = version;
    this.at = performance.now();
    this.ask(String(version));
  }

  count({ joined, answered }) {
    const text = this.data.counts.replace("{joined}", joined).replace("{answered}", answered);
    const place = this.root.querySelector(".counts");
    if (place.textContent !== text) place.textContent = text;
  }

  close() {
    this.closed = true;
    clearTimeout(this.timer);
    document.removeEventListener("visibilitychange", this.seen);
  }
}

// `path` is relative to the app, wherever a proxy shows that: beside static/js/, from where Streamlit's script comes.
async function answer(path) {
  try {
    const url = new URL(`../../${path}`, document.querySelector('script[src*="static/js/"]').src);
    const response = await fetch(url, { cache: "no-store" });
    const found = response.ok ? await response.json() : null;
    return typeof found?.version === "number" ? found : null;
  } catch {
    return null; // no network, or the server is being started again
  }
}
