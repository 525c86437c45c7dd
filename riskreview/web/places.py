"""Where an entry stands in the log, with the proof; and what of it is gone, with the act that took it."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from riskreview.audit.models import Checkpoint, Entry, Leaf, Removal
from riskreview.audit.tree import Tree
from riskreview.audit.verifier import Checkpoint as Parsed
from riskreview.audit.verifier import Key, Malformed, ProofFailed, check_inclusion, leaf_hash

from . import wording


@dataclass
class Place:
    """A leaf, the newest checkpoint over it, and the way from one to the other."""

    entry: Entry
    leaf: Leaf
    checkpoint: Checkpoint | None

    @cached_property
    def proof(self) -> list[str]:
        """The hashes beside the way from the leaf to the signed root, base64; none when they cannot be read."""
        if self.checkpoint is None:
            return []
        try:
            found = Tree(self.leaf.log).inclusion(self.leaf.index, self.checkpoint.size)
        except (ValueError, IndexError):
            return []
        return [in_base64(each) for each in found]

    @cached_property
    def fault(self) -> str:
        """Why the proof fails; empty when the header as it is now leads to a root that a key of the log signed."""
        if self.checkpoint is None:
            return ""
        try:
            note = Parsed.parse(self.checkpoint.note.encode())
            signed = [note.signed_by(Key.parse(vkey)) for vkey in self.leaf.log.vkeys]
            if not any(signed):
                return "No key of this log signed the checkpoint."
            check_inclusion(self.leaf.index, note.size, leaf_hash(bytes(self.entry.header)), self.hashes, note.root)
        except (Malformed, ProofFailed) as fault:
            return f"{fault}."
        return ""

    @property
    def hashes(self) -> list[bytes]:
        """The proof as bytes."""
        return [base64.b64decode(each) for each in self.proof]

    @property
    def hash(self) -> str:
        """The hash of the leaf, base64."""
        return in_base64(bytes(self.leaf.hash))

    @property
    def told(self) -> dict[str, Any]:
        """The place as JSON, for the copy that one takes along."""
        return {
            "leaf": {"log": self.leaf.log.origin, "index": self.leaf.index, "hash": self.hash},
            "proof": {"checkpoint": self.checkpoint.whole, "hashes": self.proof} if self.checkpoint else None,
        }


def place_of(entry: Entry) -> Place | None:
    """The place of an entry, read with its leaf; None while it waits for the notary."""
    leaf = getattr(entry, "leaf", None)
    if leaf is None:
        return None
    over = Checkpoint.objects.filter(log=leaf.log_id, size__gt=leaf.index)
    return Place(entry, leaf, over.order_by("-size").first())


@dataclass(frozen=True, slots=True)
class Loss:
    """A part of an entry that is gone, and the act on the record that took it; without an act nothing explains it."""

    what: str
    act: wording.Line | None

    @property
    def basis(self) -> str:
        """The legal basis of an erasure."""
        return str(wording.arguments(self.act.entry.private).get("basis", "")) if self.act else ""

    @property
    def replacement(self) -> str:
        """What the operator says in place of what was erased."""
        return str(wording.arguments(self.act.entry.private).get("replacement", "")) if self.act else ""


def losses_of(entry: Entry) -> list[Loss]:
    """What of this entry is gone: its body, or the address and program it came from."""
    missing = getattr(entry, "body", None) is None
    removed = dict(Removal.objects.filter(entry_id=entry.pk).values_list("what", "ledger_seq"))
    if not missing and not removed:
        return []
    acts = Entry.objects.filter(subject_type="ledger", verb__in=("ledger.erase", "ledger.prune"))
    found = acts.filter(seq__in=removed.values()).select_related("actor", "body")
    lines = {line.entry.seq: line for line in wording.lines(found)}
    parts = [Removal.What.BODY] if missing else sorted(removed)
    return [Loss(what, lines.get(removed.get(what))) for what in parts]


def in_base64(data: bytes) -> str:
    """Bytes as checkpoints and proofs write them."""
    return base64.b64encode(data).decode("ascii")
