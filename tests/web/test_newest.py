"""Of two events that fill the same region of a page, the later one counts, whichever is done first."""

from threadwise.web.newest import Newest
from threadwise.web.payload import Payload


def event(tab: str, sent: int) -> Payload:
    return Payload({"tab": tab, "sent": sent})


def test_an_older_event_is_not_the_newest_any_more_and_its_regions_decide() -> None:
    order = Newest()
    first, other_region = order.began(event("a", 1), "listing"), order.began(event("a", 2), "reader")
    assert first()
    second = order.began(event("a", 3), "listing", "reader")

    assert [first(), other_region(), second()] == [False, False, True]


def test_an_older_event_that_arrives_late_does_not_count() -> None:
    order = Newest()
    newer, older = order.began(event("a", 7), "listing"), order.began(event("a", 6), "listing")

    assert (newer(), older()) == (True, False)


def test_pages_do_not_disturb_one_another_and_a_page_without_a_name_is_always_the_newest() -> None:
    order = Newest()
    one, nameless = order.began(event("a", 1), "log"), order.began(Payload({}), "log")
    order.began(event("b", 9), "log")
    order.began(Payload({}), "log")

    assert one()
    assert nameless()
