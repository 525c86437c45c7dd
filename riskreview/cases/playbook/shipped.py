"""The playbooks that come with the product: their files, their checksums, and what is wrong with them."""

from __future__ import annotations

import datetime
import functools
import hashlib
import re
import tomllib
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from riskreview.lib.datafile import Fault, Refused

from .checking import faults_of
from .grammar import Catalogue, Playbook
from .reading import CATALOGUE, from_plain

FOLDER = Path(__file__).resolve().parent.parent / "playbooks"
NAMED = re.compile(r"([a-z0-9_]+)-([1-9]\d*)\.toml\Z")
RELEASED = "released.toml"
CATALOGUES = "catalogues"


@dataclass(frozen=True, slots=True)
class Shipped:
    """A playbook with the name of its file and the SHA-256 of the file's bytes, in hex."""

    playbook: Playbook
    file: str
    sha256: str


def load(path: Path, *, others: Collection[str] | None = None, today: datetime.date | None = None) -> Shipped:
    """Read and check one file, with the catalogues that lie below its folder. Raises `Refused` with all faults.

    `others` are the playbooks that a referral may name; by default those whose files lie beside this one. With
    `today`, an `as_of` later than that is refused as well.
    """
    shelf = catalogues(path.parent)
    told = path.read_bytes()
    try:
        playbook = from_plain(tables(told))
        beside = keys(path.parent) if others is None else others
        faults = list(faults_of(playbook, catalogues=shelf.keys(), others={*beside, playbook.key}, today=today))
        faults += misnamed(playbook, path)
    except Refused as refused:
        faults = list(refused.faults)
    if faults:
        raise Refused(replace(each, file=path.name) for each in faults)
    return Shipped(with_lines(playbook, shelf), path.name, hashlib.sha256(told).hexdigest())


def tables(told: bytes) -> dict[str, Any]:
    """The tables of a file's bytes. Raises `Refused` when they are no TOML."""
    try:
        return tomllib.loads(told.decode("utf-8"))
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise Refused([Fault("", f"It is no TOML: {error}.", "Mend it at that place.")]) from None


def misnamed(playbook: Playbook, path: Path) -> Iterator[Fault]:
    """The file is called by its key and version."""
    if path.name != f"{playbook.name}.toml":
        yield Fault("", "The file’s name is not its key and version.", f"Call it {playbook.name}.toml.")


def with_lines(playbook: Playbook, shelf: dict[str, Catalogue]) -> Playbook:
    """The playbook whose checklists hold the lines of their catalogues, so that a frozen copy needs no other file."""
    lists = playbook.checklist
    whole = (replace(each, items=shelf[each.catalogue].items) if each.catalogue else each for each in lists)
    return replace(playbook, checklist=tuple(whole))


def keys(folder: Path) -> set[str]:
    """The keys of the playbooks in a folder, as their files are called."""
    return {found[1] for path in folder.iterdir() if (found := NAMED.match(path.name))}


def files(folder: Path = FOLDER) -> list[Path]:
    """The files of the playbooks in a folder, by key, then version."""
    named = [(found, path) for path in folder.iterdir() if (found := NAMED.match(path.name))]
    return [path for _, path in sorted(named, key=lambda each: (each[0][1], int(each[0][2])))]


@functools.cache
def every(folder: Path = FOLDER) -> tuple[Shipped, ...]:
    """All playbooks of a folder, by code, then version. Read once per process. Raises `Refused`."""
    loaded = [load(path) for path in files(folder)]
    return tuple(sorted(loaded, key=lambda each: (in_order(each.playbook.code), each.playbook.version)))


def in_order(code: str) -> tuple[int, str]:
    """T2, T2b, T10: as people count."""
    digits = re.sub(r"\D", "", code)
    return int(digits or 0), code


def newest(folder: Path = FOLDER) -> dict[str, Shipped]:
    """The newest version of each playbook, by key, in the order of their codes."""
    return {each.playbook.key: each for each in every(folder)}


def catalogues(folder: Path = FOLDER) -> dict[str, Catalogue]:
    """The catalogues below a folder, by key. Raises `Refused`."""
    found = (catalogue(path) for path in sorted((folder / CATALOGUES).glob("*.toml")))
    return {each.key: each for each in found}


@functools.lru_cache(maxsize=64)
def catalogue(path: Path) -> Catalogue:
    """One catalogue. Raises `Refused`."""
    faults: list[Fault] = []
    try:
        made: Catalogue | None = CATALOGUE.read(tables(path.read_bytes()), "", faults)
    except Refused as refused:
        made, faults = None, list(refused.faults)
    if made is not None and path.name != f"{made.key}.toml":
        faults.append(Fault("", "The file’s name is not its key.", f"Call it {made.key}.toml."))
    if made is None or faults:
        raise Refused(replace(each, file=f"{CATALOGUES}/{path.name}") for each in faults)
    return made


def faults_in(folder: Path = FOLDER, *, today: datetime.date) -> Iterator[Fault]:
    """All that is wrong with the files of a folder, file by file."""
    try:
        catalogues(folder)
    except Refused as refused:
        yield from refused.faults
        return
    for path in files(folder):
        try:
            load(path, today=today)
        except Refused as refused:
            yield from refused.faults


def changed_since_release(folder: Path = FOLDER) -> Iterator[Fault]:
    """Released files whose bytes are not those that were released, and files that nobody released.

    Open cases were opened under a released text, and people read it; a new text is a new version in a new file.
    """
    released = tomllib.loads((folder / RELEASED).read_text(encoding="utf-8"))
    lying = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*.toml") if path.name != RELEASED}
    for name in sorted(released.keys() - lying.keys()):
        yield Fault("", "It was released and is gone.", "Put it back: cases were opened under it.", name)
    for name, path in sorted(lying.items()):
        sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
        if name not in released:
            yield Fault("", "It is not released.", f'Add to {RELEASED}: "{name}" = "{sha256}"', name)
        elif released[name] != sha256:
            do = "Put the old bytes back, and write the new text as a new version in a new file."
            yield Fault("", "Its bytes changed after it was released.", do, name)
