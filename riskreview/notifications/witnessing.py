"""Checkpoints go to witnesses, and their signatures come back (C2SP tlog-witness): the notary opens no socket."""

from __future__ import annotations

import base64
import datetime
from urllib.parse import urlsplit

from django.conf import settings
from django.db.models.functions import Now

from riskreview.audit.entries import now
from riskreview.audit.models import Checkpoint, Cosignature, Log
from riskreview.audit.tree import Tree
from riskreview.audit.verifier import Checkpoint as Parsed
from riskreview.audit.verifier import Malformed, ProofFailed
from riskreview.lib.http import Policy, Response, send

from .models import Witness

LARGEST_ANSWER = 16_384
OVERTAKEN = datetime.timedelta(seconds=30)
SIZE = "text/x.tlog.size"


class Unwitnessed(Exception):
    """The witness did not sign; `reason` says why in words for staff."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Seen:
    """What a witness answered: it signed, or it has seen another size than we thought."""

    def __init__(self, checkpoint: Checkpoint, *, size: int, line: str = "", at: int = 0) -> None:
        self.checkpoint, self.size, self.line, self.at = checkpoint, size, line, at


def witnesses() -> list[tuple[str, str]]:
    """The witnesses of the settings: (key, address)."""
    return [(vkey, url) for vkey, _, url in (each.partition(" ") for each in settings.WITNESSES)]


def policy(url: str) -> Policy:
    """How a witness is contacted: its address was chosen by the operator, so it need not be public."""
    parts = urlsplit(url)
    port = parts.port or (443 if parts.scheme == "https" else 80)
    allowed = frozenset({(parts.hostname or "", port)})
    return Policy(allow=allowed, max_bytes=LARGEST_ANSWER, wall_seconds=15, user_agent=settings.FETCH_USER_AGENT)


def carry(witness: Witness) -> Seen:
    """Show the newest checkpoint, with the proof that it continues what the witness saw. Raises `Unwitnessed`."""
    checkpoint = Checkpoint.objects.filter(log=witness.log_id).order_by("-size").select_related("log")[0]
    old = witness.size
    if old > checkpoint.size:
        raise Unwitnessed(
            f"{witness} has seen {old:,} entries and this log has a checkpoint over {checkpoint.size:,}: the database"
            " was put back, or its tail was cut. See docs/operations.md, “After a restore”."
        )
    refuse_what_is_overtaken(checkpoint)
    proof = Tree(checkpoint.log).consistency(old, checkpoint.size) if old else []
    lines = "".join(base64.b64encode(each).decode() + "\n" for each in proof)
    body = f"old {old}\n{lines}\n{checkpoint.note}".encode()
    address = witness.url.rstrip("/") + "/add-checkpoint"
    answer = send(address, body, content_type="text/plain", policy=policy(witness.url))
    return understood(witness, checkpoint, answer)


def refuse_what_is_overtaken(checkpoint: Checkpoint) -> None:
    """Raise `Unwitnessed` while newer entries wait for a signature.

    A witness vouches for the time as well: what an old checkpoint lacks would look as if it had been made up later.
    """
    since = Log.objects.unsigned_since()
    if since and since < checkpoint.signed_at + OVERTAKEN and now().at > checkpoint.signed_at + OVERTAKEN:
        raise Unwitnessed("Newer entries wait for the notary's signature; the checkpoint over them goes instead.")


def understood(witness: Witness, checkpoint: Checkpoint, answer: Response) -> Seen:
    """What the answer means. Raises `Unwitnessed` for a refusal, and for a signature that does not hold."""
    told = answer.body.decode("utf-8", "replace")
    if answer.status == 409 and answer.headers.get("content-type", "").startswith(SIZE) and told.strip().isdecimal():
        return Seen(checkpoint, size=int(told.strip()[:19]))
    if answer.status != 200:
        raise Unwitnessed(f"{witness} answered {answer.status}: {told.strip()[:200] or 'nothing'}")
    for line in told.splitlines(keepends=True):
        if at := cosigned_at(witness, checkpoint, line):
            return Seen(checkpoint, size=checkpoint.size, line=line, at=at)
    raise Unwitnessed(f"{witness} answered without a signature by its key.")


def cosigned_at(witness: Witness, checkpoint: Checkpoint, line: str) -> int | None:
    """When the witness signed, if this is its line. Raises `Unwitnessed` when it does not hold."""
    try:
        return Parsed.parse((checkpoint.note + line).encode()).cosigned_at(witness.key)
    except (Malformed, ProofFailed) as fault:
        raise Unwitnessed(f"{witness} answered with a line that does not hold: {fault}") from fault


def keep(witness: Witness, seen: Seen) -> None:
    """Store the signature, and how much the witness has seen."""
    if seen.line:
        at = datetime.datetime.fromtimestamp(seen.at, datetime.UTC)
        told = {"line": seen.line, "at": at}
        Cosignature.objects.get_or_create(
            checkpoint=seen.checkpoint, witness=Cosignature.by(witness.key), defaults=told
        )
        Witness.objects.filter(pk=witness.pk).update(seen_at=Now())
    Witness.objects.filter(pk=witness.pk).update(size=seen.size, not_before=Now())
