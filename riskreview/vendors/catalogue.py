"""The vendors an installation starts with: facts in a data file, put on the register through the ordinary verbs."""

from __future__ import annotations

from pathlib import Path

from riskreview.accounts.models import User

from .models import Alias, Product, Relation, Vendor
from .shipped import SHIPPED, Entry, entries


def load(*, by: User, path: Path = SHIPPED) -> list[Vendor]:
    """Register every vendor of the file that is not on the register yet, then their relations. Returns the new ones."""
    known = set(Vendor.objects.values_list("slug", flat=True))
    fresh = [entry for entry in entries(path) if entry["slug"] not in known]
    vendors = [register(by, entry) for entry in fresh]
    for vendor, entry in zip(vendors, fresh, strict=True):
        relate(by, vendor, entry)
    return vendors


def register(by: User, entry: Entry) -> Vendor:
    """One vendor with its names and products."""
    vendor: Vendor = Vendor.objects.register(
        by=by,
        slug=entry["slug"],
        canonical_name=entry["canonical_name"],
        legal_names=entry.get("legal_names", []),
        hq_country=entry.get("hq_country", ""),
    )
    add_names(by, vendor, entry.get("aliases", []), product=None)
    for each in entry.get("products", []):
        product = vendor.add_product(by=by, name=each["name"], kind=Product.Kind(each["kind"]), slug=each["slug"])
        add_names(by, vendor, each.get("aliases", []), product=product)
    return vendor


def add_names(by: User, vendor: Vendor, names: list[Entry], *, product: Product | None) -> None:
    """Names as the file has them. The canonical name is an alias already."""
    for name in names:
        kind = Alias.Kind(name["kind"])
        text = f"{name['exchange']}: {name['text']}" if "exchange" in name else name["text"]
        if not vendor.aliases.filter(text=text, kind=kind).exists():
            vendor.add_alias(
                by=by,
                text=text,
                kind=kind,
                strength=Alias.Strength(name["strength"]),
                language=name.get("language", ""),
                script=name.get("script", ""),
                product=product,
                source="Shipped catalogue",
            )


def relate(by: User, vendor: Vendor, entry: Entry) -> None:
    """Parents and affiliates."""
    for parent in entry.get("parents", []):
        vendor.relate(
            by=by,
            other=Vendor.objects.get(slug=parent["slug"]),
            kind=Relation.Kind(parent["relation"]),
            valid_from=parent.get("from"),
            valid_to=parent.get("to"),
            source=parent.get("note", ""),
        )
