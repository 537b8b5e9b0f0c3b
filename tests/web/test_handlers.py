"""What the pages do, called as events call them, over a real corpus and index."""

import json
import re
import threading
from collections.abc import Generator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from conftest import WordEncoder
from threadwise.assistant import Assistant
from threadwise.config import Settings
from threadwise.domain import Answer
from threadwise.errors import StoreError
from threadwise.index.encoder import Floats
from threadwise.web.adding import Adding, AddPage
from threadwise.web.asking import Asking, AskPage, Conversations, example_questions
from threadwise.web.browsing import Browsing
from threadwise.web.payload import Payload
from threadwise.web.readiness import Readiness
from web.conftest import BACK, HOSTILE, PLANT, assistant_over
from web.test_show import attributes, words

TALK = "0123456789abcdef"
PASTE = """Squeaky stairs

The third step of our stairs squeaks. How do I stop it?

• Rub dry soap into the joint.

• Screw the step down from below, use two screws.
"""


@pytest.fixture
def ready(assistant: Assistant) -> Readiness:
    return Readiness.of(assistant)


@pytest.fixture
def asking(ready: Readiness) -> Asking:
    return Asking(ready, Conversations(), frame=0.0)


def ask(room: Asking, question: object, talk: str = TALK) -> list[AskPage]:
    return list(room.ask(Payload({"question": question, "conversation": talk})))


def state(page: AskPage) -> str:
    found = re.search(r'data-state="(\w+)"', page.log)
    return found.group(1) if found else ""


def test_a_question_is_shown_at_once_then_its_answer_point_by_point(asking: Asking) -> None:
    pages = ask(asking, "sore lower back after running")

    assert (state(pages[0]), state(pages[-1])) == ("working", "done")
    assert "Reading 3 threads" in words(pages[0].log)
    points = [page.log.count('<li class="point">') for page in pages[1:-1]]
    assert points == list(range(len(points)))
    assert {state(page) for page in pages[1:-1]} == {"working"}
    assert 'data-thread="sore-back"' in pages[-1].log
    assert "Sources" not in pages[0].log
    assert "Sources" in pages[-1].log


def test_stages_that_come_faster_than_eyes_are_shown_as_one(ready: Readiness) -> None:
    pages = ask(Asking(ready, Conversations(), frame=60.0), "sore lower back after running")

    assert [state(page) for page in pages] == ["working", "done"]


def test_a_page_that_is_closed_while_it_waits_leaves_its_question_and_no_answer(asking: Asking) -> None:
    pages = asking.ask(Payload({"question": "sore lower back after running", "conversation": TALK}))
    next(pages)
    next(pages)
    pages.close()  # type: ignore[attr-defined]

    left = asking.arrive(Payload({"conversation": TALK}))
    assert state(left) == "done"
    assert "The page was closed before the answer was there. Ask again." in words(left.log)


def test_a_reader_who_stops_gets_what_is_there(asking: Asking) -> None:
    pages = asking.ask(Payload({"question": "sore lower back after running", "conversation": TALK}))
    next(pages)
    asking.stop(Payload({"conversation": TALK}))
    *_, last = pages

    assert state(last) == "done"
    assert "Sources" in last.log
    asking.stop(Payload({"conversation": "nobody-knows-it"}))


def test_an_answer_is_kept_and_says_what_changed_since(asking: Asking, assistant: Assistant) -> None:
    *_, page = ask(asking, "sore lower back after running")
    assert re.findall(r'data-keep="(\d+)"', page.log) == ["0"]
    kept = asking.keep(Payload({"conversation": TALK, "number": 0}))
    [answer_id] = re.findall(r'data-kept="([^"]+)"', kept.log)
    assert answer_id == "sore-lower-back-after-running"
    assert "data-keep=" not in kept.log
    assert asking.arrive(Payload({"conversation": TALK})) == kept

    assistant.edit("sore-back", replace(BACK, posts=(BACK.posts[0], *BACK.posts[2:])))
    listed = words(asking.arrive(Payload({"conversation": "another-conversation"})).log)
    assert re.search(r"Kept answers sore lower back after running kept \d+ \w+ 20\d\d \d points? \d changed", listed)
    shown = asking.show_kept(Payload({"kept": answer_id}))
    assert "sore-back/2 : the post was deleted since" in words(shown)
    assert "Strengthen your core" in words(shown)
    assert "data-keep=" not in shown

    assistant.delete("sore-back")
    assert "so it was withdrawn" in words(asking.show_kept(Payload({"kept": answer_id})))
    assert "withdrawn" in words(asking.show_kept(Payload({})))
    listed, page = asking.drop_kept(Payload({"kept": answer_id, "conversation": TALK}))
    assert "No answer is kept." in words(listed)
    assert page is not None
    assert "data-kept=" not in page.log
    gone = asking.show_kept(Payload({"kept": answer_id}))
    assert "This answer is kept no longer." in words(gone)
    assert "data-close" in gone


def test_a_kept_answer_to_a_long_question_is_named_by_its_beginning(asking: Asking) -> None:
    question = "sore lower back after running " * 100
    ask(asking, question)
    asking.keep(Payload({"conversation": TALK, "number": 0}))

    listed = asking.show_kept(Payload({}))
    [answer_id] = re.findall(r'data-kept="([^"]+)"', listed)
    assert f">{question[:160]}…</button>" in listed
    shown = asking.show_kept(Payload({"kept": answer_id}))
    assert f'<h2 class="asked long" dir="auto">{question[:2000]}…</h2>' in shown


def test_what_is_kept_no_longer_elsewhere_can_be_kept_again(asking: Asking, assistant: Assistant) -> None:
    ask(asking, "sore lower back after running")
    [answer_id] = re.findall(r'data-kept="([^"]+)"', asking.keep(Payload({"conversation": TALK, "number": 0})).log)
    assistant.drop_kept(answer_id)

    assert "Kept answers" in words(asking.drop_kept(Payload({"kept": answer_id, "conversation": TALK}))[0])
    assert 'data-keep="0"' in asking.arrive(Payload({"conversation": TALK})).log


def test_a_page_loaded_again_while_its_question_is_answered_says_that_it_waits(asking: Asking) -> None:
    pages = asking.ask(Payload({"conversation": TALK, "question": "droopy plant by the window"}))
    next(pages)

    assert state(asking.arrive(Payload({"conversation": TALK}))) == "working"
    *_, last = pages
    assert asking.arrive(Payload({"conversation": TALK})) == last


def test_dropping_a_kept_answer_leaves_a_question_alone_that_is_being_answered(asking: Asking) -> None:
    ask(asking, "sore lower back after running")
    [answer_id] = re.findall(r'data-kept="([^"]+)"', asking.keep(Payload({"conversation": TALK, "number": 0})).log)
    pages = asking.ask(Payload({"conversation": TALK, "question": "droopy plant by the window"}))
    next(pages)

    assert asking.drop_kept(Payload({"kept": answer_id, "conversation": TALK}))[1] is None
    *_, last = pages
    assert state(last) == "done"


def test_a_page_that_is_loaded_again_shows_no_words_that_were_deleted(asking: Asking, assistant: Assistant) -> None:
    *_, page = ask(asking, "sore lower back after running")
    assert "stretch your hips" in words(page.log)
    assistant.edit("sore-back", replace(BACK, posts=(BACK.posts[0], *BACK.posts[2:])))

    again = words(asking.arrive(Payload({"conversation": TALK})).log)
    assert "stretch your hips" not in again
    assert "Strengthen your core" in again

    assistant.delete("sore-back")
    kept = words(asking.keep(Payload({"conversation": TALK, "number": 0})).log)
    assert "Strengthen your core" not in kept
    assert "edited or deleted since, so it is shown no more. Ask again." in kept
    assert assistant.kept_answers() == []


def test_what_cannot_be_kept_says_so(asking: Asking) -> None:
    *_, page = ask(asking, "z")
    assert "data-keep=" not in page.log
    assert "nothing to keep" in words(asking.keep(Payload({"conversation": TALK, "number": 0})).log)
    gone = asking.keep(Payload({"conversation": TALK, "number": 7}))
    assert "That answer is not here any more; ask again." in words(gone.log)


def test_a_question_that_comes_before_the_model_waits_and_says_so(assistant: Assistant) -> None:
    readiness = Readiness()
    pages = Asking(readiness, Conversations()).ask(Payload({"question": "sore back", "conversation": TALK}))
    first = next(pages)
    readiness.begin(lambda: assistant)
    *_, last = pages

    assert "the language model is being loaded" in words(first.log)
    assert (state(last), readiness.ready) == ("done", True)


class Loading(WordEncoder):
    """An encoder that is there when it is told to be."""

    def __init__(self) -> None:
        super().__init__()
        self.there = threading.Event()

    def encode(self, texts: Sequence[str]) -> Floats:
        if texts == ["warm up"]:
            self.there.wait(60)
        return super().encode(texts)


def test_a_search_before_the_model_is_there_shows_titles_meanwhile(settings: Settings) -> None:
    encoder, readiness = Loading(), Readiness()
    with assistant_over(settings, PLANT, encoder=encoder) as assistant:
        readiness.begin(lambda: assistant)
        lists = Browsing(readiness).threads(Payload({"q": "droopy"}))
        first = next(lists)
        encoder.there.set()
        *_, last = lists

    assert "Titles only for now" in first
    assert "Droopy plant" in first
    assert "best first" in last


def test_a_corpus_that_cannot_be_opened_is_a_sentence_on_every_page(tmp_path: Path) -> None:
    def opening() -> Assistant:
        raise StoreError("The corpus is of a newer Threadwise.")

    readiness, ended = Readiness(), threading.Event()
    readiness.begin(opening, failed=ended.set)
    assert ended.wait(20)
    pages = [
        Asking(readiness, Conversations()).arrive(Payload({})).log,
        *Browsing(readiness).threads(Payload({})),
        Adding(readiness, tmp_path).preview(Payload({"text": PASTE})).view,
    ]

    assert len(pages) == 3
    assert all("The corpus is of a newer Threadwise." in words(page) for page in pages)


def test_follow_ups_stay_in_the_conversation_and_another_one_starts_empty(asking: Asking) -> None:
    ask(asking, "sore lower back after running")
    pages = ask(asking, "and stretching?")

    assert re.findall(r'<h2 class="asked"[^>]*>(.*?)</h2>', pages[-1].log) == [
        "sore lower back after running",
        "and stretching?",
    ]
    assert asking.arrive(Payload({"conversation": TALK})).log.count('<section class="turn"') == 2
    assert "What would you like advice on?" in words(asking.arrive(Payload({"conversation": "f" * 16})).log)


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("", "The question is empty"),
        ("🙂🙂🙂", "There are no words in the question"),
        ("\x00\x07\x1b", "question"),
        ("word " * 20_000, "characters; the limit is"),
    ],
)
def test_a_question_that_cannot_be_asked_gets_a_sentence(asking: Asking, question: str, said: str) -> None:
    pages = ask(asking, question)

    assert state(pages[-1]) == "done"
    assert said in words(pages[-1].log)
    assert "Traceback" not in pages[-1].log


def test_who_asks_nothing_is_told_so_and_shown_no_thread(asking: Asking) -> None:
    page = ask(asking, "okay")[-1]

    assert "Nothing was asked that could be looked for. Type what you want advice on" in words(page.log)
    assert "nearest" not in words(page.log)
    assert "Nobody in these threads" not in page.log
    assert page.rail == ""


def test_another_language_gets_an_answer_or_a_plain_no(asking: Asking) -> None:
    pages = ask(asking, "Мне больно после бега, что делать? 腰が痛い")

    assert re.search(r'class="status (answered|partial|unanswered)"', pages[-1].log)


def test_a_page_that_sends_nonsense_gets_a_sentence(asking: Asking) -> None:
    assert "reload it" in words(ask(asking, "x", talk="../../etc")[-1].log)
    gone = words(asking.open_thread(Payload({"thread": "nowhere"})))
    assert "This thread is not here: it was deleted, or its address is wrong." in gone
    assert "threadwise similar" not in gone
    assert words(asking.arrive(Payload("nonsense")).log)


class Failing:
    """A composer with a mistake in it."""

    def stages(self, *_: object, **__: object) -> Generator[Answer, None, None]:
        raise RuntimeError("detail for the log at /some/path.py")


def test_what_goes_wrong_inside_is_a_sentence_on_the_page_and_a_report_in_the_log(
    asking: Asking, assistant: Assistant, caplog: pytest.LogCaptureFixture
) -> None:
    assistant.composer = Failing()
    page = ask(asking, "sore back")[-1]

    assert state(page) == "done"
    assert "Something went wrong inside Threadwise; the details are in its log." in words(page.log)
    assert "path.py" not in page.log
    assert "detail for the log" in caplog.text


def test_a_marker_opens_the_post_with_the_quote_marked(asking: Asking) -> None:
    shown = asking.open_thread(Payload({"thread": "sore-back", "post": "2", "start": "0", "end": "22"}))

    assert "<mark>Try shorter runs first</mark>" in shown
    assert 'class="post here"' in shown


def test_the_hostile_thread_acts_nowhere(asking: Asking, assistant: Assistant, ready: Readiness) -> None:
    shown = ask(asking, "how do I clean my kettle with vinegar")[-1]
    browsing = Browsing(ready)
    everything = [
        shown.log,
        shown.rail,
        asking.open_thread(Payload({"thread": HOSTILE.id, "post": "2"})),
        *browsing.threads(Payload({"q": "kettle"})),
        *browsing.threads(Payload({})),
        *browsing.read(Payload({"thread": HOSTILE.id})),
    ]

    assert "Kettle" in "".join(everything)
    for markup in everything:
        assert not re.search(r"<(script|img|iframe|b|i)\b", markup)
        assert not [name for name in attributes(markup) if name.startswith("on")]
        assert "javascript:" not in "".join(re.findall(r'href="[^"]*"', markup))


def test_an_answer_can_be_saved_as_json_and_verified(assistant: Assistant, ready: Readiness) -> None:
    from threadwise.web.app import answer_json

    conversations = Conversations()
    pages = ask(Asking(ready, conversations), "sore lower back after running")
    answer = conversations.answer(TALK, 0)

    assert answer is not None
    saved = json.loads(answer_json(answer))
    assert saved["citations"][0]["thread_id"] == "sore-back"
    assert assistant.verify(saved) == []
    assert f'href="/threadwise/answers/{TALK}/0"' in pages[-1].log
    assert conversations.answer(TALK, 1) is None


def test_an_empty_corpus_leads_to_add(empty: Assistant) -> None:
    page = Asking(Readiness.of(empty), Conversations()).arrive(Payload({}))

    assert "There are no threads here yet" in page.log
    assert 'href="/add"' in page.log


def test_examples_are_the_corpus_own_questions(assistant: Assistant) -> None:
    assert BACK.title in example_questions(assistant)


def test_old_conversations_and_turns_make_room() -> None:
    conversations = Conversations()
    for number in range(400):
        conversations.begin(f"conversation-{number}", "q")
    for number in range(60):
        conversations.begin("conversation-399", f"q{number}")

    assert conversations.turns("conversation-0") == ()
    turns = conversations.turns("conversation-399")
    assert (len(turns), turns[-1].question, turns[-1].address) == (40, "q59", "/threadwise/answers/conversation-399/60")


# Browse


@pytest.fixture
def browsing(ready: Readiness) -> Browsing:
    return Browsing(ready)


def listed(room: Browsing, **fields: str) -> list[str]:
    return re.findall(r'<a href="/browse\?thread=[^"]*" data-thread="([^"]*)"', list(room.threads(Payload(fields)))[-1])


def test_the_list_is_ordered_filtered_and_searched(browsing: Browsing) -> None:
    assert (
        listed(browsing) == ["droopy-plant", "sore-back", "hostile-&lt;b&gt;thread&lt;/b&gt;"]
        or len(listed(browsing)) == 3
    )
    assert listed(browsing, tag="plants") == ["droopy-plant"]
    assert listed(browsing, order="posts")[0] == "sore-back"
    assert listed(browsing, q="sore back after running")[0] == "sore-back"
    assert listed(browsing, q="sore back after running", tag="plants") in ([], ["droopy-plant"])
    assert listed(browsing, order="nonsense", page="-4", tag="") == listed(browsing)


def test_a_search_for_words_that_no_thread_has_says_so(browsing: Browsing) -> None:
    def listed(q: str) -> str:
        return words(list(browsing.threads(Payload({"q": q})))[-1])

    assert "No thread has these words. These are the nearest in meaning." in listed("zzzqqq xyzzyplugh")
    assert "nearest in meaning" not in listed("plant")


def test_a_search_that_cannot_be_read_gets_a_sentence(browsing: Browsing) -> None:
    assert "too long" in words(list(browsing.threads(Payload({"q": "x " * 50_000})))[-1])
    assert "this thread is not here" in words(list(browsing.read(Payload({"thread": "gone"})))[-1]).lower()


def test_a_thread_is_shown_first_and_its_likes_after(browsing: Browsing) -> None:
    first, second = browsing.read(Payload({"thread": "sore-back", "post": "3", "start": "0", "end": "10"}))

    assert "<mark>Strengthen</mark>" in first
    assert "Looking for similar threads" in first
    assert "Looking for similar threads" not in second


def test_a_deleted_thread_is_gone_from_everything(browsing: Browsing, asking: Asking) -> None:
    page = browsing.delete(Payload({"thread": "sore-back"}))

    assert "The thread was deleted" in page.reader
    assert "sore-back" not in page.listing
    assert 'data-thread="sore-back"' not in ask(asking, "sore lower back after running")[-1].log
    assert "This thread is not here" in browsing.delete(Payload({"thread": "sore-back"})).reader


def test_what_another_process_writes_is_seen_at_the_next_look(browsing: Browsing, assistant: Assistant) -> None:
    other = Assistant.open(assistant.settings)
    other.store.delete("droopy-plant")
    other.close()

    assert "droopy-plant" not in listed(browsing)


# Add


@pytest.fixture
def adding(ready: Readiness, tmp_path: Path) -> Adding:
    uploads = tmp_path / "uploads"
    uploads.mkdir(exist_ok=True)
    return Adding(ready, uploads)


def form_of(page: AddPage) -> dict[str, object]:
    assert page.draft is not None
    thread = page.draft.thread
    posts = [{"id": p.id, "author": p.author or "", "role": p.role.value, "text": p.text} for p in thread.posts]
    return {"title": thread.title, "tags": ", ".join(thread.tags), "posts": posts}


def uploaded(room: Adding, name: str, data: bytes) -> str:
    folder = room._uploads / f"hash-of-{name}"
    folder.mkdir()
    path = folder / name
    path.write_bytes(data)
    return str(path)


def test_a_paste_is_understood_put_right_kept_and_asked_about(adding: Adding, asking: Asking) -> None:
    page = adding.preview(Payload({"text": PASTE}))
    assert "A question and 2 replies" in words(page.view)
    assert page.draft is not None

    second = page.draft.thread.posts[1].id
    at = len("Rub dry soap")
    page = adding.change(Payload({"act": "split", "post": second, "at": at, "form": form_of(page)}), page.draft)
    assert "A question and 3 replies" in words(page.view)

    form = form_of(page)
    form["title"] = "Stairs that squeak"
    saved = adding.save(Payload({"form": form}), page.draft)
    assert "Thread saved" in words(saved.view)
    assert 'data-thread="stairs-that-squeak"' in ask(asking, "third step of our stairs squeaks")[-1].log or (
        "Stairs that squeak" in words(ask(asking, "third step of our stairs squeaks")[-1].rail)
    )


def test_a_second_press_of_save_keeps_nothing_twice(adding: Adding, assistant: Assistant) -> None:
    page = adding.preview(Payload({"text": PASTE}))
    saved = adding.save(Payload({"form": form_of(page)}), page.draft)
    again = adding.save(Payload({"form": form_of(page)}), saved.draft)
    adding.save(Payload({"form": form_of(page)}), page.draft)

    assert assistant.store.counts().threads == 4
    assert "saved" in again.view


def test_nearly_the_same_thread_is_pointed_out(adding: Adding) -> None:
    adding.save(Payload({"form": {}}), adding.preview(Payload({"text": PASTE})).draft)
    again = adding.preview(Payload({"text": PASTE.replace("third", "fourth")}))

    assert "Nearly the same thread is there already" in words(again.view)
    assert re.search(r"\d\d% of the question is the same", words(again.view))
    same = adding.preview(Payload({"text": PASTE}))
    assert "asks in the same words" in words(same.view)


def test_threads_that_ask_for_the_same_in_other_words_are_shown_beside_a_new_one(adding: Adding) -> None:
    page = adding.preview(
        Payload({"text": "My lower back is sore after running\n\nWhat helped you? I run.\n\n- Walk."})
    )
    other = adding.preview(Payload({"text": PASTE}))

    assert "Here already, and like it Sore lower back after running" in words(page.view)
    assert "Nearly the same thread" not in words(page.view)
    assert "like it" not in words(other.view)


def test_a_post_that_somebody_put_into_another_thread_is_pointed_out_in_the_preview(adding: Adding) -> None:
    said = "Screw the tread to the riser from behind with two short screws, glue did not hold for me."
    posts = [{"id": "1", "text": "Squeaky?"}, {"id": "2", "author": "mara", "text": said}]
    first = {"id": "a", "title": "Stairs", "posts": posts}
    adding.save(Payload({"form": {}}), adding.preview(Payload({"text": json.dumps(first)})).draft)

    again = adding.preview(Payload({"text": json.dumps({**first, "id": "b", "title": "Other stairs"})}))

    assert re.search(r"Also posted in Stairs ?\.", words(again.view))


def test_a_thread_is_edited_and_one_changed_meanwhile_is_not_overwritten(adding: Adding, assistant: Assistant) -> None:
    here, there = (adding.edit(Payload({"edit": "droopy-plant"})) for _ in range(2))
    form = form_of(here) | {"title": "Droopy plant in winter"}

    assert "Changes saved" in words(adding.save(Payload({"form": form}), here.draft).view)
    assert assistant.show("droopy-plant").title == "Droopy plant in winter"
    assert "changed elsewhere" in words(adding.save(Payload({"form": form_of(there)}), there.draft).view)
    assert assistant.show("droopy-plant").title == "Droopy plant in winter"


@pytest.mark.parametrize("text", ["\x00\x01\x02", "🙂", "\u202e\u200b", "x" * 300_000, '{"id": ', "---\nid: [\n---\n"])
def test_any_paste_gets_a_preview_or_a_sentence(adding: Adding, text: str) -> None:
    page = adding.preview(Payload({"text": text}))

    assert "draft-view" in page.view or "notice problem" in page.view
    assert "Something went wrong inside" not in page.view


def test_an_emptied_field_shows_nothing(adding: Adding) -> None:
    assert adding.preview(Payload({"text": "  \n"})) == AddPage("")


def test_a_file_of_one_thread_goes_to_the_preview_and_is_removed(adding: Adding) -> None:
    path = uploaded(adding, "stairs.txt", PASTE.encode())
    *_, page = adding.examine(Payload({"path": path}))

    assert "Squeaky stairs" in page.view
    assert not Path(path).exists()


def test_a_file_of_many_is_imported_after_a_yes_with_counts(adding: Adding, assistant: Assistant) -> None:
    lines = [
        json.dumps({"id": f"t{n}", "title": f"Thread {n}", "posts": [{"id": "1", "text": f"Question {n}?"}]})
        for n in range(3)
    ]
    path = uploaded(adding, "threads.jsonl", "\n".join([*lines, '{"id": "half']).encode())
    *_, page = adding.examine(Payload({"path": path}))
    assert "threads.jsonl holds 3 threads" in words(page.view)

    token = re.findall(r'data-token="([^"]*)"', page.view)[0]
    *_, last = adding.take_in(Payload({"token": token}))
    assert "Import finished added 3 updated 0 unchanged 0 posts 3 rejected 1" in words(last.view)
    assert assistant.store.counts().threads == 6
    assert not Path(path).exists()
    assert "not here any more" in words(list(adding.take_in(Payload({"token": token})))[-1].view)


def test_a_file_is_called_by_its_name_alone(adding: Adding) -> None:
    *_, one = adding.examine(Payload({"path": uploaded(adding, "half.json", b'{"id": "a", "posts": [')}))
    *_, single = adding.examine(Payload({"path": uploaded(adding, "tap.txt", b"Tap drips\n\nWhy?\n\n- Washer.")}))
    lines = b'{"id":"a","posts":[{"id":"1","text":"q"}]}\n' * 2 + b"{no"
    *_, many = adding.examine(Payload({"path": uploaded(adding, "many.jsonl", lines.replace(b'"a"', b'"b"', 1))}))
    token = re.findall(r'data-token="([^"]*)"', many.view)[0]
    *_, taken = adding.take_in(Payload({"token": token}))

    assert words(one.view) == (
        "half.json cannot be read as threads: the JSON breaks off in line 1, column 23; was it saved completely?"
    )
    assert single.draft is not None
    assert single.draft.thread.source == "tap.txt"
    assert "many.jsonl:3" in words(taken.view)
    assert str(adding._uploads) not in one.view + taken.view


def test_only_uploaded_files_are_read(adding: Adding, tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text(PASTE)
    for path in (str(secret), str(adding._uploads / ".." / "secret.txt"), "/etc/passwd", ""):
        assert "choose it again" in words(list(adding.examine(Payload({"path": path})))[-1].view)


@pytest.mark.parametrize(("name", "data"), [("empty.txt", b""), ("binary.bin", bytes(range(256)) * 50)])
def test_a_file_that_is_no_thread_gets_a_sentence(adding: Adding, name: str, data: bytes) -> None:
    *_, page = adding.examine(Payload({"path": uploaded(adding, name, data)}))

    assert "notice problem" in page.view
    assert "Something went wrong inside" not in page.view
