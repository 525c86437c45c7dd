"""The gazetteer, built from the alias register and kept until a vendor changes."""

from __future__ import annotations

import datetime
import hashlib
from functools import lru_cache

from django.db.models import Max, Sum

from riskreview.vendors.matching import Gazetteer, Name, NameKind
from riskreview.vendors.models import Alias, Vendor

Key = tuple[int, int, datetime.date]


def gazetteer(on: datetime.date) -> Gazetteer:
    """All names in force on a day, built anew when a vendor changed: every change of a name is an entry about it.

    The names of a vendor that was merged into another mean the other.
    """
    counted = Vendor.objects.aggregate(newest=Max("pk"), entries=Sum("entry_seq"))
    return _built((counted["newest"] or 0, counted["entries"] or 0, on))


@lru_cache(maxsize=2)
def _built(key: Key) -> Gazetteer:
    aliases = Alias.objects.in_force(key[2]).select_related("vendor").order_by("pk")
    names = [_name(alias) for alias in aliases]
    told = "\n".join(f"{name.kind}\t{name.vendor}\t{name.product}\t{name.text}\t{name.prior}" for name in names)
    return Gazetteer(names, hashlib.sha256(told.encode()).hexdigest()[:16])


def _name(alias: Alias) -> Name:
    return Name(alias.text, kind_of(alias), alias.vendor.counts_as, alias.product_id, alias.pk, alias.prior)


def kind_of(alias: Alias) -> NameKind:
    """How far a registered name may be believed on sight."""
    if alias.kind == Alias.Kind.TICKER:
        return NameKind.TICKER
    weak = alias.strength == Alias.Strength.WEAK
    if alias.kind == Alias.Kind.PRODUCT:
        return NameKind.PRODUCT_WEAK if weak else NameKind.PRODUCT
    return NameKind.WEAK if weak else NameKind.STRONG
