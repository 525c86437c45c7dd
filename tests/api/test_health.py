"""How collection goes, for monitors."""

import datetime

import pytest
from django.utils import timezone

from riskreview.accounts.roles import Role
from riskreview.evidence.models import Document, Host, Source
from tests import make

pytestmark = pytest.mark.django_db
HOUR = datetime.timedelta(hours=1)


def test_it_tells_what_is_due_given_up_quiet_failing_and_left_alone(api, alice):
    now = timezone.now()
    quiet, failing = make.source(by=alice), make.source(by=alice)
    Source.objects.filter(pk=quiet.pk).update(usual_gap=HOUR, silent_since=now - 9 * HOUR)
    Source.objects.filter(pk=failing.pk).update(last_error="It is a web page.", failures=4)
    make.document()
    Document.objects.update(dead_at=now)
    Host.objects.create(name="slow.example", failures=6, reason="It was slow.", open_until=now + HOUR)
    told = api(alice).get("/api/v1/health/").json()
    work = {row["kind"]: row for row in told["work"]}
    assert (work["source"]["due"], work["document"]["dead"], work["document"]["oldest_due_seconds"]) == (2, 1, None)
    assert [(row["id"], row["usual_gap_seconds"]) for row in told["quiet"]] == [(quiet.pk, 3600)]
    assert [(row["id"], row["last_error"], row["failures"]) for row in told["failing"]] == [
        (failing.pk, "It is a web page.", 4)
    ]
    assert [(row["name"], row["failures"]) for row in told["hosts_open"]] == [("slow.example", 6)]


def test_people_who_read_may_ask_and_nobody_else(api, dave, system):
    client = api(dave)
    assert client.get("/api/v1/health/").status_code == 200
    dave.revoke(by=system, role=Role.READER)
    assert client.get("/api/v1/health/").status_code == 403


def test_it_costs_the_same_however_much_there_is(api, alice, django_assert_num_queries):
    client = api(alice)
    for count in (1, 5):
        for _ in range(count):
            make.source(by=alice)
        with django_assert_num_queries(29):
            client.get("/api/v1/health/")
