"""Where things lie: the checkout, `.local/`, and the short folder that holds the sockets."""

from __future__ import annotations

import fcntl
import hashlib
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from launch.say import Failure

ROOT = Path(__file__).resolve().parents[2]
LOCAL = ROOT / ".local"
PURPOSES = ("demo", "smoke", "test", "bench", "faults")

# A socket's path has room for 103 bytes on macOS and 107 on Linux; PostgreSQL adds its file name.
SOCKET_ROOM = 103
LONGEST_SOCKET = len("/.s.PGSQL.5432.lock")


def make_folder(folder: Path, mode: int = 0o755) -> Path:
    """Create `folder` and what lies above it with this mode whatever the umask is; an existing one stays as it is."""
    if not folder.is_dir():
        if folder.parent != folder:
            make_folder(folder.parent)
        try:
            folder.mkdir(mode=mode, exist_ok=True)
            folder.chmod(mode)
        except OSError as fault:
            raise Failure(f"cannot create {folder}: {fault.strerror}\n  Make the folder writable for you.") from fault
    return folder


def short_hash(text: str, length: int = 8) -> str:
    """The first hex digits of the text's SHA-256."""
    return hashlib.sha256(text.encode()).hexdigest()[:length]


def run_folder_path(purpose_folder: Path, uid: int, temporary: Path = Path("/tmp")) -> Path:
    """The folder for the sockets of one purpose: short however deep the checkout lies."""
    path = temporary / f"rr-{uid}-{short_hash(os.path.realpath(purpose_folder))}"
    if len(os.fsencode(path)) + LONGEST_SOCKET > SOCKET_ROOM:
        raise Failure(f"{path} is too long for a socket")
    return path


def own_folder(folder: Path, uid: int, gid: int) -> Path:
    """Create the folder for this account alone (0700), or make sure that what lies there is that, and no link."""
    try:
        folder.mkdir(mode=0o700)
        folder.chmod(0o700)
        if os.geteuid() == 0:
            os.chown(folder, uid, gid)
    except FileExistsError:
        pass
    found = folder.lstat()
    private = not found.st_mode & 0o077
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != uid or not private:
        raise Failure(f"{folder} is not a private folder of account {uid}.\n  Look at it, then remove it.")
    return folder


@contextmanager
def locked(file: Path) -> Iterator[None]:
    """Hold the lock file's `flock`; a second process waits here."""
    make_folder(file.parent)
    with file.open("a") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


@contextmanager
def first_free(folder: Path, count: int) -> Iterator[int]:
    """Hold the first slot (0 to `count` - 1) that no other process holds. Raises Failure when all are taken."""
    make_folder(folder)
    for number in range(count):
        with (folder / f"slot-{number}").open("a") as handle:
            if _try_lock(handle.fileno()):
                yield number
                return
    raise Failure(f"{count} runs are under way in this checkout.\n  Wait for one to end.")


def taken_slots(folder: Path) -> int:
    """How many slots in this folder are held, by anyone."""
    return sum(not _is_free(file) for file in folder.glob("slot-*"))


def _is_free(file: Path) -> bool:
    with file.open("a") as handle:
        return _try_lock(handle.fileno())


def _try_lock(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
