"""Writing a BERT encoder as an ONNX graph, straight from its safetensors weights.

Neither torch nor transformers is imported: the graph of a BERT is small and known, so it is
written with the fused operators of ONNX Runtime (``com.microsoft``), and takes a second
instead of the ten that loading torch takes. Pooling and normalisation are part of the graph.

The graph takes one text a run (``input_ids``: int64, (1, n_tokens)) and needs no padding and
no mask: a text's vector depends on that text alone, not on what shares a batch with it. Who asks
for the vectors of its tokens gets them as they are half-way and at the end (``token_outputs``).

In int8, weights lie in -64…64 with one scale an output column. AVX2 adds pairs of 8-bit
products in 16 bits (``vpmaddubsw``), which overflow with full-range weights and do not with
these, so every CPU computes the same integers. Activations are measured at run time
(ONNX Runtime, "Quantize ONNX models": dynamic quantization, reduce_range).
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
import onnx
import safetensors
import safetensors.numpy
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

from index.errors import ModelError
from index.model_folder import BertShape

Weights = Mapping[str, NDArray[np.float32]]
Precision = Literal["int8", "fp32"]

_MS = "com.microsoft"
_INT8_LIMIT = 64
_OPSET = 17
_IR_VERSION = 8


def export_bert(
    path: Path, shape: BertShape, precision: Precision, *, expected: str | None = None
) -> bytes:
    """Read a model's safetensors and write its encoder as a serialised ONNX model.

    Args:
        path: The ``model.safetensors`` of a ``BertModel``.
        shape: Layers, heads and pooling.
        precision: See ``build_graph``.
        expected: SHA-256 that the file must have, or None for any.

    Raises:
        ModelError: The file cannot be read, is not the expected one or holds no BERT.
    """
    try:
        data = path.read_bytes()
    except OSError as exc:
        raise ModelError(f"The model's weights {str(path)!r} cannot be read: {exc}.") from exc
    found = hashlib.sha256(data).hexdigest()
    if expected is not None and found != expected:
        raise ModelError(
            f"The model's weights {str(path)!r} have the SHA-256 {found!r} where {expected!r} "
            "was expected: they are damaged or another model. Install the model again."
        )
    try:
        tensors = safetensors.numpy.load(data)
        weights = {_plain_name(name): tensor.astype(np.float32) for name, tensor in tensors.items()}
        return build_graph(weights, shape, precision)
    except (safetensors.SafetensorError, KeyError, ValueError) as exc:
        raise ModelError(
            f"The weights {str(path)!r} are not those of a BERT encoder: {exc!r}. "
            "Copy the model's folder again."
        ) from exc


def _plain_name(name: str) -> str:
    """Return a tensor's name as ``BertModel`` writes it today."""
    return (
        name.removeprefix("bert.")
        .replace("LayerNorm.gamma", "LayerNorm.weight")
        .replace("LayerNorm.beta", "LayerNorm.bias")
    )


def build_graph(weights: Weights, shape: BertShape, precision: Precision) -> bytes:
    """Write the encoder as a serialised ONNX model.

    Args:
        weights: The tensors of a Hugging Face ``BertModel`` by their names there.
        shape: Layers, heads and pooling.
        precision: "fp32", or "int8" with the word table in half precision.

    Returns:
        A model with the input ``input_ids`` (int64, (1, n_tokens)), the output ``vector``
        (float32, (1, dim), of unit length) and the ``token_outputs``.

    Raises:
        KeyError: A tensor that a BERT has is missing.
    """
    graph = _Graph(weights, precision)
    hidden = _embeddings(graph, shape)
    for layer in range(shape.layers):
        hidden = _layer(graph, shape, layer, hidden)
    _pool(graph, shape, hidden)
    return graph.serialise(shape.dim, token_outputs(shape.layers))


def token_outputs(layers: int) -> tuple[str, str]:
    """Return the outputs after half of the layers and after all: float32, (1, n_tokens, dim)."""
    return _layer_output(max(0, layers // 2 - 1)), _layer_output(layers - 1)


@dataclass(frozen=True, slots=True)
class _Quantised:
    values: NDArray[np.int8]
    scales: NDArray[np.float32]


def _quantise(weight: NDArray[np.float32]) -> _Quantised:
    """Round a weight matrix (n_in, n_out) to int8, symmetric, a scale for each output column."""
    scales = np.abs(weight).max(axis=0) / _INT8_LIMIT
    scales = np.where(scales == 0, 1, scales).astype(np.float32)
    return _Quantised(np.rint(weight / scales).astype(np.int8), scales)


class _Graph:
    """Nodes and constants of the graph as it grows."""

    def __init__(self, weights: Weights, precision: Precision) -> None:
        self.weights = weights
        self.precision = precision
        self._nodes: list[onnx.NodeProto] = []
        self._constants: list[onnx.TensorProto] = []

    def constant(self, name: str, value: NDArray[np.generic]) -> str:
        """Add a constant and return its name."""
        self._constants.append(numpy_helper.from_array(np.ascontiguousarray(value), name))
        return name

    def weight(self, name: str) -> str:
        """Add a tensor of the model as it is."""
        return self.constant(name, self.weights[name])

    def node(
        self, op: str, inputs: list[str], output: str, *, fused: bool = False, **attributes: object
    ) -> str:
        """Add an operator with one output and return the output's name."""
        self.node_with_outputs(op, inputs, [output], domain=_MS if fused else "", **attributes)
        return output

    def node_with_outputs(
        self,
        op: str,
        inputs: list[str],
        outputs: list[str],
        *,
        domain: str = "",
        **attributes: object,
    ) -> None:
        """Add an operator."""
        node = helper.make_node(op, inputs, outputs, name=outputs[0], domain=domain, **attributes)
        self._nodes.append(node)

    def linear(self, name: str, inputs: str, weight: NDArray[np.float32]) -> str:
        """Multiply by a matrix (n_in, n_out), without a bias."""
        if self.precision == "fp32":
            return self.node("MatMul", [inputs, self.constant(f"{name}.w", weight)], name)
        values, scales, zeros = self.quantised(name, weight)
        return self.node("DynamicQuantizeMatMul", [inputs, values, scales, zeros], name, fused=True)

    def quantised(self, name: str, weight: NDArray[np.float32]) -> tuple[str, str, str]:
        """Add a matrix in int8: the names of its values, scales and zero points."""
        quantised = _quantise(weight)
        return (
            self.constant(f"{name}.q", quantised.values),
            self.constant(f"{name}.scale", quantised.scales),
            self.constant(f"{name}.zero", np.zeros(len(quantised.scales), np.int8)),
        )

    def serialise(self, dim: int, tokens: tuple[str, ...]) -> bytes:
        """Return the model as bytes; its outputs are the vector and those of the tokens."""
        ids = helper.make_tensor_value_info("input_ids", TensorProto.INT64, [1, "n_tokens"])
        vector = helper.make_tensor_value_info("vector", TensorProto.FLOAT, [1, dim])
        shaped = [1, "n_tokens", dim]
        inside = [helper.make_tensor_value_info(n, TensorProto.FLOAT, shaped) for n in tokens]
        outputs = [vector, *{output.name: output for output in inside}.values()]
        graph = helper.make_graph(self._nodes, "encoder", [ids], outputs, self._constants)
        opsets = [helper.make_opsetid("", _OPSET), helper.make_opsetid(_MS, 1)]
        model = helper.make_model(graph, opset_imports=opsets, producer_name="mmsearch")
        model.ir_version = _IR_VERSION
        return bytes(model.SerializeToString())


def _embeddings(graph: _Graph, shape: BertShape) -> str:
    """Add word, position and token-type embeddings; every token is of type 0."""
    words = graph.weights["embeddings.word_embeddings.weight"]
    positions = (
        graph.weights["embeddings.position_embeddings.weight"]
        + graph.weights["embeddings.token_type_embeddings.weight"][0]
    )
    if graph.precision == "int8":
        table = graph.constant("words", words.astype(np.float16))
        rows = graph.node("Gather", [table, "input_ids"], "words.half")
        rows = graph.node("Cast", [rows], "words.rows", to=TensorProto.FLOAT)
    else:
        rows = graph.node("Gather", [graph.constant("words", words), "input_ids"], "words.rows")
    length = graph.node("Shape", ["input_ids"], "length", start=1, end=2)
    start = graph.constant("zero", np.array([0], np.int64))
    table = graph.constant("positions", positions)
    placed = graph.node("Slice", [table, start, length], "positions.rows")
    return graph.node(
        "LayerNormalization",
        [
            graph.node("Add", [rows, placed], "embeddings.sum"),
            graph.weight("embeddings.LayerNorm.weight"),
            graph.weight("embeddings.LayerNorm.bias"),
        ],
        "embeddings",
        axis=-1,
        epsilon=shape.epsilon,
    )


def _layer_output(number: int) -> str:
    return f"layer{number}.narrow.norm"


def _layer(graph: _Graph, shape: BertShape, number: int, hidden: str) -> str:
    """Add one transformer layer: attention, then the feed-forward part."""
    of = f"encoder.layer.{number}."
    name = f"layer{number}."
    context = _attention(graph, shape, f"{of}attention.self.", name, hidden)
    attended = _add_and_norm(graph, shape, f"{of}attention.output.", f"{name}out", context, hidden)
    wide = graph.linear(f"{name}wide", attended, _matrix(graph, f"{of}intermediate.dense"))
    bias = graph.weight(f"{of}intermediate.dense.bias")
    active = graph.node("BiasGelu", [wide, bias], f"{name}gelu", fused=True)
    return _add_and_norm(graph, shape, f"{of}output.", f"{name}narrow", active, attended)


def _attention(graph: _Graph, shape: BertShape, of: str, name: str, hidden: str) -> str:
    """Add self-attention with query, key and value in one matrix."""
    parts = ("query", "key", "value")
    weight = np.concatenate([_matrix(graph, f"{of}{part}") for part in parts], axis=1)
    bias = graph.constant(
        f"{name}qkv.bias", np.concatenate([graph.weights[f"{of}{part}.bias"] for part in parts])
    )
    if graph.precision == "fp32":
        inputs = [hidden, graph.constant(f"{name}qkv.w", weight), bias]
        return graph.node("Attention", inputs, f"{name}context", fused=True, num_heads=shape.heads)
    values, scales, zeros = graph.quantised(f"{name}qkv", weight)
    rounded = [f"{name}in.{part}" for part in ("q", "scale", "zero")]
    graph.node_with_outputs("DynamicQuantizeLinear", [hidden], rounded)
    inputs = [rounded[0], values, bias, rounded[1], scales, "", rounded[2], zeros]
    return graph.node("QAttention", inputs, f"{name}context", fused=True, num_heads=shape.heads)


def _add_and_norm(
    graph: _Graph, shape: BertShape, of: str, name: str, inputs: str, skip: str
) -> str:
    """Add a matrix, its bias, the way round it and the layer normalisation."""
    return graph.node(
        "SkipLayerNormalization",
        [
            graph.linear(name, inputs, _matrix(graph, f"{of}dense")),
            skip,
            graph.weight(f"{of}LayerNorm.weight"),
            graph.weight(f"{of}LayerNorm.bias"),
            graph.weight(f"{of}dense.bias"),
        ],
        f"{name}.norm",
        fused=True,
        epsilon=shape.epsilon,
    )


def _pool(graph: _Graph, shape: BertShape, hidden: str) -> None:
    """Add pooling over the tokens and scale the vector to unit length."""
    if shape.pooling == "cls":
        first = graph.constant("first", np.array(0, np.int64))
        pooled = graph.node("Gather", [hidden, first], "pooled", axis=1)
    else:
        pooled = graph.node("ReduceMean", [hidden], "pooled", axes=[1], keepdims=0)
    graph.node("LpNormalization", [pooled], "vector", axis=-1, p=2)


def _matrix(graph: _Graph, name: str) -> NDArray[np.float32]:
    """Return a dense layer's matrix as (n_in, n_out); torch keeps (n_out, n_in)."""
    return np.ascontiguousarray(graph.weights[f"{name}.weight"].T)
