"""Retention: which parts of the record may be dropped by now. The rules are data (`retention.toml`)."""

from __future__ import annotations

import datetime
import tomllib
from functools import cache
from pathlib import Path

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

SHIPPED = Path(__file__).with_name("retention.toml")
CLASSES = ("trace", "act", "access", "refusal")


@cache
def rules(file: str) -> dict[str, int]:
    """Years by class of entry, from a file. Raises `ImproperlyConfigured` for a file that does not say them all."""
    keep = tomllib.loads(Path(file).read_text(encoding="utf-8")).get("keep", {})
    if set(keep) != set(CLASSES) or not all(isinstance(years, int) and years > 0 for years in keep.values()):
        raise ImproperlyConfigured(f"{file} must give whole years for {', '.join(CLASSES)}, and nothing else.")
    return dict(keep)


def years(what: str) -> int:
    """How many years a class is kept."""
    return rules(settings.RETENTION_FILE or str(SHIPPED))[what]


def before(what: str, now: datetime.datetime) -> datetime.datetime:
    """The moment before which entries of a class need not be kept."""
    day = now.astimezone(datetime.UTC)
    try:
        return day.replace(year=day.year - years(what))
    except ValueError:  # 29 February
        return day.replace(year=day.year - years(what), day=28)
