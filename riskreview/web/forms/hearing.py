"""The forms with which others are asked and the party is heard."""

from __future__ import annotations

from typing import Any

from django import forms

from riskreview.cases import hearing
from riskreview.cases.playbook.vocabulary import RANKS
from riskreview.lib.datafile import words as in_words
from riskreview.vendors.models import Vendor

from .base import Form, VerbForm, moment, words
from .picking import DocumentField

YES_OR_NO = [("", "Choose …"), ("True", "It changed the outcome"), ("False", "It did not change the outcome")]


class Send(Form):
    """Whom the case asks."""

    verb, noun, heading, button, icon = "send", "consultation", "Ask a body", "Put on record", "landmark"
    explained = "Its time runs from when the request was sent."

    key = forms.ChoiceField(label="About")
    consultee = forms.CharField(label="Who is asked", max_length=200)
    sent_at = forms.DateTimeField(label="Sent", widget=moment(), help_text="In UTC.")
    document = DocumentField(label="The request")

    def prepare(self) -> None:
        """What the procedure asks others about."""
        super().prepare()
        rules = hearing.rules(self.case.playbook)
        offered = [(row.key, row.title) for row in rules.consultation] if rules else []
        self.fields["key"].choices = offered  # type: ignore[attr-defined]


class Answer(VerbForm):
    """What they said."""

    verb, noun, heading, button, icon = "answer", "consultation", "Record an answer", "Put on record", "message-square"

    response = forms.ChoiceField(label="They")
    responder = forms.CharField(label="Signed by", required=False, max_length=200)
    rank = forms.ChoiceField(required=False)
    answered_at = forms.DateTimeField(label="Answered", widget=moment(), help_text="In UTC.")
    answer = forms.CharField(label="In their words", required=False, max_length=20_000, widget=words())
    document = DocumentField(label="The answer")

    def prepare(self) -> None:
        """The answers that the procedure takes, and what rank an objection needs."""
        super().prepare()
        asking = self.subject.asking
        answers = [("", "Choose …"), *((each, in_words(each)) for each in asking.responses)]
        self.fields["response"].choices = answers  # type: ignore[attr-defined]
        ranks = [("", "None, or not known"), *((each, in_words(each)) for each in RANKS)]
        self.fields["rank"].choices = ranks  # type: ignore[attr-defined]
        if asking.objection_rank:
            needed = hearing.plainly(asking.objection_rank)
            self.fields["rank"].help_text = f"An objection counts from {needed} up; below, it is kept as a comment."


class PresumeConcurrence(VerbForm):
    """Silence, taken for consent."""

    verb, noun = "presume_concurrence", "consultation"
    heading, button, icon = "Presume concurrence", "Presume concurrence", "circle-check"
    explained = "The time to object is over. This says that silence is taken for consent, and by whom."


class MarkUndeliverable(VerbForm):
    """A request that never arrived."""

    verb, noun = "mark_undeliverable", "consultation"
    heading, button, icon = "It did not arrive", "Put on record", "x"
    explained = "No time ran, then. Ask again once you know where to send it."

    reason = forms.CharField(label="Why", widget=words(2), max_length=2_000)


class Reply(Form):
    """A form about one party's right of reply."""

    noun = "submission"

    key = forms.ChoiceField(label="Right of reply")
    party = forms.ModelChoiceField(queryset=Vendor.objects.none(), empty_label=None)

    def prepare(self) -> None:
        """The rights of reply of the procedure, and the parties to the case."""
        rules = hearing.rules(self.case.playbook)
        offered = [(row.key, row.title) for row in rules.reply] if rules else []
        self.fields["key"].choices = offered  # type: ignore[attr-defined]
        self.fields["party"].queryset = self.case.vendors.order_by("canonical_name")  # type: ignore[attr-defined]


class Receive(Reply):
    """What a party submitted."""

    verb, heading, button, icon = "receive", "Record a submission", "Put on record", "inbox"
    explained = "It is taken however late it came. Somebody then writes down how it was considered."

    received_at = forms.DateTimeField(label="Received", widget=moment(), help_text="In UTC.")
    kinds = forms.MultipleChoiceField(
        label="It contains", required=False, widget=forms.CheckboxSelectMultiple, choices=[]
    )
    confidential = forms.BooleanField(label="It is confidential", required=False)
    summary = forms.CharField(label="What it says", required=False, max_length=20_000, widget=words())
    document = DocumentField(label="The document")

    field_order = ("key", "party", "received_at", "kinds", "confidential", "summary", "document")

    def prepare(self) -> None:
        """What a reply may contain."""
        super().prepare()
        rules = hearing.rules(self.case.playbook)
        rows = rules.reply if rules else ()
        known = dict.fromkeys(each for row in rows for each in row.may_contain)
        self.fields["kinds"].choices = [(each, in_words(each)) for each in known]  # type: ignore[attr-defined]
        self.initial.setdefault("confidential", any(row.confidential for row in rows))


class NoteSilence(Reply):
    """A party that said nothing."""

    verb, heading, button, icon = "note_silence", "Record that there is no reply", "Put on record", "circle-dashed"

    sought = forms.TypedChoiceField(
        label="Was one sought?",
        choices=[("True", "Yes, and none came"), ("False", "No, none was sought")],
        coerce=lambda given: given in ("True", True),
    )
    why = forms.CharField(
        required=False, max_length=4_000, widget=words(2), help_text="Needed where no reply was sought."
    )

    def clean(self) -> dict[str, Any]:
        """Not seeking a reply is a choice with a reason."""
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("sought") is False and not cleaned.get("why", "").strip():
            self.add_error("why", "Say why no reply was sought.")
        return cleaned


class Consider(VerbForm):
    """How a submission was considered."""

    verb, noun, heading, button, icon = (
        "consider",
        "submission",
        "Write how it was considered",
        "Put on record",
        "scale",
    )

    text = forms.CharField(label="How it was considered", widget=words(4), max_length=20_000)
    changed_outcome = forms.TypedChoiceField(
        label="The outcome", choices=YES_OR_NO, coerce=lambda given: given in ("True", True)
    )

    def prepare(self) -> None:
        """Start from what was written, where somebody writes it again."""
        written = next(iter(self.subject.considerations.all()), None)
        if written is not None:
            self.initial.setdefault("text", written.text)
            self.initial.setdefault("changed_outcome", str(written.changed_outcome))
