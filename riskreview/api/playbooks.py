"""`/api/v1/playbooks/`: the processes a case may follow. Read only: they are files, released and never edited."""

from __future__ import annotations

from typing import Any

from django.http import Http404
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from riskreview.cases import playbook as playbooks
from riskreview.cases.playbook import Shipped, vocabulary, words

from .record import ForReaders

TEXTS = serializers.ListField(child=serializers.CharField())


class RowShown(serializers.Serializer[Any]):
    """A row of a playbook. `unverified` says what nobody has compared with the primary text yet."""

    key = serializers.CharField()
    title = serializers.CharField()
    note = serializers.CharField()
    unverified = serializers.CharField()


class MilestoneShown(RowShown):
    """A dated fact that clocks start from; `proof`: it comes with a document."""

    per = serializers.ChoiceField(choices=vocabulary.PER)
    proof = serializers.BooleanField()
    cite = serializers.CharField()


class ApproveShown(serializers.Serializer[Any]):
    """How many sign the decision, and in which seat."""

    n = serializers.IntegerField()
    by = serializers.ListField(child=serializers.ChoiceField(choices=vocabulary.SIGNING))


class StageShown(RowShown):
    """A step: who holds it, what it asks for before it is left, where it may lead."""

    phase = serializers.ChoiceField(choices=vocabulary.PHASES)
    owner = serializers.ChoiceField(choices=vocabulary.WORKING)
    requires = serializers.ListField(child=serializers.CharField())
    next = serializers.ListField(child=serializers.CharField())
    pair = serializers.BooleanField(help_text="A second person signs before it is left.")
    approve = ApproveShown(allow_null=True)
    cite = serializers.CharField()


class ExtendShown(serializers.Serializer[Any]):
    """Who may give more time, and in what form."""

    by = serializers.ChoiceField(choices=vocabulary.WORKING)
    form = serializers.ChoiceField(choices=vocabulary.FORMS)


class ClockShown(RowShown):
    """A limit as a rule. `words` says it in a sentence, `particulars` how it is counted and what happens at its end."""

    kind = serializers.ChoiceField(choices=vocabulary.CLOCK_KINDS)
    n = serializers.IntegerField()
    unit = serializers.ChoiceField(choices=vocabulary.UNITS)
    count = serializers.ChoiceField(choices=vocabulary.COUNTS)
    roll = serializers.ChoiceField(choices=vocabulary.ROLLS)
    cutoff = serializers.CharField(help_text="A local time, or empty.")
    start = serializers.CharField(source="from_", help_text="The key `from` of the file.")
    from_many = serializers.ChoiceField(choices=vocabulary.FROM_MANY)
    until = serializers.CharField()
    blocks = serializers.CharField(help_text="The stage that may not be entered before.")
    anchor = serializers.CharField()
    basis = serializers.ChoiceField(choices=vocabulary.BASES)
    cite = serializers.CharField()
    warn = serializers.ListField(child=serializers.CharField())
    toll = serializers.ListField(child=serializers.ChoiceField(choices=vocabulary.TOLLS))
    extend = ExtendShown(allow_null=True)
    on_expiry = serializers.CharField()
    words = serializers.SerializerMethodField()
    particulars = serializers.SerializerMethodField()

    @extend_schema_field(serializers.CharField())
    def get_words(self, clock: playbooks.Clock) -> str:
        """The clock in one sentence."""
        return words.sentence(self.context["playbook"], clock)

    @extend_schema_field(TEXTS)
    def get_particulars(self, clock: playbooks.Clock) -> list[str]:
        """How it is counted, who is warned, what happens at its end."""
        return list(words.particulars(clock))


class ConsultationShown(RowShown):
    """Whom others ask, and what their silence means. An objection from below `objection_rank` is a comment."""

    responses = serializers.ListField(child=serializers.ChoiceField(choices=vocabulary.RESPONSES))
    silence = serializers.ChoiceField(choices=vocabulary.SILENCES)
    objection_rank = serializers.CharField()


class ReplyShown(RowShown):
    """What a party may answer, and the clock it answers within."""

    clock = serializers.CharField()
    party = serializers.ChoiceField(choices=vocabulary.PARTIES)
    may_contain = serializers.ListField(child=serializers.ChoiceField(choices=vocabulary.CONTENTS))
    confidential = serializers.BooleanField()


class LineShown(serializers.Serializer[Any]):
    """A line of a checklist."""

    key = serializers.CharField()
    title = serializers.CharField()
    group = serializers.CharField()
    note = serializers.CharField()
    unverified = serializers.CharField()


class ChecklistShown(RowShown):
    """Lines to go through; `catalogue` names where they are from, if they are shared."""

    catalogue = serializers.CharField()
    items = LineShown(many=True)


class DispositionShown(RowShown):
    """A way the case may be decided. `to`: where a referral may go."""

    group = serializers.ChoiceField(choices=vocabulary.GROUPS)
    needs = serializers.ListField(child=serializers.CharField())
    after = serializers.CharField()
    before = serializers.CharField()
    to = serializers.ListField(child=serializers.CharField())
    notice = serializers.CharField()


class PlaybookRow(serializers.Serializer[Any]):
    """A playbook in short: the newest version of it."""

    key = serializers.CharField(source="playbook.key")
    code = serializers.CharField(source="playbook.code")
    version = serializers.IntegerField(source="playbook.version")
    title = serializers.CharField(source="playbook.title")
    as_of = serializers.DateField(source="playbook.as_of", help_text="When its rule text was last read.")
    file = serializers.CharField()
    sha256 = serializers.CharField(help_text="Of the bytes of the file.")


class UnverifiedShown(serializers.Serializer[Any]):
    """A point that nobody has compared with the primary text yet."""

    where = serializers.CharField()
    what = serializers.CharField()


class PlaybookShown(PlaybookRow):
    """A playbook, whole: the rows of its file with their defaults, and its clocks in words."""

    calendar = serializers.CharField(source="playbook.calendar")
    timezone = serializers.CharField(source="playbook.timezone")
    authority = serializers.ListField(source="playbook.authority", child=serializers.CharField())
    note = serializers.CharField(source="playbook.note")
    subjects = serializers.ListField(
        source="playbook.subjects", child=serializers.ChoiceField(choices=vocabulary.SUBJECTS)
    )
    milestones = MilestoneShown(source="playbook.milestone", many=True)
    stages = StageShown(source="playbook.stage", many=True)
    clocks = ClockShown(source="playbook.clock", many=True)
    consultations = ConsultationShown(source="playbook.consultation", many=True)
    replies = ReplyShown(source="playbook.reply", many=True)
    checklists = ChecklistShown(source="playbook.checklist", many=True)
    dispositions = DispositionShown(source="playbook.disposition", many=True)
    unverified = serializers.SerializerMethodField()

    @extend_schema_field(UnverifiedShown(many=True))
    def get_unverified(self, shipped: Shipped) -> list[dict[str, str]]:
        """Every such point of the playbook."""
        return [{"where": where, "what": what} for where, what in words.unverified(shipped.playbook)]


class Playbooks(ForReaders):
    """The newest version of each playbook."""

    @extend_schema(responses=PlaybookRow(many=True), operation_id="playbooks")
    def get(self, request: Request) -> Response:
        """The playbooks, in short, by code."""
        return Response(PlaybookRow(list(playbooks.newest().values()), many=True).data)


class OnePlaybook(ForReaders):
    """One playbook."""

    @extend_schema(responses=PlaybookShown, operation_id="playbook")
    def get(self, request: Request, key: str) -> Response:
        """The newest version of a playbook, whole."""
        shipped = playbooks.newest().get(key)
        if shipped is None:
            raise Http404
        return Response(PlaybookShown(shipped, context={"playbook": shipped.playbook}).data)
