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
from regdash.ensemble.products import Blocks, Step, affine, affine_planes, matmul, transposed_matmul

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


def layers(tensors: Sequence[Tensor], logits: Tensor, parameters: Parameters, blocks: Blocks) -> list[Step]:
    """The steps from each of `tensors` to the next, and from the last one to `logits`: the last len(tensors) layers."""
    weights, biases = parameters.weights[-len(tensors) :], parameters.biases[-len(tensors) :]
    hidden = zip(tensors[:-1], weights[:-1], biases[:-1], tensors[1:], strict=True)
    return [
        *(affine(*operands, blocks) for operands in hidden),
        affine_planes(tensors[-1], weights[-1], biases[-1], logits, blocks),
    ]


class TestPass:
    """Forward with dropout off, on the training and the validation points.

    outputs  per hidden layer (R, M, H), after ReLU
    logits   (R, C, M) planes
    """

    __test__ = False  # not a test, whatever pytest thinks of the name

    def __init__(self, config: RunConfig, x: Tensor, parameters: Parameters) -> None:
        n_runs, n_rows, _ = x.shape
        self.outputs = [x.new_zeros(n_runs, n_rows, config.width) for _ in range(config.depth)]
        self.logits = x.new_zeros(n_runs, 2, n_rows)
        self._affine = layers([x, *self.outputs], self.logits, parameters, blocks_of(config))

    def forward(self) -> None:
        """All points → Linear → ReLU → … → logits."""
        *hidden, last = self._affine
        for step, output in zip(hidden, self.outputs, strict=True):
            step()
            output.relu_()
        last()


class TrainingPass:
    """Forward with dropout on, and the gradients.

    logits   (R, C, N') planes, output of the last forward pass
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
        blocks, n, rows = blocks_of(config)[:1], config.n_train, padded(config.n_train)
        self.masks = masks
        self._tested = [output[:, :rows] for output in test.outputs]  # (R, N', H)
        if masks.slices:
            self.outputs = [zeros_like(output) for output in self._tested]
            self.logits = zeros_like(test.logits[:, :, :rows])
            self._affine = layers(self.outputs, self.logits, parameters, blocks)
            dropping = [runs for runs, _ in masks.slices]
            self._dropped = [[output[runs] for runs in dropping] for output in self.outputs]
            self._undropped = [self._tested[0][runs] for runs in dropping]
            self._without = [(self.outputs[0][runs], self._tested[0][runs]) for runs in masks.without]
        else:  # the test pass has done everything
            self.outputs, self.logits = self._tested, test.logits[:, :, :rows]
        self.dlogits = zeros_like(self.logits)
        self._dlogits_rows = self.dlogits.mT  # (R, N', C)
        # Errors are gradients by a layer's output before ReLU: (R, N', H), and (R, N', C) for the logits.
        self.errors = [zeros_like(output) for output in [*self.outputs, self._dlogits_rows]]
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

    def forward(self) -> None:
        """First layer's output → Dropout → Linear → ReLU → Dropout → … → logits. Needs a test pass before it."""
        if not self.masks.slices:
            return
        masks = self.masks.draw()
        for output, tested in self._without:
            output.copy_(tested)
        for output, tested, mask in zip(self._dropped[0], self._undropped, masks[0], strict=True):
            torch.mul(tested, mask, out=output)
        *hidden, last = self._affine
        for layer, step in enumerate(hidden, start=1):
            step()
            self.outputs[layer].relu_()
            for output, mask in zip(self._dropped[layer], masks[layer], strict=True):
                output.mul_(mask)
        last()

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
                if self.masks.slices:
                    below.mul_(self.masks.scales)


def zeros_like(tensor: Tensor) -> Tensor:
    """Zeros in the shape of a view, in memory of their own, row after row."""
    return torch.zeros_like(tensor, memory_format=torch.contiguous_format)
