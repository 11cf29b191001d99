// What both pages need of a browser and Streamlit does not give: a phone's sidebar that gives way to a page just opened,
// words for those who cannot see that something has ended, a focus that stays when a button goes, and no page left empty.

const SILENCE = 8000; // milliseconds after which Python is called once more
const ANEW = 60_000; // milliseconds within which a page is not loaded anew twice
const pages = new Places();
let opened = null; // the page shown last
let keeper = null; // of the focus: the document's own, for what had the focus must not be forgotten with a part of a page

export default function regdashPage({ data, parentElement, setTriggerValue }) {
  const [page, leave] = pages.at(parentElement, () => new Page(parentElement.querySelector(".regdash-page")));
  page.answer = (word) => setTriggerValue("call", word);
  page.show(data);
  return leave;
}

class Page {
  constructor(root) {
    this.root = root;
    keeper ??= new FocusKeeper();
    window.addEventListener("error", notLeftEmpty); // once, however often it is said
  }

  show({ page, heading, said, library, call }) {
    if (library) loadPlotly(library).then(rehearse, () => {}); // ahead of time; whoever needs it says what is wrong
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
    this.wait(call);
  }

  // Python wants to be called in a while; what it wanted before, it no longer does.
  wait(call) {
    if (call?.word === this.word) return;
    this.word = call?.word;
    clearTimeout(this.timer);
    if (call) this.timer = setTimeout(() => this.call(call.word), call.after);
  }

  // Until there is an answer: of two parts of a page that call at the same moment, Streamlit 1.67 draws one.
  call(word) {
    this.answer(word);
    this.timer = setTimeout(() => this.call(word), SILENCE);
  }

  close() {
    clearTimeout(this.timer);
  }
}

// An error in Streamlit's own drawing leaves an empty page for good: it is loaded anew. Its address has the settings.
function notLeftEmpty() {
  setTimeout(() => {
    if (document.querySelector('[data-testid="stApp"]') || Date.now() - Number(sessionStorage.regdashAnew ?? 0) < ANEW) return;
    sessionStorage.regdashAnew = Date.now();
    window.location.reload();
  });
}

// As if the visitor had pressed beside it: where the sidebar covers the page, Streamlit closes it then.
function leaveSidebar() {
  document.querySelector('[data-testid="stMain"]')?.dispatchEvent(new MouseEvent("mousedown", { bubbles: true }));
}

function isDark(colour) {
  const channels = colour.trim().match(/^#(..)(..)(..)/);
  return Boolean(channels) && channels.slice(1).reduce((sum, channel) => sum + parseInt(channel, 16), 0) < 3 * 128;
}

function keyOf(button) {
  const keyed = button?.closest('[class*="st-key-"]');
  return keyed && [...keyed.classList].find((name) => name.startsWith("st-key-"));
}

function focusOn(element) {
  if (!element) return;
  if (element.tabIndex < 0) element.tabIndex = -1; // for this script, not for Tab
  element.focus({ preventScroll: true });
  element.scrollIntoView({ block: "nearest" });
}

// A button that disables itself, or goes, while it has the focus would leave it to the page's very start. Instead the
// focus goes to what stands at its place now: something that can be used, or the place itself, which is then read out.
class FocusKeeper {
  constructor() {
    this.held = null;
    document.addEventListener("focusin", ({ target }) => this.remember(target));
    document.addEventListener("regdash-let-go", () => (this.held = this.lent = null)); // a button has given it back itself
    const watcher = new MutationObserver(() => this.look());
    watcher.observe(document.body, { subtree: true, childList: true, attributes: true, attributeFilter: ["disabled"] });
  }

  remember(target) {
    this.held = target.closest("button");
    this.page = window.location.pathname;
    this.key = keyOf(this.held);
    this.places = []; // from the button's element outwards: a parent, and which of its children it was
    let node = this.held?.closest('[data-testid="stElementContainer"]');
    for (; node?.parentElement; node = node.parentElement) {
      this.places.push([node.parentElement, [...node.parentElement.children].indexOf(node)]);
    }
  }

  look() {
    this.giveBack();
    if (!this.held || (this.held.isConnected && !this.held.disabled)) return;
    const lost = this.held;
    this.held = null;
    if (![null, document.body, lost].includes(document.activeElement)) return;
    if (window.location.pathname !== this.page) {
      focusOn(document.querySelector('[data-testid="stMain"] h1') ?? document.querySelector('[data-testid="stMain"]'));
      return;
    }
    this.lend(this.key, this.places);
  }

  // To what stands now at the first of these places that is still there.
  lend(key, places) {
    const place = places.find(([parent]) => parent.isConnected && parent.children.length);
    if (!place) return;
    const [parent, index] = place;
    const there = parent.children[Math.min(index, parent.children.length - 1)];
    const usable = [...there.querySelectorAll("button:enabled, input:enabled, select:enabled, summary")];
    const stand = usable.find((each) => each.checkVisibility() && !each.closest('[data-testid="stDownloadButton"]')) ?? there;
    focusOn(stand); // notes what has the focus now: what had it before is in this call
    this.lent = key && { key, places, stand };
  }

  // A button that comes back while the focus still stands where it was lent to: as if it had not gone. And where that
  // has gone, too, the focus moves on.
  giveBack() {
    if (!this.lent) return;
    const { key, places, stand } = this.lent;
    if (document.activeElement !== stand && document.activeElement !== document.body) this.lent = null;
    if (!this.lent) return;
    const back = document.querySelector(`.${key} button:enabled`);
    if (back) {
      this.lent = null;
      back.focus({ preventScroll: true });
    } else if (!stand.isConnected) this.lend(key, places);
  }
}
