"""The products of the register to tick, folded under their vendors: a register holds hundreds."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.forms.models import ModelChoiceIterator
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from riskreview.vendors.models import Product


def by_vendor() -> QuerySet[Product]:
    """Every product, those of one vendor together."""
    return Product.objects.select_related("vendor").order_by("vendor__canonical_name", "vendor", "name")


class ByVendor(ModelChoiceIterator):  # type: ignore[type-arg]
    """The choices in groups, one for each vendor."""

    def __iter__(self) -> Iterator[Any]:
        for vendor, products in groupby(self.queryset, key=lambda product: product.vendor):
            yield vendor.canonical_name, [self.choice(product) for product in products]


class FoldedBoxes(forms.CheckboxSelectMultiple):
    """Tick boxes in folds, one for each group. A fold with a tick is open."""

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        """The folds, which need no JavaScript."""
        groups = self.get_context(name, value, attrs)["widget"]["optgroups"]
        told = [(title, boxes, sum(box["selected"] for box in boxes)) for title, boxes, _ in groups]
        return render_to_string(
            "components/folded.html", {"name": name, "id": (attrs or {}).get("id", ""), "groups": told}
        )


class ProductsField(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]
    """Products, chosen under their vendors."""

    widget = FoldedBoxes
    iterator = ByVendor
