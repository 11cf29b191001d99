// Rules of eslint's own "recommended" set that need no package; the script runs in a browser, without a build step.
const browser =
  "window document atob cancelAnimationFrame clearInterval clearTimeout getComputedStyle performance requestAnimationFrame ResizeObserver " +
  "sessionStorage setInterval setTimeout fetch structuredClone TextDecoder URL AbortController Image MouseEvent MutationObserver Path2D Blob Response " +
  "CustomEvent DecompressionStream Event navigator";
const known = Object.fromEntries(browser.split(" ").map((name) => [name, "readonly"]));

export default [
  {
    languageOptions: { ecmaVersion: 2022, sourceType: "module", globals: known },
    linterOptions: { reportUnusedDisableDirectives: "error" },
    rules: {
      "array-callback-return": "error",
      eqeqeq: "error",
      "no-const-assign": "error",
      "no-dupe-keys": "error",
      "no-unreachable": "error",
      "no-undef": "error",
      "no-unused-vars": "error",
      "no-var": "error",
      "prefer-const": "error",
      "max-lines": ["error", 1800], // a component's files together
      "max-lines-per-function": ["error", 45],
    },
  },
];
