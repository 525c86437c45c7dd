"""Under which names a vendor is known, and on what terms they are matched."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Any

from django.db import models

from riskreview.accounts import roles
from riskreview.accounts.models import User
from riskreview.audit.models import Recorded
from riskreview.audit.recording import recorded
from riskreview.audit.refusals import NotNow, said

from .alias import PRIORS, Alias
from .namechange import NameChange
from .product import Product


def named(name: str) -> str:
    """A name without blanks around it. Raises `NotNow` when nothing is left."""
    return said(name, "A name needs at least one character.")


class Named(Recorded):
    """A vendor has names, each with its own terms. Documents that contain a changed one are read again."""

    canonical_name = models.CharField(max_length=200)

    if TYPE_CHECKING:
        aliases: Any

    class Meta:
        abstract = True

    @recorded(who=roles.reviewer, changing=True)
    def rename(self, *, by: User, canonical_name: str) -> None:
        """Call the vendor by another name. The old one stays an alias."""
        self.canonical_name = named(canonical_name)
        alias = self.aliases.filter(text=self.canonical_name).order_by("valid_to", "pk").last()
        before = alias.terms if alias else None
        alias = alias or self.aliases.model(vendor=self, text=self.canonical_name, kind=Alias.Kind.TRADE)
        alias.valid_to = None
        alias.save()
        NameChange.objects.tell(alias, NameChange.What.ADDED, before=before)

    @recorded(who=roles.reviewer)
    def add_alias(
        self,
        *,
        by: User,
        text: str,
        kind: Alias.Kind,
        strength: Alias.Strength | None = None,
        language: str = "",
        script: str = "",
        product: Product | None = None,
        source: str = "",
    ) -> Alias:
        """Add a name the vendor or one of its products goes by."""
        text = named(text)
        if product and product.vendor_id != self.pk:
            raise NotNow(f"{product} is not a product of {self}.")
        known = self.aliases.filter(text=text, kind=kind).first()
        if known and known.valid_to is None:
            raise NotNow(f"{text} is already a name of {self}.")
        before = known.terms if known else None
        alias: Alias = known or self.aliases.model(vendor=self, text=text, kind=kind)
        alias.strength, alias.valid_to = strength or Alias.Strength.STRONG, None
        alias.language, alias.script, alias.product, alias.source = language, script, product, source
        alias.save()
        NameChange.objects.tell(alias, NameChange.What.ADDED, before=before)
        return alias

    @recorded(who=roles.reviewer, changing=True)
    def amend_alias(
        self,
        *,
        by: User,
        alias: Alias,
        strength: Alias.Strength,
        prior: int,
        extract: bool,
        valid_from: datetime.date | None,
        valid_to: datetime.date | None,
    ) -> Alias:
        """Change on what terms a name is matched: how far it is believed, from which day, until which."""
        before = self._own(alias).terms
        if prior not in PRIORS:
            raise NotNow(f"The prior is a number from {PRIORS[0]} to {PRIORS[-1]}.")
        if valid_from and valid_to and valid_to < valid_from:
            raise NotNow("The last day lies before the first.")
        alias.strength, alias.prior, alias.extract = strength, prior, extract
        alias.valid_from, alias.valid_to = valid_from, valid_to
        alias.save()
        NameChange.objects.tell(alias, NameChange.What.CHANGED, before=before)
        return alias

    @recorded(who=roles.reviewer)
    def retire_alias(self, *, by: User, alias: Alias, reason: str, on: datetime.date) -> Alias:
        """Stop matching a name from a date on. It stays for search and for the record."""
        before = self._own(alias).terms
        said(reason, "Say why the name is not matched any more.")
        alias.valid_to = on
        alias.save()
        NameChange.objects.tell(alias, NameChange.What.RETIRED, before=before)
        return alias

    def _own(self, alias: Alias) -> Alias:
        """The name, read again under the vendor's lock. Raises `NotNow` when it is another vendor's."""
        if alias.vendor_id != self.pk:
            raise NotNow(f"{alias} is not a name of {self}.")
        alias.refresh_from_db()
        return alias
