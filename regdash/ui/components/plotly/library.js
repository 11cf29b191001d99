// The vendored chart library, loaded once for all pictures of a page.

function loadPlotly(url) {
  window.regdashPlotly ??= new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = url;
    script.onload = () => resolve(window.Plotly);
    script.onerror = () => {
      script.remove();
      window.regdashPlotly = undefined; // the next update tries again
      reject(new Error("the chart library could not be loaded"));
    };
    document.head.append(script);
  });
  return window.regdashPlotly;
}

// Whether the page has turned from light to dark, or back, since this was last asked of `figure` (a class of ours that
// lasts from one update to the next). Streamlit calls a component again then, with the colours of the mode before.
function modeHasChanged(figure) {
  const mode = getComputedStyle(figure.root).getPropertyValue("--st-background-color");
  const changed = Boolean(figure.mode) && figure.mode !== mode;
  figure.mode = mode;
  return changed;
}
