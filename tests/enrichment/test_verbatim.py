"""Every night all excerpts are compared with their texts; one that differs is told by name."""

import datetime

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from riskreview.enrichment import verbatim
from riskreview.evidence.models import Claim, Mention, Reading, Signal, SpanCheck
from riskreview.evidence.models.spancheck import FIRST_AFTER
from tests import make
from tests.enrichment.pages import REVIEW, html, read
from tests.web.conftest import text_of

pytestmark = pytest.mark.django_db
TOLD = (*REVIEW, "“We stopped new registrations after a cyberattack,” DeepSeek said on Monday to 40 million users.")


@pytest.fixture
def document(alice):
    case = make.case(by=alice, title="DeepSeek: national security review of its expansion", status="IN_REVIEW")
    make.exhibit(case, by=alice)
    return read(html(*TOLD), "a")


def forge(model, **columns):
    """Change a row as only somebody could who turned the triggers off."""
    row = model.objects.order_by("pk").first()
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(f"ALTER TABLE {model._meta.db_table} DISABLE TRIGGER USER")
        model.objects.filter(pk=row.pk).update(**columns)
        cursor.execute(f"ALTER TABLE {model._meta.db_table} ENABLE TRIGGER USER")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
    return row


def test_the_first_walk_begins_soon_after_the_first_document_was_read(document, browse, api, carol):
    SpanCheck.objects.all().delete()
    read_at = timezone.now()
    Reading.objects.update(read_at=read_at)
    early, soon = read_at + FIRST_AFTER / 2, read_at + FIRST_AFTER
    assert SpanCheck.objects.next_at(now=early) == soon
    shown = api(carol).get("/api/v1/health/").json()
    assert (shown["spans"], datetime.datetime.fromisoformat(shown["spans_next_at"])) == (None, soon)
    told = text_of(browse(carol).get("/health/"))
    assert "The first comparison of the excerpts with their texts has not ended yet; it begins" in told
    SpanCheck.objects.begin_first(now=early)
    assert not SpanCheck.objects.exists()
    for _ in range(2):
        SpanCheck.objects.begin_first(now=soon)
    assert SpanCheck.objects.count() == 1


def test_while_nothing_was_read_there_is_nothing_to_compare(browse, carol):
    assert SpanCheck.objects.next_at(now=make.WHEN) is None
    assert "ten minutes after the first document was read" in text_of(browse(carol).get("/health/"))


def test_later_walks_begin_at_midnight(document):
    SpanCheck.objects.create(ended_at=make.WHEN)
    at = datetime.datetime(2025, 1, 28, 15, 0, tzinfo=datetime.UTC)
    assert SpanCheck.objects.next_at(now=at) == datetime.datetime(2025, 1, 29, tzinfo=datetime.UTC)


def test_all_excerpts_stand_where_they_are_said_to_stand(document):
    walked = verbatim.walk()
    assert (walked.ended, walked.wrong) == (True, [])
    assert walked.excerpts > Mention.objects.count() + Claim.objects.count() + Signal.objects.count()


@pytest.mark.parametrize(
    ("model", "columns", "told"),
    [
        (Mention, {"surface": "Shallowseek"}, "mention"),
        (Claim, {"words": "Nothing."}, "claim"),
        (Claim, {"cue_start": 0, "cue_end": 900_000}, "claim cue"),
        (Claim, {"hedges": [{"start": 5, "end": 900_000, "kind": "MODAL"}]}, "hedge or figure"),
        (Signal, {"sentence_end": 900_000}, "signal sentence"),
    ],
)
def test_one_that_differs_is_named(model, columns, told, document):
    row = forge(model, **columns)
    walked = verbatim.walk()
    assert len(walked.wrong) == 1
    assert walked.wrong[0].startswith(f"{told} in snapshot {row.snapshot_id} at ")


def test_excerpts_of_suggestions_are_compared_as_well(document, alice):
    suggestion = make.suggestion(make.case(by=alice), document)
    type(suggestion).objects.filter(pk=suggestion.pk).update(excerpt="Something else.")
    assert verbatim.walk().wrong


def test_the_workers_walk_once_a_day_step_by_step(document, work, monkeypatch):
    work()
    SpanCheck.objects.all().delete()
    SpanCheck.objects.begin()
    monkeypatch.setattr(verbatim, "AT_ONCE", 1)
    monkeypatch.setattr(verbatim, "SECONDS", 0.000_001)
    assert work() > 2, "a step for each snapshot, and one that finds the end"
    check = SpanCheck.objects.get()
    assert (check.ended_at is not None, check.wrong, check.excerpts) == (True, 0, verbatim.walk().excerpts)
    work()
    assert SpanCheck.objects.count() == 1


def test_health_tells_what_the_last_walk_found(document, work, browse, carol):
    forge(Mention, surface="Shallowseek")
    work()
    told = text_of(browse(carol).get("/health/"))
    assert "excerpts are not what their texts say" in told
    assert "texts were read by the rules of today" in told


def test_the_command_tells_and_fails_when_one_differs(document, capsys):
    call_command("check_spans")
    assert "stand in their texts" in capsys.readouterr().out
    forge(Mention, surface="Shallowseek")
    with pytest.raises(CommandError, match="1 of"):
        call_command("check_spans")
