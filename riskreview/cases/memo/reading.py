"""Reading a sealed dossier path by path; what a release hides comes out as a bar with its ground. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from django.utils.html import format_html
from django.utils.safestring import SafeString

from riskreview.lib.dates import in_words
from riskreview.lib.text import without_bidi

BAR = "█" * 8
EMPTY: tuple[Any, ...] = (None, "", [], {})
STOPS = (".", "!", "?", "…", ".”", "!”", "?”", ".)")
MARKERS = re.compile(r"(\s*\[E\d+(, ?E\d+)*\])+\Z")  # a stop may stand before them, or after
INK = '<span class="memo-bar"><span class="memo-bar__ink">{}</span> <span class="memo-bar__why">[{}]</span></span>'


class Hidden(str):
    """What stands in the place of a value that is left out. As long for a word as for a page."""

    __slots__ = ("ground",)
    ground: str

    def __new__(cls, ground: str) -> Self:
        """A bar that tells the ground on which something is left out."""
        bar = super().__new__(cls, f"{BAR} [withheld: {ground}]")
        bar.ground = ground
        return bar

    def __html__(self) -> SafeString:
        return format_html(INK, "withheld", self.ground)


@dataclass(frozen=True, slots=True)
class Reader:
    """A dossier, and the grounds of what is hidden, by path."""

    content: Mapping[str, Any]
    hidden: Mapping[str, str]

    def value(self, path: str) -> Any:
        """The value under a path, None without one. A hidden one is `Hidden`; of nothing, nothing is hidden."""
        found = self.content.get(path)
        return Hidden(self.hidden[path]) if path in self.hidden and found not in EMPTY else found

    def words(self, path: str) -> str:
        """The text under a path without the characters that reorder what a reader sees; empty without one."""
        found = self.value(path)
        return found if isinstance(found, Hidden) else without_bidi(str("" if found is None else found)).strip()

    def paragraphs(self, path: str) -> list[str]:
        """The text under a path, paragraph by paragraph."""
        found = self.words(path)
        return [found] if isinstance(found, Hidden) else [each for each in found.splitlines() if each.strip()]

    def chosen(self, path: str, choices: Any) -> str:
        """A stored choice in words; the key as it reads where the vocabulary does not know it."""
        found = self.words(path)
        if isinstance(found, Hidden) or not found:
            return found
        return str(dict(choices.choices).get(found) or found.replace("_", " ").capitalize())

    def day(self, path: str) -> str:
        """A date or a moment as a day in words."""
        found = self.words(path)
        return found if isinstance(found, Hidden) else in_words(found)

    def listed(self, path: str) -> list[Any]:
        """The list under a path; empty without one, or where it is hidden."""
        found = self.value(path)
        return list(found) if isinstance(found, list | tuple) else []

    def numbers(self, part: str) -> list[int]:
        """The numbers of the parts of a kind, in order."""
        found = {path.split(".")[1] for path in self.content if path.startswith(f"{part}.")}
        return sorted(int(each) for each in found if each.isdecimal())


def ended(text: str) -> str:
    """A text with a stop at its end, so that another sentence may follow; what is hidden as it is."""
    bare = MARKERS.sub("", text)
    return text if not text or isinstance(text, Hidden) or text.endswith(STOPS) or bare.endswith(STOPS) else f"{text}."
