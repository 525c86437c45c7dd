"""What a thorough attacker does who holds the database: he leaves no hash as it was that he can compute anew."""

from __future__ import annotations

import datetime
import hashlib
import json
import secrets
import shutil
from base64 import b64encode
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import psycopg

from benchmarks._stage import NUMBERS, Copy

Change = Callable[[dict[str, Any]], None]
COLUMNS = """
UPDATE audit_entry SET header = %(raw)s, kind = %(kind)s, recorded_at = %(recorded_at)s, actor_id = %(actor)s,
  verb = %(verb)s, subject_type = %(type)s, subject_id = %(pk)s, seq = %(seq)s WHERE id = %(entry)s
"""


def forge(copy: Copy, entry: int, *, header: Change | None = None, body: Change | None = None) -> None:
    """Rewrite an entry: header and columns; and a body under a new salt, with the header's commitment to it."""
    from riskreview.audit import canonical

    with copy.attacker() as cursor:
        cursor.execute(
            "SELECT e.header, b.body FROM audit_entry e JOIN audit_body b ON b.entry_id = e.id WHERE e.id = %s", [entry]
        )
        public, private = (json.loads(bytes(each)) for each in cursor.fetchone() or ())
        if body:
            body(private)
            salt, told = secrets.token_bytes(32), canonical.encode(private)
            public["body"] = canonical.commitment(bytes.fromhex(public["id"].replace("-", "")), salt, told)
            cursor.execute("UPDATE audit_body SET salt = %s, body = %s WHERE entry_id = %s", [salt, told, entry])
        if header:
            header(public)
        subject = {"type": public["subject"]["type"], "pk": public["subject"]["id"], "seq": public["subject"]["seq"]}
        cursor.execute(COLUMNS, public | subject | {"raw": canonical.encode(public), "entry": entry})


def approved_by_another(copy: Copy, other: str) -> None:
    """Let a decided case say that somebody else approved it: row, body with the state in it, header, columns."""
    from riskreview.audit.state import digest
    from riskreview.cases.models import Case

    with copy.attacker() as cursor:
        entry, pk = newest(cursor, "case.approve")
        cursor.execute("SELECT id FROM accounts_user WHERE email = %s", [other])
        (user,) = cursor.fetchone() or ("",)
        cursor.execute("UPDATE cases_decision SET approved_by_id = %s WHERE case_id = %s RETURNING id", [user, pk])
        (decision,) = cursor.fetchone() or (0,)
    with copy.inside():
        state = digest(Case.objects.get(pk=pk).full_state())

    def body(told: dict[str, Any]) -> None:
        told["state"]["sha256"] = state
        told["changes"][f"decision:{decision}.approved_by"][1] = {"ref": f"user:{user}"}

    forge(copy, entry, header=lambda told: told.update(actor=str(user)), body=body)


def newest(cursor: psycopg.Cursor[Any], verb: str) -> tuple[int, str]:
    """The newest entry of a verb, and the id of its subject."""
    cursor.execute("SELECT id, subject_id FROM audit_entry WHERE verb = %s ORDER BY id DESC LIMIT 1", [verb])
    return cursor.fetchone() or (0, "")


def regrow(copy: Copy, entries: Sequence[int] | None = None) -> None:
    """Grow the whole tree anew, in this order of entries or as it was: leaves, tiles, frontier, root, head."""
    from django.db import transaction

    from riskreview.audit import notary
    from riskreview.audit.models import Log

    with copy.attacker() as cursor:
        cursor.execute("SELECT entry_id FROM audit_leaf ORDER BY index")
        order = [entry for (entry,) in cursor.fetchall()] if entries is None else list(entries)
        cursor.execute("DELETE FROM audit_leaf")
        cursor.execute("DELETE FROM audit_tile")
        cursor.execute("UPDATE audit_log SET size = 0, frontier = '{}', root = ''")
        cursor.execute(
            "INSERT INTO audit_pending (entry_id) SELECT unnest(%s::bigint[]) ON CONFLICT DO NOTHING", [order]
        )
        cursor.execute("SELECT id, header FROM audit_entry")
        headers = {entry: bytes(header) for entry, header in cursor.fetchall()}
    with copy.inside(), transaction.atomic():
        notary.grow(Log.objects.current(), [(entry, headers[entry]) for entry in order])


def resign(copy: Copy, key: Path) -> None:
    """Sign every checkpoint anew with a key one has, and make the signer's memory fit; cosignatures cannot be made."""
    from riskreview.audit import note
    from riskreview.audit.memory import Memory, Remembered
    from riskreview.audit.models import Checkpoint, Log
    from riskreview.audit.tree import Tree

    copy.key = key
    copy.memory.unlink(missing_ok=True)
    with copy.inside():
        log = Log.objects.get()
        signer, tree = note.Signer.read(key).under(log.origin), Tree(log)
        made = {}
        for size in Checkpoint.objects.values_list("size", flat=True):
            text = note.checkpoint_text(log.origin, size, tree.root(size))
            made[size] = note.note(text, [signer.sign(text)]).decode()
        Memory(copy.memory).keep(Remembered(log.origin, log.size, bytes(log.root), tuple(log.tree.hashes)))
    with copy.attacker() as cursor:
        cursor.execute("DELETE FROM audit_cosignature")
        cursor.execute("DELETE FROM notifications_witness")
        cursor.execute("UPDATE audit_log SET vkeys = %s", [[signer.vkey]])
        cursor.executemany(
            "UPDATE audit_checkpoint SET note = %s WHERE size = %s", [(note, size) for size, note in made.items()]
        )


def cut(copy: Copy, size: int, *, checkpoints: bool) -> None:
    """Cut the log back to a size: entries, leaves, tiles, head; the newer checkpoints too if asked."""
    from riskreview.audit.models import Log
    from riskreview.audit.tree import Tree

    with copy.inside():
        tree = Tree(Log.objects.get()).frontier(size)
    with copy.attacker() as cursor:
        cursor.execute("SELECT entry_id FROM audit_leaf WHERE index >= %s", [size])
        gone = [entry for (entry,) in cursor.fetchall()]
        for table, column in (("trace", "entry_id"), ("body", "entry_id"), ("entry", "id"), ("leaf", "entry_id")):
            cursor.execute(f"DELETE FROM audit_{table} WHERE {column} = ANY (%s)", [gone])
        cursor.execute("DELETE FROM audit_tile WHERE ((index + 1) << (8 * (level + 1))) > %s", [size])
        cursor.execute("UPDATE audit_log SET size = %s, frontier = %s, root = %s", [size, tree.hashes, tree.root()])
        if checkpoints:
            newer = "SELECT id FROM audit_checkpoint WHERE size > %s"
            cursor.execute(f"DELETE FROM audit_cosignature WHERE checkpoint_id IN ({newer})", [size])
            cursor.execute("DELETE FROM audit_checkpoint WHERE size > %s", [size])
            cursor.execute("UPDATE notifications_witness SET size = 0, wanted = 0")


def passed_off(copy: Copy, bundle: Path, withheld: Sequence[dict[str, Any]] = ()) -> Path:
    """A bundle that was signed, with the leaves and bodies of this database put into it, and its sums made to fit.

    So the attacker shows what the signer would not sign.
    """
    from riskreview.audit.verifier import canonical

    forged = copy.memory.parent / f"bundle-{next(NUMBERS)}"
    shutil.copytree(bundle, forged)
    told = json.loads((forged / "bundle.json").read_bytes())
    with copy.attacker() as cursor:
        cursor.execute(
            "SELECT l.index, e.header, e.uuid, b.salt, b.body FROM audit_leaf l JOIN audit_entry e ON e.id = l.entry_id"
            " LEFT JOIN audit_body b ON b.entry_id = e.id WHERE l.index < %s ORDER BY l.index",
            [told["logs"][0]["size"]],
        )
        rows = cursor.fetchall()
    leaves = b"".join(canonical({"header": base64(header), "i": index}) + b"\n" for index, header, *_ in rows)
    bodies = b"".join(
        canonical({"body": base64(body), "id": str(entry), "salt": base64(salt)}) + b"\n"
        for _, _, entry, salt, body in rows if body is not None
    )  # fmt: skip
    parts = {f"{told['logs'][0]['folder']}/leaves.jsonl": leaves, "bodies.jsonl": bodies}
    for name, data in (parts | {"withheld.json": canonical(list(withheld))}).items():
        (forged / name).write_bytes(data)
        told["files"][name] = {"sha256": hashlib.sha256(data).hexdigest(), "bytes": len(data)}
    (forged / "bundle.json").write_bytes(canonical(told))
    return forged


def base64(data: Any) -> str:
    """Bytes as base64."""
    return b64encode(bytes(data)).decode()


def back_dated(vendor: Any, *, by: Any, at: datetime.datetime, summary: str) -> None:
    """An act that is whole in every respect but says another time: what a compromised process can write."""
    from django.db import transaction

    from riskreview.audit.entries import now
    from riskreview.audit.models import Entry
    from riskreview.audit.writing import Moment

    with transaction.atomic():
        before = vendor.full_state()
        vendor.summary, vendor.entry_seq = summary, vendor.entry_seq + 1
        vendor.save()
        told = {"summary": summary, "hq_country": "", "legal_names": None}
        Entry.objects.add(by, "vendor.describe", vendor, moment=Moment(at, now().xact), arguments=told, before=before)
