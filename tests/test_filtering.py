"""Search within some threads, with a search made by hand: scores are written out."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from threadwise.domain import Part, Passage
from threadwise.errors import IndexFault
from threadwise.index import filtering
from threadwise.index.catalog import Catalog
from threadwise.index.filtering import Found, best
from threadwise.index.rows import Maker, Row


@pytest.fixture
def catalog(tmp_path: Path) -> Catalog:
    """A hundred threads of two passages: the question of thread n is passage 2n, its reply passage 2n + 1."""
    opened = Catalog.open(tmp_path / "catalog.db")
    passages = [
        Row(2 * n + place, Passage(f"t{n:02d}", str(place), 0, 1, "x", list(Part)[place]), f"{n}")
        for n in range(100)
        for place in range(2)
    ]
    opened.apply([], passages, 1, Maker("m", "e", 2))
    return opened


class Searched:
    """Scores fall from passage 0 on, by one each or by one for each ten; remembers what it was asked for."""

    def __init__(self, step: int = 1) -> None:
        self.step = step
        self.asked: list[tuple[int, int | None]] = []

    def __call__(self, most: int, within: Sequence[int] | None) -> Found:
        self.asked.append((most, within and len(within)))
        return [(n, 1000.0 - n // self.step) for n in range(200) if within is None or n in within][:most]


def test_without_a_filter_all_that_equal_the_last_one_come_too(catalog: Catalog) -> None:
    assert best(Searched(), 2, catalog, None, None)[:3] == [(0, 1000.0), (1, 999.0), (2, 998.0)]
    assert len(best(Searched(step=10), 4, catalog, None, None)) >= 10


def test_few_threads_are_looked_up_and_searched_alone(catalog: Catalog) -> None:
    search = Searched()

    assert best(search, 2, catalog, ["t40", "t60"], Part.REPLY) == [(81, 919.0), (121, 879.0)]
    assert search.asked == [(10, 2)]


def test_many_threads_are_sifted_from_what_is_found_with_the_same_result(
    catalog: Catalog, monkeypatch: pytest.MonkeyPatch
) -> None:
    every_third = [f"t{n:02d}" for n in range(0, 100, 3)]
    alone = best(Searched(), 5, catalog, every_third, None)
    monkeypatch.setattr(filtering, "MANY_THREADS", 10)
    search = Searched()

    sifted = best(search, 5, catalog, every_third, None)

    assert sifted[:5] == alone[:5] == [(0, 1000.0), (1, 999.0), (6, 994.0), (7, 993.0), (12, 988.0)]
    assert search.asked == [(20, None)], "nothing was looked up"


def test_sifting_goes_on_until_no_equal_can_follow(catalog: Catalog, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(filtering, "MANY_THREADS", 10)
    every_third = [f"t{n:02d}" for n in range(0, 100, 3)]

    sifted = best(Searched(step=50), 5, catalog, every_third, None)

    assert [number for number, score in sifted if score == 1000.0] == [
        0, 1, 6, 7, 12, 13, 18, 19, 24, 25, 30, 31, 36, 37, 42, 43, 48, 49,
    ]  # fmt: skip


def test_threads_that_match_badly_are_looked_up_after_all(catalog: Catalog, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(filtering, "MANY_THREADS", 10)
    monkeypatch.setattr(filtering, "_SIFTED", 50)
    last = [f"t{n:02d}" for n in range(80, 100)]
    search = Searched()

    assert best(search, 2, catalog, last, None)[:2] == [(160, 840.0), (161, 839.0)]
    assert search.asked == [(8, None), (32, None), (10, 40)]


def test_a_damaged_catalog_is_said_with_its_remedy_wherever_it_shows(catalog: Catalog, tmp_path: Path) -> None:
    catalog.compact()
    catalog.close()
    path = tmp_path / "catalog.db"
    content = path.read_bytes()
    path.write_bytes(content[:4096] + b"\xff" * (len(content) - 4096))

    for look in (Catalog.threads_at, Catalog.places, Catalog.passages, Catalog.vector_keys_at):
        with pytest.raises(IndexFault, match=r"damaged .*`threadwise index --rebuild`"):
            look(Catalog(path), [1])
