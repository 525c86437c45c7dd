"""The forms of a case, in the order of its life."""

from __future__ import annotations

from typing import Any

from django import forms

from riskreview.accounts.models import User
from riskreview.accounts.roles import Role
from riskreview.cases.models import (
    Case,
    Confidence,
    Credibility,
    Disposition,
    Exhibit,
    Likelihood,
    Priority,
    RiskArea,
    Stance,
)
from riskreview.vendors.models import Product, Vendor

from ..people import holding
from .base import Form, VerbForm, date, moment, words
from .passages import PassageForm


def to_choose(choices: Any) -> list[tuple[str, str]]:
    """A judgement is chosen, never left as the page loaded it."""
    return [("", "Choose…"), *choices.choices]


class Open(Form):
    """A new question."""

    verb, noun, heading, button = "open", "case", "New case", "Open case"

    title = forms.CharField(max_length=200, help_text="What the queue shows.")
    question = forms.CharField(
        widget=words(), max_length=4_000, help_text="One sentence that a decision can answer. The requester sees it."
    )
    requester = forms.CharField(label="Asked by", max_length=200)
    vendors = forms.ModelMultipleChoiceField(
        queryset=Vendor.objects.none(), required=False, widget=forms.CheckboxSelectMultiple
    )
    products = forms.ModelMultipleChoiceField(
        queryset=Product.objects.none(), required=False, widget=forms.CheckboxSelectMultiple
    )
    priority = forms.TypedChoiceField(choices=Priority, coerce=int, initial=Priority.NORMAL)
    due_at = forms.DateTimeField(label="Due", required=False, widget=moment(), help_text="In UTC.")

    def prepare(self) -> None:
        """Offer the register."""
        self.fields["vendors"].queryset = Vendor.objects.visible_to(self.user).standing().order_by("canonical_name")  # type: ignore[attr-defined]
        self.fields["products"].queryset = Product.objects.order_by("name")  # type: ignore[attr-defined]


class Assign(VerbForm):
    """Who works on it."""

    verb, heading, button, icon = "assign", "Assign", "Assign", "user-plus"

    to = forms.ModelChoiceField(queryset=User.objects.none(), label="Reviewer")

    def prepare(self) -> None:
        """A lead chooses among the reviewers; a reviewer may only take the case."""
        people = holding(Role.REVIEWER, Role.LEAD)
        if not self.user.holds(Role.LEAD):
            people = people.filter(pk=self.user.pk)
        self.fields["to"].queryset = people  # type: ignore[attr-defined]
        self.fields["to"].empty_label = None  # type: ignore[attr-defined]
        self.initial.setdefault("to", self.user.pk)


class Reschedule(VerbForm):
    """When, and how urgent."""

    verb, heading, button, icon = "reschedule", "Reschedule", "Change", "calendar"

    due_at = forms.DateTimeField(label="Due", required=False, widget=moment(), help_text="In UTC. Empty: no date.")
    priority = forms.TypedChoiceField(choices=Priority, coerce=int)
    reason = forms.CharField(widget=words(2), max_length=2_000)

    def prepare(self) -> None:
        """Start from what is set."""
        self.initial.update(due_at=self.subject.due_at, priority=self.subject.priority)


class AddExhibit(PassageForm):
    """A passage for the reviewers."""

    verb, heading, button, icon, key = "add_exhibit", "Add evidence", "Add exhibit", "link", "e"

    stance = forms.ChoiceField(choices=Stance, initial=Stance.CONTEXT, label="What it does to the question")
    credibility = forms.TypedChoiceField(
        choices=Credibility, coerce=int, initial=Credibility.UNKNOWN, help_text="The letter comes from the source."
    )
    note = forms.CharField(widget=words(2), required=False, max_length=2_000)


class AddFinding(VerbForm):
    """What the evidence means."""

    verb, heading, button, icon, key = "add_finding", "Add finding", "Add finding", "scale", "f"

    risk_area = forms.ChoiceField(choices=to_choose(RiskArea))
    judgment = forms.CharField(label="Judgement", widget=words(), max_length=4_000, help_text="One sentence.")
    likelihood = forms.ChoiceField(choices=to_choose(Likelihood))
    confidence = forms.ChoiceField(
        choices=to_choose(Confidence), help_text="How sure you are, apart from how likely it is."
    )
    exhibits = forms.ModelMultipleChoiceField(
        queryset=Exhibit.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        label="Rests on",
        error_messages={"required": "Tick at least one exhibit."},
    )
    basis = forms.CharField(widget=words(2), required=False, max_length=4_000, label="Why these exhibits carry it")

    def prepare(self) -> None:
        """Only exhibits of this case carry a finding."""
        rests = self.fields["exhibits"]
        rests.queryset = self.subject.exhibits.select_related("document").order_by("number")  # type: ignore[attr-defined]
        rests.label_from_instance = lambda exhibit: f"{exhibit.ref} {exhibit.document}"  # type: ignore[attr-defined]


class SearchAgain(VerbForm):
    """The archive, once more."""

    verb, heading, button, icon = "search_again", "Search again", "Search the archive again", "search"
    about = "The whole archive is searched for this case once more. What was judged stays judged."


class Hold(VerbForm):
    """What the case waits for."""

    verb, heading, button, icon = "hold", "Put on hold", "Put on hold", "pause"

    reason = forms.CharField(widget=words(2), max_length=2_000, help_text="What does the case wait for?")
    until = forms.DateField(required=False, widget=date())


class Resume(VerbForm):
    """On it goes."""

    verb, heading, button, icon = "resume", "Resume", "Resume the case", "rotate-cw"


class Submit(VerbForm):
    """The recommendation."""

    verb, heading, button, icon = "submit", "Propose decision", "Submit for approval", "signature"
    tone = "primary"
    about = "A second person decides whether this becomes the decision. Any change to it clears your signature."

    disposition = forms.ChoiceField(choices=to_choose(Disposition), label="Recommendation")
    rationale = forms.CharField(widget=words(5), max_length=20_000, help_text="The requester reads this.")
    dissent = forms.CharField(widget=words(2), required=False, max_length=20_000, label="Views that differ")
    referred_to = forms.CharField(required=False, max_length=200, help_text="Needed when you recommend to refer.")

    def clean(self) -> dict[str, Any]:
        """A referral says where to."""
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("disposition") == Disposition.REFER and not cleaned.get("referred_to", "").strip():
            self.add_error("referred_to", "Say to whom the case is referred.")
        return cleaned


class Revise(Submit):
    """Another wording before approval."""

    verb, heading, button, tone = "revise", "Revise", "Save the revision", ""
    about = "Whoever changes the recommendation counts as an author of it and cannot approve it."

    def prepare(self) -> None:
        """Start from what was submitted."""
        waiting = self.subject.decisions.filter(approved_at=None, returned_at=None).first()
        for name in ("disposition", "rationale", "dissent", "referred_to") if waiting else ():
            self.initial.setdefault(name, getattr(waiting, name))


class Approve(VerbForm):
    """The second signature."""

    verb, heading, button, icon = "approve", "Review decision", "Approve and sign", "gavel"
    tone = "primary"

    read = forms.BooleanField(
        label="I read the findings and opened the evidence they rest on",
        error_messages={"required": "Tick this once you have."},
    )
    free = forms.BooleanField(
        label="I have no interest to declare in the vendors named",
        error_messages={"required": "Tick this, or let somebody else sign."},
    )
    statement = forms.CharField(
        widget=words(), required=False, max_length=4_000, help_text="Kept in the record beside your signature."
    )

    def arguments(self) -> dict[str, Any]:
        """The two confirmations are asked here; the verb wants the words."""
        return {name: self.cleaned_data[name] for name in ("seen", "statement")}


class SendBack(VerbForm):
    """Reasons for the reviewer."""

    verb, heading, button, icon = "send_back", "Send back", "Send back with reasons", "undo-2"

    reason = forms.CharField(widget=words(), max_length=4_000, help_text="What should the reviewer change?")


class Withdraw(VerbForm):
    """The question fell away."""

    verb, heading, button, icon = "withdraw", "Withdraw", "Withdraw the case", "x"

    reason = forms.CharField(widget=words(2), max_length=2_000, help_text="Why did the question fall away?")


class Reopen(VerbForm):
    """The question is back."""

    verb, heading, button, icon = "reopen", "Open again", "Open the case again", "rotate-cw"

    reason = forms.CharField(widget=words(2), max_length=2_000, help_text="The earlier decision stays on record.")


FORMS: dict[str, type[VerbForm]] = {
    form.verb: form
    for form in (
        Assign,
        Reschedule,
        AddExhibit,
        AddFinding,
        SearchAgain,
        Hold,
        Resume,
        Submit,
        Revise,
        Approve,
        SendBack,
        Withdraw,
        Reopen,
    )
}


def open_to(case: Case, user: Any, *, sent: Form | None = None, opened: str = "", **initial: Any) -> dict[str, Form]:
    """The forms of the verbs open to this person now, the one that was sent among them."""
    offered: dict[str, Form] = {}
    for verb in case.open_verbs(user):
        form = FORMS[verb]
        offered[verb] = form(subject=case, user=user, initial=dict(initial), is_open=form.verb == opened)
    return offered | ({sent.verb: sent} if sent else {})
