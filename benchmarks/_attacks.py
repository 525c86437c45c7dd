"""Attacks 1 to 10: somebody with the whole database in hand rewrites what was recorded and signed."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from benchmarks import _forging, _story
from benchmarks._findings import (
    Finding,
    audit_finds,
    audit_holds,
    auditor_finds,
    auditor_is_blind,
    plain,
    signer_refuses,
)
from benchmarks._scene import Scene
from benchmarks._stage import Copy

GONE = "the body is gone, and no act on the record explains it"
ROOT_WORDS = "are not those that were signed"


def header_edited(scene: Scene) -> Iterator[Finding]:
    """1: the header says that somebody else approved, and so do the columns."""
    with scene.stage.copy() as copy:
        with copy.attacker() as cursor:
            entry, _ = _forging.newest(cursor, "case.approve")
            actor = user(copy, _story.AUDITOR)
        _forging.forge(copy, entry, header=lambda told: told.update(actor=actor))
        yield audit_finds("header edited", copy, "the header is not the one that was hashed into the log")
        bundle = copy.export(_story.AUDITOR)
        yield auditor_finds("header edited", scene.stage, bundle, "leaves")


def hashes_recomputed(scene: Scene) -> Iterator[Finding]:
    """2: row, body, header, columns, leaves, tiles, frontier, root and head all agree; the checkpoint does not."""
    with scene.stage.copy() as copy:
        _forging.approved_by_another(copy, _story.AUDITOR)
        _forging.regrow(copy)
        shown = _forging.passed_off(copy, scene.full)
        yield auditor_finds("and all hashes up to the head", scene.stage, shown, "leaves")
        yield audit_finds("and all hashes up to the head", copy, ROOT_WORDS)
        with copy.inside():
            _story.more(1)
        yield signer_refuses("and all hashes up to the head", copy, "a header, a leaf or the head was changed")


def columns_edited(scene: Scene) -> Iterator[Finding]:
    """3: only the columns that pages filter by."""
    with scene.stage.copy() as copy:
        actor = user(copy, _story.AUDITOR)
        with copy.attacker() as cursor:
            entry, _ = _forging.newest(cursor, "case.approve")
            cursor.execute("UPDATE audit_entry SET actor_id = %s WHERE id = %s", [actor, entry])
        yield audit_finds("column “actor” edited", copy, "the column actor says something else than the signed header")
        with copy.attacker() as cursor:
            cursor.execute("UPDATE audit_entry SET verb = 'vendor.praise' WHERE verb = 'vendor.relate'")
        yield audit_finds("column “verb” edited", copy, "the column verb says something else than the signed header")


SWAP = """
UPDATE audit_body b SET salt = o.salt, body = o.body FROM audit_body o
 WHERE (b.entry_id = %(one)s AND o.entry_id = %(other)s) OR (b.entry_id = %(other)s AND o.entry_id = %(one)s)
"""
CHANGE = """
UPDATE audit_body SET body = replace(encode(body, 'escape'), 'watch it', 'forget it')::bytea WHERE entry_id = %(one)s
"""
GARBAGE = "UPDATE audit_body SET body = 'no JSON'::bytea WHERE entry_id = %(other)s"
FORGE = "UPDATE audit_body SET salt = sha256('salt'), body = '{}'::bytea WHERE entry_id = %(one)s"


def bodies_exchanged(scene: Scene) -> Iterator[Finding]:
    """4: a body changed by a word, two swapped with their salts, one forged, one made unreadable."""
    ways = {"body changed": CHANGE, "bodies swapped": SWAP, "body forged": FORGE, "body made unreadable": GARBAGE}
    for deed, statement in ways.items():
        with scene.stage.copy() as copy:
            with copy.attacker() as cursor:
                one, other = (_forging.newest(cursor, verb)[0] for verb in ("case.submit", "case.approve"))
                cursor.execute(statement, {"one": one, "other": other})
            yield audit_finds(deed, copy, "the body is not the one its header commits to")
            shown = _forging.passed_off(copy, scene.full)
            yield auditor_finds(deed, scene.stage, shown, "bodies")


def body_deleted(scene: Scene) -> Iterator[Finding]:
    """5: a body is gone; then an act that erased another one is said to explain it; then the bundle admits it."""
    with scene.stage.copy() as copy:
        with copy.attacker() as cursor:
            entry, _ = _forging.newest(cursor, "case.submit")
            cursor.execute("DELETE FROM audit_body WHERE entry_id = %s", [entry])
        yield audit_finds("body deleted", copy, GONE)
        yield auditor_finds("body deleted", scene.stage, copy.export(_story.AUDITOR), "withheld")
        with copy.attacker() as cursor:
            another, _ = _forging.newest(cursor, "vendor.describe")
        erase(copy, another, what="body")
        lay_to_last_act(copy, entry)
        yield audit_finds("and laid to another's erasure", copy, GONE)
        yield auditor_finds("and laid to another's erasure", scene.stage, copy.export(_story.AUDITOR), "withheld")
    yield from laid_to_trace(scene)
    yield from not_disclosed(scene)


def laid_to_trace(scene: Scene) -> Iterator[Finding]:
    """5 again: the act that explains the loss names the entry, but let go only of its address."""
    deed = "laid to the erasure of its address"
    with scene.stage.copy() as copy:
        with copy.attacker() as cursor:
            entry, _ = _forging.newest(cursor, "case.submit")
        erase(copy, entry, what="trace")
        lay_to_last_act(copy, entry)
        yield audit_finds(
            "laid to the erasure of its address", copy, "the body is gone, and no act on the record explains it"
        )
        yield auditor_finds(deed, scene.stage, copy.export(_story.AUDITOR), "withheld")


def not_disclosed(scene: Scene) -> Iterator[Finding]:
    """5 once more: the bundle says that the body is there, and not for this auditor to read."""
    with scene.stage.copy() as copy:
        with copy.attacker() as cursor:
            entry, _ = _forging.newest(cursor, "case.submit")
            cursor.execute("DELETE FROM audit_body WHERE entry_id = %s", [entry])
            cursor.execute("SELECT uuid FROM audit_entry WHERE id = %s", [entry])
            (identity,) = cursor.fetchone() or ("",)
        withheld = [{"id": str(identity), "why": "not_disclosed", "by": None}]
        bundle = _forging.passed_off(copy, scene.full, withheld)
        yield auditor_finds("and said to be “not disclosed”", scene.stage, bundle, "seal")


def erase(copy: Copy, entry: int, what: str) -> None:
    """A lawful erasure of one entry."""
    from riskreview.audit.models import Entry, Ledger

    with copy.inside():
        named, basis = Entry.objects.get(pk=entry).uuid, "GDPR Article 17(1)(a)"
        Ledger.objects.the().erase(by=_story.person(_story.KEEPER), entries=[named], basis=basis, what=what)


def lay_to_last_act(copy: Copy, entry: int) -> None:
    """Delete a body, and say in the table of removals that the last act on the record did it."""
    with copy.attacker() as cursor:
        cursor.execute("DELETE FROM audit_body WHERE entry_id = %s", [entry])
        cursor.execute(
            "INSERT INTO audit_removal (entry_id, uuid, what, ledger_seq) SELECT e.id, e.uuid, 'BODY', r.last"
            " FROM audit_entry e, (SELECT max(ledger_seq) AS last FROM audit_removal) r WHERE e.id = %s",
            [entry],
        )


def tail_cut(scene: Scene) -> Iterator[Finding]:
    """6: the newest entries, leaves and the head go; the checkpoint over them stays."""
    with scene.stage.copy() as copy:
        _forging.cut(copy, scene.size - 20, checkpoints=False)
        yield signer_refuses("signed tail cut", copy, "its tail was cut")
        yield auditor_finds("signed tail cut", scene.stage, _forging.passed_off(copy, scene.full), "leaves")
        yield audit_finds("signed tail cut", copy, "its tail is cut")


def tail_and_checkpoints_cut(scene: Scene) -> Iterator[Finding]:
    """7: the newer checkpoints go too, and the signer's memory is put back."""
    stage = scene.stage
    early = scene.stage.copies["early"][1]
    with stage.copy(memory="early") as copy:
        _forging.cut(copy, size_of_memory(early), checkpoints=True)
        yield audit_finds("tail and checkpoints cut", copy, "acts, and the last one recorded is number")
        # Better than ledger.md states: a full bundle holds the rows' own counters.
        yield auditor_finds("tail and checkpoints cut", stage, copy.export(_story.AUDITOR), "state")
    with stage.copy("early") as copy:
        bundle = copy.export(_story.AUDITOR)
        yield auditor_is_blind("and every row put back", stage, bundle, "file and key alone: an earlier, genuine state")
        yield audit_holds("and every row put back", copy, "blind: the database is its own earlier self")
        yield auditor_finds(
            "and every row put back: --known", stage, bundle, "known checkpoints", "--known", scene.kept
        )
        yield auditor_finds("and every row put back: --quorum 1", stage, bundle, "quorum", *scene.quorum)
        yield auditor_is_blind("an old bundle shown again", stage, scene.early, "file and key alone: it was true once")
        yield auditor_finds("an old bundle shown again: --max-age", stage, scene.early, "age", "--max-age", "5s")


def size_of_memory(memory: Path) -> int:
    """The size the signer remembered then."""
    return int(json.loads(memory.read_text().splitlines()[-1])["size"])


def reordered(scene: Scene) -> Iterator[Finding]:
    """8: two entries change places; an entry is put in between. All hashes are made to fit."""
    for deed, again in (("two entries reordered", swapped), ("an entry back-filled", back_filled)):
        with scene.stage.copy() as copy:
            again(copy)
            yield auditor_finds(deed, scene.stage, _forging.passed_off(copy, scene.full), "leaves")
            with copy.inside():
                _story.more(1)
            yield signer_refuses(deed, copy, "a header, a leaf or the head was changed")
            yield audit_finds(deed, copy, ROOT_WORDS)


def order_of(copy: Copy) -> list[int]:
    """The entries as they stand in the log."""
    with copy.attacker() as cursor:
        cursor.execute("SELECT entry_id FROM audit_leaf ORDER BY index")
        return [entry for (entry,) in cursor.fetchall()]


def swapped(copy: Copy) -> None:
    """Somebody comes in only after another affair."""
    order = order_of(copy)
    with copy.attacker() as cursor:
        one, other = (order.index(_forging.newest(cursor, verb)[0]) for verb in ("user.invite", "vendor.relate"))
    order[one], order[other] = order[other], order[one]
    _forging.regrow(copy, order)


def back_filled(copy: Copy) -> None:
    """An act of today stands among those of the beginning."""
    order = order_of(copy)
    with copy.inside():
        _story.more(1)
    with copy.attacker() as cursor:
        fresh, _ = _forging.newest(cursor, "vendor.describe")
    _forging.regrow(copy, [*order[:40], fresh, *order[40:]])


def other_key(scene: Scene) -> Iterator[Finding]:
    """9: everything is rewritten, signed by a key of the attacker's, announced in the log's first entry."""
    from riskreview.audit.note import Signer

    stage = scene.stage
    with stage.copy() as copy:
        own = Signer.generate("riskreview.example/ledger")
        own.write(copy.memory.parent / "own-key")
        vkey = own.under(scene.kept.read_text().splitlines()[0]).vkey
        _forging.approved_by_another(copy, _story.AUDITOR)
        first = order_of(copy)[0]
        _forging.forge(copy, first, body=lambda told: told["arguments"].update(vkeys=[vkey]))
        _forging.regrow(copy)
        _forging.resign(copy, copy.memory.parent / "own-key")
        bundle = copy.export(_story.AUDITOR)
        yield auditor_finds("all rewritten, other key", stage, bundle, "signatures")
        yield audit_holds("all rewritten, other key", copy, "blind from inside: the key in the database is his too")


def stolen_key(scene: Scene) -> Iterator[Finding]:
    """10: everything is rewritten and signed with the log's own key."""
    stage = scene.stage
    with stage.copy() as copy:
        _forging.approved_by_another(copy, _story.AUDITOR)
        _forging.regrow(copy)
        _forging.resign(copy, stage.base.key)
        bundle = copy.export(_story.AUDITOR)
        yield auditor_is_blind("all rewritten, stolen key", stage, bundle, "file and key alone: all of it adds up")
        yield audit_holds("all rewritten, stolen key", copy, "blind from inside: all of it adds up")
        yield auditor_finds("all rewritten, stolen key: --quorum 1", stage, bundle, "quorum", *scene.quorum)
        yield auditor_finds(
            "all rewritten, stolen key: --known", stage, bundle, "known checkpoints", "--known", scene.kept
        )
        note = (bundle / "logs/1/checkpoint.txt").read_text()
        status, said = scene.witness.post(scene.size, note)
        yield plain("all rewritten, stolen key: witness asked", f"witness {status}", said, status == 422)


def user(copy: Copy, email: str) -> str:
    """The id of a person."""
    with copy.attacker() as cursor:
        cursor.execute("SELECT id FROM accounts_user WHERE email = %s", [email])
        return str((cursor.fetchone() or ("",))[0])


REWRITING = {
    "1": header_edited,
    "2": hashes_recomputed,
    "3": columns_edited,
    "4": bodies_exchanged,
    "5": body_deleted,
    "6": tail_cut,
    "7": tail_and_checkpoints_cut,
    "8": reordered,
    "9": other_key,
    "10": stolen_key,
}
