"""The labelled texts, and the registers of names they are read with. Needs no database."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from riskreview.enrichment.shipped_names import kind_of, text_of
from riskreview.vendors.matching import Gazetteer, Name, NameKind
from riskreview.vendors.shipped import entries

FOLDER = Path(__file__).parent / "quality"
OPEN, LOCKED = "open", "locked"
# Materials of other people that may lie beside the project; what is measured on them is shown where they are.
BESIDE = Path(__file__).parents[2] / "shared"
SEEDS = BESIDE / "seeds"
OTHER_LABELS = BESIDE / "data" / "enrichment" / "labels"

Row = dict[str, Any]
_KINDS = {
    "strong": NameKind.STRONG,
    "weak": NameKind.WEAK,
    "products": NameKind.PRODUCT,
    "weak_products": NameKind.PRODUCT_WEAK,
    "tickers": NameKind.TICKER,
}
# What the labels call a vendor, where a register spells its slug otherwise.
_OTHERWISE = {"01-ai": "01ai", "goldman": "goldman-sachs"}
_MORE = ("", "-ai")


@dataclass(frozen=True)
class Register:
    """Names with the numbers of their vendors by slug."""

    gazetteer: Gazetteer
    names: tuple[Name, ...]
    numbers: Mapping[str, int]

    def number(self, entity: str | None) -> int | None:
        """The vendor that a label means, None for nobody and for one that is not on the register."""
        known = _OTHERWISE.get(entity or "", entity or "")
        return next((self.numbers[known + end] for end in _MORE if known + end in self.numbers), None)

    def among(self, entities: list[str]) -> frozenset[int]:
        """The vendors of these labels that are on the register."""
        return frozenset(number for entity in entities if (number := self.number(entity)) is not None)

    def told(self, vendors: frozenset[int]) -> str:
        """Vendors in words."""
        return ", ".join(slug for slug, number in self.numbers.items() if number in vendors) or "nobody"


def rows(part: str, name: str) -> list[Row]:
    """The labelled rows of one file."""
    return read(FOLDER / part / f"{name}.jsonl")


def read(path: Path) -> list[Row]:
    """The rows of a file of JSON lines."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line]


@cache
def shipped() -> Register:
    """The register every installation begins with."""
    return _register(_shipped_vendors())


@cache
def whole() -> Register:
    """The shipped register with the further vendors that the labelled texts are about."""
    known = _shipped_vendors()
    more = tomllib.loads((FOLDER / "names.toml").read_text(encoding="utf-8"))
    return _register(known | {slug: _further(entry) for slug, entry in more.items() if slug not in known})


_Spelled = list[tuple[str, NameKind]]


def _register(vendors: dict[str, _Spelled]) -> Register:
    numbers = {slug: number for number, slug in enumerate(vendors, start=1)}
    names = tuple(
        Name(text, kind, numbers[slug], product=index if kind in (NameKind.PRODUCT, NameKind.PRODUCT_WEAK) else None)
        for slug, spelled in vendors.items()
        for index, (text, kind) in enumerate(spelled, start=1)
    )
    return Register(Gazetteer(names, "quality"), names, numbers)


def _shipped_vendors() -> dict[str, _Spelled]:
    return {entry["slug"]: list(_spelled(entry)) for entry in entries()}


def _spelled(entry: Row) -> Iterator[tuple[str, NameKind]]:
    products = [alias for product in entry.get("products", []) for alias in product["aliases"]]
    for alias in [*entry["aliases"], *products]:
        yield text_of(alias), kind_of(alias)


def _further(entry: Row) -> _Spelled:
    return [(text, kind) for key, kind in _KINDS.items() for text in entry.get(key, [])]
