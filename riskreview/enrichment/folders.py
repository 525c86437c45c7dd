"""Drop folders: mail and web archives that somebody, or a mail server, puts below the operator's drop folder.

A file is read where it lies; afterwards it is moved aside into `done` or `failed` beside it. A reader that is cut off
leaves the file where it was. In a Maildir the messages are in `new`.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings

from riskreview.evidence.kinds import FOLDER

from .sources import Misset


def folder(url: str) -> Path:
    """The folder a source names. Raises `Misset` when there is none."""
    name = url.removeprefix(FOLDER)
    path = Path(settings.DROP_ROOT) / name
    if not settings.DROP_ROOT or "/" in name or name.startswith(".") or not path.is_dir():
        raise Misset(f"There is no folder {name} below the drop folder (docs/operations.md#drop-folders).")
    return path


def waiting(url: str) -> Iterator[str]:
    """The files to read, oldest name first, each as the address of one: `folder:newsletters/17.eml`."""
    root = folder(url)
    files = [path for place in (root, root / "new") if place.is_dir() for path in place.iterdir() if path.is_file()]
    for path in sorted(files):
        if not path.name.startswith(".") and is_inside(path, root):
            yield f"{url}/{path.relative_to(root).as_posix()}"


def is_inside(path: Path, root: Path) -> bool:
    """Whether a file lies in the folder itself: no link, and no way out of it."""
    return path.resolve() == root.resolve() / path.relative_to(root)


def path_of(address: str) -> Path:
    """Where a file lies. Raises `Misset` for one that is not below its folder (any more)."""
    name, _, rest = address.removeprefix(FOLDER).partition("/")
    root = folder(FOLDER + name)
    for path in (root / rest, root / "failed" / Path(rest).name):  # one that is to be read again lies aside
        if path.is_file() and is_inside(path, root):
            return path
    raise Misset(f"The file {Path(rest).name} is not in the folder any more.")


def move_aside(address: str, where: str) -> None:
    """Put a file that was read into `done`, one that could not be into `failed`. A second time changes nothing."""
    try:
        path = path_of(address)
    except Misset:
        return
    place = folder(FOLDER + address.removeprefix(FOLDER).partition("/")[0]) / where
    place.mkdir(exist_ok=True)
    if path.parent != place:
        path.replace(vacant(place, path.name))


def put_back(address: str) -> None:
    """Let a file that lies in `failed` wait in its folder again, so that visits find it until all of it is read.

    Raises `Misset` for one that is gone.
    """
    path = path_of(address)
    name, _, rest = address.removeprefix(FOLDER).partition("/")
    place = folder(FOLDER + name) / rest
    if path != place:
        path.replace(place)


def vacant(place: Path, name: str) -> Path:
    """A name in a folder that no other file has: mail servers and people use the same ones again."""
    path, number = place / name, 1
    while path.exists():
        path, number = place / f"{number}-{name}", number + 1
    return path


def changed(address: str) -> datetime.datetime:
    """When a file was put there or last written to. Raises `Misset` for one that is gone."""
    return datetime.datetime.fromtimestamp(path_of(address).stat().st_mtime, datetime.UTC)
