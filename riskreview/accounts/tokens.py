"""The form of API tokens: `rrp_`, 30 random base62 characters, 6 of their CRC32, so that secret scanners know one."""

from __future__ import annotations

import hashlib
import re
import secrets
import string
import zlib
from datetime import timedelta

from django.db import models

ALPHABET = string.digits + string.ascii_uppercase + string.ascii_lowercase
FORM = re.compile(r"rrp_([0-9A-Za-z]{30})([0-9A-Za-z]{6})\Z")
SHOWN = 8
LONGEST_LIFE = timedelta(days=366)


class Scope(models.TextChoices):
    """What a token may be used for, within what its owner may do."""

    READ = "read", "Read everything the owner may see"
    VENDORS_WRITE = "vendors:write", "Register and change vendors"
    INCIDENTS_WRITE = "incidents:write", "Report and change incidents"
    DOCUMENTS_WRITE = "documents:write", "Bring in documents"
    CASES_WRITE = "cases:write", "Open and work cases, judge suggestions"
    DECISIONS_WRITE = "decisions:write", "Submit, approve and send back"


def base62(number: int, width: int) -> str:
    """A number in base62, left-padded with zeros."""
    digits = ""
    while number:
        number, rest = divmod(number, 62)
        digits = ALPHABET[rest] + digits
    return digits.rjust(width, "0")


def new_secret() -> str:
    """A fresh token."""
    random = "".join(secrets.choice(ALPHABET) for _ in range(30))
    return f"rrp_{random}{base62(zlib.crc32(random.encode()), 6)}"


def well_formed(secret: str) -> bool:
    """Whether the text can be one of our tokens: its checksum must hold."""
    found = FORM.match(secret)
    return found is not None and base62(zlib.crc32(found[1].encode()), 6) == found[2]


def fingerprint(secret: str) -> str:
    """What is stored instead of the secret."""
    return hashlib.sha256(secret.encode()).hexdigest()
