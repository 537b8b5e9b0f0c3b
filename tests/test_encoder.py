"""The real encoder: both ways to the same vectors, and the checksum."""

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from threadwise.config import Settings
from threadwise.errors import ModelError
from threadwise.index import encoder as room
from threadwise.index.encoder import Encoder, OnnxEncoder, SentenceTransformerEncoder, load_encoder

pytestmark = pytest.mark.model

TEXTS = [
    "My back is sore.",
    "",
    "What helps a sore back after running?",
    "Water the fern.",
    "My back is sore.",
    "é🙂" * 400,
]


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("cache")


@pytest.fixture(scope="module")
def fast(cache: Path) -> Encoder:
    return load_encoder(Settings(home=cache, cache=cache))


@pytest.fixture(scope="module")
def original(cache: Path) -> Encoder:
    return load_encoder(Settings(home=cache, backend="torch"))


def test_the_packaged_model_runs_without_torch_by_default(fast: Encoder, cache: Path) -> None:
    assert isinstance(fast, OnnxEncoder)
    assert fast.name == "all-MiniLM-L6-v2@53aa5117"
    assert fast.dim == 384
    code = (
        "import sys; from pathlib import Path; from threadwise.config import Settings; "
        "from threadwise.index.encoder import load_encoder; "
        f"load_encoder(Settings(home=Path({str(cache)!r}), cache=Path({str(cache)!r}))).encode(['a']); "
        "print(sorted({'torch', 'transformers', 'sentence_transformers'} & set(sys.modules)))"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "[]"


def test_both_ways_give_the_same_unit_rows_in_order(fast: Encoder, original: Encoder) -> None:
    assert isinstance(original, SentenceTransformerEncoder)
    assert original.name == fast.name, "equal vectors share one cache"
    for encoder in (fast, original):
        rows = encoder.encode(TEXTS)
        assert rows.shape == (6, 384)
        assert rows.dtype == np.float32
        assert rows.flags.c_contiguous
        assert np.linalg.norm(rows, axis=1) == pytest.approx(np.ones(6), abs=1e-5)
        assert encoder.encode([]).shape == (0, 384)
    assert np.abs(fast.encode(TEXTS) - original.encode(TEXTS)).max() < 1e-4


def test_meaning_is_near(fast: Encoder) -> None:
    sore, _, question, fern, again, _ = fast.encode(TEXTS)
    assert sore @ question > 0.5 > 0.2 > sore @ fern
    assert np.array_equal(sore, again)


def test_a_text_has_the_same_vector_in_any_company(fast: Encoder) -> None:
    alone = fast.encode(["My back is sore."])[0]
    crowd = fast.encode(["My back is sore.", *(f"number {n} " * n for n in range(1, 60))])[0]
    assert np.abs(alone - crowd).max() < 1e-6


def test_weights_that_are_not_what_they_should_be_are_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(room, "CHECKSUM", "0" * 64)
    with pytest.raises(ModelError, match=r"SHA-256 is 53aa5117.*expected 0000.*force-reinstall"):
        load_encoder(Settings(home=tmp_path))


def test_a_graph_that_was_tampered_with_is_written_again(fast: Encoder, cache: Path, tmp_path: Path) -> None:
    for path in cache.glob("encoder-*"):
        (tmp_path / path.name).write_bytes(path.read_bytes())
    [proof] = tmp_path.glob("*.json")
    good = json.loads(proof.read_text(encoding="utf-8"))["sha256"]
    [graph] = tmp_path.glob("*.onnx")
    graph.write_bytes(b"not a graph")

    again = load_encoder(Settings(home=tmp_path, cache=tmp_path))

    assert np.array_equal(again.encode(["a"]), fast.encode(["a"]))
    assert room._checksum(graph) == good


def test_a_model_that_is_nowhere_is_an_error_with_a_remedy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    with pytest.raises(ModelError, match=r"no-such/model.*THREADWISE_MODEL"):
        load_encoder(Settings(home=tmp_path, model="no-such/model"))
