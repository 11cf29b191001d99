"""Too much of a good thing: find the collapse."""

from regdash.study.spec import StudySpec
from regdash.teaching.lessons.lesson import Lesson, Question, Runs, Surprise, fresh_difference
from regdash.teaching.scenarios import NOISY
from regdash.teaching.snippets import noisy

FREE = NOISY.but(dropout=0.0)
STRENGTHS = (0.005, 0.02, 0.1, 0.5)
NEVER = "None of them"


def _right(runs: Runs) -> str:
    fallen = [strength for strength in STRENGTHS if runs[f"λ = {strength}"].summary.one_answer]
    return f"λ = {fallen[0]}" if fallen else NEVER


LESSON = Lesson(
    key="too-much",
    title="Too much of a good thing",
    idea="A little **weight decay** keeps the lies out, and a little more makes the boundary smoother. At some "
    "strength the pull towards zero is stronger than all that the data have to say. Then the weights vanish, and the "
    "network gives every point the same class: a **collapse**.",
    code=noisy(
        'run("λ = 0")',
        "for strength in (0.005, 0.02, 0.1, 0.5):",
        '    run(f"λ = {strength}", decay=strength)',
    ),
    question=Question(
        text="Which is the smallest of these strengths at which the network collapses?",
        choices=(*(f"λ = {strength}" for strength in STRENGTHS), NEVER),
        right=_right,
        reading="Look where train and **fresh data** accuracy fall together to about a half: not knowing is the best "
        "that one answer for all can do. In the picture the boundary has gone. Before that, the two come *closer* as "
        "λ grows, which is what **regularization** is for; after it they meet at the bottom.",
    ),
    hints=(
        "Where would you expect a weight of about 0.3 to be held at zero: at a thousandth, or at a fifth?",
        "One of these strengths is the best of all on fresh data. The collapse is not far above it.",
    ),
    notes="The point is that the collapse is near: a factor of five or ten above the best value, and not a thousand. "
    "Students who search with steps of 0.1 never see the useful range at all; that is why the control has a "
    "logarithmic scale with an exact zero. Ask what a small gap between train and fresh accuracy proves. (Nothing: "
    "a collapsed network has the smallest of all.)",
    trains={"λ = 0": FREE} | {f"λ = {strength}": FREE.but(weight_decay=strength) for strength in STRENGTHS},
    prints=("train", "fresh", "memorised"),
    kind="ladder",
    activity="collapse",
    try_it="Find the smallest strength on the slider below at which this network collapses. "
    "Then do the same for **dropout**.",
    explore=FREE.but(weight_decay=0.1),
    study=StudySpec(base=FREE, sweep={"weight_decay": (0.0, 0.005, 0.02, 0.1)}, seeds=20),
    surprise=Surprise(
        text="Five times the **weight decay** that helps here, 0.1 instead of 0.02, does more harm than none at all.",
        measure=fresh_difference(0, 3),
        found="It costs {}, compared with none.",
    ),
    needs=("demo-2",),
    minutes=10,
    hour=2,
    place=100,
)
