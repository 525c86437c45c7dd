"""The virtual environments: one per requirements file and interpreter, installed with plain pip and checked hashes."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

from launch import packages, processes
from launch.paths import LOCAL, ROOT, locked
from launch.say import Failure, step

DONE = "riskreview-complete"
FILES = {"run": "requirements.txt", "dev": "requirements-dev.txt"}
NAMES = {"run": "venv", "dev": "venv-dev"}
# --no-deps: the pins are complete, so pip need not work out what they need.
INSTALL = ["-m", "pip", "install", "--quiet", "--no-input", "--disable-pip-version-check", "--require-hashes",
           "--no-deps", "--no-compile", "--only-binary", ":all:"]  # fmt: skip


def key(requirements: bytes, interpreter: str) -> str:
    """Twelve hex digits that change when a pin or the interpreter does."""
    return hashlib.sha256(requirements + b"\0" + interpreter.encode()).hexdigest()[:12]


def folder(kind: str) -> Path:
    """Where the environment of this kind ("run" or "dev") lies for this interpreter and these pins."""
    return LOCAL / f"{NAMES[kind]}-{key((ROOT / FILES[kind]).read_bytes(), sys.version)}"


def python_of(venv: Path) -> Path:
    """The environment's interpreter."""
    return venv / "bin" / "python"


@contextmanager
def building(kind: str) -> Iterator[Path]:
    """The environment's interpreter, with pip from the start; its packages are there when the block ends.

    So the servers can be fetched and started while pip still installs.
    """
    venv = folder(kind)
    with locked(venv.with_suffix(".lock")):
        if is_complete(venv):
            yield python_of(venv)
        else:
            create(venv)
            with ThreadPoolExecutor(1) as beside:
                installing = beside.submit(install, venv, FILES[kind])
                yield python_of(venv)
                installing.result()
    _point_to(venv, LOCAL / NAMES[kind])


def ensure(kind: str) -> Path:
    """Build the environment unless a complete one lies there, and return its interpreter."""
    with building(kind) as python:
        pass
    return python


def is_complete(venv: Path) -> bool:
    """Whether the installation was finished and its interpreter still exists."""
    return (venv / DONE).exists() and python_of(venv).exists()


def create(venv: Path) -> None:
    """Make an empty environment that has pip, in place of whatever an earlier try left."""
    with step(f"environment {venv.relative_to(ROOT)} (Python {sys.version.split()[0]})"):
        shutil.rmtree(venv, ignore_errors=True)
        made = _venv(venv)
        if made.returncode and "ensurepip" in made.stdout + made.stderr:
            packages.install([f"python{sys.version_info[0]}.{sys.version_info[1]}-venv"], "Python's venv module")
            made = _venv(venv)
        if made.returncode:
            raise Failure(f"cannot make a virtual environment:\n{made.stdout}{made.stderr}")


def install(venv: Path, requirements: str) -> None:
    """Install a requirements file into the environment. Raises Failure with pip's last lines."""
    with step(f"{requirements} installed", slow=True):
        pip(python_of(venv), ["-r", str(ROOT / requirements)])
        if requirements == FILES["dev"]:
            # Else the first import compiles, and a library's SyntaxWarning would fail whichever test comes first.
            processes.call([python_of(venv), "-m", "compileall", "-q", "-j", "2", venv / "lib"])
        (venv / DONE).touch()


def pip(python: Path, arguments: list[str]) -> None:
    """Run `pip install` of this interpreter with checked hashes."""
    done = processes.call([python, *INSTALL, *arguments], env=_clean())
    if done.returncode:
        last = "\n".join(done.stderr.strip().splitlines()[-12:])
        raise Failure(f"pip could not install what is pinned:\n{last}\n  Is the package index reachable?")


def _venv(venv: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "venv", str(venv)]
    return processes.call(command, env=_clean())


def _clean() -> dict[str, str]:
    """The environment without what would make one Python load another's modules."""
    return {name: value for name, value in os.environ.items() if name not in ("PYTHONHOME", "PYTHONPATH")}


def _point_to(venv: Path, link: Path) -> None:
    """Keep `.local/venv` and `.local/venv-dev` as links to the one in use, for editors and people."""
    if link.is_symlink() and link.readlink() == Path(venv.name):
        return
    fresh = link.with_name(f"{link.name}.{os.getpid()}")
    fresh.symlink_to(venv.name)
    fresh.replace(link)
