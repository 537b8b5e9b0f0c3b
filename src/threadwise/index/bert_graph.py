"""Write a BERT encoder as one ONNX graph of fused operators, straight from its weights.

No tracing and no torch: the model's folder (config, weights, pooling) is read and the graph written down, from word
pieces to unit vectors. What is not a plain BERT with mean or first-token pooling is refused with `UnsupportedModel`,
and runs as it is with sentence-transformers. Leaves to others: whether the result equals the original.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper
from safetensors.numpy import load_file

_FUSED = "com.microsoft"
"""Domain of onnxruntime's fused operators."""

_MODULES = ("Transformer", "Pooling", "Normalize")


class UnsupportedModel(Exception):  # noqa: N818 - a finding, not a failure: another way is taken
    """The model is not one that this graph can express; the message says why."""


@dataclass(frozen=True, slots=True)
class Shape:
    """What the graph needs to know of a model besides its weights."""

    layers: int
    heads: int
    dim: int
    epsilon: float
    longest: int
    first_token: bool


def build(folder: Path) -> bytes:
    """The graph of the model in a folder, as a serialised ONNX model.

    Inputs are `ids` and `mask`, int32 (texts, word pieces); the output `vectors` is float32 (texts, dim), unit rows.

    Raises:
        UnsupportedModel: The model is of another kind.
    """
    shape = read_shape(folder)
    try:
        weights = load_file(folder / "model.safetensors")
        graph = _Graph()
        hidden = _embedded(graph, weights, shape)
        for layer in range(shape.layers):
            hidden = _layer(graph, weights, f"encoder.layer.{layer}.", hidden, shape)
        _pooled(graph, hidden, shape)
    except (KeyError, OSError) as error:
        raise UnsupportedModel(f"its weights are not laid out as in BERT ({error})") from error
    return graph.serialised(shape.dim)


def read_shape(folder: Path) -> Shape:
    """Check that a model is a BERT with plain pooling, and say of which shape."""
    config, modules = _json(folder / "config.json"), _json(folder / "modules.json")
    kinds = tuple(module["type"].rpartition(".")[2] for module in modules)
    if kinds not in (_MODULES, _MODULES[:2]):
        raise UnsupportedModel(f"it is made of {', '.join(kinds)}")
    expected = {"model_type": "bert", "hidden_act": "gelu", "position_embedding_type": "absolute"}
    for name, value in expected.items():
        if config.get(name, value) != value:
            raise UnsupportedModel(f"its {name} is {config[name]!r}, not {value!r}")
    if _json(folder / "config_sentence_transformers.json", {}).get("default_prompt_name"):
        raise UnsupportedModel("it puts a prompt before texts")
    lengths = [config["max_position_embeddings"]]
    for file, name in (("sentence_bert_config.json", "max_seq_length"), ("tokenizer_config.json", "model_max_length")):
        lengths += [int(length) for length in [_json(folder / file, {}).get(name)] if length]
    return Shape(
        layers=config["num_hidden_layers"],
        heads=config["num_attention_heads"],
        dim=config["hidden_size"],
        epsilon=config["layer_norm_eps"],
        longest=min(lengths),
        first_token=_pooling(folder / modules[1]["path"] / "config.json") == "cls",
    )


def _pooling(path: Path) -> str:
    config = _json(path)
    old = {"pooling_mode_mean_tokens": "mean", "pooling_mode_cls_token": "cls"}
    modes = {old.get(name, name) for name, value in config.items() if name.startswith("pooling_mode_") and value}
    mode = config.get("pooling_mode") or (modes.pop() if len(modes) == 1 else sorted(modes))
    if mode not in ("mean", "cls"):
        raise UnsupportedModel(f"its pooling is {mode}")
    return str(mode)


@dataclass(slots=True)
class _Graph:
    """Nodes and weights as they are written down."""

    nodes: list[Any] = field(default_factory=list)
    weights: list[Any] = field(default_factory=list)

    def weight(self, values: NDArray[Any]) -> str:
        name = f"w{len(self.weights)}"
        self.weights.append(numpy_helper.from_array(np.asarray(values, order="C"), name))
        return name

    def node(self, operator: str, *inputs: str, outputs: int = 1, domain: str = "", **attributes: Any) -> list[str]:
        names = [f"n{len(self.nodes)}.{i}" for i in range(outputs)]
        self.nodes.append(helper.make_node(operator, inputs, names, domain=domain, **attributes))
        return names

    def serialised(self, dim: int) -> bytes:
        inputs = [helper.make_tensor_value_info(n, TensorProto.INT32, ["texts", "pieces"]) for n in ("ids", "mask")]
        output = helper.make_tensor_value_info("vectors", TensorProto.FLOAT, ["texts", dim])
        graph = helper.make_graph(self.nodes, "encoder", inputs, [output], self.weights)
        versions = [helper.make_opsetid("", 18), helper.make_opsetid(_FUSED, 1)]
        model = helper.make_model(graph, opset_imports=versions, ir_version=10, producer_name="threadwise")
        onnx.checker.check_model(model)
        return bytes(model.SerializeToString())


Weights = dict[str, NDArray[np.float32]]


def _embedded(graph: _Graph, weights: Weights, shape: Shape) -> str:
    """Word, position and segment embeddings, summed and normalised; all texts are of the first segment."""
    prefix = "embeddings."
    # The segment is always 0, so its row can be added to every position's.
    positions = weights[prefix + "position_embeddings.weight"] + weights[prefix + "token_type_embeddings.weight"][0]
    tables = [graph.weight(table) for table in (weights[prefix + "word_embeddings.weight"], positions)]
    norm = [graph.weight(weights[f"{prefix}LayerNorm.{name}"]) for name in ("weight", "bias")]
    inputs = ("ids", "", *tables, "", *norm, "mask")
    return graph.node("EmbedLayerNormalization", *inputs, outputs=2, domain=_FUSED, epsilon=shape.epsilon)[0]


def _layer(graph: _Graph, weights: Weights, prefix: str, hidden: str, shape: Shape) -> str:
    """Self-attention and feed-forward, each added to its input and normalised."""
    parts = [f"{prefix}attention.self.{name}." for name in ("query", "key", "value")]
    joined = graph.weight(np.concatenate([weights[part + "weight"].T for part in parts], axis=1))
    bias = graph.weight(np.concatenate([weights[part + "bias"] for part in parts]))
    product = graph.node("MatMul", hidden, joined)[0]
    split = graph.node("Split", product, outputs=3, axis=-1, num_outputs=3)
    lengths = graph.node("ReduceSum", "mask", graph.weight(np.array([1], dtype=np.int64)), keepdims=0)[0]
    attended = graph.node("MultiHeadAttention", *split, bias, lengths, domain=_FUSED, num_heads=shape.heads)[0]
    hidden = _added(graph, weights, prefix + "attention.output.", attended, hidden, shape)
    inner = graph.node("MatMul", hidden, graph.weight(weights[prefix + "intermediate.dense.weight"].T))[0]
    active = graph.node("BiasGelu", inner, graph.weight(weights[prefix + "intermediate.dense.bias"]), domain=_FUSED)[0]
    return _added(graph, weights, prefix + "output.", active, hidden, shape)


def _added(graph: _Graph, weights: Weights, prefix: str, inner: str, skipped: str, shape: Shape) -> str:
    product = graph.node("MatMul", inner, graph.weight(weights[prefix + "dense.weight"].T))[0]
    names = ("LayerNorm.weight", "LayerNorm.bias", "dense.bias")
    norm = [graph.weight(weights[prefix + name]) for name in names]
    return graph.node("SkipLayerNormalization", product, skipped, *norm, domain=_FUSED, epsilon=shape.epsilon)[0]


def _pooled(graph: _Graph, hidden: str, shape: Shape) -> None:
    """The mean over a text's own pieces, or its first piece, at unit length (so the mean needs no division)."""
    if shape.first_token:
        pooled = graph.node("Gather", hidden, graph.weight(np.array(0, dtype=np.int64)), axis=1)[0]
    else:
        one = graph.weight(np.array([1], dtype=np.int64))
        mask = graph.node("Unsqueeze", graph.node("Cast", "mask", to=TensorProto.FLOAT)[0], one)[0]
        pooled = graph.node("Squeeze", graph.node("MatMul", mask, hidden)[0], one)[0]
    graph.nodes.append(helper.make_node("LpNormalization", [pooled], ["vectors"], axis=-1, p=2))


def _json(path: Path, default: Any = None) -> Any:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        if default is not None:
            return default
        raise UnsupportedModel(f"it has no {path.name} that can be read") from error
