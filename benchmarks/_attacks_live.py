"""Attacks 11 to 16: against the queue, the signer, the witness and the backup, while the product goes on."""

from __future__ import annotations

import datetime
import subprocess
import sys
from collections.abc import Iterator
from os import environ
from pathlib import Path
from typing import Any

from benchmarks import _forging, _story
from benchmarks._findings import (
    Finding,
    audit_finds,
    audit_holds,
    auditor_finds,
    auditor_holds,
    auditor_is_blind,
    database_refuses,
    plain,
    signer_refuses,
)
from benchmarks._product import ROOT
from benchmarks._scene import Scene, own_note, size_of
from benchmarks._stage import Copy, owner

BATCH = "SELECT max(entry_id) FROM audit_pending"


def pending_deleted(scene: Scene) -> Iterator[Finding]:
    """11: an entry goes before it has a place in the log."""
    with scene.stage.copy() as copy:
        with copy.inside():
            _story.more(3)
        gone = f"WHERE entry_id = ({BATCH})"
        queue = f"DELETE FROM audit_pending {gone}"
        yield database_refuses("pending entry taken off the queue", copy, "RR002", queue, user=owner())
        entry = (f"DELETE FROM audit_body {gone}", f"DELETE FROM audit_entry WHERE id = ({BATCH})")
        yield database_refuses("pending entry deleted", copy, "RR002", *entry, user=owner())
        with copy.attacker() as cursor:
            cursor.execute("SELECT entry_id FROM audit_pending ORDER BY 1 LIMIT 2")
            _, (second,) = cursor.fetchall()
            cursor.execute("DELETE FROM audit_pending WHERE entry_id = %s", [second])
        yield audit_finds("off the queue, triggers off", copy, "is neither in the log nor waiting for it")
        delete(copy, second)
        yield audit_finds("deleted, triggers off: a gap in seq", copy, "some are missing")
    with scene.stage.copy() as copy:
        with copy.inside():
            _story.more(1)
        with copy.attacker() as cursor:
            cursor.execute(BATCH)
            (last,) = cursor.fetchone() or (0,)
        delete(copy, last)
        yield audit_finds("deleted, triggers off: reconcile", copy, "acts, and the last one recorded is number")


def delete(copy: Copy, entry: int) -> None:
    """An entry with all that belongs to it, no trigger asked."""
    with copy.attacker() as cursor:
        for table, column in (("pending", "entry_id"), ("trace", "entry_id"), ("body", "entry_id"), ("entry", "id")):
            cursor.execute(f"DELETE FROM audit_{table} WHERE {column} = %s", [entry])


def two_heads(scene: Scene) -> Iterator[Finding]:
    """12: with the log's key a second tree of the size that the witness signed."""
    stage = scene.stage
    with stage.copy() as copy:
        _forging.approved_by_another(copy, _story.AUDITOR)
        _forging.regrow(copy)
        _forging.resign(copy, stage.base.key)
        other = other_head(copy, scene.size)
        status, said = scene.witness.post(scene.size, other.read_text())
        yield plain("two heads of one size", f"witness {status}", said, status == 422 and "another tree" in said)
        yield auditor_finds("holder of both: full bundle", stage, scene.full, "known checkpoints", "--known", other)
        other = other_head(copy, size_of(scene.case / "logs/1/checkpoint.txt"))
        yield auditor_finds("holder of both: case bundle", stage, scene.case, "known checkpoints", "--known", other)


def other_head(copy: Copy, size: int) -> Path:
    """The checkpoint of this size that the attacker signed."""
    with copy.attacker() as cursor:
        cursor.execute("SELECT note FROM audit_checkpoint WHERE size = %s", [size])
        (note,) = cursor.fetchone() or ("",)
    file = copy.memory.parent / f"other-{size}.txt"
    file.write_text(note)
    return file


def back_dated(scene: Scene) -> Iterator[Finding]:
    """13: an act written now says that it was an hour ago, after the witness signed a tree without it."""
    stage = scene.stage
    with stage.copy() as copy:
        act_at(copy, datetime.timedelta(hours=-1), "Known for an hour.")
        bundle = copy.export(_story.AUDITOR)
        yield auditor_is_blind("back-dated entry", stage, bundle, "file and key alone: order is by place, not by time")
        yield auditor_finds("back-dated entry: --witness", stage, bundle, "times", *scene.with_witness)


def act_at(copy: Copy, shift: datetime.timedelta, summary: str) -> None:
    """A whole act at a shifted time."""
    from riskreview.audit.entries import now
    from riskreview.vendors.models import Vendor

    with copy.inside():
        vendor = Vendor.objects.get(canonical_name="Nvidia")
        at = now().at + shift
        _forging.back_dated(vendor, by=_story.person(_story.LEAD), at=at, summary=summary)


def backup_restored(scene: Scene) -> Iterator[Finding]:
    """14: the database of an earlier moment is put back, and people go on working in it."""
    stage = scene.stage
    with stage.copy("early", memory="base") as copy:
        with copy.inside():
            _story.more(5)
        yield signer_refuses("old backup, and on", copy, "the database was put back")
        status, said = scene.witness.post(size_of(scene.kept_early), own_note(scene.kept_early))
        yield plain("its newest checkpoint, to the witness", f"witness {status}", said, said == str(scene.size))
        with copy.inside():
            _story.more(300)
        yield signer_refuses("until it is longer than before", copy, "a header, a leaf or the head was changed")
    with stage.copy("early") as copy:
        for acts, status in ((5, "has seen"), (300, "answered 422")):
            with copy.inside():
                _story.more(acts)
            copy.manage("notary", "--once")
            yield unwitnessed(f"signer's memory put back too, {acts} acts on", scene, copy, status)
    yield from gone_on(scene)


def gone_on(scene: Scene) -> Iterator[Finding]:
    """As docs/operations.md has it: two people say what is lost, and the record goes on in a new log."""
    with scene.stage.copy("early", memory="base") as copy:
        with copy.inside():
            _story.more(5)
        copy.manage("ledger", "propose-epoch", "--by", _story.KEEPER, "--reason", "The disk failed.")
        said = copy.manage("ledger", "begin-epoch", "--by", _story.SECOND_KEEPER, "--reason", "The disk failed.")
        vkey = said.words.split()[-1]
        bundle = copy.export(_story.AUDITOR)
        yield auditor_holds("two people begin a new log", scene.stage, bundle, "--key", vkey)


def unwitnessed(deed: str, scene: Scene, copy: Copy, sentence: str) -> Finding:
    """The workers carry the newest checkpoint, twice if the witness has seen another size than they thought."""
    from riskreview.notifications.witnessing import Unwitnessed

    with copy.inside():
        try:
            scene.witness.carry()
            scene.witness.carry()
        except Unwitnessed as refusal:
            return plain(deed, "Unwitnessed", refusal.reason, sentence in refusal.reason)
    return plain(deed, "witnessed", "nothing was refused", False)


SEQUENCER = """
import sys, time, django
django.setup()
from riskreview.audit import notary
print("ready", flush=True); sys.stdin.readline()
placed = empty = raced = 0
while empty < 40:
    try:
        got = notary.sequence(7)
    except notary.Raced:
        raced += 1; continue
    placed, empty = placed + got, 0 if got else empty + 1
    time.sleep(0 if got else 0.005)
print(placed, raced)
"""


def two_sequencers(scene: Scene) -> Iterator[Finding]:
    """15: four of them at once; then one that forgot the lock and holds an old head."""
    with scene.stage.copy() as copy:
        wait_in_line(copy, 700)
        placed = four_at_once(copy)
        with copy.attacker() as cursor:
            cursor.execute(
                "SELECT count(*), count(DISTINCT index), count(DISTINCT entry_id), max(index) + 1 FROM audit_leaf"
            )
            counts = cursor.fetchone() or ()
            cursor.execute("SELECT size FROM audit_log")
            (size,) = cursor.fetchone() or (0,)
        holds = sum(placed) == 700 and set(counts) == {size} and sum(each > 0 for each in placed) > 1
        words = f"{' + '.join(map(str, placed))} placed = 700; {counts[0]} leaves, as many places and entries"
        yield plain("four sequencers", "no double place", words, holds)
        yield audit_holds("four sequencers", copy, "The record holds.")
        yield stale_head(copy)


def wait_in_line(copy: Copy, count: int) -> None:
    """So many entries that wait for their place."""
    from django.db import transaction

    from riskreview.audit.models import Entry
    from riskreview.evidence.models import Document

    with copy.inside(), transaction.atomic():
        lead, document = _story.person(_story.LEAD), Document.objects.order_by("pk")[0]
        for _ in range(count):
            Entry.objects.access(lead, "document.download", document)


def four_at_once(copy: Copy) -> list[int]:
    """Four processes that begin together; how many entries each placed."""
    command = [sys.executable, "-c", SEQUENCER]
    started: list[Any] = [
        subprocess.Popen(command, cwd=ROOT, env=environ | copy.environment, stdin=subprocess.PIPE,
                         stdout=subprocess.PIPE, text=True)
        for _ in range(4)
    ]  # fmt: skip
    for process in started:
        process.stdout.readline()  # it is ready
    for process in started:
        process.stdin.write("\n")
        process.stdin.flush()
    return [int(process.communicate(timeout=60)[0].split()[0]) for process in started]


def stale_head(copy: Copy) -> Finding:
    """A copy that read the head before another one grew the log, and did not lock it."""
    from django.db import IntegrityError, transaction

    from riskreview.audit import notary
    from riskreview.audit.models import Log, Pending

    with copy.inside():
        _story.more(2)
        stale = Log.objects.current()
        notary.sequence()
        _story.more(2)
        rows = Pending.objects.order_by("entry_id").values_list("entry_id", "entry__header")
        waiting = [(entry, bytes(header)) for entry, header in rows]
        try:
            with transaction.atomic():
                notary.grow(stale, waiting)
        except (IntegrityError, notary.Raced) as fault:
            return plain("a sequencer with a stale head", "database refuses", str(fault) or repr(fault), True)
    return plain("a sequencer with a stale head", "placed", "nothing was refused", False)


FLIP = "UPDATE audit_entry SET header = set_byte(header, %s, get_byte(header, %s) # 1) WHERE id = %s"


def bit_flipped(scene: Scene) -> Iterator[Finding]:
    """16: a bit of a header changes between writing and signing."""
    with scene.stage.copy() as copy:
        flip(copy, byte=40, placed=True)
        yield signer_refuses("bit flipped before signing", copy, "is not the hash of its header")
    with scene.stage.copy() as copy:
        flip(copy, byte=15, placed=False)
        yield audit_finds("bit flipped before it is placed", copy, "the column actor says something else")
    with scene.stage.copy() as copy:
        flip(copy, byte=0, placed=False)
        yield audit_finds("and it is no JSON any more", copy, "are not of the form that entries have")
        yield auditor_finds("and it is no JSON any more", scene.stage, copy.export(_story.AUDITOR), "headers")


def flip(copy: Copy, *, byte: int, placed: bool) -> None:
    """One more entry, and one bit of its header, after or before it has its place."""
    with copy.inside():
        _story.more(1)
    with copy.attacker() as cursor:
        cursor.execute(BATCH)
        (entry,) = cursor.fetchone() or (0,)
    if placed:
        copy.manage("notary", "--once", "--only", "sequence")
    with copy.attacker() as cursor:
        cursor.execute(FLIP, [byte, byte, entry])
    if not placed:
        copy.manage("notary", "--once", "--only", "sequence")


LIVE = {
    "11": pending_deleted,
    "12": two_heads,
    "13": back_dated,
    "14": backup_restored,
    "15": two_sequencers,
    "16": bit_flipped,
}
