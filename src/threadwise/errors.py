"""What can go wrong, one class per remedy.

Every message says what happened, where, and what to do next. `main` turns any of these into one line on standard
error and exit code 1; the web app shows the same line as a notice.

    ThreadwiseError
    ├── InputError            what was given cannot be used; correct it
    │   ├── FormatError       a file cannot be read as threads
    │   └── QueryError        a question or filter cannot be understood
    ├── UnknownThreadError    no such thread or post in the corpus
    ├── ConflictError         the id is taken by something else
    ├── StoreError            the corpus database cannot be used (read-only, full, damaged)
    │   ├── SchemaError       it was written by a newer Threadwise
    │   └── BusyError         another process is writing
    ├── IndexFault            the index cannot be used; `threadwise index --rebuild`
    │   └── DimensionError    vectors of another shape or model
    ├── ModelError            a model is missing or not what its checksum says
    ├── GeneratorError        the optional LLM failed; the extractive answer remains
    └── SettingsError         a setting is wrong
"""

from __future__ import annotations


class ThreadwiseError(Exception):
    """Anything Threadwise says on purpose."""


class InputError(ThreadwiseError):
    """What was given cannot be used; nothing was changed."""


class FormatError(InputError):
    """A file, or a place in one, cannot be read as threads."""


class QueryError(InputError):
    """A question or a filter in it cannot be understood."""


class UnknownThreadError(ThreadwiseError):
    """No thread, or no post in it, has this id."""


class ConflictError(ThreadwiseError):
    """The id is taken by a thread of another source."""


class StoreError(ThreadwiseError):
    """The corpus database cannot be read or written."""


class SchemaError(StoreError):
    """The corpus database was written by a newer Threadwise."""


class BusyError(StoreError):
    """Another process is writing and did not finish in time."""


class IndexFault(ThreadwiseError):  # noqa: N818 - `IndexError` is a builtin
    """The index cannot be used as it is."""


class DimensionError(IndexFault):
    """Vectors of another shape, or from another model, than the index holds."""


class ModelError(ThreadwiseError):
    """A model cannot be loaded, or is not the one its checksum says."""


class GeneratorError(ThreadwiseError):
    """The optional language model failed."""


class SettingsError(ThreadwiseError):
    """A setting is wrong."""
