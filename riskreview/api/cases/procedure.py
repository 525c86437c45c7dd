"""How a case goes through its playbook: what the acts take, and what a case shows of it."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from riskreview.cases import playbook
from riskreview.cases.models import Case, Output, Seat, Stage
from riskreview.cases.playbook import vocabulary, words
from riskreview.cases.requirements import Unmet, asked_at, held_back, unmet

from ..inputs import LONG_TEXT, PersonField, Reason, Words
from ..judgements import DocumentField
from ..outputs import DocumentReference, Person, Shown


class PlaybookField(serializers.CharField):
    """The key of a shipped playbook."""

    default_error_messages = {"unknown": "There is no playbook “{given}”. There are: {keys}."}

    def to_internal_value(self, data: Any) -> str:
        """The key. Raises `ValidationError` with the keys there are."""
        key, known = str(super().to_internal_value(data)), playbook.newest()
        if key and key not in known:
            self.fail("unknown", given=key[:60], keys=", ".join(known))
        return key


class EnterStage(Words):
    """The stage to go to, and on the way back the reason."""

    stage = serializers.CharField(max_length=60)
    reason = serializers.CharField(max_length=LONG_TEXT, required=False, allow_blank=True)


class Sitting(Words):
    """A seat of the playbook and a person, by id or e-mail address."""

    role = serializers.ChoiceField(choices=vocabulary.ROLES)
    user = PersonField(help_text="Id or e-mail address.")


class AttachOutput(Words):
    """A paper that the playbook asks for, and the id of its document."""

    output = serializers.CharField(max_length=60)
    document = DocumentField()


class StateParticular(Words):
    """A field that the playbook asks for, and what stands in it."""

    field = serializers.CharField(max_length=60)
    text = serializers.CharField(max_length=4_000, allow_blank=True)


class AdoptPlaybook(Reason):
    """The key of the playbook, in its newest version, and why."""

    playbook = PlaybookField(max_length=60)


class StageVisit(Shown):
    """One visit of a stage. The one without `left_at` is the present one."""

    entered_by = Person(read_only=True)
    countersigned_by = Person(read_only=True, allow_null=True)

    class Meta:
        model = Stage
        fields = (
            "number", "key", "reason", "entered_at", "entered_by", "left_at", "countersigned_by", "countersigned_at"
        )  # fmt: skip


class SeatShown(Shown):
    """Who sits where."""

    user = Person(read_only=True)

    class Meta:
        model = Seat
        fields = ("role", "user")


class OutputShown(Shown):
    """A paper that the playbook asks for."""

    document = DocumentReference(read_only=True)
    attached_by = Person(read_only=True)

    class Meta:
        model = Output
        fields = ("key", "document", "attached_by", "attached_at")


class UnmetShown(serializers.Serializer[Any]):
    """One thing that is not there yet: the word of the playbook, and a sentence that says what to do."""

    requirement = serializers.CharField()
    told = serializers.CharField()


class AheadShown(serializers.Serializer[Any]):
    """A stage that the present one leads to, and the limits that keep it from being entered now."""

    key = serializers.CharField()
    held_back = UnmetShown(many=True)


class ProcedureShown(serializers.Serializer[Any]):
    """Where a case is in its playbook. `unmet` is what its stage asks for and is not there; `aged` says when the rule
    text was last read, if that is more than a year ago."""

    playbook = serializers.CharField()
    version = serializers.IntegerField()
    sha256 = serializers.CharField(help_text="Of the bytes of the file that the case follows.")
    as_of = serializers.DateField()
    aged = serializers.CharField()
    round = serializers.IntegerField()
    stage = serializers.CharField()
    owner = serializers.CharField()
    unmet = UnmetShown(many=True)
    ahead = AheadShown(many=True)
    stages = StageVisit(many=True)
    seats = SeatShown(many=True)
    outputs = OutputShown(many=True)
    particulars = serializers.DictField(child=serializers.CharField())


def shown(case: Case, today: Any) -> dict[str, Any] | None:
    """What a case shows of its procedure; None without a playbook."""
    if case.playbook is None:
        return None
    rules, here, facts = case.rules, case.stage_now(), case.facts()
    stage = next((each for each in rules.stage if here and each.key == here.key), rules.stage[0])
    missing = unmet(rules, asked_at(rules, stage, facts), facts)
    if stage.pair and here is not None and here.countersigned_by_id is None:
        missing.append(Unmet("pair", "A second person has not signed this stage yet: ask one."))
    told = {
        "playbook": rules.key,
        "version": rules.version,
        "sha256": case.playbook.sha256,
        "as_of": rules.as_of,
        "aged": words.aged(rules.as_of, today),
        "round": case.round,
        "stage": stage.key,
        "owner": stage.owner,
        "unmet": missing,
        "ahead": [{"key": each.key, "held_back": held_back(rules, each.key, facts)} for each in case.may_go()],
        "stages": case.stages.select_related("entered_by", "countersigned_by").order_by("number"),
        "seats": case.seats.select_related("user").order_by("pk"),
        "outputs": case.outputs.select_related("document", "attached_by").order_by("pk"),
        "particulars": case.particulars,
    }
    shape: dict[str, Any] = ProcedureShown(told).data
    return shape
