"""Vendors, incidents, sources and tokens."""

from __future__ import annotations

import datetime

import pytest
from django.db import DataError, IntegrityError

from riskreview.accounts.models import ApiToken
from riskreview.audit.models import Entry
from riskreview.evidence.models import Source
from riskreview.incidents.models import Incident
from riskreview.vendors.models import Vendor
from riskreview.web.sources import health
from tests import make

from .conftest import text_of

pytestmark = pytest.mark.django_db


def verb_of(row):
    """The newest verb on record about a row."""
    return Entry.objects.about(row).newest_first().first().verb


def test_a_vendor_is_registered_once(post, alice):
    assert (
        post(alice, "/vendors/", canonical_name="Moonshot AI", hq_country="CN")["Location"] == "/vendors/moonshot-ai/"
    )
    assert post(alice, "/vendors/", canonical_name="Moonshot AI").status_code == 409
    assert post(alice, "/vendors/", canonical_name="Other", hq_country="China").status_code == 422
    assert Vendor.objects.count() == 1


def test_a_reader_registers_nothing(post, dave):
    assert post(dave, "/vendors/", canonical_name="Moonshot AI").status_code == 403


@pytest.mark.parametrize(
    ("verb", "fields"),
    [
        ("rename", {"canonical_name": "DeepSeek AI"}),
        ("add_alias", {"text": "深度求索", "kind": "TRADE", "strength": "STRONG", "language": "zh", "script": "Hans"}),
        ("add_product", {"name": "DeepSeek-R1", "kind": "OPEN_WEIGHTS", "released_on": "2025-01-20"}),
    ],
)
def test_verbs_of_a_vendor(post, browse, alice, verb, fields):
    vendor = make.vendor(by=alice)
    response = post(alice, f"/vendors/deepseek/{verb.replace('_', '-')}/", vendor, **fields)
    assert (response.status_code, verb_of(vendor)) == (303, f"vendor.{verb}")
    assert next(iter(fields.values())) in text_of(browse(alice).get("/vendors/deepseek/"))


def test_a_vendor_is_described(post, browse, alice):
    vendor = make.vendor(by=alice, summary="Old words.", legal_names=["One Ltd."])
    form = browse(alice).get("/vendors/deepseek/").content.decode()
    assert "One Ltd.</textarea>" in form
    fields = {"summary": "It makes models.", "hq_country": "CN", "legal_names": "One Ltd.\n\n Two Ltd. "}
    response = post(alice, "/vendors/deepseek/describe/", vendor, **fields)
    assert (response.status_code, verb_of(vendor)) == (303, "vendor.describe")
    vendor.refresh_from_db()
    told = (vendor.summary, vendor.hq_country, vendor.legal_names)
    assert told == ("It makes models.", "CN", ["One Ltd.", "Two Ltd."])
    assert post(alice, "/vendors/deepseek/describe/", vendor, legal_names="x\n" * 21).status_code == 422


def test_a_name_is_retired_with_a_reason(post, browse, alice):
    vendor, other = make.vendor(by=alice), make.vendor("High-Flyer", by=alice)
    alias = vendor.aliases.get()
    fields = {"alias": alias.pk, "on": "2025-01-29", "reason": "Another firm has it now."}
    for wrong in ({"reason": ""}, {"on": ""}, {"alias": other.aliases.get().pk}):
        assert post(alice, "/vendors/deepseek/retire-alias/", vendor, **(fields | wrong)).status_code == 422
    assert post(alice, "/vendors/deepseek/retire-alias/", vendor, **fields).status_code == 303
    assert verb_of(vendor) == "vendor.retire_alias"
    assert "Retired 29 Jan 2025" in text_of(browse(alice).get("/vendors/deepseek/"))


def test_relate(post, browse, alice):
    vendor, owner = make.vendor(by=alice), make.vendor("High-Flyer", by=alice)
    response = post(alice, "/vendors/deepseek/relate/", vendor, other=owner.pk, kind="PARENT", valid_from="2023-07-17")
    assert (response.status_code, verb_of(vendor)) == (303, "vendor.relate")
    assert "Parent: High-Flyer" in text_of(browse(alice).get("/vendors/deepseek/"))
    assert "Owns: DeepSeek" in text_of(browse(alice).get("/vendors/high-flyer/"))


def test_relate_keeps_the_dates_in_order(post, alice):
    vendor, owner = make.vendor(by=alice), make.vendor("High-Flyer", by=alice)
    fields = {"other": owner.pk, "kind": "PARENT", "valid_from": "2024-01-01", "valid_to": "2023-01-01"}
    assert post(alice, "/vendors/deepseek/relate/", vendor, **fields).status_code == 422


def test_a_name_the_vendor_has_is_refused_with_the_form_kept(post, alice):
    vendor = make.vendor(by=alice)
    response = post(alice, "/vendors/deepseek/add-alias/", vendor, text="DeepSeek", kind="TRADE", strength="STRONG")
    assert response.status_code == 409
    assert b'value="DeepSeek"' in response.content


def test_a_vendors_incidents_are_drawn_and_listed(browse, alice):
    vendor = make.vendor(by=alice)
    incident = make.incident(by=alice)
    incident.involve(by=alice, role="ACCUSED", vendor=vendor)
    page = browse(alice).get("/vendors/deepseek/").content.decode()
    assert page.count(f'href="{incident.get_absolute_url()}"') == 2
    assert '<circle class="s2"' in page


def test_the_vendor_list_finds_any_name(browse, alice):
    make.vendor(by=alice).add_alias(by=alice, text="深度求索", kind="TRADE")
    make.vendor("Alibaba", by=alice)
    told = text_of(browse(alice).get("/vendors/?q=深度"))
    assert "DeepSeek" in told
    assert "Alibaba" not in told


def test_report_involve_cite_reassess(post, browse, alice):
    vendor, document = make.vendor(by=alice), make.document()
    fields = {"title": "Blocked", "neutral_summary": "It is said.", "kind": "ALLEGATION", "standing": "ALLEGED"}
    post(alice, "/incidents/", occurred_from="2025-01-29", granularity="DATE", **fields)
    incident = Incident.objects.get()
    here = incident.get_absolute_url()
    for verb, given in (
        ("involve", {"vendor": vendor.pk, "role": "ACCUSED", "alleged": "on"}),
        (
            "cite",
            {"document": f"http://testserver/evidence/{document.pk}/", "passage": "DeepSeek released a new model"},
        ),
        ("reassess", {"standing": "DENIED", "reason": "The company denied it."}),
    ):
        incident.refresh_from_db()
        assert post(alice, f"{here}{verb}/", incident, **given).status_code == 303, verb
        assert verb_of(incident) == f"incident.{verb}"
    told = text_of(browse(alice).get(here))
    assert all(
        words in told
        for words in ("DeepSeek Accused Alleged", "DeepSeek released a new model", "Denied", "Not established")
    )


def test_involve_names_exactly_one(post, alice):
    incident = make.incident(by=alice)
    assert post(alice, f"{incident.get_absolute_url()}involve/", incident, role="ACCUSED").status_code == 422


@pytest.mark.parametrize("day", ["1899-12-31", "0199-01-01", "2101-01-01"])
def test_an_incident_of_a_year_that_is_a_slip_is_asked_for_again(post, alice, day):
    fields = {"title": "Leak", "kind": "ALLEGATION", "neutral_summary": "A leak, it is said.", "occurred_from": day}
    response = post(alice, "/incidents/", **fields, granularity="DATE", standing="ALLEGED")
    assert response.status_code == 422
    assert b"Give a year from 1900 to 2100." in response.content
    assert b"A leak, it is said." in response.content


def test_a_form_that_does_not_say_what_was_seen_does_nothing_and_comes_back(browse, alice):
    vendor = make.vendor(by=alice)
    for seen in ({}, {"seen": ""}, {"seen": "soon"}):
        response = browse(alice).post(f"/vendors/{vendor.slug}/rename/", {"canonical_name": "Deep Sea"} | seen)
        assert response.status_code == 422
        assert b"which version you were looking at" in response.content
        form = response.context["sent"]
        assert (form["seen"].value(), form["canonical_name"].value()) == (str(vendor.entry_seq), "Deep Sea")
    vendor.refresh_from_db()
    assert vendor.canonical_name == "DeepSeek"


@pytest.mark.parametrize("error", [IntegrityError("twice"), DataError("too long")])
def test_what_only_the_database_noticed_is_a_409_that_keeps_the_text(post, alice, monkeypatch, error):
    def clash(*given, **named):
        raise error

    vendor = make.vendor(by=alice)
    monkeypatch.setattr(Vendor, "rename", clash)
    response = post(alice, f"/vendors/{vendor.slug}/rename/", vendor, canonical_name="Deep Sea")
    assert response.status_code == 409
    assert b"clashes with something" in response.content
    assert b"Deep Sea" in response.content

    monkeypatch.setattr(type(Vendor.objects), "register", clash)
    response = post(alice, "/vendors/", canonical_name="Deep Lake")
    assert response.status_code == 409
    assert b"Deep Lake" in response.content


def test_an_incident_ends_after_it_began(post, alice):
    fields = {"title": "T", "neutral_summary": "S", "kind": "HAZARD", "standing": "ALLEGED", "granularity": "DATE"}
    response = post(alice, "/incidents/", occurred_from="2025-01-29", occurred_to="2025-01-01", **fields)
    assert response.status_code == 422
    assert not Incident.objects.exists()


def test_a_source_is_registered_graded_paused_and_visited(post, browse, alice):
    fields = {"kind": "RSS", "source_class": "WIRE", "reliability": "F", "interval_minutes": 15}
    post(alice, "/sources/", name="Harbour Wire", url="https://news.example/feed", **fields)
    source = Source.objects.get()
    here = source.get_absolute_url()
    for verb, given in (
        ("grade", {"reliability": "B", "reason": "Two years of corrections."}),
        ("pause", {"reason": "Moves house."}),
        ("unpause", {}),
        ("collect_now", {}),
    ):
        source.refresh_from_db()
        assert post(alice, f"{here}{verb.replace('_', '-')}/", source, **given).status_code == 303, verb
        assert verb_of(source) == f"source.{verb}"
    assert "graded the source B (usually reliable)" in text_of(browse(alice).get(here))


def test_a_source_needs_an_address(post, alice):
    fields = {"kind": "RSS", "source_class": "WIRE", "reliability": "F", "interval_minutes": 15}
    assert post(alice, "/sources/", name="X", url="file:///etc/passwd", **fields).status_code == 422


def test_health_is_told_in_words(browse, alice, now):
    source = make.source(by=alice)
    assert health(source, now).word == "New"
    error = "news.example did not answer within 5 seconds."
    Source.objects.filter(pk=source.pk).update(
        last_error=error, attempts=3, last_success_at=now - datetime.timedelta(hours=6)
    )
    source.refresh_from_db()
    assert health(source, now).word == "Failing"
    told = text_of(browse(alice).get(source.get_absolute_url()))
    assert "The last success was 6 h ago. news.example did not answer within 5 seconds." in told


@pytest.mark.parametrize(("minutes", "word"), [(30, "Working"), (90, "Working"), (121, "Late")])
def test_a_source_that_falls_silent_is_late(alice, now, minutes, word):
    source = make.source(by=alice, interval_minutes=60)
    source.last_success_at = now - datetime.timedelta(minutes=minutes)
    assert health(source, now).word == word


def test_a_token_is_shown_once_and_revoked(browse, alice, now):
    client = browse(alice)
    fields = {
        "name": "script",
        "scopes": ["read"],
        "expires_on": (now + datetime.timedelta(days=30)).date().isoformat(),
    }
    issued = client.post("/settings/tokens/", fields)
    token = ApiToken.objects.get()
    assert issued.content.count(b"rrp_") == 2
    assert ApiToken.objects.holding(issued.context["issued"].secret) == token
    assert client.get("/settings/tokens/").content.count(b"rrp_") == 1
    assert client.post(f"/settings/tokens/{token.pk}/revoke/").status_code == 303
    token.refresh_from_db()
    assert token.revoked_at


@pytest.mark.parametrize("days", [-1, 400])
def test_a_token_expires_within_a_year(browse, alice, now, days):
    day = (now + datetime.timedelta(days=days)).date().isoformat()
    response = browse(alice).post("/settings/tokens/", {"name": "script", "scopes": ["read"], "expires_on": day})
    assert response.status_code == 409
    assert b"expires within a year" in response.content


def test_nobody_revokes_the_token_of_another(browse, api, alice, bob):
    api(alice)
    assert browse(bob).post(f"/settings/tokens/{ApiToken.objects.get().pk}/revoke/").status_code == 404
