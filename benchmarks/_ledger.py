"""A ledger of any size from a seed: acts in the database, with every constraint and hash, or a bundle in a folder."""

from __future__ import annotations

import base64
import datetime
import hashlib
import itertools
import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ORIGIN = "bench.example/ledger/2025"
PER_SUBJECT = 100
BEGUN = datetime.datetime(2025, 1, 1, tzinfo=datetime.UTC)
CHECKPOINTS = 10
AT_ONCE = 2_000


# In the database


def add_acts(row: Any, *, by: Any, verb: str, acts: Sequence[dict[str, Any]]) -> None:
    """Acts about one row as its verb would have left them, and the row as the last one says.

    Each act is given by its arguments, which are also the columns that it sets.
    """
    from django.db import transaction

    from riskreview.audit.channel import Channel
    from riskreview.audit.entries import now
    from riskreview.audit.writing import write

    with transaction.atomic():
        row.lock()
        moment, road = now(), Channel(via="web")
        insert([write(told, moment, road) for told in tell(row, by, verb, acts)])
        rows = type(row)._base_manager.filter(pk=row.pk)
        rows.update(entry_seq=row.entry_seq + len(acts), **acts[-1])
    row.refresh_from_db()


def tell(row: Any, by: Any, verb: str, acts: Sequence[dict[str, Any]]) -> Iterator[Any]:
    """What each entry says: from which state the act led to which."""
    from riskreview.audit.state import changes, digest, plain
    from riskreview.audit.writing import Told

    state, version = row.full_state(), max(row.recorded_columns)
    for seq, arguments in enumerate(acts, row.entry_seq + 1):
        given = plain(arguments)
        after = state | given
        left = {"v": version, "sha256": digest(after)}
        body = {"arguments": given, "changes": changes(state, after), "state": left}
        yield Told(by, "act", verb, row, seq, body)
        state = after


def insert(written: Sequence[dict[str, Any]]) -> None:
    """Entries and their bodies, by COPY: the triggers look at each as they always do."""
    from django.db import connection

    from riskreview.audit.writing import COLUMNS

    with connection.cursor() as cursor:
        numbers = "SELECT nextval(pg_get_serial_sequence('audit_entry', 'id')) FROM generate_series(1, %s)"
        cursor.execute(numbers, [len(written)])
        ids = [number for (number,) in cursor.fetchall()]
        rows = list(zip(ids, written, strict=True))
        entries = ([number, each["actor"], *(each[name] for name in COLUMNS)] for number, each in rows)
        copy(cursor, f"audit_entry (id, actor_id, {', '.join(COLUMNS)})", entries)
        bodies = ([number, each["salt"], each["body"]] for number, each in rows)
        copy(cursor, "audit_body (entry_id, salt, body)", bodies)


def copy(cursor: Any, target: str, rows: Iterable[Sequence[Any]]) -> None:
    """COPY rows into a table."""
    with cursor.copy(f"COPY {target} FROM STDIN") as stream:
        for row in rows:
            stream.write_row(row)


# In a folder

HEADER = (
    '{"actor":"%(actor)s","behalf":null,"body":"%(body)s","id":"%(id)s","kind":"%(kind)s","meaning":null,"reason":false,'
    '"recorded_at":"%(at)s","request":null,"strength":"password","subject":{"id":"%(pk)s","label":null,"seq":%(seq)s,'
    '"type":"%(type)s"},"token":null,"tx":"%(tx)d","v":1,"verb":"%(verb)s","via":"web"}'
)
BODY = (
    '{"arguments":{"hq_country":"","legal_names":null,"summary":"%(new)s"},"changes":{"summary":["%(old)s","%(new)s"]},'
    '"label":"Vendor %(pk)d","origin":null,"reason":"","state":{"sha256":"%(state)s","v":1},"v":2}'
)
STATE = '{"canonical_name":"Vendor %(pk)d","slug":"vendor-%(pk)d","status":"ACTIVE","summary":"%(new)s"}'


@dataclass
class Sums:
    """A file of the bundle, and the sum of what was written into it."""

    path: Path
    sum: Any = field(default_factory=hashlib.sha256)
    bytes: int = 0

    def __post_init__(self) -> None:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self.file = self.path.open("wb", buffering=1 << 20)

    def write(self, data: bytes) -> None:
        """Write some more."""
        self.file.write(data)
        self.sum.update(data)
        self.bytes += len(data)

    def end(self) -> dict[str, Any]:
        """What bundle.json says of it."""
        self.file.close()
        return {"sha256": self.sum.hexdigest(), "bytes": self.bytes}


class Bundle:
    """A full bundle as an export writes it: the log's first entry, acts about vendors, and the entry with the seal."""

    def __init__(self, folder: Path, entries: int, seed: int) -> None:
        from riskreview.audit.note import Signer
        from riskreview.audit.verifier import Frontier

        self.folder, self.entries, self.rng = folder, entries, random.Random(seed)
        self.signer = Signer.from_seed(ORIGIN, self.rng.randbytes(32))
        self.frontier = Frontier()
        self.leaves, self.bodies = Sums(folder / "logs/1/leaves.jsonl"), Sums(folder / "bodies.jsonl")
        self.files: dict[str, dict[str, Any]] = {}
        self.states: list[dict[str, Any]] = []
        self.actor = self.identity()[0]

    def write(self) -> str:
        """Write it; the public key that checks it."""
        from riskreview.audit import verifier

        self.begin_log()
        every = max(1, self.entries // CHECKPOINTS)
        for number, (told, body) in enumerate(self.acts(self.entries - 2), 2):
            self.add(told, body)
            if number % every == 0:
                self.checkpoint(f"logs/1/checkpoints/{number}.txt")
        self.keep("state.json", verifier.canonical(self.states))
        self.keep("withheld.json", b"[]")
        self.keep("removed.json", b"[]")
        self.seal()
        return self.signer.vkey

    def begin_log(self) -> None:
        """The act that began the log is its first leaf."""
        state = hashlib.sha256(b"{}").hexdigest()
        told = {"type": "ledger", "pk": 1, "seq": 1, "verb": "ledger.begin_log", "kind": "act"}
        self.states.append({"type": "ledger", "id": "1", "seq": 1, "state": state})
        self.add(told, b'{"arguments":{},"changes":{},"state":{"sha256":"%s","v":1},"v":2}' % state.encode())

    def acts(self, count: int) -> Iterator[tuple[dict[str, Any], bytes]]:
        """Acts about vendors, mixed; the last state of each is remembered."""
        order = [number for number in range(1, count // PER_SUBJECT + 2) for _ in range(PER_SUBJECT)][:count]
        self.rng.shuffle(order)
        last: dict[int, tuple[int, str, str]] = {}
        for number, pk in enumerate(order):
            seq, old, _ = last.get(pk, (0, "", ""))
            new = f"What is known of it, as written down for the {number}th time by somebody who reviews."
            state = hashlib.sha256((STATE % {"pk": pk, "new": new}).encode()).hexdigest()
            last[pk] = seq + 1, new, state
            body = BODY % {"pk": pk, "old": old, "new": new, "state": state}
            yield {"type": "vendor", "pk": pk, "seq": seq + 1, "verb": "vendor.describe", "kind": "act"}, body.encode()
        for pk, (seq, _, state) in sorted(last.items()):
            self.states.append({"type": "vendor", "id": str(pk), "seq": seq, "state": state})

    def add(self, told: dict[str, Any], body: bytes) -> str:
        """One entry at the end of the log, with its body; its id."""
        from riskreview.audit.canonical import commitment

        index = self.frontier.size
        entry, packed = self.identity()
        salt = self.rng.randbytes(32)
        at = (BEGUN + datetime.timedelta(milliseconds=20 * index)).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
        rest = {"actor": self.actor, "id": entry, "body": commitment(packed, salt, body), "at": at, "tx": 1_000 + index}
        header = (HEADER % (told | rest)).encode()
        self.frontier.append(hashlib.sha256(b"\x00" + header).digest())
        self.leaves.write(b'{"header":"%s","i":%d}\n' % (base64.b64encode(header), index))
        packed_up = base64.b64encode(body), entry.encode(), base64.b64encode(salt)
        self.bodies.write(b'{"body":"%s","id":"%s","salt":"%s"}\n' % packed_up)
        return entry

    def identity(self) -> tuple[str, bytes]:
        """A UUID, as text and as bytes."""
        packed = self.rng.randbytes(16)
        text = packed.hex()
        return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}", packed

    def checkpoint(self, name: str) -> None:
        """A signed note over the log so far."""
        from riskreview.audit import note

        text = note.checkpoint_text(ORIGIN, self.frontier.size, self.frontier.root())
        self.keep(name, note.note(text, [self.signer.sign(text)]))

    def keep(self, name: str, data: bytes) -> None:
        """A small file."""
        file = Sums(self.folder / name)
        file.write(data)
        self.files[name] = file.end()

    def seal(self) -> None:
        """The entry that binds the readable files, the last checkpoint, and bundle.json."""
        from riskreview.audit import verifier

        made_at = (BEGUN + datetime.timedelta(milliseconds=20 * self.frontier.size)).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
        bundle = {"format": verifier.FORMAT, "kind": "full", "made_at": made_at, "software": "bench", "subject": None,
                  "files": self.files}  # fmt: skip
        body = verifier.canonical({"arguments": {"seal": verifier.seal(bundle)}, "v": 2})
        told = {"type": "ledger", "pk": 1, "seq": "null", "verb": "ledger.export", "kind": "access"}
        sealed_by = self.add(told, body)
        self.checkpoint("logs/1/checkpoint.txt")
        self.files |= {"logs/1/leaves.jsonl": self.leaves.end(), "bodies.jsonl": self.bodies.end()}
        log = {"folder": "logs/1", "origin": ORIGIN, "size": self.frontier.size}
        (self.folder / "bundle.json").write_bytes(verifier.canonical(bundle | {"sealed_by": sealed_by, "logs": [log]}))


def describe(rows: Sequence[Any], *, by: Any, count: int) -> None:
    """So many acts about vendors, spread evenly over them."""
    numbers = itertools.count(1)
    each = -(-count // len(rows))
    for row in rows:
        left = each
        while left:
            part = min(left, AT_ONCE)
            acts = [{"summary": f"Written down for the {next(numbers)}th time."} for _ in range(part)]
            add_acts(row, by=by, verb="vendor.describe", acts=acts)
            left -= part
