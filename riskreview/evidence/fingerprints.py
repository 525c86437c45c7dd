"""What a judgement hangs on: the fingerprint of a place in a text and of what was read there. Pure.

It stays the same when the text is read again, by other rules or with other names; rows and their numbers do not.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence

Span = tuple[int, int]


def fingerprint(text_sha256: str, kind: str, spans: Sequence[Span], key: str) -> str:
    """SHA-256 over the text's own hash, the kind of target, its spans and its key, hexadecimal."""
    told = [text_sha256, kind, [list(span) for span in spans], key]
    return hashlib.sha256(json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode()).hexdigest()


def mention_key(vendor: int | None) -> str:
    """What a mention is: whose name. Not which product: a name stays judged when its product is registered."""
    return f"vendor:{vendor}"


def claim_key(kind: str, *, vendor: int | None = None, agency: str = "", name: str = "") -> str:
    """What a claim is besides its words: who says it."""
    return f"{kind}:{vendor or ''}:{agency}:{name}"[:300]
