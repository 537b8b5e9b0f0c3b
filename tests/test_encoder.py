"""From text to vectors: the packaged model, its export, and models of one's own."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from threadwise.config import Settings
from threadwise.errors import ModelError
from threadwise.index import encoder as encoders
from threadwise.index import half_bert
from threadwise.index.encoder import CHECKSUM, Encoder, Floats, SentenceTransformerEncoder, find_model, load_encoder
from threadwise.index.half_bert import HalfBert
from threadwise.index.onnx_encoder import MANY, MANY_LOADED, Export, OnnxEncoder, _batches

pytestmark = pytest.mark.model

TEXTS = [
    "My knee hurts when I run downhill.",
    "膝が痛い。 😀 naïve café",
    "",
    "Shorter steps helped me. " * 60,
    "Basil needs light and water, not love.",
    "knee",
]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("home")


@pytest.fixture(scope="module")
def original() -> Encoder:
    return SentenceTransformerEncoder(find_model("all-MiniLM-L6-v2"))


@pytest.fixture(scope="module")
def exported(home: Path) -> Encoder:
    return load_encoder(Settings(home=home, backend="onnx"))


def folder_like_the_packaged(folder: Path, **changes: object) -> Path:
    """A model of two layers with the packaged weights, and other values in its config.json."""
    source = find_model("all-MiniLM-L6-v2").folder
    folder.mkdir()
    for path in source.rglob("*"):
        if path.is_file():
            (folder / path.relative_to(source)).parent.mkdir(exist_ok=True)
            (folder / path.relative_to(source)).symlink_to(path)
    config = json.loads((source / "config.json").read_text()) | {"num_hidden_layers": 2} | changes
    (folder / "config.json").unlink()
    (folder / "config.json").write_text(json.dumps(config))
    return folder


def test_vectors_are_unit_float32_rows_in_the_order_of_the_texts(exported: Encoder, original: Encoder) -> None:
    for encoder in (exported, original):
        rows = encoder.encode(TEXTS)

        assert rows.shape == (6, 384)
        assert rows.dtype == np.float32
        assert rows.flags.c_contiguous
        assert np.linalg.norm(rows, axis=1) == pytest.approx(1)
        assert int((rows[1:] @ rows[0]).argmax()) + 1 == 5  # "knee" is nearest to the knee that hurts
        assert encoder.encode([]).shape == (0, 384)


def test_the_export_equals_the_original_and_goes_by_the_same_name(exported: Encoder, original: Encoder) -> None:
    assert isinstance(exported, OnnxEncoder)
    assert exported.encode(TEXTS) == pytest.approx(original.encode(TEXTS), abs=1e-5)
    assert exported.name == original.name == f"all-MiniLM-L6-v2@{CHECKSUM[:8]}"
    assert (exported.dim, original.dim) == (384, 384)


def test_a_text_has_the_same_vector_in_any_batch_and_any_thread(exported: Encoder) -> None:
    many = [f"{text} {n}" for n in range(30) for text in TEXTS]
    together = exported.encode([*many, *many])

    with ThreadPoolExecutor(8) as pool:
        alone = np.vstack(list(pool.map(lambda text: exported.encode([text]), many)))

    assert together[: len(many)] == pytest.approx(alone, abs=1e-6)
    assert np.array_equal(together[: len(many)], together[len(many) :])


def test_half_a_surrogate_pair_is_read_as_an_unknown_character(exported: Encoder, original: Encoder) -> None:
    for encoder in (exported, original):
        assert np.isfinite(encoder.encode(["knee \ud83d hurts"])).all()


def test_batches_hold_texts_of_like_length_within_the_budget() -> None:
    assert list(_batches([600, 3, 500, 2])) == [[3, 1], [2], [0]]  # 2 * 600 pieces would be too many
    assert list(_batches([100, 3, 99, 2])) == [[3, 1], [2, 0]]  # padding 2 to 99 pieces would be a waste
    assert list(_batches([2000])) == [[0]]
    assert list(_batches([])) == []


def test_a_question_needs_no_torch(home: Path, exported: Encoder) -> None:
    code = (
        "import sys; from pathlib import Path; from threadwise.config import Settings;"
        "from threadwise.index.encoder import load_encoder;"
        f"print(load_encoder(Settings(home=Path({str(home)!r}))).encode(['knee']).shape);"
        "print([m for m in ('torch', 'transformers', 'sentence_transformers', 'onnx') if m in sys.modules])"
    )

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env={**os.environ})

    assert done.stdout.split("\n")[:2] == ["(1, 384)", "[]"]


def test_a_damaged_export_is_made_anew(home: Path, exported: Encoder) -> None:
    [graph] = home.glob("cache/encoder-*/encoder.onnx")
    whole = graph.read_bytes()
    graph.write_bytes(whole[:1000])

    again = load_encoder(Settings(home=home))

    assert isinstance(again, OnnxEncoder)
    assert graph.read_bytes() == whole


def test_where_the_cache_cannot_be_written_the_original_runs(tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("a file, not a folder")

    assert isinstance(load_encoder(Settings(home=tmp_path)), SentenceTransformerEncoder)
    with pytest.raises(ModelError, match="cannot be run with ONNX: the export cannot be kept"):
        load_encoder(Settings(home=tmp_path, backend="onnx"))


def test_a_changed_model_is_refused_with_both_sums(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(encoders, "CHECKSUM", "0" * 64)

    with pytest.raises(ModelError, match=rf"model.safetensors has the SHA-256 {CHECKSUM}, not 0{{64}}.*--force-reins"):
        find_model("all-MiniLM-L6-v2")


def test_a_folder_of_ones_own_is_exported_too(tmp_path: Path) -> None:
    folder = folder_like_the_packaged(tmp_path / "mine")
    pooling = folder / "1_Pooling" / "config.json"
    pooling.unlink()
    pooling.write_text('{"word_embedding_dimension": 384, "pooling_mode_cls_token": true}')

    encoder = load_encoder(Settings(home=tmp_path, model=str(folder)))

    assert isinstance(encoder, OnnxEncoder)
    assert encoder.name == f"mine@{CHECKSUM[:8]}"
    assert encoder.encode(TEXTS) == pytest.approx(
        SentenceTransformerEncoder(find_model(str(folder))).encode(TEXTS), abs=1e-5
    )


def test_a_model_of_another_kind_runs_as_it_is(tmp_path: Path) -> None:
    folder = folder_like_the_packaged(tmp_path / "other", hidden_act="relu")

    encoder = load_encoder(Settings(home=tmp_path, model=str(folder)))

    assert isinstance(encoder, SentenceTransformerEncoder)
    with pytest.raises(ModelError, match="its hidden_act is 'relu'"):
        load_encoder(Settings(home=tmp_path, model=str(folder), backend="onnx"))


def test_a_folder_without_a_model_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="has no weights that can be read"):
        find_model(str(tmp_path))


def test_a_model_that_is_nowhere_is_refused_with_a_remedy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")

    with pytest.raises(ModelError, match=r"no-such/model.*neither a folder.*THREADWISE_MODEL"):
        load_encoder(Settings(home=tmp_path, model="no-such/model"))


def test_many_texts_go_to_the_faster_run_and_few_do_not(home: Path, exported: Encoder) -> None:
    """A run made by hand stands for the faster one: its rows can be told apart."""
    assert isinstance(exported, OnnxEncoder)
    loaded: list[int] = []

    def load() -> Callable[[Sequence[Sequence[int]]], Floats]:
        loaded.append(1)
        return lambda pieces: np.full((len(pieces), 384), 0.5, dtype=np.float32)

    [graph] = home.glob("cache/encoder-*/encoder.onnx")
    export = Export.read(graph.parent, CHECKSUM)
    assert export is not None
    encoder = OnnxEncoder(graph, find_model("all-MiniLM-L6-v2").folder / "tokenizer.json", export, load)
    numbered = [f"knee {n}" for n in range(MANY)]

    assert encoder.encode(numbered[:MANY_LOADED]) == pytest.approx(exported.encode(numbered[:MANY_LOADED]), abs=1e-6)
    assert loaded == []
    assert (encoder.encode(numbered) == 0.5).all()
    assert (encoder.encode(numbered[:MANY_LOADED]) == 0.5).all()
    assert encoder.encode(numbered[:3]) == pytest.approx(exported.encode(numbered[:3]), abs=1e-6), "a question never"
    assert loaded == [1]


def test_half_precision_gives_nearly_the_vectors_of_the_original(exported: Encoder) -> None:
    assert isinstance(exported, OnnxEncoder)
    model = HalfBert(find_model("all-MiniLM-L6-v2").folder)

    rows = model(exported._pieces(TEXTS))

    assert rows.shape == (6, 384)
    assert rows.dtype == np.float32
    assert np.linalg.norm(rows, axis=1) == pytest.approx(1, abs=1e-5)
    assert rows == pytest.approx(exported.encode(TEXTS), abs=0.01)
    assert (rows * exported.encode(TEXTS)).sum(axis=1).min() > 0.999


def test_half_precision_is_for_processors_that_have_it(monkeypatch: pytest.MonkeyPatch, home: Path) -> None:
    monkeypatch.setattr(half_bert, "worthwhile", lambda: False)
    plain = load_encoder(Settings(home=home))

    assert isinstance(plain, OnnxEncoder)
    assert plain._load_many is None
