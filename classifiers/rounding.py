"""Training that knows how it will ship: the encoder's products in the eight bits of ``classifiers.graph``.

The forward pass rounds weights by output and activations by row; the gradient passes as if it did not. A model
that has seen the rounding loses nothing by it.

Source: straight-through estimator, Bengio et al. 2013, arXiv:1308.3432; Jacob et al. 2018, arXiv:1712.05877.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional as F  # noqa: N812 - the name that every reader of PyTorch knows

__all__ = ["round_products"]

LEVELS = 127


class RoundedLinear(nn.Linear):
    """A linear layer whose product is that of int8 weights and int8 activations."""

    def forward(self, x: Tensor) -> Tensor:
        """As ``nn.Linear``, (…, in) to (…, out)."""
        return F.linear(_Straight.apply(x, _greatest), _Straight.apply(self.weight, _greatest_pair), self.bias)


class _Straight(torch.autograd.Function):
    """To steps of a 127th of each row's measure, shape kept; the gradient passes unchanged."""

    @staticmethod
    def forward(_ctx: Any, x: Tensor, measure: Callable[[Tensor], Tensor]) -> Tensor:
        scale = measure(x).clamp_min(1e-9) / LEVELS
        return (x / scale).round_().mul_(scale)

    @staticmethod
    def backward(_ctx: Any, *gradients: Tensor) -> tuple[Tensor, None]:
        return gradients[0], None


def _greatest(x: Tensor) -> Tensor:
    """Of an activation's row, (…, 1)."""
    return x.abs().amax(-1, keepdim=True)


def _greatest_pair(x: Tensor) -> Tensor:
    """Of neighbours in a weight's row, together, (…, 1): see ``classifiers.graph.pack``."""
    return x.abs().unflatten(-1, (-1, 2)).sum(-1).amax(-1, keepdim=True)


def round_products(encoder: Any) -> None:
    """Let every layer's matrices of a BERT encoder round from now on; its state and their names stay the same."""
    for module in encoder.encoder.modules():
        if type(module) is nn.Linear:
            module.__class__ = RoundedLinear
