"""Adam and AdamW on the parameters of all runs at once.

The operations and their order are those of `torch.optim`'s single-tensor path (`torch/optim/adam.py`), so the bits are
too. They are elementwise, so one call does for all runs. Where a scalar of theirs differs from run to run, it becomes
a tensor that holds each run's value at each of its parameters: `addcmul` with it rounds like `add` with `alpha`, and
`addcdiv` with it like `addcdiv` with `value`. Where a call takes a tensor as well as a number, it gets one made before:
PyTorch makes a tensor of a number each time.
"""

from collections.abc import Callable, Sequence
from typing import NamedTuple

import torch
from torch import Tensor

from regdash.config import RunConfig
from regdash.ensemble.layout import Parameters
from regdash.ensemble.unlocked import unlocked

BETA1, BETA2, EPS = 0.9, 0.999, 1e-8  # PyTorch's defaults, as everywhere in RegDash

Correction = tuple[float, Tensor]
"""What corrects one epoch's bias: 1 - BETA1 ** epoch, and the square root of 1 - BETA2 ** epoch."""


class Update(NamedTuple):
    """An update of all runs, prepared. Tensors without a note are flat.

    one_minus_beta1, beta2  with no axes
    l2, shrink  each run's decay at each of its parameters; None if it would do nothing
    rate        the runs' learning rate. If it differs: `rates`, each run's at each of its parameters, and memory for
                steps, both float64, since PyTorch corrects the bias in Python's floats, and for steps in float32
    """

    parameters: Tensor
    gradients: Tensor
    mean: Tensor
    square: Tensor
    denominator: Tensor
    eps: Tensor
    one_minus_beta1: Tensor
    beta2: Tensor
    one_minus_beta2: float
    l2: Tensor | None
    shrink: Tensor | None
    rate: float
    rates: tuple[Tensor, Tensor, Tensor] | None


@unlocked
def step(work: Update, correction: Correction) -> None:
    """One update of all runs in place (Kingma & Ba 2015, arXiv:1412.6980; Loshchilov & Hutter 2019, arXiv:1711.05101).

    It overwrites the gradients.
    """
    correction1, correction2_sqrt = correction
    l2, shrink, rates, gradients = work.l2, work.shrink, work.rates, work.gradients
    if shrink is not None:
        work.parameters.mul_(shrink)
    if l2 is not None:
        gradients.addcmul_(work.parameters, l2)
    work.mean.lerp_(gradients, work.one_minus_beta1)
    work.square.mul_(work.beta2).addcmul_(gradients, gradients, value=work.one_minus_beta2)
    torch.sqrt(work.square, out=work.denominator)
    # eps + √square / correction
    torch.addcdiv(work.eps, work.denominator, correction2_sqrt, out=work.denominator)
    if rates is None:
        work.parameters.addcdiv_(work.mean, work.denominator, value=-(work.rate / correction1))
    else:
        each, wide, steps = rates
        torch.div(each, -correction1, out=wide)
        steps.copy_(wide).mul_(work.mean)
        work.parameters.addcdiv_(steps, work.denominator)


class Adam:
    """Memory of the updates of `parameters` of R runs from `gradients`. `configs` are the R settings.

    mean, square  exponential means of gradients and of their squares, flat
    """

    def __init__(self, configs: Sequence[RunConfig], parameters: Parameters, gradients: Parameters) -> None:
        device = parameters.flat.device
        self.gradients = gradients
        self.mean, self.square = parameters.like(), parameters.like()
        roots = torch.tensor(
            [(1 - BETA2**epoch) ** 0.5 for epoch in range(1, configs[0].epochs + 1)], dtype=torch.float32, device=device
        )
        self._corrections = [(1 - BETA1**epoch, root) for epoch, root in enumerate(roots.unbind(), start=1)]

        def spread(value: Callable[[RunConfig], float], neutral: float) -> Tensor | None:
            """Each run's value at each of its parameters, float32; None if it would do nothing."""
            values = [value(config) for config in configs]
            return None if set(values) == {neutral} else parameters.spread(torch.tensor(values, dtype=torch.float32))

        rates = None
        if len({config.learning_rate for config in configs}) > 1:
            each = torch.tensor([config.learning_rate for config in configs], dtype=torch.float64)
            rates = parameters.spread(each), parameters.like().double(), parameters.like()
        one_minus_beta1, beta2 = torch.tensor([1 - BETA1, BETA2], dtype=torch.float32, device=device)
        self.work = Update(
            parameters=parameters.flat,
            gradients=gradients.flat,
            mean=self.mean,
            square=self.square,
            denominator=parameters.like(),
            eps=torch.full_like(parameters.flat, EPS),
            one_minus_beta1=one_minus_beta1,
            beta2=beta2,
            one_minus_beta2=1 - BETA2,
            l2=spread(lambda c: c.weight_decay if c.decay == "l2" else 0.0, 0.0),
            shrink=spread(lambda c: 1 - c.learning_rate * c.weight_decay if c.decay == "decoupled" else 1.0, 1.0),
            rate=configs[0].learning_rate,
            rates=rates,
        )

    def corrections(self, done: int, count: int) -> list[Correction]:
        """Those of `count` epochs after the first `done`."""
        return self._corrections[done : done + count]
