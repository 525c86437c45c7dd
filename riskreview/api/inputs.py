"""What clients send: exactly the fields of the act, and references to rows they may see."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.db.models import QuerySet
from django.http import QueryDict
from rest_framework import serializers

from riskreview.accounts.models import User
from riskreview.evidence.models import Document, Snapshot
from riskreview.vendors.models import Product, Vendor

UNKNOWN, TWICE = "There is no such field here.", "This field is there twice."
LONG_TEXT = 20_000


class Words(serializers.Serializer[Any]):
    """The arguments of one act. An unknown field, or a form field given twice, is an error."""

    def to_internal_value(self, data: Any) -> Any:
        """The checked arguments. Raises `ValidationError` with every complaint about unknown fields at once."""
        if isinstance(data, Mapping):
            complaints = {str(name)[:80]: [UNKNOWN] for name in data if name not in self.fields}
            if isinstance(data, QueryDict):
                complaints |= {name: [TWICE] for name, values in data.lists() if len(values) > 1}
            if complaints:
                raise serializers.ValidationError(complaints)
        return super().to_internal_value(data)


class Nothing(Words):
    """An act without arguments."""


class Reason(Words):
    """An act that wants its reason."""

    reason = serializers.CharField(max_length=LONG_TEXT)


class RowField(serializers.SlugRelatedField[Any]):
    """A row named by one of its columns; a row the caller may not see is as absent as one that never was."""

    default_error_messages = {"does_not_exist": "There is no such row, or you may not see it."}

    def __init__(self, rows: Callable[[User], QuerySet[Any]], *, slug_field: str, **options: Any) -> None:
        self.rows = rows
        super().__init__(slug_field=slug_field, **options)

    def get_queryset(self) -> QuerySet[Any]:
        """The rows that may be named."""
        return self.rows(self.context["request"].user)


class VendorField(RowField):
    """A vendor by its slug."""

    def __init__(self, **options: Any) -> None:
        super().__init__(Vendor.objects.visible_to, slug_field="slug", queryset=Vendor.objects.all(), **options)


class ProductField(RowField):
    """A product by its id."""

    def __init__(self, **options: Any) -> None:
        super().__init__(products_visible_to, slug_field="id", queryset=Product.objects.all(), **options)


class SnapshotField(RowField):
    """A snapshot by its id."""

    def __init__(self, **options: Any) -> None:
        super().__init__(snapshots_visible_to, slug_field="id", queryset=Snapshot.objects.all(), **options)


class PersonField(serializers.CharField):
    """A person by id or e-mail address."""

    default_error_messages = {"unknown": "There is nobody with this id or e-mail address."}

    def to_internal_value(self, data: Any) -> Any:
        """The person. Raises `ValidationError` when there is none."""
        given = str(super().to_internal_value(data))
        by_email = {"email__iexact": given} if "@" in given else {"pk": uuid_or_none(given)}
        found = User.objects.people().filter(**by_email).first()
        return found or self.fail("unknown")


def own(words: Words, parts: str, **key: Any) -> Any:
    """A row that belongs to the row the act is about. Raises `ValidationError`."""
    found = getattr(words.context["row"], parts).filter(**key).first()
    if found is None:
        raise serializers.ValidationError("There is no such row here.")
    return found


def uuid_or_none(text: str) -> Any:
    """The UUID a text spells, or None."""
    try:
        return serializers.UUIDField().to_internal_value(text)
    except serializers.ValidationError:
        return None


def products_visible_to(user: User) -> QuerySet[Product]:
    """Products of the vendors this person may see."""
    return Product.objects.filter(vendor__in=Vendor.objects.visible_to(user))


def snapshots_visible_to(user: User) -> QuerySet[Snapshot]:
    """Snapshots of the documents this person may see."""
    return Snapshot.objects.select_related("document").filter(document__in=Document.objects.visible_to(user))
