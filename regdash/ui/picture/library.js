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
