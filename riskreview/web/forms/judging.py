"""The forms with which people say what was read rightly."""

from __future__ import annotations

from typing import Any

from django import forms

from riskreview.evidence.models import Judgement, Signal

from .base import Form, VerbForm

VERDICTS: dict[str, list[tuple[str, str]]] = {
    Judgement.Kind.MENTION: [("RIGHT", "It is meant"), ("WRONG", "It is not meant")],
    Judgement.Kind.CLAIM: [
        ("RIGHT", "Read rightly"),
        ("WRONG", "Read wrongly"),
        ("DISPUTED", "Read rightly, but what it says is disputed"),
    ],
    Judgement.Kind.SIGNAL: [("RIGHT", "Read rightly"), ("WRONG", "Read wrongly")],
}


class JudgeReading(Form):
    """Whether a mention, a claim or a signal was read rightly."""

    verb, noun, heading, button, icon = "judge", "judgement", "Judge", "Judge", "check"

    target_kind = forms.ChoiceField(choices=Judgement.Kind, widget=forms.HiddenInput)
    fingerprint = forms.RegexField(r"^[0-9a-f]{64}$", widget=forms.HiddenInput)
    verdict = forms.ChoiceField(choices=Judgement.Verdict, error_messages={"required": "Choose what you say of it."})
    value = forms.ChoiceField(
        choices=[("", "As it was read"), *Signal.Status.choices],
        required=False,
        label="Status",
        help_text="Where the matter stands, if the kind of risk was read rightly.",
    )
    reason = forms.CharField(max_length=2_000, required=False)

    def prepare(self) -> None:
        """What can be said of this kind. Several of these forms may stand on one page."""
        asked = self.data if self.is_bound else self.initial
        self.auto_id = f"judge-{str(asked.get('fingerprint', ''))[:12]}-%s"
        kind = str(asked.get("target_kind"))
        offered = [("", "Choose"), *VERDICTS.get(kind, list(Judgement.Verdict.choices))]
        self.fields["verdict"].choices = offered  # type: ignore[attr-defined]
        if kind != Judgement.Kind.SIGNAL:
            del self.fields["value"]

    def clean(self) -> dict[str, Any]:
        """A status is that of a signal read rightly; with any other verdict none was asked for."""
        cleaned = super().clean() or self.cleaned_data
        if "value" in cleaned and cleaned.get("verdict") != Judgement.Verdict.RIGHT:
            cleaned["value"] = ""
        return cleaned

    @property
    def changed_nothing(self) -> bool:
        """A judgement is always something new."""
        return False


class Withdraw(VerbForm):
    """A judgement that does not hold after all."""

    verb, noun, heading, button, icon = "withdraw", "judgement", "Take the judgement back", "Take back", "undo-2"
