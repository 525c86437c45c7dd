"""The record, examined from outside: every promise of the ledger counted again from its rows, by loops of its own."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

WIDTH = 256


@dataclass(frozen=True)
class Found:
    """One promise: what was counted, what it must be, and whether it is."""

    what: str
    value: Any
    must: str
    holds: bool


def examine(vkey: str, memory: Path) -> Iterator[Found]:
    """Every promise about entries, rows, tree, checkpoints and the signer's memory. Nothing may be running."""
    yield from entries_and_leaves()
    yield from sequences()
    yield from tree(vkey, memory)


def rows(statement: str, *values: Any) -> list[Any]:
    """What a statement finds."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return list(cursor.fetchall())


def nothing(what: str, statement: str) -> Found:
    """A promise that a count is 0."""
    ((count,),) = rows(statement)
    return Found(what, count, "= 0", count == 0)


def entries_and_leaves() -> Iterator[Found]:
    """Committed entries = leaves, dense from 0 in each log; nothing waits."""
    ((entries, leaves),) = rows("SELECT (SELECT count(*) FROM audit_entry), (SELECT count(*) FROM audit_leaf)")
    yield Found("entries, and as many leaves", f"{entries} {leaves}", "equal, > 0", entries == leaves > 0)
    join = "FROM audit_entry e FULL JOIN audit_leaf l ON l.entry_id = e.id WHERE e.id IS NULL OR l.entry_id IS NULL"
    yield nothing("entries without leaf, leaves without entry", f"SELECT count(*) {join}")
    yield nothing(
        "entries without body", "SELECT count(*) FROM audit_entry WHERE id NOT IN (SELECT entry_id FROM audit_body)"
    )
    yield nothing("entries that wait", "SELECT count(*) FROM audit_pending")
    dense = "count(l.index) <> g.size OR min(l.index) <> 0 OR max(l.index) <> g.size - 1"
    logs = f"SELECT g.number FROM audit_log g LEFT JOIN audit_leaf l ON l.log_id = g.number GROUP BY 1 HAVING {dense}"
    yield nothing("logs whose indexes are not 0 … size - 1", f"SELECT count(*) FROM ({logs}) AS bad")


def sequences() -> Iterator[Found]:
    """Acts about a row are numbered 1, 2, 3 …; the row has counted them too, and is as the last one left it."""
    dense = "count(*) <> max(seq) OR min(seq) <> 1 OR count(DISTINCT seq) <> count(*)"
    acts = "FROM audit_entry WHERE kind = 'act' GROUP BY subject_type, subject_id"
    yield nothing("subjects whose acts have a gap", f"SELECT count(*) FROM (SELECT 1 {acts} HAVING {dense}) AS bad")
    counted = {(kind, pk): last for kind, pk, last in rows(f"SELECT subject_type, subject_id, max(seq) {acts}")}
    miscounted, strayed = [], []
    for subject, row in subjects():
        last = counted.pop(subject, 0)
        if row.entry_seq != last:
            miscounted.append(subject)
        elif last and digest_of(row) != last_state(subject, last):
            strayed.append(subject)
    miscounted += counted
    yield Found("rows that count other than their acts", len(miscounted), "= 0", not miscounted)
    yield Found("rows that are not as their last act says", len(strayed), "= 0", not strayed)


def subjects() -> Iterator[tuple[tuple[str, str], Any]]:
    """Every row that has verbs, with the name it has in entries."""
    from django.apps import apps

    from riskreview.audit.models import Recorded

    for model in apps.get_models():
        if issubclass(model, Recorded):
            for row in model._base_manager.all():
                yield (model._meta.model_name or "", str(row.pk)), row


def digest_of(row: Any) -> str:
    """The state of a row now."""
    from riskreview.audit.state import digest

    return digest(row.full_state())


def last_state(subject: tuple[str, str], seq: int) -> str:
    """The state that the last act about a row left behind."""
    join = "SELECT body FROM audit_entry e JOIN audit_body b ON b.entry_id = e.id"
    ((body,),) = rows(f"{join} WHERE subject_type = %s AND subject_id = %s AND seq = %s", *subject, seq)
    return str(json.loads(bytes(body))["state"]["sha256"])


def tree(vkey: str, memory: Path) -> Iterator[Found]:
    """The tree, hashed again from the headers; every checkpoint, every tile and every line of the memory against it."""
    from riskreview.audit.verifier import Checkpoint, Key

    ((log, origin, size, root),) = rows("SELECT number, origin, size, root FROM audit_log")
    heads = [json.loads(line) for line in memory.read_text().splitlines()]
    roots, hashes = recomputed(log, {each["size"] for each in heads})
    yield Found(
        "root, hashed again from all headers", roots[size].hex()[:16], "= the head's", roots[size] == bytes(root)
    )
    notes = rows("SELECT size, note FROM audit_checkpoint ORDER BY size")
    newest, key = Checkpoint.parse(notes[-1][1].encode()), Key.parse(vkey)
    same = (newest.origin, newest.size, newest.root) == (origin, size, bytes(root))
    yield Found("newest checkpoint", newest.size, "= the head", same and newest.signed_by(key))
    parsed = [Checkpoint.parse(text.encode()) for _, text in notes]
    bad = [each for each in parsed if roots.get(each.size) != each.root or not each.signed_by(key)]
    yield Found("checkpoints, each signed over a beginning", len(parsed), "all", not bad)
    yield tiles(log, hashes)
    kept = [(each["size"], roots.get(each["size"], b"") == base64.b64decode(each["root"])) for each in heads]
    yield Found("the signer's memory", kept[-1][0], "= the checkpoint", kept[-1] == (size, True))
    grown = kept == sorted(kept) and all(right for _, right in kept)
    yield Found("heads it ever remembered, each a beginning", len(kept), "all, growing", grown)


def recomputed(log: int, wanted: set[int]) -> tuple[dict[int, bytes], list[bytes]]:
    """The root at every size that somebody may ask for, and all leaf hashes, from the headers alone."""
    from riskreview.audit.verifier import Frontier, leaf_hash

    wanted |= {size for (size,) in rows("SELECT size FROM audit_checkpoint UNION SELECT size FROM audit_log")}
    frontier, roots, hashes = Frontier(), {0: Frontier().root()}, []
    headers = "SELECT header FROM audit_leaf l JOIN audit_entry e ON e.id = l.entry_id WHERE log_id = %s ORDER BY index"
    for (header,) in rows(headers, log):
        hashes.append(leaf_hash(bytes(header)))
        frontier.append(hashes[-1])
        if frontier.size in wanted:
            roots[frontier.size] = frontier.root()
    return roots, hashes


def tiles(log: int, hashes: list[bytes]) -> Found:
    """Whether exactly the full tiles are kept, each with the right bytes."""
    wanted: dict[tuple[int, int], bytes] = {}
    level = 0
    while len(hashes) >= WIDTH:
        full = [hashes[place : place + WIDTH] for place in range(0, len(hashes) - WIDTH + 1, WIDTH)]
        wanted |= {(level, index): b"".join(each) for index, each in enumerate(full)}
        hashes, level = [folded(each) for each in full], level + 1
    kept = rows("SELECT level, index, hashes FROM audit_tile WHERE log_id = %s", log)
    right = {(level, index): bytes(each) for level, index, each in kept} == wanted
    return Found("tiles, each as hashed again", len(kept), f"= {len(wanted)}, equal", right)


def folded(hashes: list[bytes]) -> bytes:
    """The node over a full tile."""
    from riskreview.audit.verifier import Frontier

    frontier = Frontier()
    for each in hashes:
        frontier.append(each)
    return frontier.root()


def values() -> Iterator[str]:
    """The unique value of every journalled act, from the bodies of its entries: the reason, or the summary given."""
    join = "SELECT verb, body FROM audit_entry e JOIN audit_body b ON b.entry_id = e.id"
    for verb, data in rows(f"{join} WHERE verb IN ('source.grade', 'vendor.describe')"):
        body = json.loads(bytes(data))
        yield body["reason"] if verb == "source.grade" else body["arguments"]["summary"]
