"""Forward and backward pass of R networks at once, in the order of operations that autograd uses.

All memory is allocated once; an epoch is a fixed sequence of calls into it. What is left out changes no bit:

- ReLU and dropout overwrite a layer's output. The backward pass needs only what is left: a unit passes a gradient on
  exactly where its output is not zero, and dropout scales all that passes by the same 1 / (1 - p).
- A training pass begins with the first layer's output on the training points, before dropout. The test pass after the
  previous update has just computed that, with the same weights. Without dropout it has computed all the rest as well.

Tensors of points have padded rows, so that each run's block is aligned. What the padding holds is never read.

Axes: R runs, N' training points and M training and validation points, both padded; O outputs of a layer; H width,
C = 2 classes, D = 2 inputs.
"""

from collections.abc import Sequence
from typing import NamedTuple

import torch
from torch import Tensor

from regdash.config import RunConfig
from regdash.data import Dataset
from regdash.ensemble.layout import Parameters, padded
from regdash.ensemble.products import (
    Blocks,
    Products,
    affine,
    affine_planes,
    matmul,
    multiply,
    total_over_points,
    transposed_matmul,
)
from regdash.ensemble.sharing import Use
from regdash.ensemble.unlocked import unlocked


def blocks_of(config: RunConfig) -> Blocks:
    """Rows of the training points and of the validation points among all M rows."""
    val = padded(config.n_train)
    return (0, config.n_train), (val, val + config.n_samples - config.n_train)


def stack_points(config: RunConfig, data: Sequence[Dataset], device: torch.device) -> Tensor:
    """R runs' training and validation points, (R, M, D)."""
    train, val = blocks_of(config)
    x = torch.zeros(len(data), padded(val[1]), 2, dtype=torch.float32)
    for run, points in enumerate(data):
        x[run, slice(*train)] = points.x_train
        x[run, slice(*val)] = points.x_val
    return x.to(device)


class Testing(NamedTuple):
    """A forward pass with dropout off, prepared: per hidden layer its products and its output; then the logits'."""

    hidden: list[tuple[Products, Tensor]]
    last: Products


@unlocked
def test(work: Testing) -> None:
    """All points → Linear → ReLU → … → logits."""
    for products, output in work.hidden:
        multiply(products)
        output.relu_()
    multiply(work.last)


class Dropping(NamedTuple):
    """A forward pass with dropout on, prepared. What masks (masks, N', H) are applied to is (rounds, masks, N', H).

    taken    copies (to, from) of what the test pass has computed for runs without dropout
    first    (output, what the test pass has computed of it) of the first layer, per pair of `Use.slices`
    hidden   per layer from the second on, and in it per stretch of runs with dropout, products and their output
    dropped  per layer from the second on, and in it per pair of `Use.slices`, what masks are applied to
    last     the logits' products, per stretch of runs with dropout
    """

    taken: list[tuple[Tensor, Tensor]]
    first: list[tuple[Tensor, Tensor]]
    hidden: list[list[tuple[Products, Tensor]]]
    dropped: list[list[Tensor]]
    last: list[Products]


@unlocked
def forward(work: Dropping, masks: list[list[Tensor]]) -> None:
    """First layer's output → Dropout → Linear → ReLU → Dropout → … → logits. `masks` are one epoch's, per layer."""
    for to, source in work.taken:
        to.copy_(source)
    if len(masks) == 0:
        return
    # TorchScript's zip has no `strict`.
    for (output, tested), mask in zip(work.first, masks[0]):  # noqa: B905
        torch.mul(tested, mask, out=output)
    for steps, dropped, layer_masks in zip(work.hidden, work.dropped, masks[1:]):  # noqa: B905
        for products, output in steps:
            multiply(products)
            output.relu_()
        for output, mask in zip(dropped, layer_masks):  # noqa: B905
            output.mul_(mask)
    for products in work.last:
        multiply(products)


class LayerBackward(NamedTuple):
    """One layer's part of the backward pass, prepared. What concerns the layer below is empty for the first layer.

    bias_gradient  (gradients by its outputs before ReLU (R, N, O), their sum over points (R, O)); or run by run
    weight_gradient  the product that gives (R, O, I)
    below          the product that gives the gradients by the outputs of the layer below
    passed         (these (R, N', I), the outputs (R, N', I)): what ReLU and dropout let pass
    scaled         per stretch of runs with dropout (these, 1 / (1 - p))
    """

    bias_gradient: list[tuple[Tensor, Tensor]]
    weight_gradient: Products
    below: Products
    passed: list[tuple[Tensor, Tensor]]
    scaled: list[tuple[Tensor, Tensor]]


@unlocked
def backward(layers: list[LayerBackward]) -> None:
    """Errors of the logits → gradients of every weight and bias. `layers` begin with the last one."""
    for layer in layers:
        for summands, total in layer.bias_gradient:
            torch.sum(summands, [-2], out=total)
        multiply(layer.weight_gradient)
        multiply(layer.below)
        for errors, outputs in layer.passed:
            torch.ops.aten.threshold_backward(errors, outputs, 0, grad_input=errors)
        for errors, scale in layer.scaled:
            errors.mul_(scale)


def prepare_layers(
    outputs: Sequence[Tensor], logits: Tensor, parameters: Parameters, blocks: Blocks, runs: slice = slice(None)
) -> tuple[list[tuple[Products, Tensor]], Products]:
    """The last len(outputs) layers for some runs: from each of `outputs` to the next, and from the last one to logits.

    The first axis of all these tensors is those runs already.
    """
    first = len(parameters.weights) - len(outputs)
    weights, biases = ([part[runs] for part in parts[first:]] for parts in (parameters.weights, parameters.biases))
    hidden = zip(outputs[:-1], weights[:-1], biases[:-1], outputs[1:], strict=True)
    return (
        [(affine(x, weight, bias, output, blocks), output) for x, weight, bias, output in hidden],
        affine_planes(outputs[-1], weights[-1], biases[-1], logits, blocks),
    )


class TestPass:
    """Memory of the forward pass with dropout off, on the training and the validation points.

    outputs  per hidden layer (R, M, H), after ReLU
    logits   (R, C, M) planes
    work     the pass, prepared
    """

    __test__ = False  # not a test, whatever pytest thinks of the name

    def __init__(self, config: RunConfig, x: Tensor, parameters: Parameters) -> None:
        self.outputs = [x.new_zeros(*x.shape[:2], config.width) for _ in range(config.depth)]
        self.logits = x.new_zeros(len(x), 2, x.shape[1])
        self.work = Testing(*prepare_layers([x, *self.outputs], self.logits, parameters, blocks_of(config)))


class TrainingPass:
    """Memory of the forward pass with dropout on, and of the backward pass.

    logits   (R, C, N') planes
    errors   gradients by a layer's output before ReLU, (R, N', H); and by the logits, (R, N', C)
    forward, backward  the passes, prepared
    """

    def __init__(
        self,
        config: RunConfig,
        x: Tensor,
        parameters: Parameters,
        gradients: Parameters,
        use: Use,
        test: TestPass,
    ) -> None:
        blocks, rows = blocks_of(config)[:1], padded(config.n_train)
        tested = [output[:, :rows] for output in test.outputs]  # (R, N', H)
        self.logits = x.new_zeros(len(x), 2, rows)
        taken = [(self.logits[runs], test.logits[runs, :, :rows]) for runs in use.without]
        outputs, self.forward = tested, Dropping(taken, [], [], [], [])
        if use.slices:
            outputs = [zeros_like(output) for output in tested]
            self.forward = _dropping(tested, outputs, self.logits, taken, parameters, blocks, use)
        self.errors = [zeros_like(output) for output in [*outputs, self.logits.mT]]
        self.backward = _backward(config.n_train, x, outputs, self.errors, parameters, gradients, blocks, use)


def _dropping(
    tested: Sequence[Tensor],
    outputs: Sequence[Tensor],
    logits: Tensor,
    taken: Sequence[tuple[Tensor, Tensor]],
    parameters: Parameters,
    blocks: Blocks,
    use: Use,
) -> Dropping:
    same = [(output[runs], t[runs]) for output, t in zip(outputs, tested, strict=True) for runs in use.without]
    hidden: list[list[tuple[Products, Tensor]]] = [[] for _ in outputs[1:]]
    last = []
    for runs in use.dropping:
        steps, to_logits = prepare_layers([output[runs] for output in outputs], logits[runs], parameters, blocks, runs)
        for layer, step in zip(hidden, steps, strict=True):
            layer.append(step)
        last.append(to_logits)
    return Dropping(
        taken=[*taken, *same],
        first=[(rounds(outputs[0], *pair), rounds(tested[0], *pair)) for pair in use.slices],
        hidden=hidden,
        dropped=[[rounds(output, *pair) for pair in use.slices] for output in outputs[1:]],
        last=last,
    )


def _backward(
    n_train: int,
    x: Tensor,
    outputs: Sequence[Tensor],
    errors: Sequence[Tensor],
    parameters: Parameters,
    gradients: Parameters,
    blocks: Blocks,
    use: Use,
) -> list[LayerBackward]:
    """The layers' parts, the last layer's first."""
    layers, weights = [], parameters.weights
    for layer, inputs in enumerate([x, *outputs]):
        summed = errors[layer][:, :n_train]  # over points, so the padding must not be seen
        below = errors[layer - 1] if layer else None
        layers.append(
            LayerBackward(
                bias_gradient=total_over_points(summed, gradients.biases[layer]),
                weight_gradient=transposed_matmul(summed, inputs[:, :n_train], gradients.weights[layer]),
                below=Products([], []) if below is None else matmul(errors[layer], weights[layer], below, blocks),
                passed=[] if below is None else [(below, inputs)],
                scaled=[] if below is None else [(below[runs], use.scales[runs]) for runs in use.dropping],
            )
        )
    return layers[::-1]


def rounds(tensor: Tensor, runs: slice, masks: slice) -> Tensor:
    """The part of (R, N', H) that belongs to these runs, cut where their masks begin anew: (rounds, masks, N', H)."""
    return tensor[runs].view(-1, masks.stop - masks.start, *tensor.shape[1:])


def zeros_like(tensor: Tensor) -> Tensor:
    """Zeros in the shape of a view, in memory of their own, row after row."""
    return torch.zeros_like(tensor, memory_format=torch.contiguous_format)
