"""Finding a passage that somebody copied from the page in the archived text. Pure."""

from __future__ import annotations

import re

LONGEST = 4_000


def find(text: str, passage: str) -> tuple[int, int] | None:
    """Where the passage stands: word for word, blanks and line ends aside. None when it is not there."""
    words = passage.split()
    if not words or len(passage) > LONGEST:
        return None
    found = re.search(r"\s+".join(map(re.escape, words)), text)
    return found.span() if found else None
