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

import torch
from torch import Tensor

from regdash.config import RunConfig
from regdash.data import Dataset
from regdash.ensemble.layout import Parameters, padded
from regdash.ensemble.masks import Masks
from regdash.ensemble.products import Blocks, Step, StepInto, affine, affine_planes, matmul, transposed_matmul

threshold_backward = torch.ops.aten.threshold_backward.grad_input


def blocks_of(config: RunConfig) -> Blocks:
    """Rows of the training points and of the validation points among all M rows."""
    val = padded(config.n_train)
    return (0, config.n_train), (val, val + config.n_samples - config.n_train)


def stack_points(config: RunConfig, data: Sequence[Dataset], device: torch.device) -> Tensor:
    """R runs' training and validation points, (R, M, D)."""
    train, val = blocks_of(config)
    x = torch.zeros(len(data), padded(val[1]), 2)
    for run, points in enumerate(data):
        x[run, slice(*train)] = points.x_train
        x[run, slice(*val)] = points.x_val
    return x.to(device)


def layers(
    tensors: Sequence[Tensor], parameters: Parameters, blocks: Blocks, runs: slice = slice(None)
) -> tuple[list[Step], StepInto]:
    """The last len(tensors) layers for some runs: from each of `tensors` to the next, and from the last one to logits.

    The first axis of `tensors` is those runs already.
    """
    first = len(parameters.weights) - len(tensors)
    weights, biases = ([part[runs] for part in parts[first:]] for parts in (parameters.weights, parameters.biases))
    hidden = zip(tensors[:-1], weights[:-1], biases[:-1], tensors[1:], strict=True)
    return [affine(*operands, blocks) for operands in hidden], affine_planes(
        tensors[-1], weights[-1], biases[-1], blocks
    )


class TestPass:
    """Forward with dropout off, on the training and the validation points.

    outputs  per hidden layer (R, M, H), after ReLU
    logits   (R, C, M) planes, where the last forward pass wrote them
    """

    __test__ = False  # not a test, whatever pytest thinks of the name

    def __init__(self, config: RunConfig, x: Tensor, parameters: Parameters) -> None:
        self.outputs = [x.new_zeros(*x.shape[:2], config.width) for _ in range(config.depth)]
        self._hidden, self._last = layers([x, *self.outputs], parameters, blocks_of(config))
        self.logits: Tensor

    def forward(self, logits: Tensor) -> None:
        """All points → Linear → ReLU → … → `logits` (R, C, M)."""
        for step, output in zip(self._hidden, self.outputs, strict=True):
            step()
            output.relu_()
        self._last(logits)
        self.logits = logits


class TrainingPass:
    """Forward with dropout on, and the gradients.

    dlogits  (R, C, N') planes, gradient of the loss by the logits, to be filled in before `backward`
    """

    def __init__(
        self,
        config: RunConfig,
        x: Tensor,
        parameters: Parameters,
        gradients: Parameters,
        masks: Masks,
        test: TestPass,
    ) -> None:
        blocks, n, self._rows = blocks_of(config)[:1], config.n_train, padded(config.n_train)
        self.masks, self._test = masks, test
        self.outputs = [output[:, : self._rows] for output in test.outputs]  # (R, N', H)
        if masks.slices:
            self._prepare_forward(parameters, blocks)
        self.dlogits = x.new_zeros(len(x), 2, self._rows)
        self._dlogits_rows = self.dlogits.mT  # (R, N', C)
        # Errors are gradients by a layer's output before ReLU: (R, N', H), and (R, N', C) for the logits.
        self.errors = [zeros_like(output) for output in [*self.outputs, self._dlogits_rows]]
        self._scaled = [[(error[runs], masks.scales[runs]) for runs in masks.dropping] for error in self.errors[:-1]]
        weights = parameters.weights[1:]
        self._backward = [
            matmul(*operands, blocks) for operands in zip(self.errors[1:], weights, self.errors, strict=False)
        ]
        # What follows sums over points, so it must not see the padding.
        errors, inputs = [e[:, :n] for e in self.errors], [x[:, :n], *(output[:, :n] for output in self.outputs)]
        self._weight_gradients = [
            transposed_matmul(*operands) for operands in zip(errors, inputs, gradients.weights, strict=True)
        ]
        self._bias_gradients = list(zip(errors, gradients.biases, strict=True))

    def _prepare_forward(self, parameters: Parameters, blocks: Blocks) -> None:
        """Outputs of their own for training, and the steps that fill them in."""
        masks, tested = self.masks, self.outputs
        self.outputs = [zeros_like(output) for output in tested]
        self._same = [
            (output[runs], t[runs]) for output, t in zip(self.outputs, tested, strict=True) for runs in masks.without
        ]
        self._undropped = [rounds(tested[0], *pair) for pair in masks.slices]
        self._dropped = [[rounds(output, *pair) for pair in masks.slices] for output in self.outputs]
        self._hidden: list[list[tuple[Step, Tensor]]] = [[] for _ in self.outputs[1:]]
        self._last = []
        for runs in masks.dropping:
            outputs = [output[runs] for output in self.outputs]
            hidden, last = layers(outputs, parameters, blocks, runs)
            for steps, step, output in zip(self._hidden, hidden, outputs[1:], strict=True):
                steps.append((step, output))
            self._last.append((runs, last))

    def forward(self, logits: Tensor) -> None:
        """First layer's output → Dropout → Linear → ReLU → Dropout → … → `logits` (R, C, N'). Needs a test pass before.

        Runs without dropout take all that from the test pass.
        """
        for runs in self.masks.without:
            logits[runs].copy_(self._test.logits[runs, :, : self._rows])
        if not self.masks.slices:
            return
        for output, tested in self._same:
            output.copy_(tested)
        masks = self.masks.draw()
        for output, tested, mask in zip(self._dropped[0], self._undropped, masks[0], strict=True):
            torch.mul(tested, mask, out=output)
        for layer, steps in enumerate(self._hidden, start=1):
            for step, output in steps:
                step()
                output.relu_()
            for output, mask in zip(self._dropped[layer], masks[layer], strict=True):
                output.mul_(mask)
        for runs, last in self._last:
            last(logits[runs])

    def backward(self) -> None:
        """dlogits → gradients of every weight and bias."""
        self.errors[-1].copy_(self._dlogits_rows)
        for layer in reversed(range(len(self.errors))):
            error, bias_gradient = self._bias_gradients[layer]
            torch.sum(error, 1, out=bias_gradient)
            self._weight_gradients[layer]()
            if layer:
                self._backward[layer - 1]()
                below = self.errors[layer - 1]  # (R, N', H)
                threshold_backward(below, self.outputs[layer - 1], 0, grad_input=below)
                for error, scale in self._scaled[layer - 1]:
                    error.mul_(scale)


def rounds(tensor: Tensor, runs: slice, masks: slice) -> Tensor:
    """The part of (R, N', H) that belongs to these runs, cut where their masks begin anew: (rounds, masks, N', H)."""
    return tensor[runs].view(-1, masks.stop - masks.start, *tensor.shape[1:])


def zeros_like(tensor: Tensor) -> Tensor:
    """Zeros in the shape of a view, in memory of their own, row after row."""
    return torch.zeros_like(tensor, memory_format=torch.contiguous_format)
