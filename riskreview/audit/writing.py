"""The bytes of an entry, made once, at the moment of the act: header, body, trace and the two commitments."""

from __future__ import annotations

import datetime
import secrets
import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from . import canonical
from .channel import Channel
from .recorded import Recorded
from .state import subject_type, utc

if TYPE_CHECKING:
    from riskreview.accounts.models import User

HEADER_LIMIT, BODY_LIMIT = 4_096, 256 * 1024
COLUMNS = ("uuid", "xact", "kind", "recorded_at", "verb", "subject_type", "subject_id", "seq", "request", "header")


@dataclass(frozen=True, slots=True)
class Moment:
    """The database's clock and the transaction's id."""

    at: datetime.datetime
    xact: str


@dataclass(frozen=True, slots=True)
class Told:
    """What an entry says, before it is written down: who did what to which row, and the private rest."""

    by: User
    kind: str
    verb: str
    subject: Recorded
    seq: int | None
    body: dict[str, Any]
    reason: str = ""
    meaning: str | None = None
    behalf: str | None = None
    strength: str | None = None

    def private(self, origin: str | None) -> bytes:
        """The private body, canonical; `origin` is the commitment to the trace. Raises `ValueError` when too large."""
        common = {"v": 2, "label": self.subject.label, "reason": self.reason, "origin": origin}
        return within(BODY_LIMIT, canonical.encode(self.body | common))

    def header(self, road: Channel) -> dict[str, Any]:
        """The public header, but for what is known only at the moment of writing."""
        return {
            "v": 1,
            "kind": self.kind,
            "actor": str(self.by.pk),
            "behalf": self.behalf,
            "token": str(road.token) if road.token else None,
            "via": road.via,
            "request": str(road.request) if road.request else None,
            "verb": self.verb,
            "subject": {
                "type": subject_type(self.subject),
                "id": str(self.subject.pk),
                "seq": self.seq,
                "label": self.subject.label if self.subject.label_is_public else None,
            },
            "reason": bool(self.reason),
            "meaning": self.meaning,
            "strength": self.strength,
        }


def write(told: Told, moment: Moment, road: Channel) -> dict[str, Any]:
    """Every column of an entry, its body and its trace. Raises `TypeError` or `ValueError` for what none can hold."""
    identity, salt = uuid.uuid4(), secrets.token_bytes(32)
    origin, trace = traced(identity, road)
    body = told.private(origin)
    header = told.header(road) | {
        "id": str(identity),
        "recorded_at": utc(moment.at),
        "tx": moment.xact,
        "body": canonical.commitment(identity.bytes, salt, body),
    }
    return {
        "uuid": identity,
        "xact": moment.xact,
        "kind": told.kind,
        "recorded_at": moment.at,
        "actor": told.by.pk,
        "verb": told.verb,
        "subject_type": header["subject"]["type"],
        "subject_id": header["subject"]["id"],
        "seq": told.seq,
        "request": road.request,
        "header": within(HEADER_LIMIT, canonical.encode(header)),
        "salt": salt,
        "body": body,
        **trace,
    }


def traced(identity: uuid.UUID, road: Channel) -> tuple[str | None, dict[str, bytes | None]]:
    """The commitment to where an act came from, and what it commits to; nothing for an act without an address."""
    told = road.private()
    if not told:
        return None, {"trace_salt": None, "trace": None}
    salt, trace = secrets.token_bytes(32), canonical.encode(told)
    return canonical.trace_commitment(identity.bytes, salt, trace), {"trace_salt": salt, "trace": trace}


def within(limit: int, data: bytes) -> bytes:
    """The bytes, if there are not too many. Raises `ValueError`."""
    if len(data) > limit:
        raise ValueError(f"this act is too large for one audit entry: {len(data):,} of at most {limit:,} bytes")
    return data
