"""Whose account runs the servers, and where that account can reach them."""

from __future__ import annotations

import os
import pwd
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from launch import processes
from launch.paths import LOCAL, make_folder, short_hash
from launch.say import Failure

NOTE = "servers-lie-elsewhere.txt"
# initdb passes its own path through a shell between double quotes, where these mean something else.
UNUSABLE = set('"$`\\\n')
CANDIDATES = ("postgres", "nobody")


@dataclass(frozen=True)
class Account:
    """The account that PostgreSQL runs as: ours, or for root one without rights, as PostgreSQL refuses root."""

    name: str
    uid: int
    gid: int

    def options(self) -> dict[str, Any]:
        """Arguments for `subprocess` that start a program as this account, from a folder it can be in."""
        if os.geteuid() != 0:
            return {"cwd": "/"}
        return {"user": self.uid, "group": self.gid, "extra_groups": [], "cwd": "/"}


def for_postgres() -> Account:
    """The account for PostgreSQL. Raises Failure when the present user has none (initdb needs a name)."""
    uid = os.geteuid()
    if uid != 0:
        return _of(uid)
    for name in CANDIDATES:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        if entry.pw_uid != 0:
            return Account(name, entry.pw_uid, entry.pw_gid)
    raise Failure("PostgreSQL does not run as root, and there is neither an account postgres nor nobody.\n"
                  "  Run as another user, or set DATABASE_URL to a server that runs.")  # fmt: skip


def _of(uid: int) -> Account:
    try:
        entry = pwd.getpwuid(uid)
    except KeyError:
        raise Failure(f"User id {uid} has no account, and PostgreSQL cannot start without one.\n"
                      "  Run as another user, or set DATABASE_URL to a server that runs.") from None  # fmt: skip
    return Account(entry.pw_name, uid, entry.pw_gid)


def can_enter(account: Account, folder: Path) -> bool:
    """Whether the account can go into the folder; asked of the kernel, as root itself may go anywhere."""
    command = ["/bin/sh", "-c", 'cd -- "$1"', "sh", str(folder)]
    return processes.call(command, **account.options()).returncode == 0


def server_folder(account: Account, local: Path = LOCAL) -> Path:
    """Where binaries and data of the servers lie: `.local/`, unless PostgreSQL's account could not work there."""
    make_folder(local)
    if not UNUSABLE & set(str(local)) and can_enter(account, local):
        return local
    uid = os.geteuid()
    away = Path("/var/tmp") / f"riskreview-{uid}-{short_hash(os.path.realpath(local))}"
    make_folder(away)
    found = away.lstat()
    if away.is_symlink() or found.st_uid != uid:
        raise Failure(f"{away} belongs to another account ({found.st_uid}).\n  Look at it, then remove it.")
    (local / NOTE).write_text(
        f"The account {account.name} cannot run PostgreSQL from here, so the servers lie in {away}\n"
    )
    return away
