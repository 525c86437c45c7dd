"""Days and moments, kept as ISO texts, in the words of people."""

from __future__ import annotations

import datetime


def day(date: datetime.date) -> str:
    """A day as "1 March 2025"."""
    return f"{date.day} {date:%B %Y}"


def in_words(text: str) -> str:
    """The day of an ISO date or moment: "1 March 2025"; a moment by its day in UTC. Empty for nothing."""
    if not text:
        return ""
    return day(datetime.date.fromisoformat(text[:10]))


def moment_in_words(text: str) -> str:
    """An ISO moment in UTC, to the minute: "1 March 2025, 17:00 UTC"."""
    return f"{in_words(text)}, {text[11:16]} UTC"


def short(text: str) -> str:
    """An ISO date as "1 Mar 2025", a moment as "1 Mar 2025, 17:00 UTC"; what is neither as it is."""
    try:
        found = datetime.datetime.fromisoformat(text)
    except ValueError:
        return text
    day = f"{found.day} {found:%b %Y}"
    if len(text) == len("2025-03-01"):
        return day
    at = found.astimezone(datetime.UTC) if found.tzinfo else found
    return f"{at.day} {at:%b %Y, %H:%M} UTC"
