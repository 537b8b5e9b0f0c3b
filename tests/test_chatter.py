"""What is said to somebody for the moment, or by the house, is no point."""

from __future__ import annotations

import pytest

from threadwise.advice.chatter import chats, names_source
from threadwise.advice.jokes import jests
from threadwise.advice.statements import statements
from threadwise.domain import Post, Thread, with_roles


def points(reply: str) -> list[str]:
    posts = (Post("1", "Where can I learn to play the cello here?", "ann"), Post("2", reply, "mo", reply_to="1"))
    found = Thread("t", "Cello lessons", with_roles(posts))
    return [one.text for one in statements(found, found.posts[1]) if one.alone]


@pytest.mark.parametrize(
    "sentence",
    [
        "Please specify which cello before we comment...",
        "pls advise.",
        "Somebody please help me in this matter.",
        "Can you give me the phone number of this school, I would like to check it.",
        "If you are interested, drop me a line.",
        "Call me at 560 2613",
        "Let me know how it goes!",
        "Tell us more about your hands.",
        "I want contact details of that teacher.",
        "Thanks, that was quick!",
        "Thank you all.",
        "Good luck with it!",
        "Have fun!",
        "Wow!",
        "English only in the main forum!",
        "Mods, please delete this.",
        "Sorry for hijacking your thread.",
        "You are in the wrong forum.",
        "______________ Live your life, enjoy yourself",
        "[img_assist|nid=1|title=hmm]",
        "Your friend is a criminal.",
        "You're just stupid!",
        "Get a life.",
    ],
)
def test_it_is_known_by_its_words(sentence: str) -> None:
    assert chats(sentence)


@pytest.mark.parametrize(
    "sentence",
    [
        "Please tell the teacher which pieces you know.",
        "Thanks to the school of music you can borrow one.",
        "Call me old-fashioned, but you should buy a real one.",
        "Encourage students to write down their questions.",
        "Have a look at the music school behind the market.",
        "Enjoy the first lesson without the bow, pluck the strings.",
        "You are right, learn to read notes first.",
        "Ask the landlord to let you know when the neighbours are out.",
        "Go to this forum of cellists and look for a teacher.",
        "You should not worry about a stupid mistake.",
        "Post a photo of the bow in the shop's window.",
    ],
)
def test_advice_in_like_words_is_none(sentence: str) -> None:
    assert not chats(sentence)


def test_a_tongue_put_out_at_the_end_is_a_joke_a_wink_is_none() -> None:
    assert jests("You should have rented a bassoon :-P")
    assert jests("Just don't worry, you will love it... :P")
    assert not jests("Take the cheap bow ;)")
    assert not jests("Mix the rosin 2:P as it says on the tin.")


def test_who_said_it_stands_behind_it_on_its_line() -> None:
    assert names_source("- Cello FAQs", " ")
    assert not names_source("- Cello FAQs", "\n")
    assert not names_source("- Rent one for a month before you buy.", " ")


def test_what_goes_on_with_chatter_is_no_point_either() -> None:
    assert points("Your friend is a criminal. But don't worry, you should call the police.") == []
    assert points("Good luck! You should try the music school behind the market.") == [
        "You should try the music school behind the market."
    ]
