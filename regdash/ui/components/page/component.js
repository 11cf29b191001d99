// What both pages need of a browser and Streamlit does not give: a phone's sidebar that gives way to a page just opened,
// words for those who cannot see that something has ended, and a focus that stays when a button goes.

const pages = new WeakMap();
let opened = null; // the page shown last

export default function regdashPage({ data, parentElement }) {
  let page = pages.get(parentElement);
  if (!page) {
    page = new Page(parentElement.querySelector(".regdash-page"));
    pages.set(parentElement, page);
  }
  page.show(data);
  return () => {
    page.close();
    pages.delete(parentElement);
  };
}

class Page {
  constructor(root) {
    this.root = root;
    this.focus = new FocusKeeper();
  }

  show({ page, heading, said, library }) {
    loadPlotly(library).catch(() => {}); // ahead of time; whoever needs it says what is wrong
    const title = this.root.querySelector("h1");
    title.textContent = heading;
    title.hidden = !heading;
    const status = this.root.querySelector("[role=status]");
    if (this.said !== undefined && this.said !== said) status.textContent = said;
    this.said = said;
    const paper = getComputedStyle(this.root).getPropertyValue("--st-background-color");
    document.body.style.setProperty("--regdash-paper", paper); // only components know the theme's colours
    document.body.classList.toggle("regdash-dark", isDark(paper));
    if (opened !== null && opened !== page) leaveSidebar();
    opened = page;
  }

  close() {
    this.focus.close();
  }
}

// As if the visitor had pressed beside it: where the sidebar covers the page, Streamlit closes it then.
function leaveSidebar() {
  document.querySelector('[data-testid="stMain"]')?.dispatchEvent(new MouseEvent("mousedown", { bubbles: true }));
}

function isDark(colour) {
  const channels = colour.trim().match(/^#(..)(..)(..)/);
  return Boolean(channels) && channels.slice(1).reduce((sum, channel) => sum + parseInt(channel, 16), 0) < 3 * 128;
}

// A button that disables itself, or goes, while it has the focus would leave it to the page's very start. Instead the
// focus goes to what stands at its place now: something that can be used, or the place itself, which is then read out.
class FocusKeeper {
  constructor() {
    this.held = null;
    this.note = ({ target }) => this.remember(target);
    document.addEventListener("focusin", this.note);
    this.watcher = new MutationObserver(() => this.look());
    this.watcher.observe(document.body, { subtree: true, childList: true, attributes: true, attributeFilter: ["disabled"] });
  }

  remember(target) {
    this.held = target.closest("button");
    this.places = []; // from the button's element outwards: a parent, and which of its children it was
    let node = this.held?.closest('[data-testid="stElementContainer"]');
    for (; node?.parentElement; node = node.parentElement) {
      this.places.push([node.parentElement, [...node.parentElement.children].indexOf(node)]);
    }
  }

  look() {
    if (!this.held || (this.held.isConnected && !this.held.disabled)) return;
    const lost = this.held;
    this.held = null;
    const place = this.places.find(([parent]) => parent.isConnected && parent.children.length);
    if (!place || ![null, document.body, lost].includes(document.activeElement)) return;
    const [parent, index] = place;
    const there = parent.children[Math.min(index, parent.children.length - 1)];
    there.tabIndex = -1; // for this script, not for Tab
    const usable = [...there.querySelectorAll("button:enabled, input:enabled, select:enabled, summary")];
    (usable.find((each) => each.checkVisibility()) ?? there).focus({ preventScroll: true });
  }

  close() {
    this.watcher.disconnect();
    document.removeEventListener("focusin", this.note);
  }
}
