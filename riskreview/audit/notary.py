"""The notary: gives entries their order and, over what it has read again itself, its signature.

Two halves that may run as two processes under two accounts. The *sequencer* moves waiting entries into the tree; any
number of copies may run. The *signer* keeps a memory outside the database, and extends it only by headers that it
read and hashed itself: so it can never sign a shorter log, another log, or a flipped bit. Neither opens a socket but
the database's.
"""

from __future__ import annotations

import datetime
import logging
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, NoReturn

from django.contrib.auth import get_user_model
from django.db import connection, transaction
from django.db.models.functions import Now

from . import merkle, note
from .entries import Entry
from .memory import Memory, Remembered, Unreadable
from .models import Checkpoint, Leaf, Ledger, Log, Pending, Tile
from .note import Signer
from .tree import Tree
from .verifier import Checkpoint as Parsed
from .verifier import Frontier, Key, ProofFailed, leaf_hash

log = logging.getLogger(__name__)
BATCH = 1_000
FINAL = b'"meaning":"approved"'


class Refused(Exception):
    """The signer will not sign: the log it is shown is not a continuation of what it signed before."""


class Raced(Exception):
    """Another copy grew the log first; nothing was written."""


def sequence(limit: int = BATCH) -> int:
    """Give waiting entries their place in the log, and return how many got one.

    0 when none waits, when there is no log yet, or when another copy is at it. Entries are taken from the queue, never
    "after the last id": ids are given before commits, so a late commit has a small one.
    """
    with transaction.atomic():
        let_go_if_frozen()
        growing = Log.objects.select_for_update(skip_locked=True).filter(open=True).first()
        if growing is None:
            return 0
        return grow(growing, waiting(limit))


def put_back_unsigned(old: Log) -> int:
    """Take what no checkpoint of a log covers out of it and into the queue again; how many entries that were.

    For a log that cannot be continued: what it never signed would otherwise stand in no signed log at all. The database
    lets this happen only in the transaction that begins an epoch.
    """
    signed = old.signed_size
    tree = Tree(old).frontier(signed)
    back = Leaf.objects.put_back(old, signed)
    Log.objects.filter(pk=old.pk).update(size=signed, frontier=tree.hashes, root=tree.root() if signed else b"")
    return back


def waiting(limit: int = BATCH) -> list[tuple[int, bytes]]:
    """The entries that wait longest, with their headers."""
    rows = Pending.objects.order_by("entry_id").values_list("entry_id", "entry__header")[:limit]
    return [(entry, bytes(header)) for entry, header in rows]


def let_go_if_frozen() -> None:
    """A copy that stands still inside its transaction loses it, so that the others go on."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL idle_in_transaction_session_timeout = '5s'")


def grow(growing: Log, entries: Sequence[tuple[int, bytes]]) -> int:
    """Append entries (id, header) to a log whose row is locked. Raises `Raced` when it grew in between."""
    if not entries:
        return 0
    tree, size = growing.tree, growing.size
    hashes = [leaf_hash(header) for _, header in entries]
    for each in hashes:
        tree.append(each)
    Leaf.objects.place(growing, size, [entry for entry, _ in entries], hashes)
    keep_tiles(growing, size, tree.size)
    fresh = {"size": tree.size, "frontier": tree.hashes, "root": tree.root(), "grown_at": Now()}
    if not Log.objects.filter(pk=growing.pk, size=size, open=True).update(**fresh):
        raise Raced
    taken = Pending.objects.take([entry for entry, _ in entries])
    if taken != len(entries):
        raise Raced
    return taken


def keep_tiles(growing: Log, before: int, after: int) -> None:
    """Store the tiles that became full."""
    reader = Tree(growing)
    for level, index in merkle.tiles_completed(before, after):
        hashes = b"".join(reader.hashes(level, index))
        Tile(log=growing, level=level, index=index, hashes=hashes).save(force_insert=True)


@dataclass
class Notary:
    """The signing half: its keys (one, or two while it is being replaced; all of them sign), and its memory."""

    origin: str
    signers: Sequence[Signer]
    memory: Memory
    looked: dict[int, int] = field(default_factory=dict)

    def keys(self, origin: str) -> list[Signer]:
        """The keys under the name of one log."""
        return [signer.under(origin) for signer in self.signers]

    def begin(self, now: datetime.datetime) -> Log:
        """The log of this year: the one that grows, or a new one whose first entry holds the end of the last."""
        growing: Log | None = Log.objects.current()
        if growing is not None and growing.year >= now.year:
            return growing
        try:
            with transaction.atomic():
                ledger: Ledger = Ledger.objects.the()
                ledger.lock()
                growing = Log.objects.select_for_update().filter(open=True).first()
                if growing is not None and growing.year >= now.year:
                    return growing
                return self._follow(ledger, growing, now.year)
        except Refused as refusal:
            if growing is not None:
                complain(growing, str(refusal))  # again: the first complaint was rolled back with everything else
            raise

    def _follow(self, ledger: Ledger, last: Log | None, year: int) -> Log:
        """Close the last log with a checkpoint over all of it, and begin the next."""
        end = {}
        if last is not None:
            # What waits belongs to the year that ends; and acts on the record must stay in their order.
            while grow(last, waiting()):
                last.refresh_from_db()
            self.sign(last)
            checkpoint = last.newest
            end = {"previous": last.origin, "checkpoint": checkpoint.note if checkpoint else ""}
        origin = f"{self.origin}/{year}"
        vkeys = [signer.vkey for signer in self.keys(origin)]
        fresh: Log = ledger.begin_log(by=the_system(), origin=origin, year=year, vkeys=vkeys, **end)
        self.place_first(ledger, fresh)
        return fresh

    @staticmethod
    def place_first(ledger: Ledger, fresh: Log) -> None:
        """Make the act that began a log its first leaf, after acts on the record that still wait, in their order."""
        acts = Entry.objects.about(ledger).filter(pending__isnull=False).order_by("pk")
        grow(fresh, [(act.pk, bytes(act.header)) for act in acts])

    def is_due(self, growing: Log, seconds: float, now: datetime.datetime) -> bool:
        """Whether to sign now: something is unsigned, and it is a final decision or some seconds old."""
        newest = growing.newest
        signed = newest.size if newest else 0
        if growing.size <= signed:
            return False
        if newest is None or (now - newest.signed_at).total_seconds() >= seconds:
            return True
        return self._has_decision(growing, signed)

    def _has_decision(self, growing: Log, signed: int) -> bool:
        """Whether a final decision is unsigned. Each header is looked at once, however long the backlog grows."""
        begin = max(signed, self.looked.get(growing.pk, 0))
        rows = Entry.objects.filter(leaf__log=growing, leaf__index__gte=begin, leaf__index__lt=growing.size)
        if any(FINAL in bytes(header) for header in rows.values_list("header", flat=True)):
            return True
        self.looked[growing.pk] = growing.size
        return False

    def sign(self, growing: Log) -> Checkpoint | None:
        """Sign the log as it is now, or return None when that was done. Raises `Refused`, for everyone to see.

        The order matters: read again and hash, compare, remember on disk, sign, store. After a crash between the last
        two the same head is signed once more, with the same bytes.
        """
        try:
            with self.memory.held() as alone:
                checkpoint = self._sign(growing) if alone else None
        except (Unreadable, OSError) as fault:
            self._refuse(growing, Refused(f"its memory cannot be used: {fault}"))
        except Refused as refusal:
            self._refuse(growing, refusal)
        if growing.trouble:
            complain(growing, "")
        return checkpoint

    @staticmethod
    def _refuse(growing: Log, refusal: Refused) -> NoReturn:
        log.critical("the signer refuses %s: %s", growing.origin, refusal)
        complain(growing, str(refusal))
        raise refusal

    def _sign(self, growing: Log) -> Checkpoint | None:
        if growing.size == 0:
            return None
        growing.refresh_from_db()  # another copy may have signed and ordered more since this one looked
        if not {signer.vkey for signer in self.keys(growing.origin)} <= set(growing.vkeys):
            raise Refused(
                "it was given a key that the log does not announce, so nobody could check the signature. Put the old"
                " key back, or announce the new one: manage.py ledger rotate-key."
            )
        mine = self._recalled(growing)
        tree = extended(growing, mine.tree)
        if tree.root() != bytes(growing.root):
            raise Refused(
                f"the root over {tree.size:,} headers as they are stored now is {tree.root().hex()[:16]}…, and the log"
                f" says {bytes(growing.root).hex()[:16]}…: a header, a leaf or the head was changed."
            )
        if tree.size > mine.size:
            self.memory.keep(Remembered(growing.origin, tree.size, tree.root(), tuple(tree.hashes)))
        return self._store(growing, tree)

    def _recalled(self, growing: Log) -> Remembered:
        """What was signed last, from the memory outside the database."""
        signed = growing.signed_size
        mine = self.memory.recall(growing.origin)
        if mine is None and signed:
            raise Refused(
                f"its memory {self.memory.path} is lost, and {signed:,} entries were signed before. Compare the newest"
                " checkpoint with the witness's or with any exported one, then give it back with --trust FILE."
            )
        mine = mine or Remembered(growing.origin, 0, Frontier().root(), ())
        if mine.size < signed:
            raise Refused(
                f"its memory ends at {mine.size:,} entries and a checkpoint over {signed:,} exists: the memory was put"
                " back to an older copy."
            )
        if mine.size > growing.size:
            raise Refused(
                f"{mine.size:,} entries were signed and the log holds {growing.size:,}: the database was put back, or"
                " its tail was cut. See docs/operations.md, “After a restore”."
            )
        return mine

    def _store(self, growing: Log, tree: Frontier) -> Checkpoint | None:
        if Checkpoint.objects.filter(log=growing, size=tree.size).exists():
            return None
        text = note.checkpoint_text(growing.origin, tree.size, tree.root())
        whole = note.note(text, [signer.sign(text) for signer in self.keys(growing.origin)])
        checkpoint, made = Checkpoint.objects.get_or_create(
            log=growing, size=tree.size, defaults={"note": whole.decode()}
        )
        log.info("checkpoint %s %d %s", growing.origin, tree.size, tree.root().hex())
        return checkpoint if made else None

    def trust(self, given: bytes) -> Remembered:
        """Take a checkpoint of one's own back as the memory. Raises `Refused` unless the log still continues it."""
        parsed = Parsed.parse(given)
        keys = [Key.parse(signer.vkey) for signer in self.keys(parsed.origin)]
        try:
            signed = any(parsed.signed_by(key) for key in keys)
        except ProofFailed as fault:
            raise Refused(str(fault)) from fault
        found = Log.objects.filter(origin=parsed.origin).first()
        if not signed or found is None or found.size < parsed.size:
            raise Refused("this checkpoint is not one that this notary signed over a log of this database.")
        tree = extended(found, Frontier(), until=parsed.size)
        if tree.root() != parsed.root:
            raise Refused("the log of this database does not continue this checkpoint.")
        remembered = Remembered(parsed.origin, tree.size, tree.root(), tuple(tree.hashes))
        try:
            known = self.memory.recall(parsed.origin)
        except Unreadable:
            self.memory.set_aside()
            known = None
        if known and known.size > parsed.size:
            raise Refused(
                f"the memory is whole and ends at {known.size:,} entries, this checkpoint at {parsed.size:,}. Going"
                " back needs two people and a new log: docs/operations.md, “After a restore”."
            )
        self.memory.keep(remembered)
        return remembered


def extended(growing: Log, tree: Frontier, until: int | None = None) -> Frontier:
    """The tree with every header after it read again from the database and hashed. Raises `Refused` for a gap."""
    end = growing.size if until is None else until
    rows = Leaf.objects.filter(log=growing, index__gte=tree.size, index__lt=end).order_by("index")
    for leaf in rows.select_related("entry").iterator(chunk_size=5_000):
        if leaf.index != tree.size:
            raise Refused(f"leaf {tree.size:,} of {growing.origin} is missing.")
        tree.append(hashed(growing, leaf, signed=until is not None))
    if tree.size != end:
        raise Refused(f"{growing.origin} claims {end:,} leaves and holds {tree.size:,}.")
    return tree


def hashed(growing: Log, leaf: Leaf, *, signed: bool) -> bytes:
    """The hash of a leaf, made anew from its header. Raises `Refused` when the header or the leaf was changed.

    Retention drops entries of reads only below what is signed; there the leaf stands for them.
    """
    if leaf.entry is None and signed:
        return bytes(leaf.hash)
    fresh = leaf_hash(bytes(leaf.entry.header)) if leaf.entry else b""
    if fresh != bytes(leaf.hash):
        raise Refused(
            f"leaf {leaf.index:,} of {growing.origin} is not the hash of its header: one of them was changed."
        )
    return fresh


def the_system() -> Any:
    """The user that acts when no person does; the room above knows who that is."""
    return get_user_model().objects.system()


def complain(growing: Log, words: str) -> None:
    """Put on the log's row why the signer refuses, for the health page; empty takes it back."""
    with transaction.atomic():
        Log.objects.filter(pk=growing.pk).update(trouble=words, troubled_at=Now() if words else None)
    growing.trouble = words
