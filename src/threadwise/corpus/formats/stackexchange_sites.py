"""The sites of Stack Exchange: their names, addresses and licences, as its two export forms share them."""

from __future__ import annotations

import re

_HOST = (
    r"(?:[a-z0-9-]+(?:\.meta)?\.stackexchange\.com|meta\.stackexchange\.com|(?:meta\.)?(?:[a-z]{2}\.)?stackoverflow\.com"
    r"|(?:meta\.)?(?:superuser|serverfault|askubuntu|stackapps)\.com|(?:meta\.)?mathoverflow\.net)"
)
_IN_NAME = re.compile(rf"(?<![a-z0-9.-]){_HOST}", re.IGNORECASE)
_LINK = re.compile(rf"https?://({_HOST})/(?:q|a|questions)/(\d+)", re.IGNORECASE)
_ANY_LINK = re.compile(rf"https?://(?:www\.)?({_HOST})(?:/|$)", re.IGNORECASE)


def site_in(name: str) -> str | None:
    """The site that a file or folder is called after: `cooking.stackexchange.com.7z`; the last one in the name."""
    found = _IN_NAME.findall(name)
    return found[-1].lower() if found else None


def site_of_link(link: str | None) -> str | None:
    """The site that an address is on."""
    matched = _ANY_LINK.match(link or "")
    return matched[1].lower() if matched else None


def linked(body: str, number: int) -> str | None:
    """The site on which a body links to the post of this number."""
    return next((host.lower() for host, found in _LINK.findall(body) if int(found) == number), None)


def thread_id(site: str | None, number: object) -> str:
    """`cooking-123` for question 123 of cooking.stackexchange.com; bare `123` where the site is not known."""
    if site is None:
        return str(number)
    return f"{re.sub(r'[.](?:stackexchange[.]com|com|net)$', '', site)}-{number}"


def licence_of(created: str | None) -> str:
    """The licence of what was posted at a date.

    Source: https://stackoverflow.com/help/licensing (2.5 before 2011-04-08, 3.0 before 2018-05-02, then 4.0).
    """
    day = (created or "9999")[:10]
    return f"CC BY-SA {'2.5' if day < '2011-04-08' else '3.0' if day < '2018-05-02' else '4.0'}"
