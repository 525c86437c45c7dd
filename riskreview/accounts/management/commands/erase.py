"""`manage.py erase EMAIL --by EMAIL --basis WORDS`: forget a person; the proofs of what they did stay."""

from __future__ import annotations

import argparse
import uuid
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from riskreview.accounts.erasing import Erasure, still_named
from riskreview.accounts.models import User
from riskreview.audit.channel import Channel, acting_through
from riskreview.audit.models import Entry
from riskreview.audit.refusals import Refusal

ONLY = "Only administrators may erase what is recorded of a person."


class Command(BaseCommand):
    """Erase one person's data from accounts and record, in the name of an administrator."""

    help = "Forget who a person was: account, names in the record, addresses. Shows first; erases with --yes."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Whom, in whose name, on which basis."""
        parser.add_argument("email", metavar="EMAIL", help="the address of the person to forget")
        parser.add_argument("--by", required=True, metavar="EMAIL", help="the administrator who does it")
        parser.add_argument("--basis", required=True, help="the legal basis; it stands in the record")
        parser.add_argument(
            "--keep",
            nargs="+",
            type=uuid.UUID,
            default=[],
            metavar="ENTRY",
            help="entries to leave, by id, such as a namesake's",
        )
        parser.add_argument("--yes", action="store_true", help="do it; without this, only show what would be erased")

    def handle(self, *, email: str, by: str, basis: str, yes: bool, keep: list[uuid.UUID], **_: Any) -> None:
        """Show or erase. Raises `CommandError`, and then nothing was erased."""
        person, keeper = found(email), found(by)
        if not keeper.keeps_the_record:
            with acting_through(Channel(via="command")):
                Entry.objects.refuse(keeper, "user.erase", person, ONLY)
            raise CommandError(f"{ONLY} Nothing was shown or erased.")
        erasure = Erasure.of(person, keep)
        self._show(erasure)
        if not yes:
            self.stdout.write("Nothing was erased. Say --yes to erase this.")
            return
        try:
            with acting_through(Channel(via="command")):
                erasure.carry_out(by=keeper, basis=basis, now=timezone.now())
        except Refusal as refusal:
            raise CommandError(f"Nothing was erased. {refusal}") from refusal
        self.stdout.write(
            f"{len(erasure.bodies):,} bodies and the addresses of {len(erasure.traces):,} more entries are erased."
            " The proofs stay. Backups keep them until they expire; the disk, until PostgreSQL's next vacuum."
        )
        self._show_rest(erasure)

    def _show(self, erasure: Erasure) -> None:
        self.stdout.write(f"{erasure.person.name} <{erasure.person.email}>, {erasure.person.pk}")
        for entry in Entry.objects.filter(uuid__in=erasure.bodies).order_by("pk"):
            about = f"{entry.subject_type}:{entry.subject_id}"
            self.stdout.write(f"  {entry.recorded_at:%Y-%m-%d %H:%M} {entry.verb:<24} {about:<42} {entry.uuid}")
        self.stdout.write(f"  and the addresses of {len(erasure.traces):,} more entries of this person")

    def _show_rest(self, erasure: Erasure) -> None:
        for model, key, column in still_named(erasure.names):
            self.stdout.write(f"Still named in {model} {key}, {column}: somebody wrote it there. Decide about it.")


def found(email: str) -> User:
    """The person with this address. Raises `CommandError`."""
    person: User | None = User.objects.people().filter(email__iexact=email).first()
    if person is None:
        raise CommandError(f"Nobody signs in as {email}.")
    return person
