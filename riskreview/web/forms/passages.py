"""A passage of an archived document, as people give it: the document's number and the copied words."""

from __future__ import annotations

from typing import Any

from django import forms

from .. import passages
from .base import VerbForm, words
from .picking import DocumentField


class PassageForm(VerbForm):
    """Turns a document and copied words into a snapshot and a span."""

    document = DocumentField(required=True, readable=True)
    passage = forms.CharField(
        label="Passage",
        widget=words(),
        max_length=passages.LONGEST,
        help_text="Copy the words from the archived text. They must stand there word for word.",
    )

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
