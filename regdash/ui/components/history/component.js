// One visit of a page is one entry in the browser's history, and its address says how the page was left.
//
// Streamlit adds an entry for each parameter that the server writes into the address: the Back button would go through
// halves of a change. And the first parameters of a new page come while the address is still that of the page before,
// whose entry would then say what never was there.

function keepOneEntryPerVisit() {
  const { history, location } = window;
  const push = history.pushState.bind(history);
  const replace = history.replaceState.bind(history);
  const visits = (window.regdashVisits = { address: location.href, drawn: true });
  visits.settle = () => {
    visits.address = location.href;
  };
  visits.draw = () => {
    visits.drawn = true;
    visits.settle();
  };
  window.addEventListener("popstate", visits.draw);
  history.replaceState = (...change) => {
    replace(...change);
    visits.settle();
  };
  history.pushState = (state, title, url) => {
    const same = view(new URL(url, location.href)) === view(new URL(location.href));
    if (same || !visits.drawn) {
      // Of this page, or already of the next one: that shows when the page is drawn. And what was never drawn, such as a
      // lesson's page with the settings of the page that it leads to, was no visit.
      replace(state, title, url);
      return;
    }
    replace(history.state, "", visits.address);
    push(state, title, url);
    visits.drawn = false;
    visits.settle();
  };
}

// What a visit is of: a page, and on Lessons one lesson, so that Back leads to the list of them.
function view({ pathname, searchParams }) {
  return [pathname, searchParams.get("lesson"), searchParams.get("worksheet")].join(" ");
}

// What is set and not in the address yet: a link to a scenario names none of its settings.
function complete(missing) {
  const { history, location } = window;
  const url = new URL(location.href);
  for (const [name, texts] of Object.entries(missing)) {
    if (!url.searchParams.has(name)) texts.forEach((text) => url.searchParams.append(name, text));
  }
  if (url.href !== location.href) history.replaceState(history.state, "", url);
}

export default function ({ data }) {
  if (!window.regdashVisits) keepOneEntryPerVisit();
  complete(data.missing);
  window.regdashVisits.draw(); // the address is this page's own
}
