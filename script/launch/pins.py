"""The pins: compiled from the `.in` files by uv, and checked for having been."""

from __future__ import annotations

import re
import shutil
import subprocess
import tempfile
import time
from pathlib import Path

from launch import processes
from launch.paths import LOCAL, ROOT, make_folder
from launch.say import Failure, aside, line, step, timed

# Only this tool's version writes the pins, so that two people's files are the same.
UV = "uv==0.13.9"
# The oldest Python we run on: a newer one would drop what only the oldest needs. The wheels say 3.12 and hold programs.
FILES = {
    "requirements": ("--python-version", "3.11"),
    "requirements-dev": ("--python-version", "3.11"),
    "requirements-embedded": ("--python-version", "3.12", "--no-deps"),
}


def compile_all(python: Path) -> None:
    """Write every requirements file anew from its `.in`, keeping the pins that still fit."""
    uv = _uv(python)
    if uv is None:
        raise Failure("uv cannot be installed, so the pins cannot be compiled.\n  Is the package index reachable?")
    for name in FILES:
        with step(f"{name}.txt"):
            done = _compile(uv, name, ROOT)
            if done.returncode:
                raise Failure(f"{name}.in cannot be compiled:\n{done.stderr}")


def check(python: Path) -> bool:
    """Whether compiling copies changes nothing. Offline it cannot tell, says so, and does not fail."""
    begun, uv = time.monotonic(), _uv(python)
    if uv is None:
        aside("pins not checked: uv cannot be installed (offline?)")
        return True
    with tempfile.TemporaryDirectory() as folder:
        copies = Path(folder)
        for file in ROOT.glob("requirements*"):
            shutil.copy(file, copies)
        done = {name: _compile(uv, name, copies) for name in FILES}
        if any(each.returncode and _is_offline(each.stderr) for each in done.values()):
            aside("pins not checked: the package index is not reachable")
            return True
        stale = [name for name, each in done.items() if each.returncode or _pins(copies, name) != _pins(ROOT, name)]
    if stale:
        files = ", ".join(f"{name}.txt" for name in stale)
        line(
            f"{timed(begun)}pins compiled: FAILED\n  | {files} differ from what the .in files say: script/check --pins"
        )
        return False
    line(f"{timed(begun)}pins compiled")
    return True


def _compile(uv: Path, name: str, folder: Path) -> subprocess.CompletedProcess[str]:
    # The system's certificates, as pip trusts them: an index may stand behind a proxy of the house.
    options = ["--quiet", "--system-certs", "--universal", "--generate-hashes", *FILES[name]]
    command = [str(uv), "pip", "compile", *options, f"{name}.in", "-o", f"{name}.txt"]
    return processes.call(command, cwd=folder)


def _pins(folder: Path, name: str) -> list[str]:
    """The lines that pin. Hashes are left out: an index may add a file for another system to an old release."""
    return re.findall(r"^[A-Za-z0-9][^ ]*==[^ \\]+(?: ;[^\\\n]*)?", (folder / f"{name}.txt").read_text(), re.MULTILINE)


def _is_offline(words: str) -> bool:
    signs = ("dns error", "connection refused", "network", "timed out", "offline", "error sending request")
    return any(sign in words.lower() for sign in signs)


def _uv(python: Path) -> Path | None:
    """uv in an environment of its own, as it is no part of the product."""
    place = LOCAL / UV.replace("==", "-")
    tool = place / "bin" / "uv"
    if not tool.exists():
        make_folder(LOCAL)
        options = ["--quiet", "--disable-pip-version-check", "--target", str(place)]
        command = [str(python), "-m", "pip", "install", *options, UV]
        processes.call(command)
    return tool if tool.exists() else None
