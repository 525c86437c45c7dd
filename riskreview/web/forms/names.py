"""The forms about names: on what terms they are matched, whose they are, and which vendors are one."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError

from riskreview.enrichment import unresolved
from riskreview.vendors.models import PRIORS, Alias, NameJudgement, Vendor, Verdict

from .base import Form, VerbForm, date, words

GONE = "No document uses this name any more, or somebody has judged it meanwhile."


class AmendAlias(VerbForm):
    """On what terms a name is matched."""

    verb, heading, button, icon = "amend_alias", "Amend a name", "Amend", "settings"
    explained = "The documents that contain the name are read again."

    alias = forms.ModelChoiceField(queryset=Alias.objects.none(), label="Name")
    strength = forms.ChoiceField(
        choices=Alias.Strength, help_text="Weak: also an ordinary word, so it counts only in a fitting context."
    )
    prior = forms.IntegerField(
        min_value=PRIORS[0],
        max_value=PRIORS[-1],
        initial=0,
        label="Prior in thousandths",
        help_text="How readily a weak name is believed before its context is read. 0: as the product has it.",
    )
    extract = forms.BooleanField(required=False, initial=True, label="Matched in texts")
    valid_from = forms.DateField(required=False, widget=date(), label="From this day on")
    valid_to = forms.DateField(required=False, widget=date(), label="Until before this day")

    def prepare(self) -> None:
        """All names of the vendor."""
        self.fields["alias"].queryset = self.subject.aliases.order_by("text")  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """The dates are in order."""
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("valid_from") and cleaned.get("valid_to") and cleaned["valid_to"] < cleaned["valid_from"]:
            self.add_error("valid_to", "The end is before the beginning.")
        return cleaned


class MergeInto(VerbForm):
    """Two entries of the register that are one vendor."""

    verb, heading, button, icon = "merge_into", "Merge", "Merge", "git-merge"

    other = forms.ModelChoiceField(queryset=Vendor.objects.none(), widget=forms.HiddenInput)
    reason = forms.CharField(widget=words(2), max_length=2_000, help_text="How do you know that they are one?")

    def prepare(self) -> None:
        """Any other vendor."""
        others = Vendor.objects.visible_to(self.user).exclude(pk=self.subject.pk)
        self.fields["other"].queryset = others  # type: ignore[attr-defined]


class Unmerge(VerbForm):
    """Two vendors after all."""

    verb, heading, button, icon = "unmerge", "Take the merge back", "Take back", "undo-2"

    reason = forms.CharField(widget=words(2), max_length=2_000, help_text="Why are they two after all?")


class AboutAName(Form):
    """A form about a name that documents use and no register has."""

    noun = "namejudgement"

    kind = forms.ChoiceField(choices=NameJudgement.Kind, widget=forms.HiddenInput)
    spelling = forms.CharField(max_length=200, widget=forms.HiddenInput)
    weak = forms.BooleanField(required=False, label="Also an ordinary word")
    reason = forms.CharField(required=False, max_length=2_000)

    def clean(self) -> dict[str, Any]:
        """What the name is, and how documents write it. The page that shows it again needs it, too."""
        cleaned = super().clean() or self.cleaned_data
        if {"kind", "spelling"} <= cleaned.keys():
            name = unresolved.one(cleaned["kind"], cleaned["spelling"], self.user)
            if name is None:
                raise ValidationError(GONE)
            cleaned["surfaces"] = name.surfaces
        weak = cast("bool", cleaned.pop("weak", False))
        return cleaned | {"strength": Alias.Strength.WEAK if weak else Alias.Strength.STRONG}


class JudgeName(AboutAName):
    """Whether a name is a vendor's."""

    verb, heading, button, icon = "judge", "Judge a name", "Judge", "check"

    verdict = forms.ChoiceField(choices=Verdict)
    vendor = forms.ModelChoiceField(queryset=Vendor.objects.none(), required=False)

    def prepare(self) -> None:
        """The vendors that stand for themselves."""
        vendors = Vendor.objects.visible_to(self.user).standing().order_by("canonical_name")
        self.fields["vendor"].queryset = vendors  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """A name that is a vendor's is somebody's; no vendor is needed for one that is not."""
        cleaned = super().clean()
        if cleaned.get("verdict") == Verdict.SAME and not cleaned.get("vendor"):
            self.add_error("vendor", "Whose name is it?")
        return cleaned if cleaned.get("verdict") == Verdict.SAME else cleaned | {"vendor": None}


class RegisterName(AboutAName):
    """A vendor that is not on the register yet."""

    verb, heading, button, icon = "register", "A new vendor", "Register the vendor", "plus"

    canonical_name = forms.CharField(label="Name of the vendor", max_length=200)
    hq_country = forms.RegexField(
        r"^[A-Z]{2}$", required=False, label="Country of its headquarters", help_text="Two capital letters, such as CN."
    )
    slug = forms.SlugField(
        required=False, max_length=80, label="Address", help_text="Needed for a name without Latin letters."
    )


class JudgePair(Form):
    """Whether two vendors of the register are one."""

    verb, noun, heading, button = "judge", "duplicatejudgement", "Judge a pair", "Judge"

    vendor = forms.ModelChoiceField(queryset=Vendor.objects.none(), widget=forms.HiddenInput)
    other = forms.ModelChoiceField(queryset=Vendor.objects.none(), widget=forms.HiddenInput)
    verdict = forms.ChoiceField(choices=Verdict)
    reason = forms.CharField(required=False, max_length=2_000)

    def prepare(self) -> None:
        """Any two vendors."""
        for name in ("vendor", "other"):
            self.fields[name].queryset = Vendor.objects.visible_to(self.user)  # type: ignore[attr-defined]


class Undo(VerbForm):
    """Take a judgement back."""

    verb, heading, button, icon = "undo", "Undo", "Undo", "undo-2"
