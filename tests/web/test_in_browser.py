"""The pages as people use them, in Chromium, on a desk and on a phone; and what hostile text does there."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from threadwise.assistant import Assistant
from threadwise.domain import Post, Role, Thread
from web.conftest import HOSTILE, Site, running

pytestmark = pytest.mark.browser

QUESTION = "sore lower back after running"
PASTE = "Squeaky stairs\n\nThe third step squeaks. What now?\n\n• Rub soap on it.\n\n• Use two screws.\n"
DONE = '.conversation[data-state="done"] .answer'


@pytest.fixture
def phone(chromium: Any, site_: Site) -> Iterator[Any]:
    context = chromium.new_context(viewport={"width": 360, "height": 740}, has_touch=True, is_mobile=True)
    yield site_.watch(context.new_page())
    context.close()


def ask(page: Any, question: str = QUESTION) -> None:
    turns = page.locator(".turn").count()
    page.fill("#question", question)
    page.press("#question", "Enter")
    page.wait_for_function("n => document.querySelectorAll('.turn').length > n", arg=turns)
    page.wait_for_selector('.conversation[data-state="done"] .turn:last-child')


def test_a_question_is_answered_and_a_marker_shows_the_quote_in_its_post(page: Any, site_: Site) -> None:
    page.goto(site_.address)
    ask(page)
    page.locator(".point .cite").first.click()
    page.wait_for_selector("#panel mark")

    quote = " ".join(page.locator("#panel mark").all_inner_texts()).strip()
    assert quote
    assert quote in page.locator(".post.here .said").inner_text()
    assert page.evaluate("document.activeElement.hasAttribute('data-close')")
    page.keyboard.press("Escape")
    assert not page.locator("#panel").is_visible()
    assert page.evaluate("document.activeElement.classList.contains('cite')")


OUTCOME_SAID = """() => {
  const outcome = document.querySelector('.turn:last-child .status strong');
  return outcome && document.querySelector('#announce').textContent.includes(outcome.textContent);
}"""


def test_what_is_urgent_is_read_out_and_the_question_comes_into_view_once(page: Any, site_: Site) -> None:
    page.goto(site_.address)
    page.wait_for_selector(".welcome")
    page.evaluate("() => { window.came = 0; Element.prototype.scrollIntoView = () => window.came++; }")
    ask(page, "my back is sore and my groin has gone numb since running")
    page.wait_for_function(OUTCOME_SAID)
    said = page.text_content("#announce")
    assert re.match(r"Please read this first\s+What you describe can be an emergency\.", said), said
    assert page.evaluate("window.came") == 1
    page.click("[data-fresh]")
    page.wait_for_selector(".welcome")
    ask(page, QUESTION)
    page.wait_for_function(OUTCOME_SAID)
    assert "emergency" not in page.text_content("#announce")
    assert page.evaluate("window.came") == 2


def test_follow_ups_stay_when_the_page_is_left_and_a_new_conversation_starts_empty(page: Any, site_: Site) -> None:
    page.goto(site_.address)
    ask(page)
    ask(page, "and what about stretching?")
    page.click("nav a >> text=Browse")
    page.wait_for_selector(".item")
    page.go_back()
    page.wait_for_selector(".turn >> nth=1")
    assert page.locator(".asked").all_inner_texts() == [QUESTION, "and what about stretching?"]
    page.click("[data-fresh]")
    page.wait_for_selector(".welcome")


FOLLOW_UP_ON_TOP = """() => {
  const [first, last] = document.querySelectorAll('.turn');
  const under = document.querySelector('header.site').getBoundingClientRect().bottom;
  const top = last.getBoundingClientRect().top - under;
  return top >= 0 && top < 40 && first.getBoundingClientRect().bottom <= under + 40;
}"""


@pytest.mark.parametrize("size", [(1280, 800), (360, 740), (640, 450)])
def test_a_follow_up_comes_to_the_top_whatever_was_said_before(
    chromium: Any, site_: Site, size: tuple[int, int]
) -> None:
    context = chromium.new_context(viewport={"width": size[0], "height": size[1]})
    page = site_.watch(context.new_page())
    page.goto(site_.address)
    ask(page)
    ask(page, "what is the capital of Mongolia?")
    page.wait_for_function(FOLLOW_UP_ON_TOP)
    context.close()


def test_the_panel_names_the_thread_it_shows_a_post_of(page: Any, site_: Site) -> None:
    page.goto(site_.address)
    ask(page)
    page.locator(".point .cite").first.click()
    page.wait_for_selector("#panel mark")

    assert page.inner_text("#panel .panel-bar .named") == "Sore lower back after running"


def test_what_became_of_a_file_comes_into_view_on_a_phone(phone: Any, site_: Site) -> None:
    phone.goto(site_.address + "/add")
    phone.wait_for_selector("#paste-text")
    phone.set_input_files("input[type=file]", {"name": "cut.zip", "mimeType": "", "buffer": b"PK\x03\x04 cut"})
    phone.wait_for_selector("#draft .problem")
    phone.wait_for_function(
        "() => document.querySelector('#draft .problem').getBoundingClientRect().bottom < innerHeight"
    )
    assert "/" not in phone.inner_text("#draft .problem")


def test_on_a_phone_what_a_search_found_stands_before_tags_that_nobody_chose(phone: Any, site_: Site) -> None:
    phone.goto(site_.address + "/browse")
    phone.wait_for_selector(".tags")
    assert phone.locator(".tags").is_visible()
    phone.fill("#search-text", "plant")
    phone.wait_for_function("() => document.querySelector('.found').textContent.includes('best')")
    assert not phone.locator(".tags").is_visible()
    phone.goto(site_.address + "/browse?q=plant&tag=plants")
    phone.wait_for_selector(".tags [aria-current]")
    assert phone.locator(".tags").is_visible()


def test_a_wrong_address_leads_back(page: Any, site_: Site) -> None:
    page.goto(site_.address + "/nowhere")
    page.click("text=Browse")
    page.wait_for_selector(".item")
    site_.complaints.clear()


def test_examples_ask_and_answers_are_copied_and_saved(page: Any, site_: Site) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(site_.address)
    page.click(".example >> text=Sore lower back")
    page.wait_for_selector(DONE)
    with page.expect_download() as download:
        page.click("text=Save as JSON")
    saved = json.loads(Path(download.value.path()).read_text())
    assert site_.assistant.verify(saved) == []
    page.click(".actions >> text=Copy")
    page.wait_for_selector(".quiet.done")


def test_a_page_loaded_again_while_its_question_is_answered_shows_what_came_of_it(page: Any, site_: Site) -> None:
    page.goto(site_.address)
    page.wait_for_selector(".welcome")
    page.fill("#question", QUESTION)
    page.press("#question", "Enter")
    page.wait_for_selector(".turn")
    page.reload()
    page.wait_for_selector('.conversation[data-state="done"] .turn')
    assert page.locator(".working").count() == 0
    assert page.locator(".answer, .problem").count() == 1


def test_an_answer_is_kept_looked_at_and_kept_no_longer(page: Any, site_: Site) -> None:
    page.goto(site_.address)
    ask(page)
    page.click("text=Keep this answer")
    page.click("text=Kept: show it")
    page.wait_for_selector("#panel .kept .point")
    page.click("#panel .kept .cite")
    page.wait_for_selector("#panel mark")
    page.click("#panel [data-close]")
    page.click("text=Kept: show it")
    page.click("text=Keep no longer")
    page.click("text=Keep this answer")
    page.click("[data-fresh]")
    page.click(".welcome .kept [data-kept] >> text=" + QUESTION)
    page.wait_for_selector("#panel .kept .point")
    page.click("text=Keep no longer")
    page.wait_for_selector("#panel >> text=No answer is kept.")
    assert site_.assistant.kept_answers() == []


def test_hostile_text_does_nothing_and_nothing_is_fetched_from_elsewhere(page: Any, site_: Site) -> None:
    page.goto(site_.address)
    ask(page, "clean my kettle with vinegar")
    page.locator(".cite").first.click()
    page.wait_for_selector("#panel .thread")
    page.goto(site_.address + "/browse")
    page.click(".item >> text=Kettle")
    page.wait_for_selector(".reader .thread")
    page.locator(".thread .said").first.click()
    page.locator(".thread .who").nth(1).click()
    page.goto(site_.address + f"/add?edit={HOSTILE.id.replace('<', '%3C').replace('>', '%3E').replace('/', '%2F')}")
    page.wait_for_selector(".draft-view")
    assert page.locator("textarea[name=text]").nth(1).input_value() == HOSTILE.posts[1].text
    page.wait_for_timeout(300)

    assert page.evaluate("window.hacked") is None
    assert page.locator(".page img, .page iframe, .page script").count() == 0
    assert site_.outside == []
    assert site_.complaints == []


def test_browse_keeps_its_address_and_goes_back_and_forth(page: Any, site_: Site) -> None:
    page.goto(site_.address + "/browse?thread=sore-back&post=3&start=0&end=10")
    page.wait_for_selector("#reader mark")
    assert page.inner_text("#reader mark") == "Strengthen"
    page.click(".item >> text=Droopy plant")
    page.wait_for_selector('.reader[data-thread="droopy-plant"]')
    assert page.url.endswith("/browse?thread=droopy-plant")
    page.go_back()
    page.wait_for_selector('.reader[data-thread="sore-back"]')
    page.fill("#search-text", "plant leaves water")
    page.wait_for_function("document.querySelector('.found').textContent.includes('best first')")
    assert page.locator(".item .title").first.inner_text() == "Droopy plant by the window"
    assert "q=plant" in page.url


def test_the_last_of_many_hasty_clicks_is_what_is_shown(page: Any, site_: Site) -> None:
    page.goto(site_.address + "/browse")
    page.wait_for_selector(".item >> nth=2")
    last = page.evaluate("() => document.querySelectorAll('.item a')[1].dataset.thread")
    page.evaluate("[0, 1, 2, 0, 2, 1].forEach((n) => document.querySelectorAll('.item a')[n].click())")
    page.wait_for_function("id => document.querySelector('.reader')?.dataset.thread === id", arg=last)
    page.wait_for_timeout(1500)
    assert page.get_attribute(".reader", "data-thread") == last


def test_a_tag_narrows_the_list_and_an_unknown_thread_is_a_sentence(page: Any, site_: Site) -> None:
    page.goto(site_.address + "/browse?thread=gone")
    page.wait_for_selector("#reader .problem")
    assert "This thread is not here" in page.inner_text("#reader")
    page.click(".listing .tag >> text=plants")
    page.wait_for_function("document.querySelectorAll('.item').length === 1")
    assert "tag=plants" in page.url


def test_a_thread_is_deleted_only_after_a_yes(page: Any, site_: Site) -> None:
    page.goto(site_.address + "/browse?thread=droopy-plant")
    page.click("[data-delete]")
    page.click("dialog >> text=Keep it")
    assert "droopy-plant" in site_.assistant.store
    page.click("[data-delete]")
    page.click("dialog button.danger")
    page.wait_for_selector("text=The thread was deleted")
    assert "droopy-plant" not in site_.assistant.store
    page.wait_for_function("!document.querySelector('#listing').textContent.includes('Droopy')")


def test_a_paste_is_previewed_put_right_saved_and_asked_about(page: Any, site_: Site) -> None:
    page.goto(site_.address + "/add")
    page.fill(
        "#paste-text", "Squeaky stairs\n\nThe third step squeaks. What now?\n\n• Rub soap on it.\n\n• Use two screws.\n"
    )
    page.wait_for_selector(".draft-view")
    assert page.input_value("[name=title]") == "Squeaky stairs"
    page.fill("[name=title]", "Stairs that squeak")
    page.locator("[name=author]").nth(1).fill("mara")
    page.locator("text=Join with the one above").nth(1).click()
    page.wait_for_function("document.querySelectorAll('li[data-post]').length === 2")
    assert page.input_value("[name=title]") == "Stairs that squeak"
    assert "Use two screws." in page.locator("textarea[name=text]").nth(1).input_value()
    page.dblclick('[data-act="save"]')
    page.wait_for_selector("text=Thread saved")
    kept = site_.assistant.show("stairs-that-squeak")
    assert (len(kept.posts), kept.posts[1].author) == (2, "mara")
    assert site_.assistant.store.counts().threads == 4
    page.click(".ask-now button")
    page.wait_for_selector(".turn")
    page.wait_for_selector('.conversation[data-state="done"]')
    assert page.inner_text(".asked") == "Stairs that squeak"


def test_the_cursor_splits_a_post(page: Any, site_: Site) -> None:
    page.goto(site_.address + "/add?edit=droopy-plant")
    area = page.locator("textarea[name=text]").nth(1)
    area.evaluate("(area) => { area.focus(); area.setSelectionRange(14, 14); }")
    page.locator("text=Split at the cursor").nth(1).click()
    page.wait_for_function("document.querySelectorAll('li[data-post]').length === 3")
    assert page.locator("textarea[name=text]").nth(1).input_value() == "Water it less."
    page.click('[data-act="save"]')
    page.wait_for_selector("text=Changes saved")
    assert len(site_.assistant.show("droopy-plant").posts) == 3


def test_a_file_of_many_threads_is_imported_with_counts(page: Any, site_: Site, tmp_path: Path) -> None:
    file = tmp_path / "many.jsonl"
    threads = [
        {"id": f"m{n}", "title": f"Many {n}", "posts": [{"id": "1", "text": f"Question {n}?"}]} for n in range(5)
    ]
    file.write_text("\n".join(json.dumps(thread) for thread in threads))
    page.goto(site_.address + "/add")
    page.wait_for_selector("html.ready")
    page.set_input_files("[data-file]", str(file))
    page.click("text=Import all")
    page.wait_for_selector("text=Import finished")
    assert site_.assistant.store.counts().threads == 8


def test_what_others_write_appears_within_two_seconds(page: Any, site_: Site) -> None:
    page.goto(site_.address + "/browse")
    page.wait_for_selector(".item")
    page.wait_for_timeout(2200)
    other = Assistant.open(site_.assistant.settings)
    other.store.put([Thread("fresh", "Fresh from the command line", (Post("1", "New?", role=Role.ASKER),))])
    other.close()
    page.wait_for_selector(".item >> text=Fresh from the command line", timeout=3500)


def test_two_tabs_are_two_conversations(page: Any, site_: Site) -> None:
    page.goto(site_.address)
    other = site_.watch(page.context.new_page())
    other.goto(site_.address)
    ask(page, "sore back")
    ask(other, "droopy plant leaves")
    assert page.locator(".asked").all_inner_texts() == ["sore back"]
    assert other.locator(".asked").all_inner_texts() == ["droopy plant leaves"]


@pytest.mark.parametrize("question", ["x" * 100_000, "🙂🙂", "\u0007\u001b[31m", "腰が痛いです", "tag:"])
def test_any_question_leaves_the_page_in_order(page: Any, site_: Site, question: str) -> None:
    page.goto(site_.address)
    ask(page, question)
    assert page.locator(".turn .answer, .turn .problem").count() == 1
    assert "Traceback" not in page.inner_text("body")
    ask(page, "sore back")


def test_filters_are_explained_and_put_in_by_a_press(page: Any, site_: Site) -> None:
    page.goto(site_.address)
    page.wait_for_selector(".welcome")
    page.fill("#question", "knee")
    page.click(".filters summary")
    page.click(".filters code >> text=tag:running")
    assert page.input_value("#question") == "knee tag:running"
    assert page.evaluate("getSelection().toString()") == "running"
    page.keyboard.press("Escape")
    assert not page.locator(".filters .sheet").is_visible()
    page.fill("#question", "back before:never")
    page.press("#question", "Enter")
    page.wait_for_selector(".problem code >> text=before:2023-05")
    page.goto(site_.address + "/browse?q=tag%3Aplants")
    page.wait_for_function("document.querySelectorAll('.item').length === 1")
    assert not page.locator("#order").is_visible()  # a search has its own order


def test_a_phone_shows_everything_without_sideways_scrolling(phone: Any, site_: Site) -> None:
    def too_wide() -> int:
        return int(phone.evaluate("document.documentElement.scrollWidth - window.innerWidth"))

    phone.goto(site_.address)
    ask(phone)
    assert too_wide() <= 0
    phone.locator(".point .cite").first.tap()
    phone.wait_for_selector("#panel mark")
    assert phone.locator("#panel").bounding_box()["width"] >= 355
    phone.tap("[data-close]")
    phone.goto(site_.address + "/browse")
    phone.tap(".item >> nth=0")
    phone.wait_for_selector(".reader")
    assert not phone.locator("#listing").is_visible()
    assert too_wide() <= 0
    phone.tap("[data-back]")
    phone.wait_for_selector(".item")
    assert phone.locator("#listing").is_visible()
    phone.goto(site_.address + "/browse?thread=gone")
    phone.wait_for_selector("#reader .problem")
    phone.tap("[data-back]")
    phone.wait_for_selector(".item")
    phone.goto(site_.address + "/add?edit=sore-back")
    phone.wait_for_selector(".draft-view")
    assert too_wide() <= 0


def test_a_word_without_end_makes_no_page_wider_nor_does_saving(phone: Any, site_: Site) -> None:
    def width() -> int:
        return int(phone.evaluate("Math.max(document.documentElement.scrollWidth, window.innerWidth)"))

    word = "W" * 400
    phone.goto(site_.address)
    ask(phone, f"{word} sore lower back after running")
    assert width() == 360
    phone.goto(site_.address + "/add")
    phone.fill("#paste-text", f"{word}\n\nHow loud is a {word}?\n\n• Put a {word} below it.\n")
    phone.click("text=Save the thread")
    phone.wait_for_selector("section.saved")
    assert width() == 360
    assert phone.evaluate("getComputedStyle(document.body).borderTopWidth") == "0px"
    phone.click("text=Add another")
    phone.fill("#paste-text", f"{word}\n\nHow loud is a {word}, now?\n\n• Put a {word} below it.\n")
    phone.wait_for_selector(".notice.caution >> text=Nearly the same thread")
    assert width() == 360


def test_everything_can_be_reached_by_keyboard(page: Any, site_: Site) -> None:
    page.goto(site_.address)
    ask(page)
    page.evaluate("document.activeElement.blur(); window.scrollTo(0, 0)")
    reached = set()
    for _ in range(40):
        page.keyboard.press("Tab")
        reached.add(page.evaluate("(document.activeElement.className || '') + ' ' + document.activeElement.id"))
        outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
        where = page.evaluate("document.activeElement.id || document.activeElement.tagName")
        assert outline == "solid" or where in ("question", "BODY"), where  # the question's frame shows its focus
    for part in ("skip", "brand", "cite", "title", "quiet", "question", "primary round"):
        assert any(part in one for one in reached), part
    page.locator(".point .cite").first.focus()
    page.keyboard.press("Enter")
    page.wait_for_selector("#panel mark")


UNNAMED = """() => {
  const controls = [...document.querySelectorAll('a[href], button, input, select, textarea, summary, progress')];
  const seen = controls.filter((e) => e.checkVisibility() && !e.closest('.nav-holder, footer'));
  const name = (e) => (e.getAttribute('aria-label') || '') + [...(e.labels || [])].map((l) => l.textContent).join('')
    + (/^(INPUT|SELECT|TEXTAREA)$/.test(e.tagName) ? '' : e.textContent);
  return seen.filter((e) => !name(e).trim()).map((e) => e.outerHTML.slice(0, 120));
}"""
HEADINGS = "() => [...document.querySelectorAll('h1, h2, h3')].filter((e) => e.checkVisibility()).map((e) => e.tagName)"


def test_every_control_has_a_name_and_every_page_one_first_heading(page: Any, site_: Site) -> None:
    def look() -> None:
        assert page.evaluate(UNNAMED) == []
        assert page.evaluate(HEADINGS).count("H1") == 1
        assert page.get_attribute("html", "lang") == "en"

    page.goto(site_.address)
    page.wait_for_selector(".welcome")
    look()
    ask(page)
    page.click(".filters summary")
    look()
    page.keyboard.press("Escape")
    page.locator(".point .cite").first.click()
    page.wait_for_selector("#panel mark")
    look()
    page.goto(site_.address + "/browse?thread=sore-back")
    page.wait_for_selector(".reader .similar, .reader aside .hint")
    look()
    page.goto(site_.address + "/add")
    page.fill("#paste-text", PASTE)
    page.wait_for_selector(".draft-view")
    look()
    page.click('[data-act="save"]')
    page.wait_for_selector("text=Thread saved")
    look()


def test_nothing_moves_for_those_who_asked_for_stillness(chromium: Any, site_: Site) -> None:
    context = chromium.new_context(reduced_motion="reduce")
    page = site_.watch(context.new_page())
    page.goto(site_.address)
    ask(page)
    longest = page.evaluate(
        "() => Math.max(...[...document.querySelectorAll('*')].map((e) => parseFloat("
        "getComputedStyle(e).animationDuration) + parseFloat(getComputedStyle(e).transitionDuration)))"
    )
    context.close()

    assert longest < 0.01


def contrast(one: str, other: str) -> float:
    def luminance(colour: str) -> float:
        parts = [int(float(x)) / 255 for x in re.findall(r"[\d.]+", colour)[:3]]
        red, green, blue = (c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    a, b = sorted((luminance(one), luminance(other)), reverse=True)
    return (a + 0.05) / (b + 0.05)


COLOURS = """() => {
  const own = (e) => [...e.childNodes].some((n) => n.nodeType === 3 && n.textContent.trim());
  const clear = (e) => /rgba\\(.*, 0\\)|transparent|color\\(/.test(getComputedStyle(e).backgroundColor);
  const texts = [...document.querySelectorAll('.page *, header.site *')].filter((e) => e.checkVisibility() && own(e));
  return texts.map((e) => {
    let ground = e;
    while (ground && clear(ground)) ground = ground.parentElement;
    const back = getComputedStyle(ground || document.body).backgroundColor;
    return [e.className + '|' + e.tagName, getComputedStyle(e).color, back];
  });
}"""


@pytest.mark.parametrize("look", ["light", "dark"])
def test_text_stands_out_from_its_ground(chromium: Any, site_: Site, look: str) -> None:
    context = chromium.new_context(color_scheme=look)
    page = site_.watch(context.new_page())
    page.goto(site_.address)
    ask(page)
    pairs = page.evaluate(COLOURS)
    page.goto(site_.address + "/browse?thread=sore-back&post=2&start=0&end=9")
    page.wait_for_selector("#reader mark")
    pairs += page.evaluate(COLOURS)
    page.goto(site_.address + "/add?edit=sore-back")
    page.wait_for_selector(".draft-view")
    pairs += page.evaluate(COLOURS)
    context.close()

    assert len(pairs) > 60
    assert [(name, fore, back) for name, fore, back in pairs if contrast(fore, back) < 4.5] == []


def test_the_look_that_was_chosen_stays(page: Any, site_: Site) -> None:
    page.goto(site_.address)
    page.click("button[data-look]")
    assert page.evaluate("document.documentElement.dataset.look") == "dark"
    page.goto(site_.address + "/browse")
    assert page.evaluate("document.documentElement.dataset.look") == "dark"


def test_an_empty_corpus_leads_to_add(chromium: Any, empty: Assistant, tmp_path: Path) -> None:
    with running(empty, tmp_path) as site:
        page = site.watch(chromium.new_page())
        page.goto(site.address)
        page.click("text=Add the first thread")
        page.wait_for_selector("#paste-text")
        page.close()
