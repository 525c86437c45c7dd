"""The audit trail through the API."""

import base64
import hashlib
import json

from riskreview.accounts.roles import Role
from riskreview.audit import canonical, checking, entries
from riskreview.audit.models import Entry, Verification
from riskreview.audit.notary import sequence
from riskreview.audit.verifier import Checkpoint as Parsed
from riskreview.audit.verifier import check_inclusion, leaf_hash
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
    assert json.loads(body) | {"origin": {}} == shown["body"]


def test_where_an_act_came_from_is_for_the_actor_and_auditors(api, post, alice, dave, invite):
    post(alice, "vendors/register/", body={"canonical_name": "DeepSeek"})
    entry = Entry.objects.get(verb="vendor.register")
    frank = invite("Frank", Role.AUDITOR)

    def body(user):
        return api(user).get(f"/api/v1/entries/{entry.uuid}/").json()

    assert body(alice)["body"]["origin"]["address"] == "127.0.0.1"
    assert body(frank)["body"]["origin"] == body(alice)["body"]["origin"]
    assert "origin" not in body(dave)["body"]
    assert b"127.0.0.1" not in base64.b64decode(body(dave)["body_base64"])


def test_entries_are_never_written_here(api, alice):
    answer = api(alice).post("/api/v1/entries/", {})

    assert (answer.status_code, answer["Allow"]) == (405, "GET, HEAD")


def test_a_list_costs_the_same_however_long_it_is(api, alice, django_assert_num_queries):
    for name in ("DeepSeek", "Alibaba", "ByteDance"):
        make.vendor(name, by=alice)
    client = api(alice)

    with django_assert_num_queries(4):
        client.get("/api/v1/entries/", {"verb": "vendor.register"})


def test_an_entry_comes_with_its_place_and_a_proof(api, alice, sign_log):
    make.vendor(by=alice)
    entry = Entry.objects.get(verb="vendor.register")
    address = f"/api/v1/entries/{entry.uuid}/"
    assert api(alice).get(address).json()["leaf"] is None

    checkpoint = sign_log()
    leaf = api(alice).get(address).json()["leaf"]

    assert (leaf["log"], leaf["index"], leaf["checkpoint_size"]) == (
        checkpoint.log.origin,
        entry.leaf.index,
        checkpoint.size,
    )
    exact, root = leaf_hash(bytes(entry.header)), Parsed.parse(checkpoint.note.encode()).root
    assert base64.b64decode(leaf["hash"]) == exact
    check_inclusion(leaf["index"], checkpoint.size, exact, [base64.b64decode(each) for each in leaf["proof"]], root)


def test_a_place_without_a_signature_has_no_proof_yet(api, alice, notary):
    notary.begin(entries.now().at)
    make.vendor(by=alice)
    sequence()
    entry = Entry.objects.get(verb="vendor.register")

    leaf = api(alice).get(f"/api/v1/entries/{entry.uuid}/").json()["leaf"]

    assert (leaf["checkpoint_size"], leaf["proof"]) == (None, None)


def test_the_newest_checkpoint_is_text_with_and_without_the_slash(api, alice, sign_log):
    client = api(alice, ["read"])
    before = client.get("/api/v1/audit/checkpoint/")
    assert (before.status_code, before["Content-Type"]) == (404, "application/problem+json")

    checkpoint = sign_log()

    for address in ("/api/v1/audit/checkpoint/", "/api/v1/audit/checkpoint"):
        for accept in ("text/plain", "*/*", "application/json"):
            answer = client.get(address, headers={"accept": accept})
            assert (answer.status_code, answer.content.decode()) == (200, checkpoint.whole), address
            assert answer["Content-Type"] == "text/plain; charset=utf-8"


def test_the_state_of_the_record(api, alice, carol, sign_log):
    client = api(alice)
    empty = client.get("/api/v1/audit/").json()
    assert empty == {"logs": [], "pending": Entry.objects.count(), "checkpoint": None, "last_check": None}

    checkpoint = sign_log()
    check = Verification.objects.ask(by=carol)
    checking.keep(check, checking.carry_on(check, seconds=60))
    make.vendor(by=alice)
    told = client.get("/api/v1/audit/").json()

    log = checkpoint.log
    root = base64.b64encode(bytes(log.root)).decode()
    assert told["logs"] == [{"origin": log.origin, "size": log.size, "root": root, "open": True, "vkeys": log.vkeys}]
    assert (told["pending"], told["checkpoint"]["size"], told["checkpoint"]["cosignatures"]) == (1, log.size, [])
    assert (told["last_check"]["holds"], told["last_check"]["counts"]) == (True, check.counts)


def test_the_record_wants_the_scope_and_a_role(api, alice, invite):
    for path in ("", "checkpoint/"):
        address = f"/api/v1/audit/{path}"
        assert api(alice, ["cases:write"]).get(address).status_code == 403
        assert api(alice).post(address, {}).status_code == 405

    peter = invite("Peter", Role.READER)
    client = api(peter)
    peter.revoke(by=peter.__class__.objects.system(), role=Role.READER)
    assert client.get("/api/v1/audit/").status_code == 403


def test_the_state_of_the_record_costs_the_same_whatever_it_is(api, alice, sign_log, django_assert_max_num_queries):
    sign_log()
    client = api(alice)

    with django_assert_max_num_queries(8):
        client.get("/api/v1/audit/")
