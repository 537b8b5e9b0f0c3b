"""Keep numpy's products of matrices on one core.

A question multiplies dozens of small matrices, for some microseconds each. Shared among cores each waits for the
slowest, and where other work keeps a core busy that is a time slice of the system's: with the other core of two busy, a
question took 38 ms instead of 16, and up to 1.1 s instead of .2 where its threads were not read before.
"""

from __future__ import annotations

from threadpoolctl import ThreadpoolController


def multiply_on_one_core() -> None:
    """Let the linear algebra of this process use one thread, but for faiss's: an index is built on all cores."""
    for library in ThreadpoolController().lib_controllers:
        if library.user_api == "blas" and "faiss" not in library.filepath:
            library.set_num_threads(1)
