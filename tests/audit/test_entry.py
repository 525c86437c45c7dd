"""The form of an entry: a public header with every key, a private body, one commitment between them."""

import datetime
import hashlib
import json
import uuid

import pytest
from django.db import connection

from riskreview.accounts.models import ApiToken
from riskreview.accounts.tokens import Scope
from riskreview.audit import canonical
from riskreview.audit.channel import Channel, acting_through
from riskreview.audit.models import Body, Entry, Ledger
from riskreview.cases.workflow import Status
from tests import expect, make
from tests.conftest import NOW, PASSWORD

pytestmark = pytest.mark.django_db
HEADER = {
    "v", "id", "kind", "recorded_at", "tx", "actor", "behalf", "token", "via", "request", "verb", "subject", "reason",
    "meaning", "strength", "body",
}  # fmt: skip
BODY = {"v", "label", "arguments", "changes", "reason", "origin", "state"}


@pytest.fixture
def vendor(alice):
    return make.vendor(by=alice)


def newest(row):
    return Entry.objects.about(row).newest_first()[0]


def test_the_header_has_every_key_and_no_other(vendor, alice):
    entry = newest(vendor)
    public = entry.public
    assert set(public) == HEADER
    assert (public["v"], public["kind"], public["verb"], public["via"]) == (1, "act", "vendor.register", "shell")
    assert (public["id"], public["actor"]) == (str(entry.uuid), str(alice.pk))
    assert public["subject"] == {"type": "vendor", "id": str(vendor.pk), "seq": 1, "label": None}
    assert (public["behalf"], public["token"], public["request"], public["meaning"], public["strength"]) == (None,) * 5
    assert bytes(entry.header) == canonical.encode(public)


def test_the_body_has_every_key_and_no_other(vendor):
    entry = newest(vendor)
    assert set(entry.private) == BODY
    assert entry.private["label"] == "DeepSeek"
    assert bytes(entry.body.body) == canonical.encode(entry.private)


def test_the_commitment_binds_the_two(vendor):
    entry = newest(vendor)
    salt, body = bytes(entry.body.salt), bytes(entry.body.body)
    assert entry.public["body"] == canonical.commitment(entry.uuid.bytes, salt, body)
    assert (len(salt), entry.public["body"]) != (32, canonical.commitment(entry.uuid.bytes, salt, body + b" "))


def test_no_two_entries_share_a_salt(vendor, alice):
    for number in range(5):
        vendor.rename(by=alice, canonical_name=f"Name {number}")
    salts = [bytes(body.salt) for body in Body.objects.all()]
    assert len(salts) == len(set(salts)) == Entry.objects.count()


def test_columns_say_what_the_header_says(vendor):
    entry = newest(vendor)
    public = entry.public
    stamp = entry.recorded_at.astimezone(datetime.UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    assert (public["recorded_at"], public["tx"]) == (stamp, entry.xact)
    assert (entry.kind, entry.verb, entry.subject_type, entry.subject_id, entry.seq) == (
        public["kind"],
        public["verb"],
        *(public["subject"][name] for name in ("type", "id", "seq")),
    )


def test_time_and_transaction_are_the_databases(vendor):
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp(), pg_current_xact_id()::text")
        now, transaction = cursor.fetchone()
    entry = newest(vendor)
    assert entry.xact == transaction
    assert datetime.timedelta() <= now - entry.recorded_at < datetime.timedelta(minutes=1)


def test_a_public_label_stands_in_the_header_and_a_private_one_does_not(alice):
    case, incident = make.case(by=alice), make.incident(by=alice)
    assert newest(case).public["subject"]["label"] == case.ref
    assert newest(incident).public["subject"]["label"] == incident.ref
    assert b"DeepSeek: what" not in bytes(newest(case).header)


def test_no_header_holds_free_text_or_a_name(alice, bob):
    case = make.case(by=alice, status=Status.AWAITING_APPROVAL)
    case.send_back(by=bob, reason="Ask the Garante.")
    told = b"".join(bytes(entry.header) for entry in Entry.objects.all())
    for words in (b"Alice", b"example.org", b"Garante", b"DeepSeek", b"Prompts"):
        assert words not in told


def test_the_body_holds_arguments_as_references(alice):
    case = make.case(by=alice)
    case.assign(by=alice, to=alice)
    assert newest(case).private["arguments"] == {"to": {"ref": f"user:{alice.pk}"}}


def test_changes_hold_old_and_new(vendor, alice):
    vendor.rename(by=alice, canonical_name="DeepSeek AI")
    changes = newest(vendor).private["changes"]
    assert changes.pop("canonical_name") == ["DeepSeek", "DeepSeek AI"]
    assert changes
    assert {name.split(":")[0] for name in changes} == {"alias"}


def test_the_state_is_the_digest_of_the_row_after_the_act(vendor, alice):
    vendor.rename(by=alice, canonical_name="DeepSeek AI")
    vendor.refresh_from_db()
    digest = hashlib.sha256(canonical.encode(vendor.full_state())).hexdigest()
    assert newest(vendor).private["state"] == {"v": 2, "sha256": digest}


def test_the_road_of_an_act_is_described(vendor, alice):
    request, token = uuid.uuid4(), uuid.uuid4()
    road = Channel(via="api", request=request, token=token, address="192.0.2.7", agent="curl/8")
    with acting_through(road):
        vendor.rename(by=alice, canonical_name="DeepSeek AI")
    vendor.rename(by=alice, canonical_name="DeepSeek")
    inside, after = newest(vendor), Entry.objects.about(vendor).get(seq=2)
    assert (inside.public["via"], inside.private["origin"], inside.whence) == ("shell", None, {})
    assert (after.public["via"], after.public["request"], after.public["token"]) == ("api", str(request), str(token))
    assert (after.request, after.whence) == (request, {"address": "192.0.2.7", "agent": "curl/8"})
    assert b"192.0.2.7" not in bytes(after.header) + bytes(after.body.body)


def test_the_body_commits_to_the_road(vendor, alice):
    with acting_through(Channel(via="web", address="192.0.2.7", agent="Mothra/7")):
        vendor.rename(by=alice, canonical_name="DeepSeek AI")
    entry = newest(vendor)
    salt, trace = bytes(entry.trace.salt), bytes(entry.trace.trace)
    assert entry.private["origin"] == canonical.trace_commitment(entry.uuid.bytes, salt, trace)
    assert trace == canonical.encode({"address": "192.0.2.7", "agent": "Mothra/7"})


def test_an_access_leaves_an_entry_without_a_number(alice):
    document = make.document()
    before = document.entry_seq
    Entry.objects.access(alice, "document.download", document, snapshot=document.newest)
    entry = newest(document)
    document.refresh_from_db()
    assert (entry.kind, entry.seq, entry.public["subject"]["seq"], document.entry_seq) == ("access", None, None, before)
    assert set(entry.private) == BODY - {"changes", "state"}
    assert entry.private["arguments"] == {"snapshot": {"ref": f"snapshot:{document.newest.pk}"}}


def test_a_refusal_leaves_an_entry_without_a_number(alice):
    case = make.case(by=alice)
    Entry.objects.refuse(alice, "case.approve", case, "A second person must approve.")
    Entry.objects.refuse(alice, "case.approve", case, "A second person must approve.")
    entry = newest(case)
    assert (entry.kind, entry.seq, entry.public["reason"], entry.public["verb"]) == (
        "refusal",
        None,
        True,
        "case.approve",
    )
    assert entry.private["reason"] == "A second person must approve."
    assert set(entry.public) == HEADER


def test_no_secret_reaches_an_entry(alice, system, invite):
    person = invite("Peter")
    person.change_password(by=person, password="another long password 7")
    token = ApiToken.objects.issue(
        by=alice, name="program", scopes=[Scope.READ], expires_at=NOW + datetime.timedelta(days=2), now=NOW
    )
    told = b"".join(bytes(body.body) for body in Body.objects.all())
    for secret in (PASSWORD, "another long password 7", person.password, token.secret, token.sha256):
        assert secret.encode() not in told
        assert json.dumps(secret)[1:-1].encode() not in told
    assert b'"name":"program"' in told


def test_a_sequence_number_is_used_once(vendor):
    entry = newest(vendor)
    with expect.violation("entry_seq_once"):
        Entry(**(columns(entry) | {"uuid": uuid.uuid4()})).save()


@pytest.mark.parametrize(("kind", "seq"), [("act", None), ("access", 2), ("refusal", 2)])
def test_only_an_act_has_a_number(vendor, kind, seq):
    with expect.violation("entry_act_has_seq"):
        Entry(**(columns(newest(vendor)) | {"uuid": uuid.uuid4(), "kind": kind, "seq": seq})).save()


def columns(entry):
    return {field.attname: getattr(entry, field.attname) for field in Entry._meta.concrete_fields if field.name != "id"}


def test_an_erased_body_reads_as_nothing_and_the_header_stays(vendor, system, sign_log):
    sign_log()
    entry = newest(vendor)
    Ledger.objects.the().erase(by=system, entries=[entry.uuid], basis="GDPR Article 17(1)(a)")
    fresh = Entry.objects.get(pk=entry.pk)
    assert (fresh.private, fresh.public) == ({}, entry.public)


def test_readers_see_the_trail_and_others_do_not(vendor, dave, erin):
    assert vendor.pk in {
        int(entry.subject_id) for entry in Entry.objects.visible_to(dave).filter(subject_type="vendor")
    }
    assert not Entry.objects.visible_to(erin).exists()
