"""The forms about whose text a document is."""

from __future__ import annotations

from django import forms

from riskreview.evidence.models import Document

from .base import Form, VerbForm, words


class AboutADocument(Form):
    """A form about a document and its text."""

    noun = "originjudgement"

    document = forms.ModelChoiceField(queryset=Document.objects.none(), widget=forms.HiddenInput)

    def prepare(self) -> None:
        """Any document that the person may see."""
        self.fields["document"].queryset = Document.objects.visible_to(self.user)  # type: ignore[attr-defined]


class Split(AboutADocument):
    """A document that is no copy."""

    verb, heading, button, icon = "split", "It is no copy", "Let it stand by itself", "unlink"
    about = "It then counts as an origin of its own, on every later reading, too."

    reason = forms.CharField(
        widget=words(2), max_length=2_000, help_text="How do you know that they had it themselves?"
    )


class Join(AboutADocument):
    """Two documents that rest on one text."""

    verb, heading, button, icon = "join", "It rests on another text", "Count them as one", "git-merge"
    about = "All copies of the two then count as one origin, on every later reading, too."

    other = forms.ModelChoiceField(
        queryset=Document.objects.none(),
        widget=forms.NumberInput,
        label="Number of the other document",
        help_text="As it stands at the end of its address.",
    )
    reason = forms.CharField(
        widget=words(2), max_length=2_000, help_text="How do you know that one was made from the other?"
    )

    def prepare(self) -> None:
        """Any two documents that the person may see."""
        super().prepare()
        self.fields["other"].queryset = Document.objects.visible_to(self.user)  # type: ignore[attr-defined]


class Undo(VerbForm):
    """What was said, taken back."""

    verb, heading, button, icon = "undo", "Take it back", "Undo", "undo-2"
