"""Adam and AdamW on the parameters of all runs at once.

The operations and their order are those of `torch.optim`'s single-tensor path (`torch/optim/adam.py`), so the bits are
too. They are elementwise, so one call does for all runs. Where a scalar of theirs differs from run to run, it becomes
a tensor that holds each run's value at each of its parameters: `addcmul` with it rounds like `add` with `alpha`, and
`addcdiv` with it like `addcdiv` with `value`. The other scalars are float32 tensors made beforehand: PyTorch makes one
of a Python number too, each time, and a small network would notice.
"""

from collections.abc import Callable, Sequence

import torch
from torch import Tensor

from regdash.config import RunConfig
from regdash.ensemble.layout import Parameters

BETA1, BETA2, EPS = 0.9, 0.999, 1e-8  # PyTorch's defaults, as everywhere in RegDash


class Adam:
    """Updates `parameters` of R runs in place from `gradients`, which it overwrites. `configs` are the R settings.

    mean, square  exponential means of gradients and of their squares, flat
    epoch         updates made
    """

    def __init__(self, configs: Sequence[RunConfig], parameters: Parameters, gradients: Parameters) -> None:
        self.gradients = gradients
        self._parameters, self._gradients = parameters.flat, gradients.flat
        self.mean, self.square = parameters.like(), parameters.like()
        self.denominator = parameters.like()
        self.epoch = 0
        self._weight, self._decay = torch.tensor([1 - BETA1, BETA2], device=parameters.flat.device)
        self._eps = torch.full_like(parameters.flat, EPS)
        corrections = [(1 - BETA2**epoch) ** 0.5 for epoch in range(1, configs[0].epochs + 1)]
        self._corrections = torch.tensor(corrections, device=parameters.flat.device).unbind()

        def spread(value: Callable[[RunConfig], float], neutral: float) -> Tensor | None:
            """Each run's value at each of its parameters, float32; None if it would do nothing."""
            values = [value(config) for config in configs]
            return None if set(values) == {neutral} else parameters.spread(torch.tensor(values))

        self._l2 = spread(lambda c: c.weight_decay if c.decay == "l2" else 0.0, 0.0)
        self._shrink = spread(lambda c: 1 - c.learning_rate * c.weight_decay if c.decay == "decoupled" else 1.0, 1.0)
        self._rate = configs[0].learning_rate
        self._rates: Tensor | None = None  # float64, since PyTorch corrects the bias in Python's floats
        if len({config.learning_rate for config in configs}) > 1:
            rates = torch.tensor([config.learning_rate for config in configs], dtype=torch.float64)
            self._rates = parameters.spread(rates)
            self._steps = parameters.like()

    def step(self) -> None:
        """One update of all runs (Kingma & Ba 2015, arXiv:1412.6980; Loshchilov & Hutter 2019, arXiv:1711.05101)."""
        self.epoch += 1
        correction1, correction2_sqrt = 1 - BETA1**self.epoch, self._corrections[self.epoch - 1]
        if self._shrink is not None:
            self._parameters.mul_(self._shrink)
        if self._l2 is not None:
            self._gradients.addcmul_(self._parameters, self._l2)
        self.mean.lerp_(self._gradients, self._weight)
        self.square.mul_(self._decay).addcmul_(self._gradients, self._gradients, value=1 - BETA2)
        torch.sqrt(self.square, out=self.denominator)
        torch.addcdiv(self._eps, self.denominator, correction2_sqrt, out=self.denominator)  # eps + √square / correction
        if self._rates is None:
            self._parameters.addcdiv_(self.mean, self.denominator, value=-(self._rate / correction1))
        else:
            torch.div(self._rates, -correction1, out=self._steps).mul_(self.mean)
            self._parameters.addcdiv_(self._steps, self.denominator)
