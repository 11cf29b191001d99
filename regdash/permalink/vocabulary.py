"""What a permanent link may say. Links are printed in slides and books: nothing here is ever renamed or taken away.

These are keys, never labels, and they are written down here although registries elsewhere have them, too: whoever
renames a key there learns from a test that links would break. What is new there is added here; who opens a link that
says what this version does not know is told so.

What stands here of version 1 means the same in every later one:

- A link holds all settings, at their defaults or not. One that it cannot know, since it was added later, is off:
  `RunConfig`'s own default, which has to be what there was before.
- What a link lacks of `SETTINGS` (somebody has cut it) is what `SETTINGS` says, and that is noted.
- Absent means the first, which is what there was before one could choose: `differences`.
- Absent means off: `pin`, `epoch`, `present`, `controls`, `hide`, `lock`, `mark`, `worksheet`, `answer`.
"""

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

VERSION = "1"
LONGEST = 8000  # characters of a query, written or read: nginx takes 8 kB of a request's line
MOST_PARTS = 80  # names with their values; the longest link has half as many
JOIN = "~"  # between the values of a list: no address, and no text editor, changes it

SETTINGS: Mapping[str, Any] = MappingProxyType(
    {
        "dataset": "parabola", "n_samples": 200, "train_fraction": 0.5, "label_noise": 0.2, "data_seed": 7,
        "width": 64, "depth": 2, "dropout": 0.5, "weight_decay": 0.0, "decay": "l2", "label_smoothing": 0.0,
        "learning_rate": 0.02, "epochs": 200, "seed": 7,
    }
)  # fmt: skip

PAGES = ("explore", "study", "lessons", "lesson")
SCENARIOS = ("noisy", "article", "exercises", "too-much", "too-small", "spirals")
NO_SCENARIO = "none"
ARMS = ("none", "dropout", "decay", "yours")
VIEWS = ("accuracy", "loss", "memorised")  # kinds of curves on Explore
CURVES = ("validation", "train", "val_loss")  # and on Study
DIFFERENCES = ("seed_by_seed", "as_added")  # how Study shows them
METRICS = (
    "fresh_accuracy", "val_accuracy", "train_accuracy", "gap", "memorised", "val_loss", "train_loss", "val_60_accuracy",
)  # fmt: skip
DATA_SEEDS = ("varied", "fixed")
SWEEP: Mapping[str, tuple[Any, ...]] = MappingProxyType({"dropout": (0.0, 0.3, 0.5, 0.7)})
SEEDS, MOST_SEEDS = 20, 1000
MOST_PINS, MOST_PIN_NUMBER = 6, 9999
MOST_PRESENTED = 3  # controls below the picture in presenter mode

# What `hide` and `lock` may name: settings, and what else a visitor chooses on Explore or on Study.
CONTROLS = (
    *SETTINGS, "scenario", "arms", "view", "pin",
    "sweep", "values", "sweep2", "values2", "seeds", "data_seeds", "metric", "along", "baseline", "curves",
    "differences",
)  # fmt: skip

# Texts in a link. Whole ones, of ASCII: Python itself would take "1_0", " 1" and Arabic digits for numbers.
NUMBER = re.compile(r"-?[0-9]{1,20}(\.[0-9]{1,20})?(e-?[0-9]{1,3})?", re.ASCII)
WHOLE = re.compile(r"[0-9]{1,10}", re.ASCII)
LESSON_KEY = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*", re.ASCII)
LONGEST_KEY = 60
MARK = re.compile(r"[0-9a-f]{6}~[0-9a-f]{12}~[0-9A-Za-z._]{1,20}~[0-9A-Za-z._]{1,20}", re.ASCII)

# What programs on the way add to addresses, and Streamlit's own: nothing of ours, and no reason for a note.
FOREIGN = re.compile(r"embed|embed_options|utm_[a-z]{1,20}|fbclid|gclid|msclkid|mc_eid", re.ASCII)
