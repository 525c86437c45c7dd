"""A passage of an archived document, as people give it: the document's number and the copied words."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from riskreview.evidence.models import Document

from .. import passages
from .base import VerbForm, words


class PassageForm(VerbForm):
    """Turns a document and copied words into a snapshot and a span."""

    document = forms.CharField(
        label="Document",
        max_length=200,
        help_text="Its number, or the address of its page here, such as /evidence/12/.",
    )
    passage = forms.CharField(
        label="Passage",
        widget=words(),
        max_length=passages.LONGEST,
        help_text="Copy the words from the archived text. They must stand there word for word.",
    )

    def clean_document(self) -> Document:
        """The document that was meant, if this person may see it."""
        given = self.cleaned_data["document"].strip().rstrip("/").rpartition("/")[2]
        document = Document.objects.visible_to(self.user).filter(pk=given).first() if given.isdecimal() else None
        if document is None or document.newest is None or document.newest.text is None:
            raise ValidationError("There is no document of that number whose text has been read.")
        return document

    def clean(self) -> dict[str, Any]:
        """Find the passage."""
        cleaned = super().clean() or self.cleaned_data
        if "document" in cleaned and "passage" in cleaned:
            snapshot = cleaned["document"].newest
            span = passages.find(snapshot.text, cleaned["passage"])
            if span is None:
                self.add_error("passage", "These words do not stand in the newest capture of that document.")
            else:
                cleaned |= {"snapshot": snapshot, "start": span[0], "end": span[1]}
        return cleaned

    def arguments(self) -> dict[str, Any]:
        """The verb wants the snapshot and the span."""
        return {name: value for name, value in self.cleaned_data.items() if name not in {"document", "passage"}}
