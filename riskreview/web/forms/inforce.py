"""The forms for what becomes of a decision: publications, events in law, exemptions."""

from __future__ import annotations

from typing import Any

from django import forms

from riskreview.cases.models import Decision, Effect, Exemption, LegalEvent
from riskreview.evidence.models import Document

from .base import Form, VerbForm, date, words
from .effects import LAST_DAY


def decided(case: Any) -> Any:
    """The decisions of a case that somebody signed, newest first."""
    return Decision.objects.filter(case=case).exclude(approved_at=None).order_by("-number")


class OfDecision(Form):
    """A new row about a decision of the case."""

    decision = forms.ModelChoiceField(queryset=Decision.objects.none())

    def prepare(self) -> None:
        """Only decisions of this case that somebody signed; the newest comes first."""
        rows = decided(self.case)
        field: Any = self.fields["decision"]
        field.queryset, field.empty_label = rows, None
        field.label_from_instance = lambda decision: f"Version {decision.number}: {decision}"

    @property
    def place(self) -> str:
        """What it is about, and the verb: a case has other forms with this verb."""
        return f"{self.noun}-{self.anchor}"


class OfDecisionOrEffect(OfDecision):
    """A new row about a decision of the case, or about one of its effects."""

    effect = forms.ModelChoiceField(
        queryset=Effect.objects.none(), required=False, help_text="Empty: the whole decision."
    )

    def prepare(self) -> None:
        """Only effects of decisions that somebody signed."""
        super().prepare()
        field: Any = self.fields["effect"]
        field.queryset = Effect.objects.filter(decision__in=decided(self.case).values("pk")).order_by("number")
        field.label_from_instance = lambda effect: f"{effect.number} {effect}"


def documents() -> Any:
    """The number of a document of the archive."""
    return forms.ModelChoiceField(
        queryset=Document.objects.none(),
        widget=forms.NumberInput,
        required=False,
        label="Number of the document",
        help_text="The notice or ruling itself, where the archive holds it.",
    )


class Publish(OfDecision):
    """Where it can be read, or why nowhere."""

    verb, noun, heading, button, icon = "publish", "publication", "Add publication", "Put on record", "file-text"
    explained = "A decision that is signed and not made public is held, and shown as in force nowhere."

    channel = forms.CharField(max_length=120, help_text="Such as the Federal Register, or a notice to the agencies.")
    reference = forms.CharField(max_length=200, required=False)
    published_on = forms.DateField(required=False, widget=date(), label="Made public on")
    why_not = forms.CharField(
        widget=words(2), required=False, max_length=4_000, label="Or why it is not", help_text="Instead of the day."
    )
    document = documents()

    def prepare(self) -> None:
        """Documents this person may see."""
        super().prepare()
        self.fields["document"].queryset = Document.objects.visible_to(self.user)  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """A day or a reason, not both."""
        cleaned = super().clean() or self.cleaned_data
        if (cleaned.get("published_on") is None) == (not cleaned.get("why_not", "").strip()):
            self.add_error("published_on", "Give the day it was made public, or else the reason why it is not.")
        return cleaned


class Record(OfDecisionOrEffect):
    """What a court or an authority did."""

    verb, noun, heading, button, icon = "record", "legalstatus", "Add event in law", "Put on record", "scale"
    explained = "Tracks may contradict each other. All are shown; none is merged with another."

    track = forms.CharField(max_length=120, help_text="The statute or the docket, spelt the same each time.")
    kind = forms.ChoiceField(choices=LegalEvent, label="What happened")
    forum = forms.CharField(max_length=120, label="Who did it", help_text="The court or the authority.")
    as_of = forms.DateField(widget=date(), label="On")
    until = forms.DateField(
        required=False, widget=date(), help_text="The day from which it holds no more. Empty: until something follows."
    )
    citation = forms.CharField(max_length=300, required=False)
    document = documents()

    def prepare(self) -> None:
        """Documents this person may see."""
        super().prepare()
        self.fields["document"].queryset = Document.objects.visible_to(self.user)  # type: ignore[attr-defined]


class Grant(OfDecisionOrEffect):
    """To whom it does not apply."""

    verb, noun, heading, button, icon = "grant", "exemption", "Add exemption", "Grant", "unlink"

    kind = forms.ChoiceField(choices=Exemption.Kind)
    holder = forms.CharField(max_length=200, label="Who is exempt")
    grounds = forms.CharField(widget=words(2), max_length=4_000)
    starts_on = forms.DateField(widget=date(), label="From")
    expires_on = forms.DateField(widget=date(), label="To", help_text=LAST_DAY.partition(" Empty")[0])


class Revoke(VerbForm):
    """Not exempt any more."""

    verb, noun, heading, button, icon = "revoke", "exemption", "Take back", "Take the exemption back", "undo-2"

    on = forms.DateField(widget=date(), label="From", help_text="From this day it holds no more.")
    reason = forms.CharField(widget=words(2), max_length=4_000)
