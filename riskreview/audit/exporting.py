"""What the export commands share: where a bundle goes, who takes it, and that a failed one leaves nothing behind."""

from __future__ import annotations

import argparse
import shutil
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.contrib.auth import get_user_model
from django.core.management.base import CommandError

from .bundles import PATIENT, Draft, Patience, Unsigned
from .channel import Channel, acting_through

if TYPE_CHECKING:
    from riskreview.accounts.models import User


def add_target(parser: argparse.ArgumentParser) -> None:
    """The arguments that every export takes."""
    parser.add_argument("target", type=Path, metavar="TARGET", help="a new file that ends in .zip, or a new folder")
    parser.add_argument("--by", required=True, metavar="EMAIL", help="who takes it; it holds what this person may read")
    parser.add_argument(
        "--wait", type=waiting, default=PATIENT, metavar="SECONDS", help="how long to wait for the signature (60)"
    )


def waiting(seconds: str) -> Patience:
    """How long to wait, from the command line."""
    return Patience(seconds=float(seconds))


def person(email: str) -> User:
    """Somebody who may read the record. Raises `CommandError`."""
    found: Any = get_user_model()._default_manager.filter(email__iexact=email).first()
    if found is None or not found.can_read:
        raise CommandError(f"Nobody who may read the record signs in as {email}.")
    return found  # type: ignore[no-any-return]


@contextmanager
def exported(target: Path, told: Callable[[str], Any]) -> Iterator[Draft]:
    """A draft beside the target, which becomes the target when everything went well. Raises `CommandError`."""
    if target.exists():
        raise CommandError(f"{target} exists already. Choose a new name.")
    if not target.absolute().parent.is_dir():
        raise CommandError(f"There is no folder {target.absolute().parent}.")
    aside = Path(tempfile.mkdtemp(prefix=".riskreview-", dir=target.absolute().parent))
    try:
        draft = Draft(aside / "bundle")
        with acting_through(Channel(via="command")):
            yield draft
        if target.suffix == ".zip":
            draft.zip(aside / "bundle.zip")
            (aside / "bundle.zip").replace(target)
        else:
            draft.folder.replace(target)
    except (Unsigned, OSError) as fault:
        raise CommandError(str(fault)) from fault
    except zipfile.LargeZipFile as fault:
        raise CommandError("The bundle is too large for a zip. Name a folder: a target without .zip.") from fault
    finally:
        shutil.rmtree(aside, ignore_errors=True)
    told(f"{target} is complete. Check it with verifier.py and the log's public key.")
