"""The box in which a document is chosen: by words of it, its number or an address, or among those of the case."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.safestring import SafeString

from riskreview.accounts.models import User
from riskreview.evidence.models import Document

from .. import picking

HOW = "Words of its title, its number, or its address. With words you choose among what is found."


class DocumentPicker(forms.Widget):
    """A box to look for a document, and below it what there is to choose from.

    Without JavaScript the form comes back with the choices; with it they appear while somebody writes.
    """

    user: User
    cited = picking.Cited(None)
    found: list[Document] = []
    chosen: Document | None = None

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> tuple[str, str]:
        """What was written, and the number of what was chosen."""
        return str(data.get(name) or "").replace("\x00", "").strip(), str(data.get(picked(name)) or "").strip()

    def use_required_attribute(self, initial: Any) -> bool:
        """Never: a choice below the box is enough."""
        return False

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        """The box and the choices. A document that is known is shown as chosen, by its title."""
        typed, chosen = self.shown(value)
        query = {"field": name, "case": self.cited.case.ref if self.cited.case else ""} | (
            {} if self.is_required else {"none": ""}
        )
        context = {
            "name": name,
            "typed": typed,
            "attrs": {"class": "input", **(attrs or {})},
            "address": f"{reverse('document-pick')}?{urlencode(query)}",
            "found": [chosen] if chosen else self.found[: picking.SHOWN],
            "chosen": chosen.pk if chosen else None,
            "none": not self.is_required,
            "at_hand": [each for each in self.cited.documents if each != chosen],
        }
        return render_to_string("components/picker.html", context)

    def shown(self, value: Any) -> tuple[str, Document | None]:
        """What stands in the box, and what is chosen below it."""
        if isinstance(value, tuple):
            return ("", self.chosen) if self.chosen else (value[0], None)
        known = value if isinstance(value, Document) else picking.named(str(value), self.user)
        return ("", known) if known else (str(value or ""), None)


class DocumentField(forms.Field):
    """A document of the archive. Its form says who looks, and for which case; see `Form.__init__`."""

    widget = DocumentPicker

    def __init__(self, *, readable: bool = False, **options: Any) -> None:
        options.setdefault("help_text", HOW)
        options.setdefault("required", False)
        self.readable = readable
        super().__init__(**options)

    def at(self, user: User, cited: picking.Cited) -> None:
        """Whose archive it is, and which case's documents are offered first."""
        self.widget.user, self.widget.cited = user, cited

    def clean(self, value: Any) -> Document | None:
        """The document, if this person may see it; None where none is named. Raises `ValidationError`."""
        typed, chosen = value
        box: Any = self.widget
        document = picking.named(chosen, box.user) if chosen.isdecimal() else None
        if chosen and document is None:
            raise ValidationError(picking.GONE)
        if typed and (document is None or picking.is_named(typed)):
            document = self.found(typed, document)
        if document is None and self.required:
            raise ValidationError("Choose a document: write words of its title, its number or its address.")
        box.chosen = document
        return self.fit(document)

    def found(self, typed: str, chosen: Document | None) -> Document:
        """The document that was written. Raises `ValidationError` where that names none, several, or another."""
        box: Any = self.widget
        box.found = picking.looked_for(typed, box.user, box.cited)
        if not picking.is_named(typed):
            raise ValidationError(f"Choose below: {counted(len(box.found))}")
        if chosen is not None and chosen != box.found[0]:
            box.found = [chosen, *box.found]
            raise ValidationError("You named two documents. Choose one of them below, and leave the box empty.")
        return box.found[0]  # type: ignore[no-any-return]

    def fit(self, document: Document | None) -> Document | None:
        """The document, if it has what the form needs of it. Raises `ValidationError` otherwise."""
        if document is not None and self.readable and (document.newest is None or document.newest.text is None):
            raise ValidationError(f"“{document}” has no text that has been read, so no passage of it can be named.")
        return document


def counted(found: int) -> str:
    """How many documents were found for words, as a sentence; with one more than is shown, that there are more."""
    if found > picking.SHOWN:
        return f"the first {picking.SHOWN} documents for these words. There are more: write more words to narrow them."
    return f"{'one document was' if found == 1 else f'{found} documents were'} found for these words."


def picked(name: str) -> str:
    """What the choices below a box are called."""
    return f"{name}-pick"
