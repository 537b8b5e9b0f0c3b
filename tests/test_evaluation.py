"""Measuring retrieval: sets made of the corpus itself, run files, and whether two configurations differ."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from threadwise.corpus.store import Store
from threadwise.domain import Post, Thread, with_roles
from threadwise.errors import InputError
from threadwise.evaluation import metrics
from threadwise.evaluation.own import own_sets
from threadwise.evaluation.run import compare, measured
from threadwise.evaluation.runs import read_run, write_run
from threadwise.evaluation.sets import load_set


def thread(name: str, title: str, *texts: str, accepted: int | None = None, repeats: str | None = None) -> Thread:
    posts = tuple(
        Post(str(n), text, "asker" if n == 1 else f"person{n}", accepted=n == accepted)
        for n, text in enumerate(texts, 1)
    )
    return Thread(name, title, with_roles(posts), duplicate_of=(repeats,) if repeats else ())


SLUGS = thread("slugs", "Slugs eat my lettuce", "Half of it is gone.", "Copper tape.", "Water early.", accepted=3)
BREAD = thread("bread", "Dry bread", "Why is it dry?", "More water.")
SNAILS = thread("snails", "Snails in the lettuce bed", "What helps?", "See the slugs.", repeats="slugs")
ALONE = thread("alone", "Nobody answers this one", "Hello?")


def lines(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8").splitlines()


def test_a_corpus_asks_its_own_titles_openings_and_duplicates_and_hides_what_it_asks_by(
    store: Store, tmp_path: Path
) -> None:
    store.put([SLUGS, BREAD, SNAILS, ALONE])

    titles, accepted, duplicates = own_sets(store, tmp_path / "own")

    assert [(one.name, one.level, one.questions) for one in (titles, accepted, duplicates)] == [
        ("titles", "thread", 2),  # "Dry bread" says too little, and nobody replied to the last one
        ("accepted", "post", 1),
        ("duplicates", "thread", 1),
    ]
    asked = [json.loads(line) for line in lines(titles.folder / "queries.jsonl")]
    assert asked == [
        {"_id": "slugs", "text": "Slugs eat my lettuce"},
        {"_id": "snails", "text": "Snails in the lettuce bed"},
    ]
    assert lines(titles.folder / "qrels.tsv")[1:] == ["slugs\tslugs\t1", "snails\tsnails\t1"]
    assert {json.loads(line)["title"] for line in lines(titles.folder / "threads.jsonl")} == {""}

    assert json.loads(lines(accepted.folder / "queries.jsonl")[0])["text"] == "Half of it is gone."
    assert lines(accepted.folder / "qrels.tsv")[1:] == ["slugs\t3\t1"]  # no other thread has a third post
    assert {json.loads(line)["posts"][0]["text"] for line in lines(accepted.folder / "threads.jsonl")} == {""}

    assert json.loads(lines(duplicates.folder / "queries.jsonl")[0])["text"] == "Snails in the lettuce bed\nWhat helps?"
    assert lines(duplicates.folder / "qrels.tsv")[1:] == ["snails\tslugs\t1"]
    assert [json.loads(line)["id"] for line in lines(duplicates.folder / "threads.jsonl")] == ["bread", "slugs"]


def test_ids_that_several_threads_have_are_written_with_their_thread(store: Store, tmp_path: Path) -> None:
    store.put([SLUGS, thread("bread", "Dry bread", "Why is it dry?", "More water.", "And salt.")])
    _, accepted, _ = own_sets(store, tmp_path / "own")
    judged = load_set(accepted.folder)
    assert judged.relevance == {"slugs": {"slugs/3": 1}}
    assert judged.name_of("slugs", "3") == "slugs/3"


def test_a_draw_is_as_large_as_was_asked_and_the_same_every_time(store: Store, tmp_path: Path) -> None:
    store.put(thread(f"t{n}", f"How to bake loaf number {n}", "Please?", "Like this.") for n in range(30))
    first = own_sets(store, tmp_path / "first", threads=10, questions=4)
    second = own_sets(store, tmp_path / "second", threads=10, questions=4)
    assert [one.questions for one in first] == [4, 0, 0]
    assert len(lines(first[0].folder / "threads.jsonl")) == 10
    for name in ("threads.jsonl", "queries.jsonl", "qrels.tsv"):
        assert lines(first[0].folder / name) == lines(second[0].folder / name)


def test_an_empty_corpus_and_a_folder_in_use_are_refused(store: Store, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="corpus is empty"):
        own_sets(store, tmp_path / "own")
    store.put([SLUGS])
    own_sets(store, tmp_path / "own")
    with pytest.raises(InputError, match="sets of an earlier run"):
        own_sets(store, tmp_path / "own")


def test_a_run_file_has_a_line_for_each_place_best_first(tmp_path: Path) -> None:
    write_run({"q 1": {"b": 0.5, "a": 0.75}}, tmp_path / "run", tag="mine")
    assert lines(tmp_path / "run") == ["q%201 Q0 a 1 0.750000 mine", "q%201 Q0 b 2 0.500000 mine"]


@given(
    st.dictionaries(
        st.text(min_size=1).filter(str.isprintable),
        st.dictionaries(st.text(min_size=1).filter(str.isprintable), st.integers(-9, 9).map(float), min_size=1),
    )
)
def test_any_run_comes_back_from_its_file(run: dict[str, dict[str, float]]) -> None:
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        write_run(run, Path(folder) / "run")
        assert read_run(Path(folder) / "run") == run


def test_what_is_no_run_file_is_refused_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "run").write_text("q Q0 a 1 0.5 tag\nnot a run\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"run:2 is not `question Q0 id rank score tag`"):
        read_run(tmp_path / "run")


@pytest.mark.parametrize(
    ("file", "content", "said"),
    [
        ("threads.jsonl", b"{}\n", r"threads.jsonl:1 is not a thread with `id` and `posts`"),
        ("threads.jsonl", b'{"id": "a", "posts": []}\n["b"]\n', r"threads.jsonl:2 is not a thread"),
        ("threads.jsonl.gz", b"\x1f\x8bcut", r"threads.jsonl.gz cannot be read"),
        ("queries.jsonl", b"[]\n", r"queries.jsonl:1 is not a query"),
        ("queries.jsonl", b"\xff\xfe\n", r"queries.jsonl cannot be read"),
        ("qrels.tsv", b"\nq1\ta\t1\n", r"qrels.tsv:1 needs 3 columns"),
        ("qrels.tsv", b"q1\ta\t--1\n", r"qrels.tsv:1 needs 3 columns"),
    ],
)
def test_a_judged_set_with_a_broken_file_is_refused_with_the_place(
    tmp_path: Path, file: str, content: bytes, said: str
) -> None:
    (tmp_path / "threads.jsonl").write_text('{"id": "a", "posts": [{"id": "1"}]}\n', encoding="utf-8")
    (tmp_path / "queries.jsonl").write_text('{"_id": "q1", "text": "why?"}\n', encoding="utf-8")
    (tmp_path / "qrels.tsv").write_text("query-id\tcorpus-id\tscore\nq1\ta\t1\n", encoding="utf-8")
    assert load_set(tmp_path).relevance == {"q1": {"a": 1}}
    (tmp_path / file).write_bytes(content)

    with pytest.raises(InputError, match=said):
        load_set(tmp_path)


def test_measures_are_those_worked_out_by_hand(store: Store, tmp_path: Path) -> None:
    store.put([SLUGS, BREAD, SNAILS])
    titles = own_sets(store, tmp_path / "own")[0]
    judged = load_set(titles.folder)
    # The first question finds its thread in second place, the other in first.
    run = {"slugs": {"bread": 2.0, "slugs": 1.0}, "snails": {"snails": 2.0, "bread": 1.0}}
    found = measured(judged, run, 1).measures
    assert found["queries"] == 2
    assert found["map"] == found["mrr@10"] == 0.75
    assert found["recall@10"] == 1.0
    assert found["p@5"] == 0.2
    assert found["ndcg@10"] == pytest.approx((1 + 0.6309) / 2, abs=1e-4)  # 1 / log2(3) = .6309


def test_a_difference_on_every_question_is_sure_and_none_is_not(store: Store, tmp_path: Path) -> None:
    store.put(thread(f"t{n:02}", f"How to bake loaf {n}", "Please?", "Like this.") for n in range(12))
    judged = load_set(own_sets(store, tmp_path / "own")[0].folder)
    good = measured(judged, {q: {q: 1.0} for q in judged.queries}, 1)
    bad = measured(judged, {q: {"other": 2.0, q: 1.0} for q in judged.queries}, 1)

    better = {one.measure: one for one in compare(bad, good)}["mrr@10"]
    assert (better.questions, better.first, better.second) == (12, 0.5, 1.0)
    assert (better.low, better.high) == (0.5, 0.5)
    assert better.p < 0.002  # both signs of 12 equal differences: 2 in 4096

    same = {one.measure: one for one in compare(good, good)}["mrr@10"]
    assert (same.low, same.high, same.p) == (0.0, 0.0, 1.0)


def test_a_question_that_nothing_answers_counts_in_map_alone() -> None:
    rows = metrics.by_question({"a": {"x": 1}}, {"a": {"x": 1.0}, "b": {"x": 1.0}}, ["a", "b"], 1)
    assert metrics.means(rows, ["a"])["map"] == 0.5
    assert metrics.means(rows, ["a"])["mrr@10"] == 1.0
