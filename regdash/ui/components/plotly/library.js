// The vendored chart library, loaded once for all pictures of a page.

function loadPlotly(path) {
  window.regdashPlotly ??= library(path).catch((error) => {
    window.regdashPlotly = undefined; // the next one who asks tries again
    throw error;
  });
  return window.regdashPlotly;
}

// `path` is relative to the app, and only the browser knows where that is: a proxy may show it under a path of its own,
// which it takes off before the server sees it. Streamlit's own script comes from static/js/ of the same place.
function library(path) {
  const url = new URL(`../../${path}`, document.querySelector('script[src*="static/js/"]').src);
  if (window.regdashAsked) url.search = Date.now(); // what was there instead may be in the browser's cache
  window.regdashAsked = true;
  return new Promise((resolve, reject) => {
    const script = document.createElement("script");
    const fail = (why) => {
      script.remove();
      reject(new Error(why));
    };
    const wrong = "something else came in place of the chart library, perhaps a page that wants you to sign in";
    script.src = url;
    script.onload = () => (window.Plotly ? resolve(window.Plotly) : fail(`${wrong} (${url.pathname})`));
    script.onerror = () => fail(`the chart library could not be loaded (${url.pathname})`);
    document.head.append(script);
  });
}
