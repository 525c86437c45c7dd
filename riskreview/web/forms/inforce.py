"""The forms for what becomes of a decision: publications, events in law, exemptions."""

from __future__ import annotations

from typing import Any

from django import forms

from riskreview.cases.models import Decision, Effect, Exemption, LegalEvent

from .base import Form, VerbForm, date, words
from .effects import LAST_DAY
from .picking import HOW, DocumentField


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
        field.queryset = (
            Effect.objects.standing().filter(decision__in=decided(self.case).values("pk")).order_by("number")
        )
        field.label_from_instance = lambda effect: f"{effect.number} {effect}"


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
    document = DocumentField(label="The notice itself", help_text=f"Where the archive holds it. {HOW}")

    def clean(self) -> dict[str, Any]:
        """A day or a reason, not both."""
        cleaned = super().clean() or self.cleaned_data
        if (cleaned.get("published_on") is None) == (not cleaned.get("why_not", "").strip()):
            self.add_error("published_on", "Give the day it was made public, or else the reason why it is not.")
        return cleaned


class Record(OfDecisionOrEffect):
    """What a court or an authority did."""

    verb, noun, heading, button, icon = "record", "legalstatus", "Add event in law", "Put on record", "scale"
    explained = (
        "What a court or an authority did counts at once, and is shown as not confirmed until a second person has read"
        " the document. What we did ourselves (postponed, superseded, rescinded, expired) counts from then on only."
        " Tracks may contradict each other: all are shown, none is merged with another."
    )

    track = forms.CharField(max_length=120, help_text="The statute or the docket, spelt the same each time.")
    kind = forms.ChoiceField(choices=LegalEvent, label="What happened")
    forum = forms.CharField(max_length=120, label="Who did it", help_text="The court or the authority.")
    as_of = forms.DateField(widget=date(), label="On")
    until = forms.DateField(
        required=False, widget=date(), help_text="The day from which it holds no more. Empty: until something follows."
    )
    citation = forms.CharField(max_length=300, required=False)
    document = DocumentField(label="The order or ruling that says so", required=True)
    passage = forms.CharField(
        widget=words(2),
        max_length=4_000,
        label="Where it says so",
        help_text="Word for word, as the archive has it: 20 characters at least, or a whole sentence.",
    )


class Confirm(VerbForm):
    """A second person read it."""

    verb, noun, heading, button, icon = "confirm", "legalstatus", "Confirm", "I read it: it says so", "check"
    explained = "Open the document first. From then on two people stand behind this event."


class Strike(VerbForm):
    """It does not say so."""

    verb, noun, heading, button, icon = "strike", "legalstatus", "Strike", "Strike the event", "x"
    explained = "It stays on record and counts no more."

    reason = forms.CharField(widget=words(2), max_length=4_000)


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
