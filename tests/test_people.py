from __future__ import annotations

import json
import stat
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store_samples import reachable_folder, settings, texts, threads
from threadwise.corpus.names import QUESTION_REMOVED, REMOVED, Removal, replace_names
from threadwise.corpus.people import People, forget, load_key, masked, pseudonym, pseudonymise
from threadwise.corpus.store import SavedAnswer, Store
from threadwise.domain import Post, Role, Thread
from threadwise.errors import InputError, StoreError

KEY = bytes(range(32))
ADVICE = "Shorter strides and a few squats in the evening made my back calm within two weeks."

QUOTED = "> Shorter strides and a few squats in the evening\n> made my back calm within two weeks."


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(settings(tmp_path)) as opened:
        yield opened


def sore_back() -> Thread:
    return Thread(
        "sore-back",
        "My back, again",
        (
            Post("1", "Since spring my back is sore.", author="ana", role=Role.ASKER, url="https://x/1"),
            Post("2", ADVICE, author="Ben", author_url="https://x/u/ben"),
            Post("3", QUOTED + "\nThat was my way too, thanks Ben!", author="cleo", reply_to="2"),
            Post("4", "It helped, a little.", author="ana", role=Role.ASKER, reply_to="2"),
        ),
        url="https://x/my-back-again",
        tags=("back",),
    )


# Names in text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Thanks Ben, I will try.", "Thanks X, I will try."),
        ("@Ben did you?", "@X did you?"),
        ("Ben wrote:\nrest", "X wrote:\nrest"),
        ("as **Ben** said, walk", "as **X** said, walk"),
        ("Ben: walk more", "X: walk more"),
        ('[quote="Ben, post:3"]', '[quote="X, post:3"]'),
        ("I saw Ben Nevis and Bending", "I saw Ben Nevis and Bending"),
        ("what mara_k does; mara_kx; @mara_k.", "what X does; mara_kx; @X."),
        ("ask TobiB7 about it", "ask X about it"),
        ("I will go, they will say", "I will go, they will say"),
        ("@will and hi will!", "@X and hi X!"),
        ("Thanks ben", "Thanks ben"),
    ],
)
def test_a_name_is_replaced_where_it_means_the_person(text: str, expected: str) -> None:
    assert replace_names(text, {"Ben", "will", "mara_k", "TobiB7", "e"}, lambda _: "X") == expected


# Pseudonyms


def test_a_pseudonym_is_the_same_for_the_same_name_and_key_only() -> None:
    assert pseudonym(KEY, "ana") == "person-m5zzl5ide3x6"
    assert pseudonym(KEY, "Ana") != pseudonym(KEY, "ana") != pseudonym(bytes(32), "ana")
    assert pseudonym(KEY, pseudonym(KEY, "ana")) == pseudonym(KEY, "ana")


def test_pseudonymising_hides_authors_and_mentions_and_keeps_everything_else() -> None:
    hidden = pseudonymise(sore_back(), KEY)
    ana, ben, cleo = (pseudonym(KEY, name) for name in ("ana", "Ben", "cleo"))
    assert [post.author for post in hidden.posts] == [ana, ben, cleo, ana]
    assert hidden.posts[2].text.endswith(f"thanks {ben}!")
    assert hidden.posts[1].author_url is None
    assert [post.role for post in hidden.posts] == [post.role for post in sore_back().posts]
    assert (hidden.id, hidden.title, hidden.url, hidden.tags) == (
        "sore-back",
        "My back, again",
        sore_back().url,
        ("back",),
    )
    assert pseudonymise(hidden, KEY) == hidden


@given(threads)
def test_no_author_of_any_thread_survives_pseudonymising(thread: Thread) -> None:
    hidden = pseudonymise(thread, KEY)
    assert all(post.author is None or post.author == "" or post.author.startswith("person-") for post in hidden.posts)
    assert len({p.author for p in hidden.posts if p.author}) == len({p.author for p in thread.posts if p.author})


def test_the_key_is_made_once_and_only_its_owner_may_read_it() -> None:
    with reachable_folder() as home:
        key = load_key(settings(home))
        file = home / "corpus" / "people.key"
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        assert len(key) == 32
        assert load_key(settings(home)) == key
        assert [path.name for path in file.parent.iterdir()] == ["people.key"]
        file.write_text("not a key")
        with pytest.raises(StoreError, match="is damaged: it must hold 64 hexadecimal digits"):
            load_key(settings(home))


def test_contacts_are_hidden_in_title_and_posts() -> None:
    thread = Thread("a", "Mail a@b.org", (Post("1", "or call +49 30 901820"),))
    assert masked(thread) == Thread("a", "Mail [e-mail]", (Post("1", "or call [phone]"),))


def test_people_applies_what_it_is_told(tmp_path: Path, store: Store) -> None:
    thread = Thread("a", "t", (Post("1", "I am a@b.org", author="ana"),))
    assert People(settings(tmp_path), store).clean(thread) is thread
    assert not (tmp_path / "corpus" / "people.key").exists()
    both = People(settings(tmp_path), store, pseudonymise=True, mask=True).clean(thread)
    assert both is not None
    assert both.question.text == "I am [e-mail]"
    assert both.question.author == pseudonym(load_key(settings(tmp_path)), "ana")


# Forgetting


def test_a_forgotten_replier_is_gone_with_posts_quotations_and_mentions(tmp_path: Path, store: Store) -> None:
    store.put([sore_back()])
    done = forget(settings(tmp_path), store, "Ben")
    left = store.get("sore-back")
    assert [(post.id, post.author, post.text, post.reply_to) for post in left.posts] == [
        ("1", "ana", "Since spring my back is sore.", None),
        ("3", "cleo", "[removed]\nThat was my way too, thanks [removed]!", "[removed]"),
        ("4", "ana", "It helped, a little.", "[removed]"),
    ]
    assert (done.posts, done.changed, done.deleted, done.edited) == (1, ("sore-back",), (), 1)
    assert (done.mentions, done.left) == ((), ())
    assert store.generation == 2


def test_a_forgotten_asker_leaves_the_replies_under_an_empty_question(tmp_path: Path, store: Store) -> None:
    store.put([sore_back()])
    forget(settings(tmp_path), store, "ana")
    left = store.get("sore-back")
    assert (left.title, left.url, left.tags) == (REMOVED, None, ("back",))
    assert left.posts[0] == Post("1", QUESTION_REMOVED, role=Role.ASKER)
    assert [post.id for post in left.posts] == ["1", "2", "3"]
    assert left.posts[1] == sore_back().posts[1]


def test_a_thread_of_nobody_else_is_deleted(tmp_path: Path, store: Store) -> None:
    store.put([Thread("alone", "Only me", (Post("1", "Hello?", author="ana"), Post("2", "Up!", author="ana")))])
    done = forget(settings(tmp_path), store, "ana")
    assert done.deleted == ("alone",)
    assert "alone" not in store
    assert [(c.thread_id, c.deleted) for c in store.changes(1)] == [("alone", True)]
    assert store.generation == 2


def test_quotations_and_clear_mentions_go_from_other_threads_too(tmp_path: Path, store: Store) -> None:
    elsewhere = Thread(
        "elsewhere",
        "What Ben wrote",
        (
            Post("1", f"Ben wrote:\n> {ADVICE}\n\nIs that true?", author="dora"),
            Post("2", f"> Shorter strides and a few squats\nYes. {ADVICE}", author="emil"),
            Post("3", "I climbed Ben Nevis.", author="emil"),
        ),
    )
    store.put([sore_back(), elsewhere])
    done = forget(settings(tmp_path), store, "Ben")
    left = store.get("elsewhere")
    assert left.title == "What [removed] wrote"
    assert [post.text for post in left.posts] == [
        "[removed]\n\nIs that true?",
        f"[removed]\nYes. {ADVICE}",  # his own words as far as anybody can tell: no quotation, and Ben never was here
        "I climbed Ben Nevis.",
    ]
    assert done.mentions == (("elsewhere", "3"),)
    assert done.edited == 3


def test_nothing_of_a_forgotten_person_is_left_in_the_files(tmp_path: Path, store: Store) -> None:
    words = "Quinoa porridge at five in the morning"
    store.put([replace(sore_back(), posts=(*sore_back().posts, Post("5", words * 400, author="zoe_q77")))])
    store.save_answer(SavedAnswer("1", json.dumps({"quote": words, "thread_id": "sore-back"}), 1))
    store.save_answer(SavedAnswer("2", json.dumps({"thread_id": "other"}), 1))
    done = forget(settings(tmp_path), store, "zoe_q77")
    assert done.answers == 1
    assert [answer.id for answer in store.saved_answers()] == ["2"]
    for file in (tmp_path / "corpus").iterdir():
        content = file.read_bytes()
        assert b"Quinoa" not in content, file
        assert b"zoe_q77" not in content, file


def test_a_forgotten_person_does_not_come_back_with_the_next_import(tmp_path: Path, store: Store) -> None:
    store.put([sore_back()])
    forget(settings(tmp_path), store, "Ben")
    again = People(settings(tmp_path), store)
    cleaned = again.clean(sore_back())
    assert cleaned is not None
    assert store.put([cleaned]).unchanged == ("sore-back",)
    assert again.clean(Thread("new", "Mine", (Post("1", "Me again", author="Ben"),))) is None
    other = Thread("new", "Mine", (Post("1", "Me", author="ben"),))
    assert again.clean(other) is other


def test_forgetting_a_name_takes_the_pseudonym_along(tmp_path: Path, store: Store) -> None:
    people = People(settings(tmp_path), store, pseudonymise=True)
    hidden = people.clean(sore_back())
    assert hidden is not None
    store.put([hidden])
    assert forget(settings(tmp_path), store, "Ben").posts == 1
    cleaned = People(settings(tmp_path), store, pseudonymise=True).clean(sore_back())
    assert cleaned is not None
    assert [post.id for post in cleaned.posts] == ["1", "3", "4"]


def test_a_name_that_nobody_has_is_refused_and_nothing_changes(tmp_path: Path, store: Store) -> None:
    store.put([sore_back()])
    with pytest.raises(InputError, match="Nobody named 'ben' has posted here"):
        forget(settings(tmp_path), store, "ben")
    assert store.generation == 1
    assert store.forgotten() == frozenset()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("On 3 May 2024, Ben wrote:\n> Walk more\n> and sit less\n\nTrue.", "[removed]\n\nTrue."),
        ("On 3 May 2024 at 10:00 Ben <b@x.org> wrote:\n> Walk\nTrue.", "[removed]\nTrue."),
        ("> Ben wrote:\n> Walk\n>\n> cleo wrote:\n> Sit", "[removed]"),
        ('[quote="Ben, post:3, topic:9"]Walk\nmore[/quote]\nTrue.', "[removed]\nTrue."),
        ("[QUOTE=Ben]Walk[/QUOTE]True.", "[removed]True."),
        ("[quote=Benno]Walk[/quote]", "[quote=Benno]Walk[/quote]"),
        ("Originally posted by Ben\n> Walk", "[removed]"),
        ("> somebody else's words\nTrue.", "> somebody else's words\nTrue."),
        ("5 > 3 and a -> b", "5 > 3 and a -> b"),
    ],
)
def test_quotations_are_found_in_the_forms_that_forums_use(text: str, expected: str) -> None:
    assert Removal({"Ben"}, ["Walk more and sit less."]).text(text, here=False) == expected


def test_where_they_took_part_eight_words_in_a_row_are_a_quotation_and_seven_are_not() -> None:
    removal = Removal({"Ben"}, ["one two three four five six seven eight nine ten"])
    assert (
        removal.text("He says: TWO three four, five six seven eight nine! Yes", here=True) == "He says: [removed]! Yes"
    )
    assert removal.text("two three four five six seven eight", here=True) == "two three four five six seven eight"
    assert not removal.copies(removal.text("x one two three four five six seven eight nine ten y", here=True))


@given(texts, st.lists(texts, max_size=3))
def test_a_text_that_has_nothing_of_theirs_stays_as_it_is(text: str, said: list[str]) -> None:
    names = {"Benedetta Quux-77"}
    if ">" not in text:
        assert Removal(names, said).text(text, here=False) == text


@given(threads)
def test_a_removed_author_is_in_no_thread(thread: Thread) -> None:
    author = next((post.author for post in thread.posts if post.author), None)
    if author is None:
        return
    left = Removal({author}, [post.text for post in thread.posts if post.author == author]).thread(thread, here=True)
    assert left is None or all(post.author != author for post in left.posts)


def test_a_name_that_names_nobody_is_not_made_one_person_by_a_pseudonym() -> None:
    posts = tuple(Post(str(i), "Words.", author=name) for i, name in enumerate(("anonymous", "Ben", "anonymous", None)))

    [first, ben, third, none] = [post.author for post in pseudonymise(Thread("t", "T", posts), KEY).posts]

    assert (first, third, none) == ("anonymous", "anonymous", None)
    assert ben == pseudonym(KEY, "Ben")
