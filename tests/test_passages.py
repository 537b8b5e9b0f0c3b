"""Threads cut into passages: whole sentences of one post, with exact offsets."""

from hypothesis import given
from hypothesis import strategies as st

from threadwise.domain import Part, Passage, Post, Thread
from threadwise.index.passages import LONGEST, MOST_ALIKE, TITLE, context, cut


def thread(*texts: str, title: str = "Sore knee") -> Thread:
    return Thread("t", title, tuple(Post(str(n), text) for n, text in enumerate(texts)))


def test_a_short_post_is_one_passage_and_posts_are_never_joined() -> None:
    assert cut(thread("It hurts. Why?", "Rest.", " \n", "Ice it. ")) == (
        Passage("t", "0", 0, 14, "It hurts. Why?", Part.QUESTION),
        Passage("t", "1", 0, 5, "Rest.", Part.REPLY),
        Passage("t", "3", 0, 7, "Ice it.", Part.REPLY),
    )


def test_a_long_post_is_cut_between_sentences_into_passages_of_about_equal_length() -> None:
    sentence = "Short steps down the hill have helped my own knee. "  # ten words

    passages = cut(thread(sentence * 26))  # 260 words in three passages of at most 120

    assert [len(p.text.split()) for p in passages] == [90, 90, 80]
    assert all(p.text.startswith("Short") and p.text.endswith("knee.") for p in passages)


def test_a_sentence_that_is_too_long_for_others_stands_alone() -> None:
    passages = cut(thread("It hurts. " + "very " * 130 + "much. What now?"))

    assert [len(p.text.split()) for p in passages] == [2, 131, 2]


def test_scripts_without_spaces_and_unbroken_runs_are_measured_by_their_length() -> None:
    assert all(len(p.text) <= LONGEST + 1 for p in cut(thread("膝が痛い。" * 100)))
    assert len(cut(thread("x" * 5_000))) == 5


def test_a_passage_is_embedded_with_the_title_of_its_thread() -> None:
    with_title, without = thread("It hurts."), thread("It hurts.", title=" ")

    assert context(with_title, cut(with_title)[0]) == "Sore knee\nIt hurts."
    assert context(without, cut(without)[0]) == "It hurts."
    assert len(context(thread("It hurts.", title="x" * 999), cut(with_title)[0])) == TITLE + len("\nIt hurts.")


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0")), min_size=1, max_size=4))
def test_passages_are_exact_ordered_and_hold_all_that_was_written(texts: list[str]) -> None:
    posts = {str(n): text for n, text in enumerate(texts)}

    passages = cut(thread(*texts))

    for passage in passages:
        assert posts[passage.post_id][passage.start : passage.end] == passage.text
        assert (passage.part is Part.QUESTION) == (passage.post_id == "0")
    for post_id, text in posts.items():
        spans = [(p.start, p.end) for p in passages if p.post_id == post_id]
        assert spans == sorted(spans)
        covered = {i for start, end in spans for i in range(start, end)}
        assert all(i in covered or c.isspace() for i, c in enumerate(text))


def test_a_post_that_says_the_same_a_thousand_times_is_found_by_its_first_five_passages() -> None:
    again = thread("Buy it now, buy it here. " * 1000 + "Or rest the knee.")

    passages = cut(again)

    assert len([p for p in passages if "rest" not in p.text]) == MOST_ALIKE == 5
    assert passages[-1].text.endswith("Or rest the knee.")
