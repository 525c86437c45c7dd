"""The audit trail through the API."""

import base64
import hashlib
import json

from riskreview.accounts.roles import Role
from riskreview.audit import canonical
from riskreview.audit.models import Entry
from tests import make


def test_the_trail_of_one_case(api, alice):
    case = make.case(by=alice, status="IN_REVIEW")
    make.vendor("Alibaba", by=alice)

    asked = {"subject_type": "case", "subject_id": str(case.pk)}
    found = api(alice).get("/api/v1/entries/", asked).json()

    assert [row["verb"] for row in found["results"]] == ["case.assign", "case.open"]
    assert found["results"][0]["subject"] == {"type": "case", "id": str(case.pk), "seq": 2, "label": case.ref}


def test_entries_are_found_by_actor_verb_kind_and_time(api, alice, carol):
    make.vendor("Alibaba", by=alice)
    make.vendor("DeepSeek", by=carol)
    entry = Entry.objects.get(verb="vendor.register", actor=carol)
    client = api(alice)

    def found(**asked):
        return [row["id"] for row in client.get("/api/v1/entries/", asked).json()["results"]]

    assert found(actor=str(carol.pk)) == [str(entry.uuid)]
    assert found(verb="vendor.register", since=entry.recorded_at.isoformat()) == [str(entry.uuid)]
    assert str(entry.uuid) not in found(until=entry.recorded_at.isoformat())
    assert found(kind="refusal") == []


def test_the_header_comes_as_its_exact_bytes(api, alice):
    make.vendor(by=alice)
    entry = Entry.objects.get(verb="vendor.register")

    shown = api(alice).get(f"/api/v1/entries/{entry.uuid}/").json()

    header = base64.b64decode(shown["header_base64"])
    assert header == bytes(entry.header)
    assert shown["leaf_sha256"] == hashlib.sha256(b"\x00" + header).hexdigest()


def test_the_actor_can_check_the_commitment(api, alice):
    make.vendor(by=alice)
    entry = Entry.objects.get(verb="vendor.register")

    shown = api(alice).get(f"/api/v1/entries/{entry.uuid}/").json()

    salt, body = base64.b64decode(shown["salt_base64"]), base64.b64decode(shown["body_base64"])
    assert canonical.commitment(entry.uuid.bytes, salt, body) == entry.public["body"]
    assert json.loads(body) == shown["body"]


def test_where_an_act_came_from_is_for_the_actor_and_auditors(api, post, alice, dave, invite):
    post(alice, "vendors/register/", body={"canonical_name": "DeepSeek"})
    entry = Entry.objects.get(verb="vendor.register")
    frank = invite("Frank", Role.AUDITOR)

    def body(user):
        return api(user).get(f"/api/v1/entries/{entry.uuid}/").json()

    assert body(alice)["body"]["origin"]["address"] == "127.0.0.1"
    assert body(frank)["body"]["origin"] == body(alice)["body"]["origin"]
    assert "origin" not in body(dave)["body"]
    assert body(dave)["body_base64"] is None


def test_entries_are_never_written_here(api, alice):
    answer = api(alice).post("/api/v1/entries/", {})

    assert (answer.status_code, answer["Allow"]) == (405, "GET, HEAD")


def test_a_list_costs_the_same_however_long_it_is(api, alice, django_assert_num_queries):
    for name in ("DeepSeek", "Alibaba", "ByteDance"):
        make.vendor(name, by=alice)
    client = api(alice)

    with django_assert_num_queries(4):
        client.get("/api/v1/entries/", {"verb": "vendor.register"})
