"""Matrix products of many runs in one call, rounded exactly as `train` rounds them.

The last bit of a product depends on the order in which the BLAS adds, and that depends on shapes, strides, alignment,
processor and number of threads. One rule is safe everywhere: ask for the very shapes and strides that `nn.Linear` and
its backward pass ask for, run by run, on blocks that start on a 64-byte boundary as a fresh tensor does. `bmm` over
such blocks rounds like `mm` run by run, from some 400 multiplications on; below that it uses a loop of its own.

A faster way is to compute whole padded blocks, several sets of points in one product. On some processors that gives
the same bits (the row of a result does not depend on how many rows there are), on others it does not. So it is not
assumed but tried, once for every shape a process meets, and the safe way is taken where a single bit differs.

Axes: R runs, M rows with padding, N points, I inputs, O outputs of a layer.
"""

from collections.abc import Iterator
from functools import lru_cache
from itertools import product as pairs
from typing import NamedTuple

import torch
from torch import Tensor

from regdash.ensemble.layout import padded
from regdash.ensemble.unlocked import unlocked


class Product(NamedTuple):
    """out = left @ right (+ bias), of matrices, or of R matrices side by side."""

    left: Tensor
    right: Tensor
    out: Tensor
    bias: Tensor | None


class Products(NamedTuple):
    """Products to be made, prepared once, and then copies, (to, from)."""

    products: list[Product]
    copies: list[tuple[Tensor, Tensor]]


@unlocked
def multiply(work: Products) -> None:
    """Make the products and the copies."""
    for product in work.products:
        bias = product.bias
        if product.left.dim() == 3:
            if bias is None:
                torch.bmm(product.left, product.right, out=product.out)
            else:
                torch.baddbmm(bias, product.left, product.right, out=product.out)
        elif bias is None:
            torch.mm(product.left, product.right, out=product.out)
        else:
            torch.addmm(bias, product.left, product.right, out=product.out)
    for to, source in work.copies:
        to.copy_(source)


Trial = tuple[int, int]
"""How many runs to try something with, and on how many torch threads: on one thread each run counts like another.
Several split sums, and those of so many runs sometimes in other ways than those of one."""

Layout = tuple[tuple[int, ...], tuple[int, ...], int]
"""A tensor's shape and strides, and the number of torch's threads."""

Blocks = tuple[tuple[int, int], ...]
"""Sets of points in the rows of a padded tensor, as (first row, end row)."""

# Below this many multiplications `torch.bmm` leaves the BLAS for a plain loop of its own, which adds in another order.
BLAS_FROM = 400


def affine(x: Tensor, weight: Tensor, bias: Tensor, out: Tensor, blocks: Blocks) -> Products:
    """out (R, M, O) = x (R, M, I) @ weight (R, O, I)ᵀ + bias (R, O), as `nn.Linear` computes each block of rows."""
    weight_t = weight.mT  # (R, I, O)
    if x.is_cuda or _padding_is_exact(_trial(x), blocks, *x.shape[1:], weight.shape[1]):
        return Products([Product(x, weight_t, out, bias[:, None, :].expand_as(out))], [])
    return Products([p for a, b in blocks for p in _exact(x[:, a:b], weight_t, out[:, a:b], bias)], [])


def matmul(left: Tensor, right: Tensor, out: Tensor, blocks: Blocks) -> Products:
    """out (R, M, O) = left (R, M, I) @ right (R, I, O), as `mm` computes each block of rows."""
    if left.is_cuda or _padding_is_exact(_trial(left), blocks, *left.shape[1:], right.shape[2]):
        return Products([Product(left, right, out, None)], [])
    return Products([p for a, b in blocks for p in _exact(left[:, a:b], right, out[:, a:b])], [])


def transposed_matmul(left: Tensor, right: Tensor, out: Tensor) -> Products:
    """out (R, O, I) = left (R, N, O)ᵀ @ right (R, N, I): a sum over points, so these are never padded.

    A BLAS is slow where rows are short, as those of the first layer's weights are (I = 2). Transposed, they are long.
    """
    (n, n_out), n_in = left.shape[1:], right.shape[2]
    if n_in < n_out and not left.is_cuda and _turning_is_exact(_trial(left), n, n_out, n_in):
        turned = out.new_empty(len(out), n_in, n_out)  # (R, I, O)
        return Products([Product(right.mT, left, turned, None)], [(out, turned.mT)])
    return Products(_exact(left.mT, right, out), [])


def affine_planes(x: Tensor, weight: Tensor, bias: Tensor, out: Tensor, blocks: Blocks) -> Products:
    """Like `affine` for two outputs, written as planes, out (R, O, M).

    Two outputs are few for a BLAS that fills wide registers with a row's outputs; a row of points fills them. Where
    that changes a bit, rows are computed and turned.
    """
    if x.is_cuda or _planes_are_exact(_trial(x), blocks, *x.shape[1:]):
        return Products([Product(weight, x.mT, out, bias[:, :, None].expand_as(out))], [])
    rows = x.new_zeros(*x.shape[:2], weight.shape[1])  # (R, M, O)
    return Products(affine(x, weight, bias, rows, blocks).products, [(out, rows.mT)])


def _exact(left: Tensor, right: Tensor, out: Tensor, bias: Tensor | None = None) -> list[Product]:
    """left @ right (+ bias (R, O)) by calls that round like `mm` and `addmm`, run by run."""
    size = left.shape[1] * left.shape[2] * right.shape[2]
    if left.is_cuda or (size >= BLAS_FROM and _may_be_batched(left, right, with_bias=bias is not None)):
        return [Product(left, right, out, None if bias is None else bias[:, None, :].expand_as(out))]
    biases = [None] * len(out) if bias is None else list(bias)
    return [Product(*operands) for operands in zip(left, right, out, biases, strict=True)]


def total_over_points(summands: Tensor, total: Tensor) -> list[tuple[Tensor, Tensor]]:
    """What is to be summed, (R, N, O), and where to, (R, O), as `sum` does it for each run: at once or run by run."""
    if summands.is_cuda or torch.get_num_threads() == 1 or _many_sums_are_exact(_layout(summands)):
        return [(summands, total)]
    return list(zip(summands, total, strict=True))


def _may_be_batched(left: Tensor, right: Tensor, *, with_bias: bool) -> bool:
    return torch.get_num_threads() == 1 or _many_are_exact(_layout(left), _layout(right), with_bias)


def _trial(tensor: Tensor) -> Trial:
    n_threads = torch.get_num_threads()
    return (2 if n_threads == 1 else len(tensor)), n_threads


def _layout(tensor: Tensor) -> Layout:
    return tuple(tensor.shape), tensor.stride(), torch.get_num_threads()


def _normal(*shape: int, generator: torch.Generator) -> Tensor:
    return torch.randn(shape, generator=generator, dtype=torch.float32)


def _random(layout: Layout, generator: torch.Generator) -> Tensor:
    shape, stride, _ = layout
    return torch.empty_strided(shape, stride, dtype=torch.float32).copy_(_normal(*shape, generator=generator))


@lru_cache(maxsize=4096)
def _many_are_exact(left: Layout, right: Layout, with_bias: bool) -> bool:
    """Whether several threads give products (R, ·, ·) of so many runs the bits of each run's own."""
    generator = torch.Generator().manual_seed(0)
    a, b = _random(left, generator), _random(right, generator)
    if not with_bias:
        return all(torch.equal(both, one.mm(other)) for both, one, other in zip(torch.bmm(a, b), a, b, strict=True))
    bias = _normal(len(a), 1, b.shape[2], generator=generator)
    together = torch.baddbmm(bias, a, b)
    return all(torch.equal(both, torch.addmm(c, *of)) for both, c, *of in zip(together, bias, a, b, strict=True))


@lru_cache(maxsize=4096)
def _many_sums_are_exact(layout: Layout) -> bool:
    """Whether several threads give sums over the middle axis of (R, N, O) the bits of each run's own."""
    summands = _random(layout, torch.Generator().manual_seed(0))
    return all(torch.equal(both, one.sum(0)) for both, one in zip(summands.sum(1), summands, strict=True))


@lru_cache(maxsize=4096)
def _padding_is_exact(trial: Trial, blocks: Blocks, n_rows: int, n_in: int, n_out: int) -> bool:
    """Whether one product over all padded rows has, in each block, the bits of that block's own product."""
    if not _are_for_the_blas(blocks, n_in * n_out):
        return False
    for x, weight, bias in _samples(trial[0], n_rows, n_in, n_out):
        with_bias = torch.baddbmm(bias[:, None, :], x, weight.mT)
        right = weight.mT.contiguous()  # (R, I, O)
        without = torch.bmm(x, right)
        for run, (a, b) in pairs(range(len(x)), blocks):
            block = x[run, a:b].clone()
            if not torch.equal(with_bias[run, a:b], torch.addmm(bias[run].clone(), block, weight[run].T)):
                return False
            if not torch.equal(without[run, a:b], block.mm(right[run].clone())):
                return False
    return True


@lru_cache(maxsize=4096)
def _planes_are_exact(trial: Trial, blocks: Blocks, n_rows: int, n_in: int) -> bool:
    """Whether planes (C, M) = weight (C, I) @ x (M, I)ᵀ have the bits of each block's own rows."""
    if not _are_for_the_blas(blocks, n_in * 2):
        return False
    for x, weight, bias in _samples(trial[0], n_rows, n_in, 2):
        planes = torch.baddbmm(bias[:, :, None], weight, x.mT)
        for run, (a, b) in pairs(range(len(x)), blocks):
            rows = torch.addmm(bias[run].clone(), x[run, a:b].clone(), weight[run].T)
            if not torch.equal(planes[run, :, a:b].T, rows):
                return False
    return True


@lru_cache(maxsize=4096)
def _turning_is_exact(trial: Trial, n: int, n_out: int, n_in: int) -> bool:
    """Whether right (N, I)ᵀ @ left (N, O) is the transpose of left (N, O)ᵀ @ right (N, I) to the last bit."""
    if not _are_for_the_blas(((0, n),), n_in * n_out):
        return False
    generator = torch.Generator().manual_seed(0)
    left = _normal(trial[0], padded(n), n_out, generator=generator)[:, :n]
    for _ in range(8):  # so that each place of the result is seen 16 times
        right = _normal(trial[0], padded(n), n_in, generator=generator)[:, :n]
        turned = torch.bmm(right.mT, left)  # (R, I, O)
        if not all(torch.equal(turned[run].T, left[run].clone().T.mm(right[run].clone())) for run in range(trial[0])):
            return False
    return True


def _are_for_the_blas(blocks: Blocks, size_of_row: int) -> bool:
    """Whether no block's product is so small that it goes another way (see above)."""
    return min(b - a for a, b in blocks) * size_of_row >= BLAS_FROM


def _samples(n_runs: int, n_rows: int, n_in: int, n_out: int) -> Iterator[tuple[Tensor, Tensor, Tensor]]:
    """Random x (R, M, I), weight (R, O, I), bias (R, O): as many as it takes for a difference to show."""
    generator = torch.Generator().manual_seed(0)
    for _ in range(1 + 4096 // (n_rows * n_out)):
        shapes = (n_rows, n_in), (n_out, n_in), (n_out,)
        x, weight, bias = (_normal(n_runs, *shape, generator=generator) for shape in shapes)
        yield x, weight, bias
