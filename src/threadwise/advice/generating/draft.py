"""An answer while its points are restated: which are settled, and in whose words.

Pure. A point is settled once its restatement was checked, or once nothing more can come for it; it keeps its place,
its citations, its people and its outcomes, whatever is written about it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import replace

from threadwise.advice.generating.checking import checked
from threadwise.advice.generating.prompt import new_id
from threadwise.advice.generating.reading import Restated
from threadwise.advice.render import answer_text
from threadwise.advice.stages import beginning
from threadwise.domain import PARAPHRASE, Answer, Notice, Point

Allowed = Callable[[str], bool]


class Draft:
    """One answer. `excerpts` are the quotes to restate, by the ids that they go by here, in the order of the points."""

    def __init__(self, answer: Answer, places: Collection[int], allowed: Allowed) -> None:
        """Take an answer of quotes.

        Args:
            answer: The answer.
            places: Which of its points may be restated, counted from 0.
            allowed: Whether a restatement may be shown as advice at all.
        """
        self._answer = answer
        self._allowed = allowed
        self._places = {new_id(): place for place in sorted(places)}
        self._settled = {place: point for place, point in enumerate(answer.points) if place not in places}
        self._name = ""
        self._said: list[str] = []
        self.excerpts = {name: answer.points[place].text for name, place in self._places.items()}

    @property
    def restated(self) -> int:
        """How many points are settled in other words."""
        return sum(point.kind == PARAPHRASE for point in self._settled.values())

    def hear(self, one: Restated) -> bool:
        """Take what the model says about an excerpt; True where that settles another one.

        Lines about the same excerpt that follow each other are one restatement; what comes later again is none.
        """
        if one.name == self._name:
            self._said.append(one.text)
            return False
        settled = self.settle()
        if self._places.get(one.name, -1) not in (-1, *self._settled):
            self._name, self._said = one.name, [one.text]
        return settled

    def settle(self) -> bool:
        """Nothing more comes for the excerpt that was spoken of last; True where that was none yet settled."""
        if not self._name:
            return False
        place = self._places[self._name]
        point = self._answer.points[place]
        cited = next(citation for citation in self._answer.citations if citation.n == point.citations[0])
        text = checked(self._said, cited.quote, cited.author)
        if text and self._allowed(text):
            point = replace(point, text=text, kind=PARAPHRASE)
        self._settled[place] = point
        self._name, self._said = "", []
        return True

    def stage(self) -> Answer:
        """The answer as far as it is settled without a gap, so that its order never changes."""
        points: list[Point] = []
        while len(points) in self._settled:
            points.append(self._settled[len(points)])
        return beginning(self._answer, points)

    def whole(self, *notices: Notice) -> Answer:
        """The answer, with quotes where nothing else was settled, and with further notices."""
        points = tuple(self._settled.get(place, point) for place, point in enumerate(self._answer.points))
        answer = replace(self._answer, points=points, notices=(*self._answer.notices, *notices))
        return replace(answer, text=answer_text(answer)) if self.restated else answer
