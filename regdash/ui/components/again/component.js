// A part of the page asks for what is around it: the browser does, with the controls and the address of now.

const listeners = new Places();

export default function regdashAgain({ data, parentElement, setTriggerValue }) {
  const [listener, leave] = listeners.at(parentElement, () => new Listener(data.name));
  listener.answer = (call) => setTriggerValue("call", call);
  listener.look();
  return leave;
}

class Listener {
  constructor(name) {
    this.calls = `.regdash-again[data-for="${name}"]`;
    this.heard = null;
    this.watcher = new MutationObserver(() => this.look());
    this.watcher.observe(document.body, { subtree: true, childList: true, attributes: true, attributeFilter: ["data-call"] });
  }

  look() {
    const call = document.querySelector(this.calls)?.dataset.call;
    if (!call || call === this.heard) return;
    this.heard = call;
    this.answer(call);
  }

  close() {
    this.watcher.disconnect();
  }
}
