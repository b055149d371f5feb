"""Training that knows how it will ship: the encoder's products in the eight bits of ``classifiers.graph``.

The forward pass rounds weights by output and activations by row; the gradient passes as if it did not. A model
that has seen the rounding loses nothing by it.

Source: straight-through estimator, Bengio et al. 2013, arXiv:1308.3432; Jacob et al. 2018, arXiv:1712.05877.
"""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional as F  # noqa: N812 - the name that every reader of PyTorch knows

__all__ = ["RoundedLinear", "round_products"]

LEVELS = 127


class RoundedLinear(nn.Linear):
    """A linear layer whose product is that of int8 weights and int8 activations."""

    def forward(self, x: Tensor) -> Tensor:
        """As ``nn.Linear``, (…, in) to (…, out)."""
        greatest = x.detach().abs().amax(-1, keepdim=True)
        # Of neighbours together, as in classifiers.graph.pack_pairs.
        pair = self.weight.detach().abs().unflatten(-1, (-1, 2)).sum(-1).amax(-1, keepdim=True)
        return F.linear(_Straight.apply(x, greatest), _Straight.apply(self.weight, pair), self.bias)


class _Straight(torch.autograd.Function):
    """To steps of a 127th of what each row is measured by, (…, 1); the gradient passes unchanged."""

    @staticmethod
    def forward(_ctx: Any, x: Tensor, measure: Tensor) -> Tensor:
        scale = measure.clamp_min(1e-9) / LEVELS
        return (x / scale).round_().mul_(scale)

    @staticmethod
    def backward(_ctx: Any, *gradients: Tensor) -> tuple[Tensor, None]:
        return gradients[0], None


def round_products(encoder: Any) -> None:
    """Let every layer's matrices of a BERT encoder round from now on; its state and their names stay the same."""
    for module in encoder.encoder.modules():
        if type(module) is nn.Linear:
            module.__class__ = RoundedLinear
