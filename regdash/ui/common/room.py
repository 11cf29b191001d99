"""Room that stays: what changes its length from one run to the next must not move what people aim at or look at."""

# The scenario's lesson and what takes its place lie in one cell, as high as the higher of the two, or as two lines and
# a button. What is said above the picture, in up to four lines of headline, two of judgement and what a thing to try is
# to show, has its room on screens wide enough for it, measured; on phones it would fill the screen. On a laptop's, the
# gap below it is smaller, so that all words of the picture are above the fold. Buttons that come and go with a setting
# lie on the line of its label, where nothing else is; what they say to ears in words, eyes see as a mark and a bold
# label. Text grows with screens larger than most, and the sidebar with its text.
STYLE = """<style>
.st-key-scenario_note { display: grid; min-height: 6rem; align-content: start; }
.st-key-scenario_note > * { grid-area: 1 / 1; min-width: 0; }
.st-key-scenario_room * { visibility: hidden; }
[class*="st-key-heard_"] { display: none; }
[class*="st-key-control_"] { position: relative; }
:is([class*="st-key-reset_"], [class*="st-key-back_"], .st-key-experiments) {
  position: absolute; top: -0.1rem; right: 1.6rem; width: auto; z-index: 1;
}
[class*="st-key-back_"] { right: 0; }
:is([class*="st-key-reset_"], [class*="st-key-back_"], .st-key-experiments) button {
  min-height: 1.6rem; min-width: 1.6rem; padding: 0 0.2rem; color: inherit !important;
}
:is([class*="st-key-reset_"], [class*="st-key-back_"]) [data-testid="stMarkdownContainer"] {
  position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%);
}
[class*="st-key-control_"]:has([class*="st-key-reset_"]) [data-testid="stWidgetLabel"] p { font-weight: 700; }
@media (min-width: 800px) {
  [data-testid="stMainBlockContainer"] { padding-inline: 1.2rem; }
  .st-key-headline { min-height: 13.2rem; }
  .st-key-study_headline { min-height: 6.4rem; }
}
@media (min-width: 1280px) { .st-key-headline { min-height: 11.6rem; } }
@media (min-width: 1280px) and (max-width: 1499px) {
  body:not(.regdash-staged) .st-key-headline { margin-bottom: -0.7rem; }
}
@media (min-width: 1500px) { .st-key-headline { min-height: 9.4rem; } }
@media (min-width: 1800px) { .st-key-headline { min-height: 7.8rem; } }
@media (min-width: 2000px) and (min-height: 1100px) {
  html { font-size: min(0.93vw, 1.66vh) !important; }
  [data-testid="stSidebar"][data-collapsed="false"] { min-width: 15.6rem; }
}
</style>"""
