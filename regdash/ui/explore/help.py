"""What "How to read this page" says. Its numbers are those that `regdash.teaching.quoted` knows the command for."""

from regdash.data import N_FRESH
from regdash.serving.opinions import SEEDS as OPINIONS
from regdash.study.stats.spending import ERROR_SHARE
from regdash.teaching.quoted import (
    COMMAND,
    DECAY,
    DECOUPLED,
    L2_LIKE_DECOUPLED,
    SEEDS,
    SMALL_DECAY,
    effect,
    level,
)
from regdash.teaching.scenarios import NOISY

VERDICT = 100 * (1 - ERROR_SHARE / 2)  # what a verdict at the first look is sure to, in percent

HELP = f"""
- **Dropout** switches off a random share of the hidden units, drawn anew for each training point in every step, and
  scales up what the others send on, so that on average as much arrives. **Weight decay** pulls all weights towards
  zero. Both make it harder to learn single examples by heart.
- **The networks race on the same data, from the same first weights.** One is free; yours has your dropout, weight
  decay and label smoothing. Everything else is equal, so a difference is the regularizer's doing or this seed's luck:
  one pair cannot say which.
- **The bold sentence judges**, by {OPINIONS} more pairs, each with a seed and data of its own, trained when you rest.
  In brackets is the 95 % interval of the mean difference; the verdict rests on a wider one of {VERDICT:g} %. Each
  setting is judged by itself: who tries forty, and keeps the prettiest, has had forty chances.
- **Curves.** Solid: accuracy on validation points, which a network never learns from. Dotted: accuracy on its own
  training points. Training far above validation is *overfitting*. Both are measured with dropout off, after the epoch's
  update. The arrowhead ◀ at the end points at the network's accuracy on fresh data. A star marks the lowest validation
  loss: *early stopping* would end there. Each network has its mark: none, ▲, ✚ or ■, on its lines, in its title and in
  the table; its name stands at the end of its solid line. *Legend of the curves*, below the picture, names all lines,
  also the long dashes: what a perfect boundary scores on training points of which some have flipped labels. Press a
  name to hide its line.
- **Boundaries.** Colour is the network's probability, the line is where it changes its mind. Islands around crossed
  points are memorised: those labels were flipped on purpose. Rings mark points that a network gets wrong, by the label
  it was given. Draw a box with the mouse to zoom in, in all of them at once; a double click shows all again.
- **The slider below Play** goes through all values of dropout or weight decay while you drag it; where you let go, it
  sets yours. Filled dots are trained already: all of them on the same data, from the same first weights.
- **Fresh data**: {N_FRESH:,} new points with clean labels. This is the number that matters. It stands above each
  boundary, and ◀ beside the curves points at it, measured after the last epoch.

**For the curious**
- On the opening scenario, no regularization reaches {level("noisy/train")} on its training points and
  {level("noisy/fresh")} on fresh data. Dropout {NOISY.dropout} {effect("noisy/dropout")} on fresh data, weight decay
  {DECAY} {effect("noisy/decay")}. On the clean data of the scenario *Article: demos* it is the other way round: dropout
  {effect("article/dropout")}, weight decay {effect("article/decay")}; a weight decay of {SMALL_DECAY}
  {effect("article/small")}.
- These numbers, and those of the scenarios' words, are means over {SEEDS} seeds, each with data of its own, and 95 %
  intervals of paired differences. `{COMMAND}` trains them all again. Other kinds of processors draw other dropout
  masks, and so give slightly different numbers.
- Early stopping is a regularizer, too: on the opening scenario, the free network's validation accuracy is
  {level("noisy/star")} at the star and {level("noisy/end")} in the end. But the star is chosen on these very points,
  and by labels that are clean here: in practice they may be as wrong as those it learns from.
- The curve "train, dropout on" is what many tutorials plot as training accuracy: it is measured while units are
  switched off, so it can lie below validation.
- Weight decay "l2" is what `torch.optim.Adam(weight_decay=λ)` does: λ·w is added to the gradient. "Decoupled" is
  AdamW. Both act on weights and biases, as PyTorch does by default. The same λ is far weaker decoupled: on the opening
  scenario, λ = {DECOUPLED:g} {effect("noisy/decoupled")}, and "l2" with a λ {DECOUPLED / L2_LIKE_DECOUPLED:g} times
  smaller, {L2_LIKE_DECOUPLED}, {effect("noisy/l2")}.
- Between two kept epochs, or two values of the slider below it, Play blends one picture into the next; wherever it
  stands still, you see a real epoch of a real run.
- *Copy link* gives an address that means the same for good: all settings, pinned runs, and where the epoch slider
  stands. Which curves and marks are hidden, and how far you have zoomed in, it does not hold. What the address bar
  shows while you play is for coming back.
"""
