"""Running one entry of `benchmarks/` on servers of its own: what script/bench and script/faults share."""

from __future__ import annotations

import argparse
import ast
import subprocess
from pathlib import Path

from launch import environments, product, servers
from launch.paths import LOCAL, ROOT, locked
from launch.say import Failure, line

FOLDER = ROOT / "benchmarks"
FAULTS = "faults_"
# Modules that entries share; a name with an underscore is no entry.
HIDDEN = ("_",)


def main(purpose: str, doc: str) -> int:
    """Run one entry by name; its exit status. Everything after the name goes to the entry."""
    known = entries(purpose)
    rows = "\n".join(f"  {name:<12} {_first_line(path)}" for name, path in known.items())
    parser = argparse.ArgumentParser(prog=f"script/{purpose}", formatter_class=argparse.RawDescriptionHelpFormatter,
                                     description=doc, epilog=f"names:\n{rows or '  (none yet)'}")  # fmt: skip
    parser.add_argument("name", help="what to run, or all")
    size = parser.add_mutually_exclusive_group()
    size.add_argument("--quick", action="store_true", help="within five minutes on two cores (the default)")
    size.add_argument("--full", action="store_true", help="the sizes that count")
    parser.add_argument("--seed", type=int, default=1, help="seed of generated data (1)")
    chosen, more = parser.parse_known_args()
    names = list(known) if chosen.name == "all" else [chosen.name]
    if unknown := [name for name in names if name not in known]:
        raise Failure(
            f"There is no {purpose} entry called {unknown[0]}.\n  There are: {', '.join(known) or 'none yet'}"
        )
    arguments = ["--full" if chosen.full else "--quick", "--seed", str(chosen.seed), *more]
    results = {name: run(purpose, known[name], arguments) for name in names}
    if len(results) > 1:
        failed = [name for name, status in results.items() if status]
        line(
            f"{purpose}: {len(results) - len(failed)} of {len(results)} hold"
            + (f"; not {', '.join(failed)}" if failed else "")
        )
    return max(results.values(), default=0)


def entries(purpose: str, folder: Path = FOLDER) -> dict[str, Path]:
    """The entries of this purpose by name: `faults_NAME.py` for script/faults, the other modules for script/bench."""
    files = sorted(path for path in folder.glob("*.py") if not path.stem.startswith(HIDDEN))
    if purpose == "faults":
        return {path.stem.removeprefix(FAULTS): path for path in files if path.stem.startswith(FAULTS)}
    return {path.stem: path for path in files if not path.stem.startswith(FAULTS)}


def run(purpose: str, path: Path, arguments: list[str]) -> int:
    """Run one entry on empty servers, which are stopped afterwards. A second run in this checkout waits its turn."""
    with locked(LOCAL / f"{purpose}.run"):
        with environments.building("dev") as python:
            if LOCAL.joinpath(purpose).exists():
                servers.reset(purpose)
            urls = servers.start(purpose, python)
        try:
            env = product.environment(purpose, urls)
            (FOLDER / "results").mkdir(exist_ok=True)
            command = [str(python), "-m", f"benchmarks.{path.stem}", *arguments]
            return subprocess.call(command, cwd=ROOT, env=env)
        finally:
            servers.stop(purpose)


def _first_line(path: Path) -> str:
    doc = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))
    return doc.splitlines()[0] if doc else ""
