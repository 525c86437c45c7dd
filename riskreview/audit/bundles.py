"""Bundles: a part of the record that anyone can verify offline, with `verifier.py` and a public key (docs/audit.md).

A bundle is made in two halves. First everything that people read, the rows as they are now among it; its digest, the
*seal*, goes into an entry about the export itself. When the notary has signed a checkpoint over that entry, the log's
part follows: leaves, proofs, bodies. So even the page in the bundle is bound to the signed log.
"""

from __future__ import annotations

import base64
import hashlib
import shutil
import time
import zipfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import models
from django.db.models import Count, F, Q

from riskreview.lib.consistency import consistent

from . import verifier
from .entries import Entry, now
from .models import Checkpoint, Cosignature, Leaf, Ledger, Log, Recorded, Removal
from .removals import act_that_took
from .rows import recorded_models
from .state import digest, subject_type, utc
from .tree import Tree

if TYPE_CHECKING:
    from riskreview.accounts.models import User

WITNESSED = 20
# Witnesses that this process only knows from their signatures may not be asked any more, so they are given little time.
LATELY_SECONDS = 5.0
# Canonical bodies end with their version: no other key comes after "v".
VERSION_1 = "substr(audit_body.body, length(audit_body.body) - 5) = convert_to('\"v\":1}', 'UTF8')"


class Unsigned(Exception):
    """No checkpoint covers the export in time: the notary does not run, or refuses."""


@dataclass(frozen=True)
class Patience:
    """How many seconds an export waits for the notary's signature, and how it passes the time."""

    seconds: float = 60.0
    pause: Callable[[float], object] = time.sleep


PATIENT = Patience()


class Draft:
    """A folder in which a bundle grows, and the sums of what is in it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.sums: dict[str, dict[str, Any]] = {}
        folder.mkdir(parents=True)

    def write(self, name: str, parts: bytes | Iterable[bytes]) -> None:
        """Write a file, whole or in parts, and note its sum."""
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        digest, size = hashlib.sha256(), 0
        with path.open("xb") as file:
            for part in [parts] if isinstance(parts, bytes) else parts:
                file.write(part)
                digest.update(part)
                size += len(part)
        self.sums[name] = {"sha256": digest.hexdigest(), "bytes": size}

    def has(self, name: str) -> bool:
        """Whether a file of this name was written."""
        return name in self.sums

    def zip(self, target: Path) -> None:
        """Pack it in the strict form that the verifier checks byte by byte: stored, undated, in the order of names."""
        with zipfile.ZipFile(target, "x", zipfile.ZIP_STORED, allowZip64=False) as packed:
            for name in sorted([*self.sums, "bundle.json"]):
                packed.writestr(zipfile.ZipInfo(name), (self.folder / name).read_bytes())
        shutil.rmtree(self.folder)


@dataclass
class Export:
    """One export: who takes what, and how far it is."""

    draft: Draft
    by: User
    kind: str
    subject: Recorded
    told: Callable[[str], None] = field(default=lambda words: None)
    patience: Patience = PATIENT

    def run(
        self,
        entries: models.QuerySet[Entry],
        rows: Iterable[Recorded],
        readable: Callable[[], object] = lambda: None,
    ) -> Entry:
        """Write what people read, as it was at one moment; seal it, wait, add the log's part. Raises `Unsigned`."""
        made_at = utc(now().at)
        with consistent():
            readable()
            chosen = None if self.kind == "full" else list(entries.order_by("pk").values_list("pk", flat=True))
            self.draft.write("state.json", verifier.canonical(list(states(rows))))
            self.draft.write("withheld.json", verifier.canonical(list(undisclosed(entries, self.by))))
        bundle = self._bundle(made_at)
        seal = verifier.seal(bundle)
        sealing = Entry.objects.access(self.by, f"{subject_type(self.subject)}.export", self.subject, seal=seal)
        self.told(f"recorded as entry {sealing.uuid}; waiting for the notary's signature")
        self._wait(sealing)
        parts = list(self._logs(sealing, chosen))
        Part.write_bodies(self.draft, parts, self.by)
        bundle |= {"files": self.draft.sums, "sealed_by": str(sealing.uuid), "logs": [part.told for part in parts]}
        (self.draft.folder / "bundle.json").write_bytes(verifier.canonical(bundle))
        return sealing

    def _bundle(self, made_at: str) -> dict[str, Any]:
        row = self.subject
        about = {"type": subject_type(row), "id": str(row.pk), "label": row.label if row.label_is_public else ""}
        return {
            "format": verifier.FORMAT,
            "kind": self.kind,
            "made_at": made_at,
            "software": f"riskreview {settings.VERSION}",
            "subject": about if self.kind == "case" else None,
            "files": self.draft.sums,
        }

    def _wait(self, sealing: Entry) -> None:
        """Until a checkpoint covers the entry; and for every witness to sign one that does, as far as patience goes."""
        until = time.monotonic() + self.patience.seconds
        while not is_covered(sealing):
            if time.monotonic() > until:
                raise Unsigned(
                    f"No checkpoint covered the export within {self.patience.seconds:g} seconds. Is the notary running,"
                    " and does it sign? /health/ says why not. The export is on record; nothing was written."
                )
            self.patience.pause(0.2)
        if not settings.WITNESSES:
            until = min(until, time.monotonic() + LATELY_SECONDS)
        while not (seen := is_witnessed(sealing)) and time.monotonic() < until:
            self.patience.pause(0.2)
        if not seen:
            self.told("signed, but not by every witness yet: whoever asks for a quorum should export again later")

    def _logs(self, sealing: Entry, chosen: list[int] | None) -> Iterator[Part]:
        """The part of each log that holds something of the bundle, oldest first."""
        wanted = None if chosen is None else {*chosen, sealing.pk, *explaining(chosen)}
        for log in Log.objects.in_order():
            newest = witnessed(log, sealing) or log.newest
            if newest is None:
                continue
            part = Part(self.draft, log, newest, wanted)
            if part.leaves().exists():
                part.write()
                yield part


def is_covered(entry: Entry) -> bool:
    """Whether a signed checkpoint covers an entry."""
    leaf = Leaf.objects.filter(entry=entry).first()
    return leaf is not None and Checkpoint.objects.filter(log=leaf.log_id, size__gt=leaf.index).exists()


def is_witnessed(entry: Entry) -> bool:
    """Whether every witness of the settings has signed a checkpoint that covers an entry; without any, it is."""
    leaf = Leaf.objects.select_related("log").filter(entry=entry).first()
    return leaf is not None and (not witnesses_of(leaf.log) or witnessed(leaf.log, entry) is not None)


def witnesses_of(log: Log) -> list[str]:
    """The witnesses of the settings; where these name none, such as at a command line, those that signed lately."""
    configured = [Cosignature.by(verifier.Key.parse(each.partition(" ")[0])) for each in settings.WITNESSES]
    lately = Checkpoint.objects.filter(log=log).order_by("-size").values_list("pk", flat=True)[:WITNESSED]
    signed = Cosignature.objects.filter(checkpoint__in=list(lately)).values_list("witness", flat=True).distinct()
    return configured or list(signed)


def witnessed(log: Log, entry: Entry) -> Checkpoint | None:
    """The newest checkpoint over an entry in this log that every witness of the settings has signed."""
    names = witnesses_of(log)
    leaf = Leaf.objects.filter(log=log, entry=entry).first()
    if not names or leaf is None:
        return None
    over = Checkpoint.objects.filter(log=log, size__gt=leaf.index)
    signed = over.annotate(witnesses=Count("cosignatures", filter=Q(cosignatures__witness__in=names)))
    newest: Checkpoint | None = signed.filter(witnesses=len(names)).order_by("-size").first()
    return newest


@dataclass
class Part:
    """What a bundle holds of one log."""

    draft: Draft
    log: Log
    newest: Checkpoint
    wanted: set[int] | None

    @property
    def folder(self) -> str:
        """Its folder in the bundle."""
        return f"logs/{self.log.number}"

    @property
    def told(self) -> dict[str, Any]:
        """How bundle.json names it."""
        return {"folder": self.folder, "origin": self.log.origin, "size": self.newest.size}

    def leaves(self) -> models.QuerySet[Any]:
        """The leaves under the newest checkpoint that belong into the bundle."""
        rows = self.log.leaves.filter(index__lt=self.newest.size)
        return rows if self.wanted is None else rows.filter(entry__in=self.wanted)

    def write(self) -> None:
        """Write checkpoints and leaves."""
        self.draft.write(f"{self.folder}/checkpoint.txt", self.newest.whole.encode())
        tree = Tree(self.log)
        for checkpoint in earlier(self.newest):
            name = f"{self.folder}/checkpoints/{checkpoint.size}"
            self.draft.write(f"{name}.txt", checkpoint.whole.encode())
            if self.wanted is not None:
                proof = tree.consistency(checkpoint.size, self.newest.size)
                self.draft.write(f"{name}.proof", b"".join(base64.b64encode(each) + b"\n" for each in proof))
        self.draft.write(f"{self.folder}/leaves.jsonl", self._lines(tree))

    def _lines(self, tree: Tree) -> Iterator[bytes]:
        for leaf, header in self.in_order():
            told: dict[str, Any] = {"i": leaf.index}
            if header is None:
                act = act_that_took(leaf.entry_id, Removal.What.ENTRY)
                told |= {"hash": encoded(leaf.hash), "pruned_by": str(act.uuid) if act else ""}
            else:
                told |= {"header": encoded(header)}
            if self.wanted is not None:
                told |= {"proof": [encoded(each) for each in tree.inclusion(leaf.index, self.newest.size)]}
            yield verifier.canonical(told) + b"\n"

    def in_order(self) -> Iterator[tuple[Any, bytes | None]]:
        """Leaves with the header of their entry, by place."""
        rows = self.leaves().order_by("index").annotate(header=F("entry__header"))
        for leaf in rows.iterator(chunk_size=2_000):
            yield leaf, None if leaf.header is None else bytes(leaf.header)

    @staticmethod
    def write_bodies(draft: Draft, parts: list[Part], by: User) -> None:
        """Write the bodies the holder may read, in the order of the leaves, and which acts took others out."""
        removed: list[dict[str, Any]] = []
        draft.write("bodies.jsonl", bodies(parts, by, removed))
        draft.write("removed.json", verifier.canonical(removed))


def bodies(parts: list[Part], by: User, removed: list[dict[str, Any]]) -> Iterator[bytes]:
    """The disclosed bodies; fills the list of those that are gone from the record, with the act that explains each.

    A body that is gone without one is in neither: that is for the verifier to find.
    """
    for part in parts:
        rows = part.leaves().filter(entry__header__isnull=False).order_by("index").select_related("entry__body")
        for leaf in rows.iterator(chunk_size=2_000):
            entry = leaf.entry
            if not hasattr(entry, "body"):
                act = act_that_took(entry.pk, Removal.What.BODY)
                told = {"id": str(entry.uuid), "why": verifier.EXPLAINS[act.verb], "by": str(act.uuid)} if act else None
                removed += [told] if told else []
            elif entry.is_whole_for(by):
                told = {"id": str(entry.uuid), "salt": encoded(entry.body.salt), "body": encoded(entry.body.body)}
                yield verifier.canonical(told) + b"\n"


def undisclosed(entries: models.QuerySet[Entry], by: User) -> Iterator[dict[str, Any]]:
    """The entries whose bodies the holder may not have: some of version 1, and no more of those are added."""
    first = entries.filter(body__isnull=False).extra(where=[VERSION_1])  # noqa: S610 - no value in it
    for entry in first.select_related("body").order_by("pk").iterator(chunk_size=2_000):
        if not entry.is_whole_for(by):
            yield {"id": str(entry.uuid), "why": "not_disclosed", "by": None}


def explaining(entries: list[int]) -> list[int]:
    """The acts on the record that took the bodies of these entries; addresses are in no bundle anyway."""
    bodies = Removal.objects.filter(entry_id__in=entries, what=Removal.What.BODY)
    numbers = bodies.values_list("ledger_seq", flat=True)
    return list(Entry.objects.filter(subject_type="ledger", seq__in=set(numbers)).values_list("pk", flat=True))


def earlier(newest: Checkpoint) -> list[Checkpoint]:
    """The checkpoints that go along: the last of each day of the log, and the newest few that a witness signed."""
    before = Checkpoint.objects.filter(log=newest.log_id, size__lt=newest.size)
    days = before.order_by("signed_at__date", "-size").distinct("signed_at__date").values_list("pk", flat=True)
    witnessed = before.filter(cosignatures__isnull=False).order_by("-size").values_list("pk", flat=True).distinct()
    return list(before.filter(pk__in={*days, *witnessed[:WITNESSED]}).order_by("-size"))


def states(rows: Iterable[Recorded]) -> Iterator[dict[str, Any]]:
    """What rows say now: version, and digest of the state."""
    for row in rows:
        told = {"type": subject_type(row), "id": str(row.pk), "seq": row.entry_seq}
        yield told | {"state": digest(row.full_state())}


def every_row() -> Iterator[Recorded]:
    """Every row that somebody acted on."""
    for model in recorded_models():
        yield from model._base_manager.filter(entry_seq__gt=0).order_by("pk").iterator(chunk_size=500)


def export_ledger(draft: Draft, *, by: User, told: Callable[[str], None], patience: Patience = PATIENT) -> Entry:
    """The whole record, as far as this person may read it."""
    export = Export(draft, by, "full", Ledger.objects.the(), told, patience)
    return export.run(Entry.objects.visible_to(by), every_row())


def encoded(data: Any) -> str:
    """Bytes as base64."""
    return base64.b64encode(bytes(data)).decode("ascii")
