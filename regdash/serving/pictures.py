"""Training for pictures: runs with surfaces instead of weights, which go on where a shorter run has ended.

A run of more epochs begins as the shorter one did, to the last bit. So where the shorter one is kept, with its `end`,
only the rest is trained.
"""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

from regdash.config import RunConfig
from regdash.ensemble.schedule import in_batches
from regdash.keyframes import keyframes, stops
from regdash.results import Run
from regdash.training import Progress


def train_for_pictures(
    configs: Sequence[RunConfig],
    *,
    starts: Sequence[Run] = (),
    workers: int | None = None,
    on_progress: Progress | None = None,
) -> list[Run]:
    """Train networks of one shape, and compute their surfaces; the runs come without weights (`Run.without_weights`).

    `starts`, if there are any, has for each config the same run with fewer epochs, as many in all of them.
    """
    return joined(starts, train_rest(configs, starts=starts, workers=workers, on_progress=on_progress))


def joined(starts: Sequence[Run], rests: list[Run]) -> list[Run]:
    """Whole runs."""
    if not starts:
        return rests
    kept = keyframes(rests[0].config)
    return [start.followed_by(rest, kept) for start, rest in zip(starts, rests, strict=True)]


def train_rest(
    configs: Sequence[RunConfig],
    *,
    starts: Sequence[Run] = (),
    workers: int | None = None,
    on_progress: Progress | None = None,
) -> list[Run]:
    """As `train_for_pictures`, but the runs hold no surfaces of epochs that their starts have.

    There is a surface for each of `keyframes`, and at `stops` the runs may be cut short. With more than one worker, a
    second thread draws random numbers ahead, and shares the surfaces.
    """
    shown, tested = keyframes(configs[0]), stops(configs[0])  # those of all, since they have the same shape
    total, light = sum(config.epochs for config in configs), []

    def arguments(positions: list[int]) -> tuple[object, ...]:
        begun = [starts[position] for position in positions] if starts else ()
        return [configs[position] for position in positions], shown, "cpu", tested, begun, True

    runs = in_batches(configs, arguments, workers=workers, on_progress=on_progress)
    with ThreadPoolExecutor(2, "regdash-surfaces") as pool:
        # With one worker here, one after the other: a batch that is stopped leaves none to be waited for.
        for run in (map if workers == 1 else pool.map)(Run.without_weights, runs):
            light.append(run)
            if on_progress:
                on_progress(total, total)  # surfaces take time too: a chance to stop, and for short requests to pass
    return light
