"""Compose an answer from evidence: choose the sentences that advise and match, group them, count, cite.

Nothing is written here that a post does not say: a point is a span of somebody's post, character for character, and
the words around it only count people and name them. Where nothing matches well enough, the answer says so, shows the
nearest threads as such and cites nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from threadwise.advice.points import Candidate, Group, group
from threadwise.advice.render import answer_text
from threadwise.advice.sentences import THRESHOLD, Sentence, read_post
from threadwise.advice.words import stems
from threadwise.config import Settings
from threadwise.domain import Answer, Citation, Point, SimilarThread, Status, Thread
from threadwise.retrieval.query import Query
from threadwise.retrieval.retriever import Evidence

NEAR_THE_BEST = 0.75
"""Threads that score at least this part of the best one's score are taken to answer the same question."""

MOST_THREADS = 4
MOST_WITNESSES = 4


class Composer(Protocol):
    """Who writes the answer; either way every sentence of it rests on a citation."""

    def compose(self, query: Query, evidence: Evidence, threads: Mapping[str, Thread], *, k: int) -> Answer:
        """Answer a question with at most k points from the evidence.

        Args:
            query: What was asked, standing alone.
            evidence: What retrieval found, best first.
            threads: The threads of the evidence as the corpus has them now; what is not here is not cited.
            k: Most points; fewer come where fewer are good.
        """


def make_composer(settings: Settings) -> Composer:
    """The composer that the settings name.

    Raises:
        SettingsError: `generator` names no composer.
    """
    del settings
    return ExtractiveComposer()


class ExtractiveComposer:
    """Answers in the posters' own words."""

    def compose(self, query: Query, evidence: Evidence, threads: Mapping[str, Thread], *, k: int) -> Answer:
        """See `Composer`."""
        similar = _similar(evidence, threads)
        candidates = _candidates(query, evidence, threads)
        groups = sorted(group(candidates), key=_support)[:k]
        citations = _cite(groups)
        points = tuple(_point(one, citations) for one in groups)
        status = Status.ANSWERED if points else Status.UNANSWERED
        text = answer_text(status, points, tuple(citations.values()), similar)
        return Answer(
            question=query.text,
            status=status,
            text=text,
            points=points,
            citations=tuple(citations.values()),
            similar=similar,
        )


def _similar(evidence: Evidence, threads: Mapping[str, Thread]) -> tuple[SimilarThread, ...]:
    found = [(threads[hit.item], hit.score) for hit in evidence.threads if hit.item in threads]
    return tuple(SimilarThread(thread.id, thread.heading, score, thread.url) for thread, score in found[:5])


def _candidates(query: Query, evidence: Evidence, threads: Mapping[str, Thread]) -> list[Candidate]:
    """Sentences by repliers that advise, from the threads that match."""
    if not evidence.threads:
        return []
    best = evidence.threads[0].score
    asked = set(stems(query.text))
    posts = {hit.item: hit.score for hit in evidence.posts}
    highest = max(posts.values(), default=0.0)
    found: list[Candidate] = []
    for hit in evidence.threads[:MOST_THREADS]:
        thread = threads.get(hit.item)
        if thread is None or hit.score < NEAR_THE_BEST * best:
            continue
        for post in thread.posts:
            if post.is_asker:
                continue
            near = posts.get((thread.id, post.id), 0.0) / highest if highest > 0 else 0.0
            liked = min(max(post.score or 0, 0), 20) / 20 + (1.0 if post.accepted else 0.0)
            for sentence in read_post(thread, post):
                if sentence.advice >= THRESHOLD:
                    shared = len(asked.intersection(stems(sentence.text)))
                    match = hit.score / best + near + 0.3 * liked + 0.2 * min(shared, 3) + 0.5 * sentence.advice
                    found.append(Candidate(sentence, match))
    return found


def _support(one: Group) -> tuple[float, str, str, int]:
    sentence = one.best.sentence
    return -(one.best.match + 0.4 * (one.people - 1)), sentence.thread.id, sentence.post.id, sentence.start


def _cite(groups: Sequence[Group]) -> dict[tuple[str, str, int, int], Citation]:
    """Number the spans that are shown or counted, in the order in which a reader meets them."""
    found: dict[tuple[str, str, int, int], Citation] = {}
    for one in groups:
        for member in one.members[:MOST_WITNESSES]:
            sentence = member.sentence
            found.setdefault(_key(sentence), _citation(len(found) + 1, sentence))
    return found


def _point(one: Group, citations: Mapping[tuple[str, str, int, int], Citation]) -> Point:
    numbers = tuple(citations[_key(member.sentence)].n for member in one.members[:MOST_WITNESSES])
    return Point(text=one.best.sentence.text, citations=numbers, people=one.people, threads=one.threads)


def _key(sentence: Sentence) -> tuple[str, str, int, int]:
    return sentence.thread.id, sentence.post.id, sentence.start, sentence.end


def _citation(number: int, sentence: Sentence) -> Citation:
    thread, post = sentence.thread, sentence.post
    return Citation(
        n=number,
        thread_id=thread.id,
        thread_title=thread.heading,
        post_id=post.id,
        author=post.author,
        created=post.created,
        role=post.role,
        url=post.url or thread.url,
        start=sentence.start,
        end=sentence.end,
        quote=sentence.text,
    )
