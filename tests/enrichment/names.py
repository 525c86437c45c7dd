"""The shipped names as a gazetteer, without a database."""

import tomllib
from functools import cache
from pathlib import Path

import riskreview.vendors
from riskreview.enrichment.shipped_names import kind_of
from riskreview.vendors.matching import Gazetteer, Name

LIST = Path(riskreview.vendors.__file__).parent / "data" / "gazetteer.toml"


@cache
def vendors():
    """Number of each vendor by its slug, in the order of the list."""
    return {vendor["slug"]: number for number, vendor in enumerate(entries(), start=1)}


def slug(number):
    return next(slug for slug, known in vendors().items() if known == number)


@cache
def entries():
    return tomllib.loads(LIST.read_text(encoding="utf-8"))["vendor"]


@cache
def gazetteer():
    return Gazetteer(names(), "test")


def names():
    for vendor in entries():
        number = vendors()[vendor["slug"]]
        yield from (Name(alias["text"], kind_of(alias), number) for alias in vendor["aliases"])
        for product, entry in enumerate(vendor.get("products", []), start=1):
            yield from (Name(alias["text"], kind_of(alias), number, product) for alias in entry["aliases"])
