"""`manage.py ledger ACT …`: acts on the record itself that have no page: holds, a new key, a new beginning."""

from __future__ import annotations

import argparse
from typing import Any

from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from riskreview.audit import notary
from riskreview.audit.channel import Channel, acting_through
from riskreview.audit.entries import now
from riskreview.audit.models import Checkpoint, Entry, Ledger, LegalHold, Log
from riskreview.audit.refusals import Refusal
from riskreview.audit.rows import recorded_models
from riskreview.audit.state import subject_type

from .notary import signing_half


class Command(BaseCommand):
    """One act on the record, in the name of an administrator."""

    help = "Place or lift a legal hold, announce a new key, or go on in a new log after a restore (two people)."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Which act, by whom, and why."""
        acts = parser.add_subparsers(dest="act", required=True, parser_class=argparse.ArgumentParser)
        for name, words in (("hold", "keep what is recorded about a subject"), ("lift", "end a hold")):
            act = acts.add_parser(name, help=words)
            act.add_argument("subject", metavar="SUBJECT", help="such as RR-2026-0001, vendor:17 or user:<uuid>")
        acts.add_parser("rotate-key", help="announce the last file of NOTARY_KEY_FILE as a key that signs from now on")
        acts.add_parser("propose-epoch", help="ask a second person to let the record go on in a new log")
        acts.add_parser("begin-epoch", help="confirm it, as the second person")
        for act in acts.choices.values():
            act.add_argument("--by", required=True, metavar="EMAIL", help="the administrator who does it")
            act.add_argument("--reason", required=True, help="why; it stands in the record")

    def handle(self, *, act: str, by: str, reason: str, **rest: Any) -> None:
        """Do it. Raises `CommandError`, and then nothing was done."""
        keeper: Any = get_user_model()._default_manager.filter(email__iexact=by).first()
        if keeper is None:
            raise CommandError(f"Nobody signs in as {by}.")
        try:
            with acting_through(Channel(via="command")), transaction.atomic():
                self.stdout.write(ACTS[act](Ledger.objects.the(), keeper, reason, rest.get("subject", "")))
        except Refusal as refusal:
            with acting_through(Channel(via="command")):
                Entry.objects.remember(keeper, refusal)
            raise CommandError(str(refusal)) from refusal


def hold(ledger: Ledger, by: Any, reason: str, subject: str) -> str:
    """Keep everything recorded about a subject."""
    kind, key = held(subject)
    ledger.place_hold(by=by, subject_type=kind, subject_id=key, reason=reason)
    return f"{subject} is under a legal hold."


def lift(ledger: Ledger, by: Any, reason: str, subject: str) -> str:
    """End the hold on a subject."""
    kind, key = held(subject)
    found: LegalHold | None = ledger.holds.filter(subject_type=kind, subject_id=key, lifted_at=None).first()
    if found is None:
        raise CommandError(f"{subject} is under no hold.")
    ledger.lift_hold(by=by, hold=found, reason=reason)
    return f"The hold on {subject} is lifted."


def held(subject: str) -> tuple[str, str]:
    """Type and id of a subject that exists, named as TYPE:ID or by its public reference. Raises `CommandError`."""
    models = {subject_type(model): model for model in recorded_models()}
    kind, _, key = subject.partition(":")
    reference: dict[str, str] = {"ref": subject.upper()}
    for name, model in models.items():
        if model.label_is_public and (row := model._base_manager.filter(**reference).first()):
            return name, str(row.pk)
    if kind not in models:
        raise CommandError(f"Name the subject as TYPE:ID or by its reference. Types are: {', '.join(models)}.")
    try:
        found = models[kind]._base_manager.filter(pk=key).exists()
    except (ValueError, ValidationError):
        found = False
    if not found:
        raise CommandError(f"There is no {subject}.")
    return kind, key


def rotate_key(ledger: Ledger, by: Any, reason: str, subject: str) -> str:
    """Announce the newest key under the name of the log that grows."""
    growing: Log | None = Log.objects.current()
    if growing is None:
        raise CommandError("There is no log yet. Start the notary first.")
    vkey = signing_half().keys(growing.origin)[-1].vkey
    ledger.rotate_key(by=by, vkey=vkey, reason=reason)
    return f"{vkey}\nsigns too from the notary's next start on. Give it to your auditors on another road."


def propose_epoch(ledger: Ledger, by: Any, reason: str, subject: str) -> str:
    """Propose a new beginning."""
    ledger.propose_epoch(by=by, reason=reason)
    return "Proposed. A second administrator confirms it with begin-epoch."


def begin_epoch(ledger: Ledger, by: Any, reason: str, subject: str) -> str:
    """Begin a new log whose first entry names what was lost."""
    signing, year = signing_half(), now().at.year
    origin = f"{signing.origin}/{year}.{Log.objects.count() + 1}"
    last = Checkpoint.objects.newest()
    known = f"; the newest checkpoint here covers {last.size:,} entries of {last.log.origin}" if last else ""
    vkeys = [signer.vkey for signer in signing.keys(origin)]
    old = Log.objects.select_for_update().filter(open=True).first()
    if old:
        notary.put_back_unsigned(old)
    fresh = ledger.begin_epoch(by=by, origin=origin, year=year, vkeys=vkeys, lost=reason + known)
    notary.Notary.place_first(ledger, fresh)
    return f"The record goes on in {origin}. Give its key to your auditors:\n" + "\n".join(vkeys)


ACTS = {
    "hold": hold,
    "lift": lift,
    "rotate-key": rotate_key,
    "propose-epoch": propose_epoch,
    "begin-epoch": begin_epoch,
}
