"""Builds bundles of the ledger for the tests of the verifier, from the definitions and not from our own code."""

from __future__ import annotations

import base64
import datetime
import hashlib
import json
import uuid
import zipfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

ORIGIN = "riskreview.example/ledger/2025"
START = 1_738_058_400  # 2025-01-28 10:00 UTC: entry i is recorded i seconds later
CASE = {"type": "case", "id": "1f0c2c3a-77a1-4a53-8a9e-0f1e2d3c4b5a", "label": "RR-2025-0042"}
ERASED = {"type": "ledger", "id": "1", "label": None}


def packed(value: Any) -> bytes:
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()


def text64(raw: bytes) -> str:
    return base64.b64encode(raw).decode()


def sha(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def moment(seconds: float) -> str:
    return datetime.datetime.fromtimestamp(seconds, datetime.UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def identity(seed: object) -> str:
    return str(uuid.uuid5(uuid.NAMESPACE_OID, str(seed)))


def inner(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


def root(leaves: list[bytes]) -> bytes:
    """The root by the definition (RFC 9162 section 2.1.1)."""
    if len(leaves) < 2:
        return leaves[0] if leaves else hashlib.sha256(b"").digest()
    split = 1 << (len(leaves) - 1).bit_length() - 1
    return inner(root(leaves[:split]), root(leaves[split:]))


def inclusion(index: int, leaves: list[bytes]) -> list[bytes]:
    """The proof of a leaf by the definition (RFC 9162 section 2.1.3.1)."""
    if len(leaves) == 1:
        return []
    split = 1 << (len(leaves) - 1).bit_length() - 1
    if index < split:
        return [*inclusion(index, leaves[:split]), root(leaves[split:])]
    return [*inclusion(index - split, leaves[split:]), root(leaves[:split])]


def consistency(size: int, leaves: list[bytes], whole: bool = True) -> list[bytes]:
    """The proof of a beginning by the definition (RFC 9162 section 2.1.4.1)."""
    if size == len(leaves):
        return [] if whole else [root(leaves)]
    split = 1 << (len(leaves) - 1).bit_length() - 1
    if size <= split:
        return [*consistency(size, leaves[:split], whole), root(leaves[split:])]
    return [*consistency(size - split, leaves[split:], False), root(leaves[:split])]


class Signer:
    """A key that signs notes, as a log (1) or a witness (4)."""

    def __init__(self, name: str, seed: int, algorithm: int) -> None:
        self.name, self.algorithm = name, algorithm
        self.key = Ed25519PrivateKey.from_private_bytes(bytes([seed]) * 32)
        raw = bytes([algorithm]) + self.key.public_key().public_bytes_raw()
        self.hint = hashlib.sha256(name.encode() + b"\n" + raw).digest()[:4]
        self.vkey = f"{name}+{self.hint.hex()}+{text64(raw)}"

    def line(self, text: bytes, at: int = 0) -> bytes:
        """The signature line of a note's text; `at` is a witness's time."""
        if self.algorithm == 4:
            blob = at.to_bytes(8, "big") + self.key.sign(b"cosignature/v1\ntime %d\n" % at + text)
        else:
            blob = self.key.sign(text)
        return f"— {self.name} {text64(self.hint + blob)}\n".encode()


LOG, WITNESS, OTHER = Signer(ORIGIN, 1, 1), Signer("witness.example/w1", 2, 4), Signer("witness.example/w2", 3, 4)
SECOND, STRANGER = Signer("riskreview.example/ledger/2026", 5, 1), Signer(ORIGIN, 9, 1)


def note(leaves: list[bytes], signer: Signer = LOG, seen: dict[Signer, int] | None = None) -> bytes:
    """A signed checkpoint over leaf hashes, cosigned by witnesses at their times."""
    text = f"{signer.name}\n{len(leaves)}\n{text64(root(leaves))}\n".encode()
    return text + b"\n" + signer.line(text) + b"".join(each.line(text, at) for each, at in (seen or {}).items())


@dataclass
class Entry:
    """An entry with what the header and the body say, before they become bytes."""

    header: dict[str, Any]
    body: dict[str, Any]
    withheld: tuple[str, str | None] | None = None
    pruned_by: str | None = None

    @property
    def salt(self) -> bytes:
        return hashlib.sha256(self.header["id"].encode()).digest()

    def raw(self) -> bytes:
        whole = b"riskreview/audit-body/v1\x00" + uuid.UUID(self.header["id"]).bytes + self.salt + packed(self.body)
        return packed({"body": text64(hashlib.sha256(whole).digest()), **self.header})

    def leaf(self) -> bytes:
        return hashlib.sha256(b"\x00" + self.raw()).digest()


def entry(number: int, verb: str, subject: dict[str, Any], seq: int | None, **more: Any) -> Entry:
    """An entry; `more` overrides keys of the header, and `body` is the body."""
    body = {"arguments": {}, "label": "Mistral, “assistant” für Übersetzungen", "v": 1} | more.pop("body", {})
    header = {
        "v": 1,
        "id": identity(number),
        "kind": "act" if seq else "access",
        "recorded_at": moment(START + number),
        "tx": str(700 + number),
        "actor": identity("alice"),
        "behalf": None,
        "token": None,
        "via": "web",
        "request": identity(f"request {number}"),
        "verb": verb,
        "subject": {**subject, "seq": seq},
        "reason": False,
        "meaning": None,
        "strength": None,
    }
    return Entry(header | more, body)


def story() -> list[Entry]:
    """Twelve entries about a case, a vendor and the record itself; the last one is where the seal goes."""
    vendor = {"type": "vendor", "id": "17", "label": None}
    told: list[tuple[str, dict[str, Any], int | None]] = [
        ("ledger.begin_log", ERASED, 1),
        ("case.open", CASE, 1),
        ("vendor.add", vendor, 1),
        ("case.submit", CASE, 2),
        ("case.download", CASE, None),
        ("case.approve", CASE, 3),
        ("vendor.rename", vendor, 2),
        ("ledger.erase", ERASED, 2),
        ("case.close", CASE, 4),
        ("vendor.rename", vendor, 3),
        ("ledger.prune", ERASED, 3),
        ("case.export", CASE, None),
    ]
    entries = [entry(number, *each) for number, each in enumerate(told)]
    for each in entries:
        if each.header["kind"] == "act":
            each.body["state"] = {"v": 1, "sha256": sha(each.header["id"].encode())}
    entries[7].body["arguments"] = {"entries": [entries[3].header["id"]]}
    entries[10].body["arguments"] = {"entries": [entries[4].header["id"]]}
    entries[3].withheld = ("erased", entries[7].header["id"])
    return entries


@dataclass
class Bundle:
    """A bundle in the making. Change anything before `write`; the sums and the seal are made from what is there."""

    kind: str = "case"
    entries: list[Entry] = field(default_factory=story)
    shown: list[int] | None = None
    seen: dict[Signer, int] = field(default_factory=lambda: {WITNESS: START + 20})
    earlier: dict[int, dict[Signer, int]] = field(default_factory=lambda: {6: {WITNESS: START + 6}})
    signer: Signer = LOG
    extra: dict[str, bytes] = field(default_factory=dict)
    states: list[dict[str, Any]] | None = None
    withheld: list[dict[str, Any]] | None = None
    told: dict[str, Any] = field(default_factory=dict)

    def files(self) -> dict[str, bytes]:
        """Every file of the bundle by its name."""
        if self.shown is None:
            about = [each for each, one in enumerate(self.entries) if one.header["subject"]["type"] == "case"]
            self.shown = sorted({*about, 7} if self.kind == "case" else range(len(self.entries)))
        made = self.readable()
        sealing = self.entries[-1]
        bundle = self.told_of(made, sealing.header["id"]) | self.told
        told = {key: bundle[key] for key in ("format", "kind", "made_at", "software", "subject")}
        sealing.body["arguments"] = sealing.body["arguments"] | {
            "seal": sha(packed({**told, "files": bundle["files"]}))
        }
        made |= self.log() | {
            "bodies.jsonl": self.bodies(),
            "removed.json": packed([row for row in self.admitted() if row["by"]]),
        }
        bundle["files"] = sums(made)
        return made | {"bundle.json": packed(bundle)}

    def told_of(self, made: dict[str, bytes], sealed_by: str) -> dict[str, Any]:
        return {
            "format": "riskreview-bundle/1",
            "kind": self.kind,
            "logs": [{"folder": "logs/1", "origin": self.signer.name, "size": len(self.entries)}],
            "made_at": moment(START + 100),
            "software": "riskreview 0.2.0",
            "subject": CASE if self.kind == "case" else None,
            "sealed_by": sealed_by,
            "files": sums(made),
        }

    def readable(self) -> dict[str, bytes]:
        """The sealed files."""
        kept = [row for row in self.admitted() if not row["by"]]
        made = {"state.json": packed(self.now()), "withheld.json": packed(kept)} | self.extra
        if self.kind == "case":
            raw, text = b"%PDF-1.7 evidence", "Übersetzung".encode()
            made |= {
                "index.html": b"<!doctype html><title>RR-2025-0042</title>",
                "decision.json": packed({"recommendation": "Restrict"}),
                "evidence.json": packed([{"raw_sha256": sha(raw), "text_sha256": sha(text)}]),
                f"evidence/{sha(raw)}": raw,
                f"evidence/{sha(text)}.txt": text,
            }
        return made

    def admitted(self) -> list[dict[str, Any]]:
        if self.withheld is not None:
            return self.withheld
        rows = [(self.entries[index].header["id"], self.entries[index].withheld) for index in self.shown or []]
        return [{"id": one, "why": why[0], "by": why[1]} for one, why in rows if why]

    def now(self) -> list[dict[str, Any]]:
        if self.states is not None:
            return self.states
        last = {}
        for index in self.shown or []:
            one = self.entries[index]
            if one.header["kind"] == "act" and (self.kind == "full" or one.header["subject"]["type"] == "case"):
                last[one.header["subject"]["type"]] = one
        return [
            {
                "type": kind,
                "id": one.header["subject"]["id"],
                "seq": one.header["subject"]["seq"],
                "state": one.body["state"]["sha256"],
            }
            for kind, one in last.items()
        ]

    def log(self) -> dict[str, bytes]:
        """The files of the one log."""
        hashes = [each.leaf() for each in self.entries]
        lines = []
        for index in self.shown or []:
            one = self.entries[index]
            line: dict[str, Any] = {"i": index, "header": text64(one.raw())}
            if one.pruned_by:
                line = {"i": index, "hash": text64(one.leaf()), "pruned_by": one.pruned_by}
            elif self.kind == "case":
                line["proof"] = [text64(each) for each in inclusion(index, hashes)]
            lines.append(packed(line) + b"\n")
        made = {"logs/1/checkpoint.txt": note(hashes, self.signer, self.seen), "logs/1/leaves.jsonl": b"".join(lines)}
        for size, seen in self.earlier.items():
            made[f"logs/1/checkpoints/{size}.txt"] = note(hashes[:size], self.signer, seen)
            if self.kind == "case" and size:
                proof = [text64(each) + "\n" for each in consistency(size, hashes)]
                made[f"logs/1/checkpoints/{size}.proof"] = "".join(proof).encode()
        return made

    def bodies(self) -> bytes:
        ones = [self.entries[index] for index in self.shown or []]
        rows = [
            {"id": one.header["id"], "salt": text64(one.salt), "body": text64(packed(one.body))}
            for one in ones
            if not one.withheld and not one.pruned_by
        ]
        return b"".join(packed(row) + b"\n" for row in rows)


def sums(made: dict[str, bytes]) -> dict[str, dict[str, Any]]:
    return {name: {"sha256": sha(data), "bytes": len(data)} for name, data in made.items()}


def resummed(made: dict[str, bytes]) -> dict[str, bytes]:
    """The files with fresh sums: what someone does who changed one and hopes."""
    bundle = json.loads(made["bundle.json"])
    bundle["files"] = sums({name: data for name, data in made.items() if name != "bundle.json"})
    return made | {"bundle.json": packed(bundle)}


def folder(path: Path, made: dict[str, bytes]) -> Path:
    """Write the files as a folder."""
    for name, data in made.items():
        (path / name).parent.mkdir(parents=True, exist_ok=True)
        (path / name).write_bytes(data)
    return path


def zipped(path: Path, made: dict[str, bytes]) -> Path:
    """Write the files as a zip of the strict form, with nothing but the standard library."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as file:
        for name, data in made.items():
            file.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), data)
    return path
