"""The forms of a case, in the order of its life."""

from __future__ import annotations

from typing import Any

from django import forms

from riskreview.accounts.models import User
from riskreview.accounts.roles import Role
from riskreview.cases.models import Case, Priority, recommending
from riskreview.vendors.models import Product, Vendor

from ..people import holding
from . import effects, evidence, procedure, signing, together
from .base import Form, VerbForm, date, moment, words
from .products import ProductsField, by_vendor

WORDS = ("disposition", "rationale", "dissent", "referred_to")


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
    products = ProductsField(queryset=Product.objects.none(), required=False)
    priority = forms.TypedChoiceField(choices=Priority, coerce=int, initial=Priority.NORMAL)
    due_at = forms.DateTimeField(label="Due", required=False, widget=moment(), help_text="In UTC.")
    playbook = forms.ChoiceField(
        required=False,
        widget=forms.RadioSelect,
        help_text="The process it follows: stages, limits, who is heard. The case keeps the version it begins with.",
    )

    def prepare(self) -> None:
        """Offer the register and the playbooks."""
        self.fields["playbook"].choices = procedure.playbooks("None: no stages, no limits.")  # type: ignore[attr-defined]
        self.initial.setdefault("playbook", procedure.PREFERRED)
        self.fields["vendors"].queryset = Vendor.objects.visible_to(self.user).standing().order_by("canonical_name")  # type: ignore[attr-defined]
        self.fields["products"].queryset = by_vendor()  # type: ignore[attr-defined]


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
        self.initial = {**self.initial, "due_at": self.subject.due_at, "priority": self.subject.priority}


class SearchAgain(VerbForm):
    """The archive, once more."""

    verb, heading, button, icon = "search_again", "Search again", "Search the archive again", "search"
    explained = "The whole archive is searched for this case once more. What was judged stays judged."


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
    explained = "A second person decides whether this becomes the decision. Any change to it clears your signature."

    disposition = forms.ChoiceField(label="Recommendation")
    rationale = forms.CharField(widget=words(5), max_length=20_000, help_text="The requester reads this.")
    dissent = forms.CharField(widget=words(2), required=False, max_length=20_000, label="Views that differ")
    referred_to = forms.CharField(required=False, max_length=200, help_text="Needed when you recommend to refer.")

    def prepare(self) -> None:
        """What the case's playbook lets it be decided as, or our own seven ways."""
        offered = [("", "Choose…"), *recommending.choices(self.subject)]
        self.fields["disposition"].choices = offered  # type: ignore[attr-defined]
        # What was said before a change made it void, or before it came back, is not written twice.
        earlier = max(self.subject.decisions.all(), key=lambda one: one.number, default=None)
        for name in WORDS if earlier is not None and earlier.approved_at is None else ():
            self.initial.setdefault(name, getattr(earlier, name))

    def clean(self) -> dict[str, Any]:
        """A referral says where to."""
        cleaned = super().clean() or self.cleaned_data
        refers = recommending.refers(self.subject, cleaned.get("disposition") or "")
        if refers and not cleaned.get("referred_to", "").strip():
            self.add_error("referred_to", "Say to whom the case is referred.")
        return cleaned


class Revise(Submit):
    """Another wording before approval."""

    verb, heading, button, tone = "revise", "Revise", "Save the revision", ""
    explained = "Whoever changes the recommendation counts as an author of it and cannot approve it."


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


FORMS: dict[str, type[VerbForm]] = (
    {
        form.verb: form
        for form in (
            Assign,
            Reschedule,
            SearchAgain,
            Hold,
            Resume,
            Submit,
            Revise,
            SendBack,
            Withdraw,
            Reopen,
        )
    }
    | evidence.FORMS
    | signing.FORMS
    | effects.FORMS
    | together.FILED
    | procedure.FORMS
)


def open_to(case: Case, user: Any, *, sent: Form | None = None, opened: str = "", **initial: Any) -> dict[str, Form]:
    """The forms of the verbs open to this person now, the one that was sent among them."""
    offered: dict[str, Form] = {}
    for verb in case.open_verbs(user):
        form = FORMS[verb]
        offered[verb] = form(subject=case, user=user, initial=dict(initial), is_open=form.verb == opened)
    # A form of a row of its own that was sent stands on top of the page.
    return offered | ({sent.verb: sent} if sent and sent.case is None else {})
