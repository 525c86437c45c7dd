"""What pages say when the notary does not run, or refuses; and the record on the health page."""

from __future__ import annotations

import datetime

import pytest
from django.utils import timezone

from riskreview.accounts.roles import Role
from riskreview.audit.models import Log, Pulse, Verification
from riskreview.audit.notary import sequence
from riskreview.notifications.models import Witness
from riskreview.web import record
from tests import make

from .conftest import text_of

pytestmark = pytest.mark.django_db
SOON, LATE = datetime.timedelta(seconds=50), datetime.timedelta(seconds=200)
PAGES = ["/audit/", "/health/"]


def titles(at: datetime.datetime) -> list[str]:
    """The alarms at a moment."""
    return [alarm.title for alarm in record.look(at).alarms]


def test_before_the_first_log_it_says_how_to_begin(alice):
    make.vendor(by=alice)
    (alarm,) = record.look(timezone.now() + LATE).alarms
    assert (alarm.tone, alarm.title) == ("warn", "There is no log yet.")
    assert "manage.py notary" in alarm.words


def test_a_log_that_is_signed_raises_no_alarm(alice, sign_log):
    sign_log()
    assert titles(timezone.now() + LATE) == []


def test_entries_that_wait_too_long_raise_one(alice, sign_log):
    sign_log()
    make.vendor(by=alice)
    assert titles(timezone.now() + SOON) == []
    assert titles(timezone.now() + LATE) == ["1 entry waits for a place in the log, the oldest for 3 min."]


def test_entries_without_a_signature_raise_one(alice, sign_log):
    sign_log()
    for name in ("DeepSeek", "Alibaba"):
        make.vendor(name, by=alice)
    sequence()
    assert titles(timezone.now() + SOON) == []
    assert titles(timezone.now() + LATE) == ["2 entries in the log are not signed, the oldest for 3 min."]


def test_a_signer_that_refuses_raises_one_at_once(alice, sign_log):
    sign_log()
    make.vendor(by=alice)
    sequence()
    refuse()
    now = timezone.now()
    assert titles(now) == [f"The signer refuses to sign riskreview.test/ledger/{now.year}."]
    assert len(titles(now + LATE)) == 1


def refuse() -> None:
    """Let the signer say no."""
    Log.objects.update(trouble="the root is another one: a header was changed.", troubled_at=timezone.now())


@pytest.mark.parametrize("page", PAGES)
def test_every_alarm_stands_at_the_top_of_both_pages(browse, carol, sign_log, page):
    sign_log()
    assert "The signer refuses" not in text_of(browse(carol).get(page))
    refuse()
    told = text_of(browse(carol).get(page))
    assert "It said just now: the root is another one: a header was changed." in told
    assert "docs/operations.md#the-notary" in told


def test_health_tells_the_record_in_words(browse, alice, carol, sign_log):
    assert "Signature None yet" in text_of(browse(carol).get("/health/"))
    checkpoint = sign_log()
    make.vendor(by=alice)
    told = text_of(browse(carol).get("/health/"))
    assert "Waiting for the log On the way 1 entry, the oldest for 0 s" in told
    assert f"Signature Signed checkpoint over {checkpoint.size} entries, signed just now; 0 newer" in told
    assert "Last check None yet" in told
    assert "Witnesses None nobody outside this installation has seen the log" in told
    refuse()
    assert "Signature Refused" in text_of(browse(carol).get("/health/"))


@pytest.mark.parametrize(
    ("hours", "problems", "word", "ago"),
    [(1, 0, "Holds", "1 h"), (30, 0, "Late", "1 day"), (1, 1, "1 problem", "1 h"), (30, 2, "2 problems", "1 day")],
)
def test_health_tells_the_last_check(browse, carol, hours, problems, word, ago):
    check = Verification.objects.ask(by=carol)
    ended = timezone.now() - datetime.timedelta(hours=hours)
    Verification.objects.filter(pk=check.pk).update(finished_at=ended, problem_count=problems, counts={"rows": 12})
    assert f"Last check {word} 12 entries and rows , {ago} ago" in text_of(browse(carol).get("/health/"))


@pytest.mark.parametrize(
    ("columns", "words"),
    [
        ({"size": 3, "wanted": 3, "seen_at": timezone.now()}, "Signed https://witness.example: 3 of 3 entries"),
        ({"size": 2, "wanted": 3}, "On the way https://witness.example: 2 of 3 entries, last signed never"),
        ({"wanted": 3, "last_error": "It answered 500."}, "Does not sign https://witness.example: 0 of 3 entries"),
    ],
)
def test_health_tells_the_witnesses(browse, carol, sign_log, settings, columns, words):
    log = sign_log().log
    vkey = log.vkeys[0].replace("riskreview.test/ledger", "harbour")
    settings.WITNESSES = [f"{log.vkeys[0]} https://witness.example"]
    for key in (log.vkeys[0], vkey):
        Witness(log=log, vkey=key, url="https://witness.example", **columns).save()
    told = text_of(browse(carol).get("/health/"))
    assert f"Witness {log.origin} {words}" in told
    assert "Witness harbour" not in told


def test_an_administrator_who_reads_nothing_sees_health_without_links_into_the_record(browse, invite, carol):
    check = Verification.objects.ask(by=carol)
    Verification.objects.filter(pk=check.pk).update(finished_at=timezone.now())
    page = browse(invite("Peter", Role.ADMINISTRATOR)).get("/health/")
    assert page.status_code == 200
    assert b"/audit/checks/" not in page.content


def test_a_daily_pulse_is_not_silent_after_a_minute(browse, carol):
    old = timezone.now() - datetime.timedelta(hours=5)
    Pulse(name="audit.prune", slot=1, at=old).save()
    assert "audit.prune Beating" in text_of(browse(carol).get("/health/"))
    Pulse(name="audit.sweep", slot=1, at=old).save()
    assert "audit.sweep Silent" in text_of(browse(carol).get("/health/"))


def test_health_needs_a_constant_number_of_queries(browse, carol, sign_log, django_assert_max_num_queries):
    sign_log()
    client = browse(carol)
    with django_assert_max_num_queries(42):
        client.get("/health/")
