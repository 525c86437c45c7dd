"""Which forms of a case's page are filled in at once, and which are fetched when somebody opens them.

A form that offers rows of the registers (people, vendors, sources) would read them for every button nobody presses.
It stands on the page as its button, a link to the same page with the form open.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.forms import ModelChoiceField, NumberInput

from .forms.base import Form


def mark(told: Any, opened: str) -> None:
    """Open the form that the address names by its place on the page."""
    for form in forms_in(told):
        form.is_open = form.is_open or (bool(opened) and form.place == opened)


def forms_in(told: Any) -> Iterable[Form]:
    """Every form in what a page shows."""
    if isinstance(told, Form):
        yield told
    elif isinstance(told, Mapping):
        yield from forms_in(list(told.values()))
    elif isinstance(told, list | tuple):
        for each in told:
            yield from forms_in(each)
    else:
        yield from forms_in([getattr(told, name) for name in ("form", "forms") if hasattr(told, name)])


def is_fetched(form: Form) -> bool:
    """Whether a form is fetched when it is opened: it offers rows of the registers, and is not open."""
    return not form.is_open and any(map(reads, form.fields.values()))


def reads(field: Any) -> bool:
    """Whether showing a field reads rows to choose from."""
    return (
        isinstance(field, ModelChoiceField) and not field.widget.is_hidden and not isinstance(field.widget, NumberInput)
    )
