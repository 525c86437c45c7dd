"""Checking the log: each leaf against its header, the columns beside it, its body, and the signed roots."""

from __future__ import annotations

import base64
import json
import uuid
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from . import canonical, merkle
from .models import Checkpoint, Entry, Leaf, Log, Removal, Tile
from .state import utc
from .tree import Tree, hashes_of
from .verifier import EXPLAINS, Frontier, Key, Malformed, ProofFailed, leaf_hash
from .verifier import Checkpoint as Parsed

if TYPE_CHECKING:
    from .checking import Found

BATCH = 1_000


def first_place() -> dict[str, Any]:
    """Where the leaves begin."""
    return {"log": 1, "index": 0, "frontier": []}


def place_at(entry: Entry) -> dict[str, Any]:
    """The place of an entry in its log, trusting what stands before it."""
    leaf = entry.leaf
    frontier = Tree(leaf.log).frontier(leaf.index)
    return {"step": "leaves", "log": leaf.log_id, "index": leaf.index, "frontier": encoded(frontier)}


def check_leaves(place: dict[str, Any], found: Found) -> dict[str, Any] | None:
    """One batch of leaves of one log; the next place, in the next log at the end of one, None after the last."""
    log = Log.objects.filter(number=place["log"]).first()
    if log is None:
        return None
    tree = Frontier(place["index"], [base64.b64decode(each) for each in place["frontier"]])
    leaves = Leaf.objects.filter(log=log, index__gte=tree.size, index__lt=min(tree.size + BATCH, log.size))
    notes = notes_of(log, tree.size, tree.size + BATCH)
    for leaf in leaves.order_by("index").select_related("entry__body", "entry__trace").iterator(chunk_size=BATCH):
        if leaf.index != tree.size:
            found.wrong(f"{log.origin}: leaf {tree.size:,} is missing.")
            return next_log(log)
        check_leaf(log, leaf, found)
        tree.append(bytes(leaf.hash))
        if tree.size in notes:
            check_note(log, notes[tree.size], tree, found)
    check_tiles(log, place["index"], tree.size, found)
    if tree.size > place["index"] and tree.size < log.size:
        return {"log": log.number, "index": tree.size, "frontier": encoded(tree)}
    check_head(log, tree, found)
    return next_log(log)


def next_log(log: Log) -> dict[str, Any]:
    """The beginning of the log after this one."""
    return first_place() | {"log": log.number + 1}


def encoded(tree: Frontier) -> list[str]:
    """A frontier as JSON holds it."""
    return [base64.b64encode(each).decode() for each in tree.hashes]


def check_leaf(log: Log, leaf: Leaf, found: Found) -> None:
    """One leaf: its entry is there or its absence is explained; hash, columns, body and trace fit the header."""
    found.counts["entries"] += 1
    entry = leaf.entry
    where = f"{log.origin}, entry {leaf.index:,}"
    if entry is None:
        if not is_explained(leaf.entry_id or 0, Removal.What.ENTRY):
            found.wrong(f"{where}: the entry is gone, and no act on the record explains it.")
        return
    header = bytes(entry.header)
    if leaf_hash(header) != bytes(leaf.hash):
        found.wrong(f"{where} ({entry.uuid}): the header is not the one that was hashed into the log.")
        return
    try:
        for problem in columns_that_differ(entry):
            found.wrong(f"{where} ({entry.uuid}): the column {problem} says something else than the signed header.")
        check_body(entry, where, found)
    except (ValueError, KeyError, TypeError):
        found.wrong(f"{where} ({entry.uuid}): header or body are not of the form that entries have.")


def columns_that_differ(entry: Entry) -> list[str]:
    """The columns that do not say what the header says."""
    told = entry.public
    subject = told["subject"]
    pairs = {
        "uuid": (str(entry.uuid), told["id"]),
        "xact": (entry.xact, told["tx"]),
        "kind": (entry.kind, told["kind"]),
        "recorded_at": (utc(entry.recorded_at), told["recorded_at"]),
        "actor": (str(entry.actor_id), told["actor"]),
        "verb": (entry.verb, told["verb"]),
        "subject_type": (entry.subject_type, subject["type"]),
        "subject_id": (entry.subject_id, subject["id"]),
        "seq": (entry.seq, subject["seq"]),
        "request": (str(entry.request) if entry.request else None, told["request"]),
    }
    return [name for name, (column, header) in pairs.items() if column != header]


def check_body(entry: Entry, where: str, found: Found) -> None:
    """The body fits its commitment, and the trace fits the body's; what is gone is explained."""
    body, trace = getattr(entry, "body", None), getattr(entry, "trace", None)
    where = f"{where} ({entry.uuid})"
    if body is None:
        found.counts["withheld"] += 1
        if not is_explained(entry.pk, Removal.What.BODY, entry.uuid):
            found.wrong(f"{where}: the body is gone, and no act on the record explains it.")
        return
    found.counts["bodies"] += 1
    if canonical.commitment(entry.uuid.bytes, bytes(body.salt), bytes(body.body)) != entry.public["body"]:
        found.wrong(f"{where}: the body is not the one its header commits to.")
        return
    origin = json.loads(bytes(body.body))["origin"]
    if trace is not None:
        held = canonical.trace_commitment(entry.uuid.bytes, bytes(trace.salt), bytes(trace.trace))
        if held != origin:
            found.wrong(f"{where}: the address and program are not those the body commits to.")
    elif isinstance(origin, str) and not is_explained(entry.pk, Removal.What.TRACE, entry.uuid):
        found.wrong(f"{where}: the address and program are gone, and no act on the record explains it.")


def is_explained(entry: int, what: Removal.What, identity: uuid.UUID | None = None) -> bool:
    """Whether an act on the record took this part out, and itself says so of this very entry."""
    removal = Removal.objects.filter(entry_id=entry, what=what).first()
    if removal is None or (identity and removal.uuid != identity):
        return False
    # Of an entry that is gone nothing else tells the id: no two may claim one.
    if Removal.objects.filter(uuid=removal.uuid, what=what).count() > 1:
        return False
    acts = Entry.objects.filter(subject_type="ledger", verb__in=EXPLAINS, seq=removal.ledger_seq)
    act = acts.select_related("body").first()
    return act is not None and hasattr(act, "body") and (str(removal.uuid), what) in taken(bytes(act.body.body))


@lru_cache(maxsize=8)
def taken(body: bytes) -> frozenset[tuple[str, str]]:
    """The entries that an act on the record names, each with the parts it takes out."""
    told = json.loads(body)["arguments"]
    parts = (Removal.ERASES | Removal.REMOVES).get(told["what"], ())
    return frozenset((entry, part) for entry in told["entries"] for part in parts)


def notes_of(log: Log, after: int, until: int) -> dict[int, str]:
    """The signed notes over sizes in a range."""
    rows = Checkpoint.objects.filter(log=log, size__gt=after, size__lte=until)
    return dict(rows.values_list("size", "note"))


def check_note(log: Log, text: str, tree: Frontier, found: Found) -> None:
    """A checkpoint says the root that the leaves give, and a key of the log signed it."""
    found.counts["checkpoints"] += 1
    try:
        note = Parsed.parse(text.encode())
        signed = any(note.signed_by(Key.parse(vkey)) for vkey in log.vkeys)
    except (Malformed, ProofFailed) as fault:
        found.wrong(f"{log.origin}: the checkpoint over {tree.size:,} entries is damaged: {fault}.")
        return
    if not signed or note.origin != log.origin:
        found.wrong(f"{log.origin}: the checkpoint over {tree.size:,} entries is not signed by a key of this log.")
    if note.root != tree.root():
        found.wrong(f"{log.origin}: the entries up to {tree.size:,} are not those that were signed.")


def check_tiles(log: Log, before: int, after: int, found: Found) -> None:
    """The tiles that became full in between hold what the leaves, or the tiles below, give: proofs are made of them."""
    for level, index in merkle.tiles_completed(before, after):
        first = index * merkle.TILE_WIDTH
        kept = Tile.objects.filter(log=log, level=level, index=index).first()
        if level == 0:
            rows = Leaf.objects.filter(log=log, index__gte=first, index__lt=first + merkle.TILE_WIDTH)
            below = [bytes(each) for each in rows.order_by("index").values_list("hash", flat=True)]
        else:
            tiles = Tile.objects.filter(log=log, level=level - 1, index__gte=first, index__lt=first + merkle.TILE_WIDTH)
            below = [merkle.subtree(hashes_of(tile)) for tile in tiles.order_by("index")]
        found.counts["tiles"] += 1
        if kept is None or b"".join(below) != bytes(kept.hashes):
            found.wrong(f"{log.origin}: the tile {level}/{index} does not hold the hashes it should; proofs fail.")


def check_head(log: Log, tree: Frontier, found: Found) -> None:
    """At the end of a log: its size and root, and no checkpoint beyond it."""
    if tree.size != log.size:
        found.wrong(f"{log.origin}: the head says {log.size:,} entries, and {tree.size:,} are there.")
    elif log.size and tree.root() != bytes(log.root):
        found.wrong(f"{log.origin}: the root of the entries is not the one in the head.")
    beyond = Checkpoint.objects.filter(log=log, size__gt=log.size).order_by("size").first()
    if beyond:
        found.wrong(
            f"{log.origin}: {beyond.size:,} entries were signed, and the log holds {log.size:,}: its tail is cut."
        )
