"""The forms about whose text a document is."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q

from riskreview.evidence.models import Document
from riskreview.lib.text import without_bidi

from ..picking import NUMBER, PAGE, published_at
from .base import Form, VerbForm, words


class AboutADocument(Form):
    """A form about a document and its text."""

    noun = "originjudgement"

    document = forms.ModelChoiceField(queryset=Document.objects.none(), widget=forms.HiddenInput)

    def prepare(self) -> None:
        """Any document that the person may see."""
        self.fields["document"].queryset = Document.objects.visible_to(self.user)  # type: ignore[attr-defined]


class Split(AboutADocument):
    """A document that is no copy. What that does to its copies is told by the page."""

    verb, heading, button, icon = "split", "It is no copy", "Let it stand by itself", "unlink"

    reason = forms.CharField(
        widget=words(2), max_length=2_000, help_text="How do you know that they had it themselves?"
    )


class Join(AboutADocument):
    """Two documents that rest on one text."""

    verb, heading, button, icon = "join", "It rests on another text", "Count them as one", "git-merge"
    explained = "All copies of the two then count as one origin, on every later reading, too."

    near = forms.CharField(required=False, max_length=20, label="The other document", widget=forms.Select)
    other = forms.CharField(
        required=False,
        max_length=2_000,
        label="Its number or address",
        help_text="If it is not in the list: its number, the address of its page here, or where it was published.",
    )
    reason = forms.CharField(
        widget=words(2), max_length=2_000, help_text="How do you know that one was made from the other?"
    )

    def prepare(self) -> None:
        """What was chosen before stays, whatever is offered now."""
        super().prepare()
        self.offer(())

    def offer(self, documents: Iterable[Document]) -> None:
        """Let one of these be chosen."""
        known = {str(each.pk): without_bidi(f"{each.pk}: {each} ({each.outlet or 'unknown'})") for each in documents}
        chosen = str(self.data.get("near", ""))[:20]
        choices = {"": "Choose a document"} | ({chosen: chosen} if chosen else {}) | known
        self.fields["near"].widget.choices = list(choices.items())

    def clean(self) -> dict[str, Any]:
        """The other document, if this person may see it. What was typed goes before what was chosen."""
        cleaned = super().clean() or self.cleaned_data
        typed, chosen = cleaned.get("other", ""), cleaned.pop("near", "")
        if "other" not in self.errors:
            try:
                cleaned["other"] = self.document_of(typed or chosen)
            except ValidationError as error:
                self.add_error("other" if typed else "near", error)
        return cleaned

    def document_of(self, told: str) -> Document:
        """The document with a number or an address, its own or its page's here. Raises `ValidationError`."""
        numbered = NUMBER.fullmatch(told)
        page = numbered or PAGE.search(told)
        if not page and "/" not in told:
            raise ValidationError("Choose a document, or give its number or its address.")
        asked = (Q(pk=int(page[1])) if page else Q()) | (Q() if numbered else published_at(told))
        found: Document | None = Document.objects.visible_to(self.user).filter(asked).order_by("pk").first()
        if found is None:
            raise ValidationError(f"No document has this {'number' if numbered else 'address'}.")
        return found


class Undo(VerbForm):
    """What was said, taken back."""

    verb, heading, button, icon = "undo", "Take it back", "Undo", "undo-2"
