"""The shipped register of vendors as names to look for, without a database: for trying the rules on a text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from riskreview.vendors.matching import Gazetteer, Name, NameKind
from riskreview.vendors.shipped import Entry, entries


@dataclass(frozen=True, slots=True)
class ShippedNames:
    """The shipped names, and the number of each vendor by its slug."""

    gazetteer: Gazetteer
    numbers: Mapping[str, int]


@cache
def shipped_names() -> ShippedNames:
    """The names of the shipped register; vendors are numbered in the order of the file."""
    vendors = entries()
    numbers = {entry["slug"]: number for number, entry in enumerate(vendors, start=1)}
    names = [name for entry in vendors for name in _names(entry, numbers[entry["slug"]])]
    return ShippedNames(Gazetteer(names, "shipped"), numbers)


def _names(entry: Entry, vendor: int) -> Iterator[Name]:
    yield from (_name(alias, vendor) for alias in entry.get("aliases", []))
    for product, each in enumerate(entry.get("products", []), start=1):
        yield from (_name(alias, vendor, product) for alias in each.get("aliases", []))


def _name(alias: Entry, vendor: int, product: int | None = None) -> Name:
    return Name(text_of(alias), kind_of(alias), vendor, product)


def text_of(alias: Entry) -> str:
    """How a name of the register is written: a stock symbol with its exchange."""
    return f"{alias['exchange']}: {alias['text']}" if "exchange" in alias else str(alias["text"])


def kind_of(alias: Entry) -> NameKind:
    """How a name of the register is believed."""
    if alias["kind"] == "TICKER":
        return NameKind.TICKER
    weak = alias["strength"] == "WEAK"
    if alias["kind"] == "PRODUCT":
        return NameKind.PRODUCT_WEAK if weak else NameKind.PRODUCT
    return NameKind.WEAK if weak else NameKind.STRONG
