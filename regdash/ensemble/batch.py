"""One batch: R runs with the same shapes, trained side by side from first weights to finished `Run`s."""

import math
from collections.abc import Callable, Sequence
from concurrent.futures import Executor

import numpy as np
import torch
from torch import Tensor

from regdash.config import DATA_FIELDS, RunConfig
from regdash.data import N_FRESH, Dataset, make
from regdash.ensemble.adam import Adam
from regdash.ensemble.epochs import Epoch, Work, train_epochs
from regdash.ensemble.layout import Parameters
from regdash.ensemble.losses import LossBackward, loss_gradient
from regdash.ensemble.masks import Key, Masks
from regdash.ensemble.network import TestPass, TrainingPass, stack_points, test
from regdash.ensemble.plan import stretch
from regdash.ensemble.recorder import Recorder
from regdash.ensemble.unlocked import as_written
from regdash.ensemble.weights import initialise
from regdash.results import End, Run, Snapshots, grid_axis
from regdash.surroundings.undisturbed import undisturbed


@undisturbed
def train_batch(
    configs: Sequence[RunConfig],
    snapshots: Snapshots,
    device: str = "cpu",
    tested: Sequence[int] = (),
    starts: Sequence[Run] = (),
    keep_end: bool = False,
    on_epoch: Callable[[int], None] | None = None,
    helper: Executor | None = None,
) -> list[Run]:
    """Train runs of equal shapes and epochs.

    tested    earlier epochs, of those kept, after which the fresh points are tested too: see `Run.until`
    starts    one for each config: the same run, with its `end`, after fewer epochs, as many in all of them. Training
              goes on from there; the results have whole curves, but keep and test later epochs only
    keep_end  whether the results have an `end`
    on_epoch  gets the epochs done, every few of them, and may raise to stop
    helper    draws dropout masks ahead in another thread
    """
    with torch.inference_mode():
        on, done = torch.device(device), starts[0].config.epochs if starts else 0
        parameters = Parameters(configs[0], len(configs), on)
        adam = Adam(configs, parameters, Parameters(configs[0], len(configs), on))
        streams = _restore(starts, parameters, adam) if starts else initialise(configs, parameters)
        masks = Masks(configs, streams, on, helper, done)  # the helper starts
        data = _make_data(configs)
        recorder = Recorder(configs, data, parameters, snapshots, starts)
        _loop(configs, data, masks, recorder, adam, on_epoch)
        ends = _ends(configs, parameters, adam, masks) if keep_end else [None] * len(configs)
        return _finish(configs, data, recorder, [epoch for epoch in tested if epoch > done], ends)


def _restore(starts: Sequence[Run], parameters: Parameters, adam: Adam) -> dict[Key, Tensor]:
    """Put everything where it was after the starts' last epoch; returns the states of the masks' generators."""
    streams = {}
    for run, start in enumerate(starts):
        config, end = start.config, start.end
        assert end is not None  # whoever goes on from a run has seen to that
        for flat, values in zip((parameters.flat, adam.mean, adam.square), end.values, strict=True):
            parameters.put(flat, run, values)
        if end.stream is not None:
            streams[config.seed, config.dropout] = torch.from_numpy(end.stream)
    return streams


def _ends(configs: Sequence[RunConfig], parameters: Parameters, adam: Adam, masks: Masks) -> list[End | None]:
    streams = {key: state.numpy() for key, state in masks.ends().items()}
    values = parameters.by_run(torch.stack([parameters.flat, adam.mean, adam.square]))  # (3, P) each
    return [
        End(values=of_run, stream=streams.get((config.seed, config.dropout)))
        for config, of_run in zip(configs, values, strict=True)
    ]


def _make_data(configs: Sequence[RunConfig]) -> list[Dataset]:
    """Each run's data, made once for all runs that share it."""
    keys = [tuple(getattr(config, name) for name in DATA_FIELDS) for config in configs]
    made = {key: make(config) for key, config in dict(zip(keys, configs, strict=True)).items()}
    return [made[key] for key in keys]


def _loop(
    configs: Sequence[RunConfig],
    data: Sequence[Dataset],
    masks: Masks,
    recorder: Recorder,
    adam: Adam,
    on_epoch: Callable[[int], None] | None,
) -> None:
    first = configs[0]
    work, done, most = _prepare(configs, data, masks, recorder, adam), recorder.start, stretch(first, len(configs))
    with as_written():
        test(work.testing)
    while done < first.epochs and not recorder.all_diverged:
        count = min(most, first.epochs - done, recorder.room, masks.ahead())
        each = zip(masks.take(count), adam.corrections(done, count), recorder.slots(count), strict=True)
        epochs = [Epoch(drawn, correction, *slots) for drawn, correction, slots in each]
        with as_written():
            train_epochs(work, epochs)
        recorder.end_epochs(count)
        done += count
        if on_epoch:
            on_epoch(done)
    recorder.flush()


def _prepare(
    configs: Sequence[RunConfig], data: Sequence[Dataset], masks: Masks, recorder: Recorder, adam: Adam
) -> Work:
    """Memory for an epoch, and its calls with their operands."""
    first, parameters = configs[0], recorder.parameters
    x = stack_points(first, data, parameters.flat.device)  # (R, M, D)
    testing = TestPass(first, x, parameters)
    training = TrainingPass(first, x, parameters, adam.gradients, masks.use, testing)
    by_logp = torch.zeros_like(training.logits)  # (R, C, N')
    by_logp[:, :, : first.n_train] = torch.stack(
        [loss_gradient(c, d.y_train) for c, d in zip(configs, data, strict=True)]
    )
    logp, planes = torch.zeros_like(by_logp), torch.zeros_like(by_logp)
    return Work(
        draws=masks.draws,
        forward=training.forward,
        loss=LossBackward(training.logits, by_logp, logp, planes, training.errors[-1]),
        backward=training.backward,
        update=adam.work,
        testing=testing.work,
        tested=testing.logits,
    )


def _finish(
    configs: Sequence[RunConfig],
    data: Sequence[Dataset],
    recorder: Recorder,
    tested: Sequence[int],
    ends: Sequence[End | None],
) -> list[Run]:
    fresh = _test_on_fresh_points(configs, data, recorder, tested)
    axes = {
        name: grid_axis(torch.cat([points.x_train, points.x_val]).numpy())
        for name, points in {id(points): points for points in data}.items()
    }
    kept = np.array(recorder.kept_epochs)
    runs = []
    for r, parameters in enumerate(recorder.parameters.by_run(recorder.snapshots)):  # (S, P)
        diverged = bool(recorder.diverged_at[r] < configs[r].epochs)
        *earlier, last = fresh[r]
        if diverged:
            parameters[kept > recorder.diverged_at[r]] = np.nan
        runs.append(
            Run(
                config=configs[r],
                curves=recorder.curves[r].copy(),  # a copy, so that one kept run does not keep the batch
                flipped=recorder.flipped[r].copy(),
                test_accuracy=last,
                diverged=diverged,
                kept_epochs=recorder.kept_epochs,
                parameters=parameters,
                predicted=recorder.predicted[r].copy(),
                axis=axes[id(data[r])].copy(),
                tested=dict(zip(tested, earlier, strict=True)),
                end=None if diverged else ends[r],
            )
        )
    return runs


def _test_on_fresh_points(
    configs: Sequence[RunConfig], data: Sequence[Dataset], recorder: Recorder, tested: Sequence[int]
) -> list[list[float]]:
    """Each run's accuracies on its fresh points, after the epochs `tested` and after the last; NaN once diverged."""
    parameters, last = recorder.parameters, configs[0].epochs
    fresh_accuracy, final = _FreshAccuracy(configs[0], parameters), parameters.flat.clone()
    accuracies: list[list[float]] = [[] for _ in configs]
    for epoch in (*tested, last):
        parameters.flat.copy_(final if epoch == last else recorder.snapshots[recorder.kept_epochs.index(epoch)])
        for run, of_run in enumerate(accuracies):
            of_run.append(fresh_accuracy(run, data[run]) if epoch <= recorder.diverged_at[run] else math.nan)
    return accuracies


class _FreshAccuracy:
    """Accuracy of a run, as it is now, on its 4,000 fresh points, by `train`'s own calls in memory used again."""

    def __init__(self, config: RunConfig, parameters: Parameters) -> None:
        device = parameters.flat.device
        self.outputs = [
            torch.empty(N_FRESH, n_out, dtype=torch.float32, device=device) for n_out in config.layer_sizes[1:]
        ]
        self.weights, self.biases = parameters.weights, parameters.biases

    def __call__(self, run: int, points: Dataset) -> float:
        a = points.x_fresh.to(self.outputs[0].device)  # (N, D)
        for weight, bias, output in zip(self.weights, self.biases, self.outputs, strict=True):
            a = torch.addmm(bias[run], a, weight[run].T, out=output)
            if output is not self.outputs[-1]:
                a.relu_()
        logits = a.cpu().numpy()
        right = np.greater(logits[:, 1], logits[:, 0]) == points.y_fresh.numpy()  # (N,)
        return float(np.float32(np.count_nonzero(right)) / np.float32(N_FRESH))
