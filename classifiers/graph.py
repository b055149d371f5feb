"""The network as an ONNX graph, written node by node from the trained weights.

Products are of int8 weights, one scale for each output, and uint8 activations, **one scale for each row**: a piece
of one headline. A headline's score therefore cannot depend on its neighbours, as it does where a whole batch
shares one scale. Against weights in int8 and arithmetic in float32, two and a half times as fast.

Processors without VNNI add products in pairs, in 16 bits, where two large ones overflow. The runtime's way around
that takes a third more time; ours is to choose the weights' scales so that no pair can, and all processors agree.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

from classifiers.heads import SENSE, WIDTH, Floats

__all__ = ["build"]

BLOCK: Final = 32  # values of an embedding that share a scale
MIDDLE: Final = 128  # the activations' zero point
LEVELS: Final = 127
SHARE: Final = 0.6  # how much of the spread goes from the inputs to the weights
TINY: Final = 1e-5
MICROSOFT: Final = "com.microsoft"
INPUTS: Final = ("input_ids", "attention_mask")
OPSET: Final = 21  # the first whose DequantizeLinear knows blocks


@dataclass(frozen=True, slots=True)
class _Rows:
    """Activations in uint8 and the scale of each row."""

    packed: str  # (n·t, d)
    scale: str  # (n·t, 1)


@dataclass(slots=True)
class _Graph:
    """Nodes and weights as they are added."""

    nodes: list[onnx.NodeProto] = field(default_factory=list)
    tensors: dict[str, NDArray[Any]] = field(default_factory=dict)

    def constant(self, name: str, value: NDArray[Any]) -> str:
        self.tensors[name] = np.ascontiguousarray(value)
        return name

    def add(self, kind: str, inputs: Sequence[str], output: str, *, domain: str = "", **attributes: Any) -> str:
        self.nodes.append(helper.make_node(kind, inputs, [output], name=output, domain=domain, **attributes))
        return output

    def rows(self, x: str, smoothing: Floats) -> _Rows:
        """Quantise (n·t, d) row by row, each column divided by its smoothing, (d,)."""
        x = self.add("Mul", [x, self.constant(f"{x}.smoothing", 1 / smoothing)], f"{x}.smooth")
        most = self.add("ReduceMax", [self.add("Abs", [x], f"{x}.abs"), "last_axis"], f"{x}.most", keepdims=0)
        scale = self.add("Mul", [most, "step"], f"{x}.scale")  # (n·t,)
        packed = self.add("QuantizeLinear", [x, scale, "middles"], f"{x}.uint8", axis=0)
        return _Rows(packed, self.add("Unsqueeze", [scale, "last_axis"], f"{x}.scales"))

    def linear(self, x: _Rows, weight: Floats, smoothing: Floats, output: str) -> str:
        """``x @ weight.T``, float32; weight is (out, in), as torch keeps it."""
        packed, scale = pack_pairs(weight * smoothing)
        inputs = [x.packed, self.constant(f"{output}.int8", packed), "unit", self.constant(f"{output}.scale", scale)]
        product = self.add("MatMulIntegerToFloat", [*inputs, "middle"], f"{output}.product", domain=MICROSOFT)
        return self.add("Mul", [product, x.scale], output)

    def norm(self, x: str, weights: Mapping[str, Floats], prefix: str, output: str, epsilon: float) -> str:
        """Layer norm."""
        parts = [self.constant(f"{output}.{part}", weights[f"{prefix}.{part}"]) for part in ("weight", "bias")]
        return self.add("LayerNormalization", [x, *parts], output, epsilon=epsilon)


def build(
    weights: Mapping[str, Floats],
    peaks: Mapping[str, Floats],
    *,
    heads: int,
    epsilon: float,
    max_tokens: int,
) -> onnx.ModelProto:
    """A graph from ``input_ids`` and ``attention_mask`` (n, t) to ``logits`` (n, WIDTH) and ``embedding`` (n, SENSE).

    The embedding is the sense of a headline, at length 1.

    Args:
        weights: the state of a ``classifiers.model.HeadlineModel`` on a BERT encoder, float32, by name.
        peaks: by name of a weight, the greatest value of each of its inputs on some headlines, (in,).
        heads: attention heads of a layer.
        epsilon: of the layer norms.
        max_tokens: pieces of the longest input; the table of places ends there.

    Raises:
        KeyError: the encoder is not laid out like BERT.
    """
    g = _Graph()
    last = g.constant("last_axis", np.array([1], dtype=np.int64))
    g.constant("step", np.array(1 / LEVELS, dtype=np.float32))
    g.constant("unit", np.array(1, dtype=np.float32))
    g.constant("middle", np.array(MIDDLE, dtype=np.uint8))
    x = _embed(g, weights, epsilon, max_tokens)  # (n·t, d)
    mask = g.add("Cast", ["attention_mask"], "mask", to=TensorProto.INT32)  # (n, t)
    layer = 0
    while f"encoder.encoder.layer.{layer}.output.dense.weight" in weights:
        x = _layer(g, x, mask, weights, peaks, layer, heads=heads, epsilon=epsilon)
        layer += 1

    # Mean over what is no padding: a product with rows of 1/length.
    ones = g.add("Cast", ["attention_mask"], "ones", to=TensorProto.FLOAT)  # (n, t)
    share = g.add("Div", [ones, g.add("ReduceSum", [ones, last], "length", keepdims=1)], "share")
    by_headline = g.add("Reshape", [x, "by_headline"], "by_headline.last")  # (n, t, d)
    pooled = g.add("MatMul", [g.add("Unsqueeze", [share, last], "row"), by_headline], "sum")  # (n, 1, d)
    pooled = g.add("Squeeze", [pooled, last], "pooled")
    packed, scale = pack(weights["sense.weight"])
    matrix = g.add(
        "DequantizeLinear", [g.constant("sense.int8", packed), g.constant("sense.scale", scale)], "sense.weight", axis=1
    )
    sense = g.add("MatMul", [pooled, matrix], "sense")
    g.add("LpNormalization", [sense], "embedding", axis=1, p=2)
    matrix, bias = (g.constant(f"heads.{part}", weights[f"heads.{part}"]) for part in ("weight", "bias"))
    g.add("Gemm", [pooled, matrix, bias], "logits", transB=1)

    sizes = {"logits": WIDTH, "embedding": SENSE}
    graph = helper.make_graph(
        g.nodes,
        "headlines",
        [helper.make_tensor_value_info(name, TensorProto.INT64, ["n", "t"]) for name in INPUTS],
        [helper.make_tensor_value_info(name, TensorProto.FLOAT, ["n", size]) for name, size in sizes.items()],
        [numpy_helper.from_array(value, name) for name, value in g.tensors.items()],
    )
    opsets = [helper.make_opsetid("", OPSET), helper.make_opsetid(MICROSOFT, 1)]
    return helper.make_model(graph, opset_imports=opsets, ir_version=10)


def _embed(g: _Graph, weights: Mapping[str, Floats], epsilon: float, max_tokens: int) -> str:
    """Pieces to vectors, float32, (n·t, d); also makes what depends on n and t."""
    prefix = "encoder.embeddings"
    packed, scale = pack_rows(weights[f"{prefix}.word_embeddings.weight"])
    width = packed.shape[1]
    words = g.add(
        "DequantizeLinear", [g.constant("words.int8", packed), g.constant("words.scale", scale)], "words",
        axis=1, block_size=BLOCK,
    )  # fmt: skip
    # A headline is one sentence: its type embedding is the same at every place.
    places = weights[f"{prefix}.position_embeddings.weight"] + weights[f"{prefix}.token_type_embeddings.weight"][:1]
    none, one, two = (g.constant(f"number_{i}", np.array([i], dtype=np.int64)) for i in range(3))
    shape = g.add("Shape", ["input_ids"], "shape")
    length = g.add("Slice", [shape, one, two], "t")
    wide = g.constant("width", np.array([width], dtype=np.int64))
    g.add("Concat", [shape, wide], "by_headline", axis=0)  # (n, t, d)
    g.constant("by_row", np.array([-1, width], dtype=np.int64))
    here = g.add("Slice", [g.constant("places", places[:max_tokens]), none, length, none], "here")  # (t, d)
    named = g.add("Gather", [words, "input_ids"], "named")  # (n, t, d)
    placed = g.add("Reshape", [g.add("Add", [named, here], "placed"), "by_row"], "rows")
    g.add("Expand", ["middle", g.add("ReduceProd", [shape], "n_rows", keepdims=1)], "middles")  # (n·t,)
    return g.norm(placed, weights, f"{prefix}.LayerNorm", "embedded", epsilon)


def _layer(
    g: _Graph,
    x: str,
    mask: str,
    weights: Mapping[str, Floats],
    peaks: Mapping[str, Floats],
    number: int,
    *,
    heads: int,
    epsilon: float,
) -> str:
    """One block of attention and feed-forward, (n·t, d) to (n·t, d)."""
    prefix, here = f"encoder.encoder.layer.{number}", f"layer{number}"

    def linear(x: str, *layers: str) -> list[str]:
        """The products of one input with the weights of some layers, without their biases."""
        names = [f"{prefix}.{layer}.weight" for layer in layers]
        smoothing = smooth(peaks[names[0]], [weights[name] for name in names])
        rows = g.rows(x, smoothing)
        return [
            g.linear(rows, weights[name], smoothing, f"{here}.{layer}")
            for name, layer in zip(names, layers, strict=True)
        ]

    def added(inner: str, x: str, layer: str) -> str:
        """A linear layer, then the norm of it and of what went around it."""
        (y,) = linear(inner, f"{layer}.dense")
        y = g.add("Add", [y, g.constant(f"{y}.bias", weights[f"{prefix}.{layer}.dense.bias"])], f"{y}.biased")
        return g.norm(
            g.add("Add", [y, x], f"{y}.sum"), weights, f"{prefix}.{layer}.LayerNorm", f"{here}.{layer}", epsilon
        )

    parts = [f"attention.self.{part}" for part in ("query", "key", "value")]
    qkv = [g.add("Reshape", [part, "by_headline"], f"{part}.by_headline") for part in linear(x, *parts)]
    bias = g.constant(f"{here}.qkv_bias", np.concatenate([weights[f"{prefix}.{part}.bias"] for part in parts]))
    seen = g.add("MultiHeadAttention", [*qkv, bias, mask], f"{here}.seen", domain=MICROSOFT, num_heads=heads)
    x = added(g.add("Reshape", [seen, "by_row"], f"{here}.seen.rows"), x, "attention.output")
    (wide,) = linear(x, "intermediate.dense")
    bias = g.constant(f"{wide}.bias", weights[f"{prefix}.intermediate.dense.bias"])
    return added(g.add("BiasGelu", [wide, bias], f"{here}.gelu", domain=MICROSOFT), x, "output")


def smooth(peaks: Floats, weights: Sequence[Floats]) -> Floats:
    """By what to divide each input, and multiply its weights, so that both fit into 8 bits: (in,).

    A few inputs are a hundred times as great as the others and would take all levels of their row.

    Source: SmoothQuant, Xiao et al. 2023, arXiv:2211.10438.
    """
    widest = np.max([np.abs(weight).max(axis=0) for weight in weights], axis=0)
    return np.asarray(np.maximum(peaks, TINY) ** SHARE / np.maximum(widest, TINY) ** (1 - SHARE), dtype=np.float32)


def pack(weight: Floats) -> tuple[NDArray[np.int8], Floats]:
    """Int8 weights, (in, out), and the scale of each output, (out,)."""
    return _packed(weight, _scale(weight))


def pack_pairs(weight: Floats) -> tuple[NDArray[np.int8], Floats]:
    """As ``pack``, and the neighbours 0 and 1, 2 and 3, … of an output are at most 128 together.

    Times activations of at most 255 that is less than 2^15. The scales become a third greater, not twice as great
    as in seven bits.

    Args:
        weight: float32, (out, in), with an even number of inputs.

    Source: the overflow of VPMADDUBSW, in ONNX Runtime's documentation of quantisation.
    """
    return _packed(weight, _scale(np.abs(weight).reshape(len(weight), -1, 2).sum(axis=2)))


def pack_rows(table: Floats) -> tuple[NDArray[np.int8], Floats]:
    """Int8 rows of the same shape, and their scales: shape divided by ``BLOCK`` along the rows."""
    blocks = table.reshape(len(table), -1, BLOCK)
    scale = _scale(blocks)
    return np.rint(blocks / scale[:, :, None]).astype(np.int8).reshape(table.shape), scale


def _packed(weight: Floats, scale: Floats) -> tuple[NDArray[np.int8], Floats]:
    return np.rint(weight / scale[:, None]).astype(np.int8).T, scale


def _scale(blocks: Floats) -> Floats:
    """Of the last axis: its greatest value becomes LEVELS."""
    scale = np.abs(blocks).max(axis=-1) / LEVELS
    return np.where(scale > 0, scale, 1).astype(np.float32)
