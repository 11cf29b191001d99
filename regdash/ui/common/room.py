"""Room that stays: what changes its length from one run to the next must not move what people aim at or look at."""

# The scenario's lesson and what takes its place lie in one cell, as high as the higher of the two, or as two lines and
# a button. What is said above the picture, in up to four lines of headline and two of judgement, has its room on
# screens wide enough for it; on phones it would fill the screen.
STYLE = """<style>
.st-key-scenario_note { display: grid; min-height: 6rem; align-content: start; }
.st-key-scenario_note > * { grid-area: 1 / 1; min-width: 0; }
.st-key-scenario_room * { visibility: hidden; }
@media (min-width: 800px) {
  [data-testid="stMainBlockContainer"] { padding-inline: 2rem; }
  .st-key-headline { min-height: 13.2rem; }
  .st-key-study_headline { min-height: 6.4rem; }
  .st-key-headline > :last-child { margin-top: auto; }
}
@media (min-width: 1500px) {
  .st-key-headline { min-height: 11.5rem; }
}
</style>"""
