"""Two decays: L2 in Adam is not decoupled decay."""

from regdash.study.spec import StudySpec
from regdash.teaching.lessons.lesson import Lesson, Question, Runs, Surprise, fresh_difference
from regdash.teaching.scenarios import NOISY
from regdash.teaching.snippets import noisy

FREE = NOISY.but(dropout=0.0)
NONE, L2, DECOUPLED = "No decay", "L2, Adam", "Decoupled, AdamW"
SAME = "Both about the same"


def _right(runs: Runs) -> str:
    l2, decoupled = (float(runs[name].flipped[-1]) for name in (L2, DECOUPLED))
    return SAME if abs(l2 - decoupled) <= 0.1 else L2 if l2 < decoupled else DECOUPLED


LESSON = Lesson(
    key="two-decays",
    title="Two decays with one name",
    idea="PyTorch has two optimizers with an argument weight_decay, and it means two things. In **Adam** it is **L2**: "
    "λ·w joins the gradient, and is then scaled like the gradient. In AdamW it is **decoupled decay**: every update "
    "multiplies the weights by 1 − learning rate × λ.",
    code=noisy(
        'run("No decay")',
        'run("L2, Adam", decay=0.02)',
        'run("Decoupled, AdamW", decay=0.02, optimizer=torch.optim.AdamW)',
    ),
    question=Question(
        text="λ is 0.02 in both. Which one keeps more of the flipped labels out?",
        choices=(L2, DECOUPLED, SAME),
        right=_right,
        reading="Look at the mean size of the weights, epoch by epoch. **Decoupled decay** takes learning rate × λ = "
        "0.0004 of each weight per epoch, 8 % over 200 epochs, and the line hardly leaves that of no decay. **L2** "
        "goes through **Adam**, which divides by the size of the gradient: where the data ask for little, λ·w is all "
        "there is, and the weight moves by nearly a whole learning rate towards zero.",
    ),
    hints=(
        "Put numbers in: the learning rate is 0.02. What does 1 − learning rate × λ do to a weight in 200 epochs?",
        "Adam makes all gradients about equally large. What does that do to a small one, such as 0.02 · w?",
    ),
    notes="The same λ is not the same strength, so a comparison of Adam with AdamW at one λ compares strengths and not "
    "methods. To be fair, each needs a λ of its own: in Study, sweep weight decay for both kinds. A worked example for "
    "the board: w = 0.3, data gradient 0. L2: the gradient is 0.006, Adam's step is the learning rate, 0.02. "
    "Decoupled: the step is 0.02 · 0.02 · 0.3 = 0.00012. The source is Loshchilov and Hutter, 2019 (arXiv:1711.05101).",
    trains={
        NONE: FREE,
        L2: FREE.but(weight_decay=0.02),
        DECOUPLED: FREE.but(weight_decay=0.02, decay="decoupled"),
    },
    shorts={L2: "L2", DECOUPLED: "AdamW"},
    prints=("train", "fresh", "memorised"),
    kind="decays",
    view="memorised",
    with_weights=True,
    try_it="In Explore, set *Kind of decay* to decoupled and find the λ that does what **L2** 0.02 does. How many "
    "times as large is it?",
    explore=FREE.but(weight_decay=0.02, decay="decoupled"),
    study=StudySpec(base=FREE.but(weight_decay=0.02), sweep={"decay": ("decoupled", "l2")}, seeds=20),
    surprise=Surprise(
        text="With λ = 0.02, **L2** in Adam does better on **fresh data** than **decoupled decay** with the same λ.",
        measure=fresh_difference(1, 0),
        found="It does {} better.",
    ),
    needs=("memorised-lies", "too-much"),
    minutes=12,
    hour=2,
    place=130,
)
