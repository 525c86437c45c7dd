"""The forms of those who sign: approving, dissenting, and letting somebody stand in."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone

from riskreview.accounts.confirming import NotConfirmed, confirm
from riskreview.accounts.days import site_day
from riskreview.accounts.models import Delegation, User
from riskreview.accounts.roles import Role
from riskreview.audit.models import Entry

from ..people import holding
from .base import Form, VerbForm, date, words


class SignedForm(VerbForm):
    """A form that asks once more who it is. The password goes no further than `confirm`."""

    password = forms.CharField(
        label="Your password",
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        max_length=200,
        help_text="Asked for with every signature.",
    )

    def clean_password(self) -> str:
        """Prove who it is. A wrong password is a refusal, on record."""
        try:
            self.confirmed = confirm(self.user, self.cleaned_data["password"], now=timezone.now())
        except NotConfirmed as refusal:
            Entry.objects.remember(self.user, refusal.about(f"case.{self.verb}", self.subject))
            raise forms.ValidationError(str(refusal)) from refusal
        return ""

    def renewed(self, entry_seq: int) -> Form:
        """The same words without the password, which no page shows again."""
        form = super().renewed(entry_seq)
        form.data["password"] = ""  # type: ignore[index]
        return form


class Approve(SignedForm):
    """A signature under exactly what is shown."""

    verb, heading, button, icon = "approve", "Review decision", "Approve and sign", "gavel"
    tone = "primary"
    field_order = ("seen", "dossier_sha256", "read", "free", "on_behalf_of", "statement", "password")

    dossier_sha256 = forms.CharField(widget=forms.HiddenInput, max_length=64)
    read = forms.BooleanField(
        label="I read the findings and opened the evidence they rest on",
        error_messages={"required": "Tick this once you have."},
    )
    free = forms.BooleanField(
        label="I have no interest to declare in the vendors named",
        error_messages={"required": "Tick this, or let somebody else sign."},
    )
    on_behalf_of = forms.ModelChoiceField(
        User.objects.none(),
        required=False,
        label="In whose place",
        empty_label="My own",
        help_text="Both of you must be free of it.",
    )
    statement = forms.CharField(
        widget=words(), required=False, max_length=4_000, help_text="Kept in the record beside your signature."
    )

    def prepare(self) -> None:
        """What waits, and who asked this person to stand in today."""
        waiting = self.subject.decisions.filter(approved_at=None, returned_at=None, voided_at=None).first()
        self.initial.setdefault("dossier_sha256", waiting.dossier_sha256 if waiting else "")
        others = Delegation.objects.for_whom(self.user, site_day(timezone.now()))
        if others:
            self.fields["on_behalf_of"].queryset = others  # type: ignore[attr-defined]
        else:
            del self.fields["on_behalf_of"]

    def arguments(self) -> dict[str, Any]:
        """The two ticks are asked here; the verb wants what was read, the words, and who signs for whom."""
        told = {name: self.cleaned_data[name] for name in ("seen", "dossier_sha256", "statement")}
        return told | {"confirmed": self.confirmed, "on_behalf_of": self.cleaned_data.get("on_behalf_of")}


class Dissent(SignedForm):
    """A signature against it."""

    verb, heading, button, icon = "dissent", "Dissent", "Sign my dissent", "undo-2"
    explained = "Your view is kept with the recommendation, for whoever signs it. You cannot approve it afterwards."
    field_order = ("seen", "text", "password")

    text = forms.CharField(widget=words(), max_length=20_000, label="Why you would not approve it")

    def arguments(self) -> dict[str, Any]:
        """The words, and who says them."""
        return {name: self.cleaned_data[name] for name in ("seen", "text")} | {"confirmed": self.confirmed}


class Delegate(Form):
    """Somebody else signs in one's place."""

    verb, noun, heading, button, icon = "delegate", "delegation", "Let somebody sign for you", "Save", "user"
    explained = (
        "They prove who they are with their own password. Neither of you may have worked on what is signed. The days"
        " are those of the site's time zone, both included."
    )

    to = forms.ModelChoiceField(User.objects.none(), label="Who")
    starts_on = forms.DateField(widget=date(), label="From")
    ends_on = forms.DateField(widget=date(), label="Until and with")
    reason = forms.CharField(widget=words(2), max_length=2_000)

    def prepare(self) -> None:
        """Offer the other approvers."""
        self.fields["to"].queryset = holding(Role.APPROVER).exclude(pk=self.user.pk)  # type: ignore[attr-defined]


FORMS: dict[str, type[VerbForm]] = {form.verb: form for form in (Approve, Dissent)}
