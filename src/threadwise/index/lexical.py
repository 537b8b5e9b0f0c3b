"""Passages by their words: stemmed English BM25, the only place that knows tantivy.

One process writes at a time (the caller holds the corpus's writing lock), any number read. Documents carry the
catalog's passage numbers; the text itself is not kept here.
"""

from __future__ import annotations

import logging
import shutil
import time
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Lock, Thread
from typing import Any

import tantivy

from threadwise.corpus.folders import writable
from threadwise.domain import Part
from threadwise.errors import IndexFault

_log = logging.getLogger(__name__)

_ANALYZER = "threadwise_en"
_MAX_TERMS = 256
"""Most different words of a query that are looked up; a long message repeats itself beyond that."""

_FIELDS = ("text", "title")

_HEAP = 64_000_000  # bytes that are written before a segment is
_PATIENCE = 60.0
"""Seconds to wait for another process that joins its segments."""

TITLE_BOOST = 0.5
"""A passage's own words count double those of its thread's title, which every passage of the thread shares."""


@dataclass(frozen=True, slots=True)
class Document:
    """A passage as it is searched by words."""

    number: int
    thread_id: str
    part: Part
    title: str
    text: str


class LexicalIndex:
    """BM25 over passages. Many threads may search while one writes."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._schema = _schema()
        self._analyzer = _analyzer()
        self._links: TemporaryDirectory[str] | None = None
        self._index = self._opened()
        self._writer: Any = None
        self._merging: Thread | None = None
        self._lock = Lock()

    @classmethod
    def open(cls, folder: Path) -> LexicalIndex:
        """Open or make the index.

        Raises:
            IndexFault: It is damaged; `threadwise index --rebuild` makes it anew.
        """
        try:
            return cls(folder)
        except (ValueError, OSError, RuntimeError) as error:
            raise IndexFault(
                f"The word index in {folder} cannot be read ({error}); `threadwise index --rebuild` makes it anew."
            ) from error

    @staticmethod
    def clear(folder: Path) -> None:
        """Remove it from the disk."""
        shutil.rmtree(folder, ignore_errors=True)

    def __len__(self) -> int:
        return int(self._index.searcher().num_docs)

    # Writing

    def add(self, documents: Iterable[Document]) -> None:
        """Add passages; they are found after `commit`."""
        writer = self._writing()
        for item in documents:
            document = tantivy.Document()
            document.add_unsigned("number", item.number)
            document.add_text("thread", item.thread_id)
            document.add_text("part", item.part.value)
            document.add_text("title", item.title)
            document.add_text("text", item.text)
            with _written():
                writer.add_document(document)

    def remove(self, numbers: Iterable[int]) -> None:
        """Remove passages; they are gone after `commit`."""
        gone = list(numbers)
        if gone:
            writer = self._writing()
            with _written():
                writer.delete_documents_by_query(tantivy.Query.term_set_query(self._schema, "number", gone))

    def remove_from(self, number: int) -> None:
        """Remove the passages with this number and all higher ones; they are gone after `commit`."""
        later = tantivy.Query.range_query(
            self._schema, "number", tantivy.FieldType.Unsigned, lower_bound=number, upper_bound=2**63
        )
        writer = self._writing()
        with _written():
            writer.delete_documents_by_query(later)

    def commit(self) -> None:
        """Make additions and removals durable and visible.

        Now and then tantivy joins its segments after a commit, for seconds in a large index. That goes on in a thread
        of its own; whoever writes next, in this process or another, waits for it.
        """
        with self._lock:
            writer, self._writer = self._writer, None
            if writer is not None:
                try:
                    with _written():
                        writer.commit()
                except BaseException:
                    _abandon(writer)
                    raise
                # It ends the writer, whose lock keeps other writers out.
                self._merging = Thread(target=_join_segments, args=(writer,), name="join-segments")
                self._merging.start()
        self.refresh()

    def rollback(self) -> None:
        """Drop what was not committed, and let other processes write."""
        with self._lock:
            writer, self._writer = self._writer, None
            if writer is not None:
                _abandon(writer)

    def refresh(self) -> None:
        """See what was committed, by this process or another."""
        self._index.reload()

    def close(self) -> None:
        """Let go of the writer; what was not committed is dropped."""
        self.rollback()
        with self._lock:
            self._wait()
        if self._links is not None:
            self._links.cleanup()

    # Reading

    def terms(self, text: str) -> list[str]:
        """The stems that a text is searched by, in order, repeats included."""
        return list(self._analyzer.analyze(text))

    def frequency(self, term: str) -> int:
        """How many passages have a stem in their own text or (if that is more) in their thread's title."""
        searcher = self._index.searcher()
        return max(int(searcher.doc_freq(field, term)) for field in _FIELDS)

    def stems(self, prefix: str) -> list[tuple[str, int]]:
        """Every stem that begins like this, with its `frequency`; the most frequent first."""
        searcher = self._index.searcher()
        counts: dict[str, int] = {}
        for field in _FIELDS:
            for stem, count in searcher.terms_with_prefix(field, prefix):
                counts[stem] = max(counts.get(stem, 0), int(count))
        return sorted(counts.items(), key=lambda item: (-item[1], item[0]))

    def holding(self, stem: str, k: int) -> list[tuple[int, float]]:
        """The passages that have a stem, those with most of it first, as (number, score)."""
        wanted = [(tantivy.Occur.Should, self._term(field, stem)) for field in _FIELDS]
        return self._run(tantivy.Query.boolean_query(wanted), k, None, None)

    def numbers(self) -> set[int]:
        """The number of every passage that can be found."""
        searcher = self._index.searcher()
        if not searcher.num_docs:
            return set()
        found = searcher.search(tantivy.Query.all_query(), int(searcher.num_docs), count=False).hits
        return {int(number) for number in searcher.fast_field_values("number", [address for _, address in found])}

    def search(
        self, query: str, k: int, *, part: Part | None = None, within: Sequence[int] | None = None
    ) -> list[tuple[int, float]]:
        """The passages with the highest BM25, best first, as (number, score).

        Args:
            query: Any text; every word counts, none is an operator.
            k: Most passages.
            part: Only questions, or only replies.
            within: Only these passages.
        """
        wanted = self._any_word(query)
        if wanted is None or k < 1 or (within is not None and not within):
            return []
        return self._run(wanted, k, part, within)

    def of_threads(self, query: str, threads: Collection[str], k: int) -> dict[int, float]:
        """The BM25 of the passages of these threads that share a word with a text, by number; of the k best at most."""
        wanted = self._any_word(query)
        if wanted is None or not threads or k < 1:
            return {}
        of_them = [(tantivy.Occur.Should, self._term("thread", one, "basic")) for one in threads]
        only = tantivy.Query.const_score_query(tantivy.Query.boolean_query(of_them), 0.0)
        both = tantivy.Query.boolean_query([(tantivy.Occur.Must, wanted), (tantivy.Occur.Must, only)])
        return dict(self._found(both, k))

    def phrase(
        self, words: str, k: int, *, part: Part | None = None, within: Sequence[int] | None = None
    ) -> list[tuple[int, float]]:
        """The passages in which these words stand together in this order (up to inflection), best first."""
        terms = self.terms(words)
        if not terms or (within is not None and not within):
            return []
        if len(terms) == 1:
            return self._run(self._term("text", terms[0]), k, part, within)
        return self._run(tantivy.Query.phrase_query(self._schema, "text", list(terms)), k, part, within)

    def _run(self, query: Any, k: int, part: Part | None, within: Sequence[int] | None) -> list[tuple[int, float]]:
        must = [(tantivy.Occur.Must, query)]
        if part is not None:
            only = tantivy.Query.term_query(self._schema, "part", part.value, "basic")
            must.append((tantivy.Occur.Must, tantivy.Query.const_score_query(only, 0.0)))
        if within is not None:
            only = tantivy.Query.term_set_query(self._schema, "number", list(within))
            must.append((tantivy.Occur.Must, tantivy.Query.const_score_query(only, 0.0)))
        return self._found(query if len(must) == 1 else tantivy.Query.boolean_query(must), k)

    def _found(self, query: Any, k: int) -> list[tuple[int, float]]:
        searcher = self._index.searcher()
        found = searcher.search(query, k, count=False).hits
        numbers = searcher.fast_field_values("number", [address for _, address in found])
        return [(int(number), float(score)) for number, (score, _) in zip(numbers, found, strict=True)]

    def _any_word(self, text: str) -> Any | None:
        """A query for the words of a text, each alone; None where it has none."""
        terms = list(dict.fromkeys(self.terms(text)))[:_MAX_TERMS]
        if not terms:
            return None
        wanted = [(tantivy.Occur.Should, self._term("text", term)) for term in terms]
        wanted += [
            (tantivy.Occur.Should, tantivy.Query.boost_query(self._term("title", term), TITLE_BOOST)) for term in terms
        ]
        return tantivy.Query.boolean_query(wanted)

    def _term(self, field: str, term: str, option: str = "freq") -> Any:
        return tantivy.Query.term_query(self._schema, field, term, option)

    def _writing(self) -> Any:
        with self._lock:
            if self._writer is None:
                self._writer = self._new_writer()
            return self._writer

    def _new_writer(self) -> Any:
        self._wait()
        deadline = time.monotonic() + _PATIENCE
        while True:
            try:
                writer = self._index.writer(_HEAP, 1)
                writer.garbage_collect_files()  # a commit that was cut off leaves files that stand in the way
                return writer
            except ValueError as error:
                # Another process joins its segments after a commit, unless it is something else that does not pass.
                if "Lock" not in str(error) or time.monotonic() > deadline:
                    raise IndexFault(f"The word index in {self._folder} cannot be written: {error}.") from error
                time.sleep(0.02)

    def _wait(self) -> None:
        if self._merging is not None:
            self._merging.join()
            self._merging = None

    def _opened(self) -> Any:
        folder = self._folder
        if folder.is_dir() and not writable(folder):
            # tantivy makes a file to lock even for reading: it gets a folder of links, since nobody writes here.
            self._links = TemporaryDirectory(prefix="threadwise-words-")
            folder = Path(self._links.name)
            for file in self._folder.iterdir():
                if file.suffix != ".lock":
                    (folder / file.name).symlink_to(file.absolute())
        folder.mkdir(parents=True, exist_ok=True)
        index = tantivy.Index(self._schema, path=str(folder), reuse=True)
        index.register_tokenizer(_ANALYZER, self._analyzer)
        index.config_reader("manual")
        index.reload()
        return index


def _join_segments(writer: Any) -> None:
    try:
        writer.wait_merging_threads()
    except ValueError as error:  # the segments stay as they are, and are joined after a later commit
        _log.info("Segments were not joined: %s", error)


def _abandon(writer: Any) -> None:
    """End a writer at once: while an error is looked at, its lock would keep other processes out."""
    for step in (writer.rollback, writer.wait_merging_threads):
        with suppress(Exception):  # it may be broken; the process goes on without it either way
            step()


@contextmanager
def _written() -> Iterator[None]:
    """tantivy says ValueError for whatever the disk does not take."""
    try:
        yield
    except (ValueError, RuntimeError) as error:
        raise OSError(f"words: {error}") from error


def _schema() -> Any:
    builder = tantivy.SchemaBuilder()
    builder.add_unsigned_field("number", stored=False, indexed=True, fast=True)
    builder.add_text_field("thread", tokenizer_name="raw", index_option="basic")
    builder.add_text_field("part", tokenizer_name="raw", index_option="basic")
    builder.add_text_field("title", tokenizer_name=_ANALYZER, index_option="freq")
    builder.add_text_field("text", tokenizer_name=_ANALYZER, index_option="position")
    return builder.build()


def _analyzer() -> Any:
    return (
        tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple())
        .filter(tantivy.Filter.remove_long(60))
        .filter(tantivy.Filter.lowercase())
        .filter(tantivy.Filter.ascii_fold())
        .filter(tantivy.Filter.stemmer("english"))
        .build()
    )
