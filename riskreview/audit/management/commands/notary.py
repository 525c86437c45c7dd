"""`manage.py notary`: order the entries and sign the log, until it is told to stop."""

from __future__ import annotations

import argparse
import logging
import signal
import sys
import threading
import time
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, connection
from django.utils import timezone

from riskreview.audit import notary
from riskreview.audit.channel import Channel, acting_through
from riskreview.audit.entries import now
from riskreview.audit.memory import Memory
from riskreview.audit.models import Checkpoint, Log
from riskreview.audit.note import Exposed, Signer
from riskreview.audit.verifier import Malformed

log = logging.getLogger(__name__)
PAUSE = 0.25
AFTER_TROUBLE = 1.0
REPEAT_TROUBLE = 60.0
LAGGING = 60.0


class Command(BaseCommand):
    """Run the notary, or one of its two halves."""

    help = "Order waiting entries into the log and sign checkpoints over it."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Which half, how often, and what to do once."""
        parser.add_argument("--only", choices=("sequence", "sign"), help="one half, to run each under its own account")
        parser.add_argument("--once", action="store_true", help="work off what waits, sign, and end")
        parser.add_argument(
            "--new-key", type=Path, metavar="FILE", help="make a key in a new file, print its public half"
        )
        parser.add_argument("--show-keys", action="store_true", help="print the public keys of every log, for auditors")
        parser.add_argument("--year", type=int, help="with --show-keys: the keys that the log of this year will have")
        parser.add_argument("--status", action="store_true", help="say how the log stands; an error when it lags")
        parser.add_argument(
            "--trust", type=Path, metavar="FILE", help="take a checkpoint of one's own back as the memory"
        )

    def handle(self, *, only: str | None, once: bool, **chosen: Any) -> None:
        """Do it. Raises `CommandError` when something is missing, and, with --once, when the signer refuses."""
        if chosen["new_key"]:
            self._make_key(chosen["new_key"])
        elif chosen["show_keys"]:
            self._show_keys(chosen["year"])
        elif chosen["status"]:
            self._tell_status()
        else:
            signing = None if only == "sequence" else signing_half()
            with acting_through(Channel(via="command")):
                if chosen["trust"] and signing:
                    self._trust(signing, chosen["trust"])
                elif once:
                    self._once(signing, sequencing=only != "sign")
                else:
                    Loop(signing, sequencing=only != "sign").run()

    def _make_key(self, file: Path) -> None:
        key = Signer.generate(settings.NOTARY_ORIGIN)
        try:
            key.write(file)
        except OSError as fault:
            raise CommandError(f"{file} cannot be made: {fault.strerror}.") from fault
        self.stdout.write(f"{file} is the secret half. The public half carries the name of each year's log, such as:")
        self.stdout.write(key.under(f"{settings.NOTARY_ORIGIN}/{timezone.now().year}").vkey)

    def _show_keys(self, year: int | None) -> None:
        if year:
            for key in signing_half().keys(f"{settings.NOTARY_ORIGIN}/{year}"):
                self.stdout.write(key.vkey)
            return
        for each in Log.objects.in_order():
            for vkey in each.vkeys:
                self.stdout.write(vkey)

    def _tell_status(self) -> None:
        newest, since = Checkpoint.objects.newest(), Log.objects.unsigned_since()
        lag = (now().at - since).total_seconds() if since else 0
        signed = f"{newest.size:,} entries of {newest.log} are signed" if newest else "nothing is signed yet"
        if lag > LAGGING:
            raise CommandError(f"{signed}; an entry has waited for {lag:,.0f} seconds.")
        self.stdout.write(f"{signed}; {'some wait for the next signature' if since else 'none waits'}.")

    def _trust(self, signing: notary.Notary, file: Path) -> None:
        try:
            head = signing.trust(file.read_bytes())
        except (OSError, Malformed, notary.Refused) as fault:
            raise CommandError(str(fault)) from fault
        self.stdout.write(f"The signer goes on from {head.size:,} entries of {head.origin}.")

    def _once(self, signing: notary.Notary | None, *, sequencing: bool) -> None:
        placed = 0
        try:
            if signing:
                signing.begin(now().at)
            while sequencing and (taken := notary.sequence()):
                placed += taken
            growing: Log | None = Log.objects.current()
            checkpoint = signing.sign(growing) if signing and growing else None
        except notary.Refused as refusal:
            raise CommandError(f"The signer refuses: {refusal}") from refusal
        self.stdout.write(f"{placed:,} entries placed; " + (checkpoint.note if checkpoint else "nothing new to sign"))


def signing_half() -> notary.Notary:
    """The signing half as the settings describe it. Raises `CommandError` when they do not."""
    if not settings.NOTARY_KEY_FILES or not settings.NOTARY_MEMORY_FILE:
        raise CommandError(
            "Set NOTARY_KEY_FILE and NOTARY_MEMORY_FILE (docs/operations.md#the-notary). A key is made with"
            " manage.py notary --new-key FILE."
        )
    try:
        signers = [Signer.read(Path(file)) for file in settings.NOTARY_KEY_FILES]
        memory = Memory(Path(settings.NOTARY_MEMORY_FILE))
    except (OSError, Malformed, Exposed) as fault:
        raise CommandError(str(fault)) from fault
    return notary.Notary(settings.NOTARY_ORIGIN, signers, memory)


class Loop:
    """The two halves by turns, through lost connections, until SIGTERM or SIGINT."""

    def __init__(self, signing: notary.Notary | None, *, sequencing: bool) -> None:
        self.signing, self.sequencing = signing, sequencing
        self.ended = threading.Event()
        self.complained = float("-inf")

    def run(self) -> None:
        """Until it is told to stop."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: self.ended.set())
        while not self.ended.is_set():
            try:
                busy = self.step()
            except DatabaseError as fault:
                log.warning("the database does not answer: %s", str(fault).splitlines()[0])
                connection.close()
                self.ended.wait(AFTER_TROUBLE)
            else:
                self.ended.wait(0 if busy else PAUSE)

    def step(self) -> bool:
        """One turn; whether there is more to do at once. Ordering comes first: it goes on when signing cannot."""
        try:
            busy = self.sequencing and notary.sequence() == notary.BATCH
        except notary.Raced:
            busy = True
        if self.signing:
            self.sign(self.signing)
        return busy

    def sign(self, signing: notary.Notary) -> None:
        """Sign if it is time to. A refusal is said at once and then every minute; entries go on being ordered."""
        if time.monotonic() - self.complained < REPEAT_TROUBLE:
            return
        try:
            at = now().at
            growing = signing.begin(at)
            if signing.is_due(growing, settings.NOTARY_SIGN_SECONDS, at):
                signing.sign(growing)
        except notary.Refused as refusal:
            self.complained = time.monotonic()
            sys.stderr.write(f"THE SIGNER REFUSES: {refusal}\n")
