"""What several answers share: people, references to rows, and rows that can only be read."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from riskreview.accounts.models import User
from riskreview.evidence.models import Document
from riskreview.vendors.models import Product, Vendor


class Shown(serializers.ModelSerializer[Any]):
    """A row as an answer shows it."""

    def get_fields(self) -> dict[str, Any]:
        """The fields, none of which can be written."""
        fields = super().get_fields()
        for field in fields.values():
            field.read_only = True
        return fields


class Versioned(Shown):
    """A row with verbs. `version` counts the entries about it; its `ETag` is the same number in quotes."""

    version = serializers.IntegerField(source="entry_seq", read_only=True)


class Person(Shown):
    """Somebody, by id and name."""

    class Meta:
        model = User
        fields = ("id", "name")


class VendorReference(Shown):
    """A vendor, by slug and name."""

    name = serializers.CharField(source="canonical_name", read_only=True)

    class Meta:
        model = Vendor
        fields = ("slug", "name")


class ProductReference(Shown):
    """A product, with its vendor's slug."""

    vendor = serializers.SlugRelatedField[Any](slug_field="slug", read_only=True)

    class Meta:
        model = Product
        fields = ("id", "slug", "name", "vendor")


class DocumentReference(Shown):
    """A document, by id and headline."""

    class Meta:
        model = Document
        fields = ("id", "headline", "url", "publisher", "published_at")
