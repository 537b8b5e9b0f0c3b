"""A question's small products stay on one core; faiss may use them all."""

from __future__ import annotations

import faiss  # noqa: F401  its own library has to be there
import numpy as np  # noqa: F401
from threadpoolctl import ThreadpoolController

from threadwise.assistant import Assistant
from threadwise.config import Settings


def test_an_open_corpus_multiplies_on_one_core_and_leaves_faiss_all(settings: Settings) -> None:
    libraries = [one for one in ThreadpoolController().lib_controllers if one.user_api == "blas"]
    before = [one.num_threads for one in libraries]
    try:
        for one in libraries:
            one.set_num_threads(2)
        Assistant.open(settings).close()

        assert [one.num_threads for one in libraries] == [2 if "faiss" in one.filepath else 1 for one in libraries]
    finally:
        for one, number in zip(libraries, before, strict=True):
            one.set_num_threads(number)
