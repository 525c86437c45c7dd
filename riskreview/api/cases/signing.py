"""What signing takes, and what a signature and a change since submission look like in answers."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from rest_framework import serializers

from riskreview.accounts.confirming import NotConfirmed, confirm
from riskreview.cases.differing import Difference
from riskreview.cases.models import Signature, recommending

from ..inputs import LONG_TEXT, PersonField, Words
from ..outputs import Person, Shown


class Recommend(Words):
    """A recommendation: what to do, why, who disagrees, and to whom the case is referred.

    `disposition` is one of the case's playbook, in capitals, or of our seven where it has none.
    """

    disposition = serializers.CharField(max_length=60)
    rationale = serializers.CharField(max_length=LONG_TEXT)
    dissent = serializers.CharField(max_length=LONG_TEXT, required=False, allow_blank=True)
    referred_to = serializers.CharField(max_length=200, required=False, allow_blank=True)

    def validate_disposition(self, given: str) -> str:
        """One that this case may be decided as."""
        known = [value for value, _ in recommending.choices(self.context["row"])]
        if given not in known:
            raise serializers.ValidationError(f"“{given}” is no valid choice. It may be: {', '.join(known)}.")
        return given


class Signed(Words):
    """What a person signs with. The password is asked for with every signature, and kept nowhere."""

    verb = ""
    password = serializers.CharField(max_length=200, trim_whitespace=False, write_only=True)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Turn the password into the proof it is. Raises `NotConfirmed`, which is a refusal on record."""
        try:
            confirmed = confirm(self.context["request"].user, attrs.pop("password"), now=timezone.now())
        except NotConfirmed as refusal:
            raise refusal.about(f"case.{self.verb}", self.context["row"]) from refusal
        return attrs | {"confirmed": confirmed}


class Approve(Signed):
    """A signature under exactly the dossier that was read: `dossier_sha256` is its digest."""

    verb = "approve"
    dossier_sha256 = serializers.RegexField(r"^[0-9a-f]{64}$")
    statement = serializers.CharField(max_length=LONG_TEXT, required=False, allow_blank=True)
    on_behalf_of = PersonField(
        required=False, allow_null=True, help_text="Id or e-mail address of the approver stood in for, if any."
    )


class Dissent(Signed):
    """A signature against it, with reasons."""

    verb = "dissent"
    text = serializers.CharField(max_length=LONG_TEXT)


class SignatureShown(Shown):
    """One person's signature under a version of the dossier."""

    user = Person(read_only=True)
    on_behalf_of = Person(read_only=True, allow_null=True)

    class Meta:
        model = Signature
        fields = (
            "user", "on_behalf_of", "role", "meaning", "statement", "dossier_sha256", "strength", "confirmed_at",
            "signed_at",
        )  # fmt: skip


class DifferenceShown(serializers.Serializer[Difference]):
    """One thing in the dossier that is otherwise than it was submitted; `path` names it, `says` in words."""

    path = serializers.CharField()
    says = serializers.CharField()
    old = serializers.JSONField(allow_null=True)
    new = serializers.JSONField(allow_null=True)
