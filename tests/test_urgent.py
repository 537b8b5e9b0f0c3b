"""Where somebody has to act at once, nothing is quoted that delays."""

from __future__ import annotations

from threadwise.advice.points import Group, group
from threadwise.advice.relevance import Candidate
from threadwise.advice.statements import of_thread
from threadwise.advice.urgent import only_help
from threadwise.domain import Post, Thread, with_roles


def groups(*texts: str) -> list[Group]:
    asked = Post("1", "My puppy ate chocolate, what now?", "tobi")
    replies = (Post(str(n), text, f"p{n}", reply_to="1") for n, text in enumerate(texts, 2))
    found = Thread("t", "Puppy ate chocolate", with_roles((asked, *replies)))
    return group([Candidate(one, 2.0) for one in of_thread(found)])


def said(*texts: str) -> list[str]:
    return [one.best.statement.text for one in only_help(groups(*texts))]


def test_only_what_sends_for_help_is_left() -> None:
    assert said(
        "Ring the emergency vet now and tell them his weight.",
        "You should give him boiled rice for two days.",
        "You should get him checked at the next visit.",
    ) == ["Ring the emergency vet now and tell them his weight."]


def test_the_call_comes_first_and_nothing_before_it() -> None:
    [text] = said("It is mostly gone in a minute. If he shakes, call the vet and don't wait.")

    assert text == "If he shakes, call the vet and don't wait."


def test_what_is_forbidden_stays_before_the_call() -> None:
    [text] = said("Don't make him vomit. Call the emergency vet, they tell you what to do.")

    assert text.startswith("Don't make him vomit.")
