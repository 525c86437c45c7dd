"""The audit log in pages."""

from __future__ import annotations

import pytest

from riskreview.accounts.roles import Role
from riskreview.audit.models import Entry
from riskreview.web import wording
from tests import make

from .conftest import text_of

pytestmark = pytest.mark.django_db


def test_it_filters(browse, alice, bob, carol):
    case = make.case(by=alice, status="DECIDED", approver=bob)
    incident = make.incident(by=carol)
    client = browse(carol)

    def count(query: str) -> int:
        return client.get(f"/audit/?{query}").content.count(b"data-row")

    assert count(f"subject={case.ref}") == Entry.objects.about(case).count() == count(f"subject=case:{case.pk}")
    assert count(f"subject={incident.ref.lower()}") == 1
    assert count(f"actor={bob.pk}") == count("verb=case.approve") == 1
    assert count("kind=refusal") == count("since=2999-01-01") == count("until=1999-01-01") == 0


def test_it_pages_by_key_so_that_new_entries_shift_nothing(browse, alice):
    for number in range(60):
        make.vendor(f"Vendor {number}", by=alice)
    client = browse(alice)
    first = client.get("/audit/")
    make.vendor("One more", by=alice)
    second = client.get(f"/audit/?before={first.context['older']}")
    shown = {told["line"].entry.pk for page in (first, second) for told in page.context["lines"]}
    assert len(shown) == 50 + Entry.objects.filter(pk__lt=first.context["older"]).count()


def test_it_needs_a_constant_number_of_queries(browse, alice, bob, django_assert_max_num_queries):
    for number in range(4):
        make.case(by=alice, status="DECIDED", approver=bob, title=f"Question {number}")
    client = browse(alice)
    with django_assert_max_num_queries(15):
        client.get("/audit/")


def test_an_entry_shows_before_and_after(browse, alice, carol):
    case = make.case(by=alice, status="IN_REVIEW")
    case.reschedule(by=carol, due_at=None, priority=1, reason="The board meets.")
    entry = Entry.objects.about(case).newest_first().first()
    told = text_of(browse(alice).get(f"/audit/{entry.uuid}/"))
    assert "priority 3 1" in told
    assert "Reason. The board meets." in told
    assert entry.public["body"] in told


def test_where_an_act_came_from_is_for_the_actor_and_auditors(browse, invite, alice, dave):
    browse(alice).post("/vendors/", {"canonical_name": "DeepSeek"}, headers={"User-Agent": "Mothra/7"})
    entry = Entry.objects.get(verb="vendor.register")

    def told(user) -> bytes:
        return browse(user).get(f"/audit/{entry.uuid}/").content

    assert b"Mothra/7" in told(alice)
    assert b"Mothra/7" in told(invite("Frank", Role.AUDITOR))
    assert b"Mothra/7" not in told(dave)
    assert b"&quot;origin&quot;" in told(alice)
    assert b"&quot;origin&quot;" not in told(dave)


def test_behind_a_proxy_the_client_is_named(browse, api, alice, settings):
    settings.TRUSTED_PROXIES = 1
    headers = {"X-Forwarded-For": "6.6.6.6, 198.51.100.7"}
    browse(alice).post("/vendors/", {"canonical_name": "DeepSeek"}, headers=headers)
    api(alice).post("/api/v1/vendors/register/", {"canonical_name": "Zhipu"}, headers=headers)
    entries = Entry.objects.filter(verb="vendor.register")
    assert [entry.private["origin"]["address"] for entry in entries] == ["198.51.100.7"] * 2


@pytest.mark.parametrize("query", ["until=9999-12-31", "since=9999-12-31", "since=0001-01-01", "until=0001-01-01"])
def test_the_first_and_the_last_day_there_is_are_days(query, browse, alice):
    assert browse(alice).get(f"/audit/?{query}").status_code == 200


def test_the_last_day_belongs_to_the_days_asked_for(browse, alice):
    today = Entry.objects.newest_first().first().recorded_at.date()
    client = browse(alice)
    assert client.get(f"/audit/?until={today}").content.count(b"data-row") == Entry.objects.count()
    assert client.get(f"/audit/?since={today}").content.count(b"data-row") == Entry.objects.count()


def test_an_erased_body_leaves_a_page_that_works(browse, alice):
    line = wording.lines([])
    assert line == []
    assert wording.arguments({}) == {}
    assert wording.made({"changes": {"finding:5.number": [None, 2]}}) == "F2"


def test_every_verb_has_words(alice):
    from django.apps import apps

    from riskreview.audit.models import Recorded
    from riskreview.audit.state import subject_type

    verbs = set()
    for model in apps.get_models():
        if issubclass(model, Recorded):
            places = [model, type(model._default_manager.all())]
            names = {
                name for place in places for name in dir(place) if getattr(getattr(place, name, None), "is_verb", False)
            }
            verbs |= {f"{subject_type(model)}.{name}" for name in names}
    assert verbs - set(wording.WORDS) == set()
