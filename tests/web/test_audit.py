"""The audit log in pages."""

from __future__ import annotations

import base64
import json
import re
import uuid

import pytest
from django.db import connection
from django.utils import timezone

from riskreview.accounts.roles import Role
from riskreview.audit import canonical
from riskreview.audit.models import Body, Entry, Ledger
from riskreview.audit.notary import sequence
from riskreview.audit.verifier import Checkpoint as Parsed
from riskreview.audit.verifier import check_inclusion, leaf_hash
from riskreview.web import wording
from tests import make
from tests.conftest import PASSWORD

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


def test_a_refusal_is_a_sentence_about_a_person_and_acts_are_words(browse, post, alice):
    case = make.case(by=alice, status="AWAITING_APPROVAL")
    signed = {"dossier_sha256": case.open_decision().dossier_sha256, "read": "on", "free": "on", "password": PASSWORD}
    post(alice, f"{case.get_absolute_url()}approve/", case, **signed, statement="Let me.")
    page = browse(alice).get("/audit/?kind=refusal")
    assert "Alice was refused: approve" in text_of(page)
    assert "Refused" not in page.content.decode().partition("<tbody")[2]
    assert '<option value="case.add_exhibit">Case: add exhibit</option>' in page.content.decode()


def test_it_pages_by_key_so_that_new_entries_shift_nothing(browse, alice):
    for number in range(60):
        make.vendor(f"Vendor {number}", by=alice)
    client = browse(alice)
    first = client.get("/audit/")
    make.vendor("One more", by=alice)
    second = client.get(f"/audit/?before={first.context['older']}")
    shown = {told["line"].entry.pk for page in (first, second) for told in page.context["lines"]}
    assert len(shown) == 50 + Entry.objects.filter(pk__lt=first.context["older"]).count()


def test_it_needs_a_constant_number_of_queries(browse, alice, bob, sign_log, django_assert_max_num_queries):
    for number in range(4):
        make.case(by=alice, status="DECIDED", approver=bob, title=f"Question {number}")
    client = browse(alice)
    sign_log()
    with django_assert_max_num_queries(20):
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
    assert [entry.whence["address"] for entry in entries] == ["198.51.100.7"] * 2


@pytest.mark.parametrize("query", ["until=9999-12-31", "since=9999-12-31", "since=0001-01-01", "until=0001-01-01"])
def test_the_first_and_the_last_day_there_is_are_days(query, browse, alice):
    assert browse(alice).get(f"/audit/?{query}").status_code == 200


def test_the_last_day_belongs_to_the_days_asked_for(browse, alice):
    today = Entry.objects.newest_first().first().recorded_at.date()
    client = browse(alice)
    assert client.get(f"/audit/?until={today}").content.count(b"data-row") == Entry.objects.count()
    assert client.get(f"/audit/?since={today}").content.count(b"data-row") == Entry.objects.count()


def test_an_erased_body_leaves_pages_that_work(browse, alice, bob, carol, system, sign_log):
    sign_log()
    case = make.case(by=alice, status="DECIDED", approver=bob)
    trail = Entry.objects.about(case)
    basis, instead = "GDPR Article 17(1)(a)", "A name was removed."
    Ledger.objects.the().erase(by=system, entries=[one.uuid for one in trail], basis=basis, replacement=instead)
    act, entry = Entry.objects.get(verb="ledger.erase"), trail.get(verb="case.submit")
    page = browse(carol).get(f"/audit/{entry.uuid}/")
    told = text_of(page)
    assert f"on this basis: {basis}" in told
    assert f"Stated by the operator instead: {instead}" in told
    assert f"/audit/{act.uuid}/" in page.content.decode()
    assert "What changed is not kept any more." in told
    assert f"erased what {trail.count()} entries said" in text_of(browse(carol).get("/audit/"))
    assert "acted: submit" in text_of(browse(carol).get(f"/cases/{case.ref}/"))


def test_an_erased_trace_is_told_and_the_body_stays(browse, post, alice, carol, system, sign_log):
    sign_log()
    case = make.case(by=alice)
    post(carol, f"/cases/{case.ref}/assign/", case, to=alice.pk)
    entry = Entry.objects.get(verb="case.assign")
    Ledger.objects.the().erase(by=system, entries=[entry.uuid], basis="GDPR Article 17(1)(a)", what="trace")
    told = text_of(browse(carol).get(f"/audit/{entry.uuid}/"))
    assert "The address and program it came from were erased on" in told
    assert "127.0.0.1" not in told
    assert "assigned the case to Alice" in told


def test_a_body_that_nothing_explains_is_said_loudly(browse, alice):
    entry = bare_entry(alice)
    assert "and no act on the record explains it" in text_of(browse(alice).get(f"/audit/{entry.uuid}/"))


def test_words_are_found_in_labels_reasons_and_arguments(browse, alice, bob):
    case = make.case(by=alice, status="AWAITING_APPROVAL", title="What does “50 % \\ odd” mean?")
    case.send_back(by=bob, reason='Ask the "Garante" first.')
    client = browse(alice)

    def found(words: str) -> set[str]:
        page = client.get("/audit/", {"q": words})
        return {told["line"].entry.verb for told in page.context["lines"]}

    assert found('the "garante" FIRST') == {"case.send_back"}
    assert "case.open" in found("50 % \\ odd")
    assert found("50 x") == found("%") - found("%") == set()
    assert found("sha256") == found("changes") == set()


def test_an_address_is_never_found_by_its_words(browse, alice, invite):
    old = {
        "v": 1,
        "label": "Old",
        "reason": "",
        "arguments": {},
        "origin": {"address": "192.0.2.99", "agent": "Mothra/7"},
    }
    entry = bare_entry(alice)
    Body(entry=entry, salt=b"s" * 32, body=canonical.encode(old)).save()
    browse(alice).post("/vendors/", {"canonical_name": "DeepSeek"}, headers={"User-Agent": "Mothra/7"})
    for user in (alice, invite("Frank", Role.AUDITOR), invite("Gina", Role.READER)):
        client = browse(user)
        assert b"data-row" in client.get("/audit/?q=Old").content
        for words in ("192.0.2.99", "127.0.0.1", "Mothra"):
            assert b"data-row" not in client.get(f"/audit/?q={words}").content


def bare_entry(by) -> Entry:
    """An entry without a body, as no verb leaves one."""
    header = Entry.objects.newest_first().first().header
    columns = {"kind": "access", "verb": "case.export", "subject_type": "case", "subject_id": "1"}
    entry = Entry(uuid=uuid.uuid4(), xact="1", recorded_at=timezone.now(), actor=by, header=header, **columns)
    entry.save()
    return entry


def test_the_band_says_how_far_the_log_is(browse, alice, sign_log):
    assert "There is no log yet." in text_of(browse(alice).get("/audit/"))
    checkpoint = sign_log()
    make.vendor(by=alice)
    told = text_of(browse(alice).get("/audit/"))
    assert f"Log {checkpoint.log.origin} : {checkpoint.size} entries, 1 waiting" in told
    assert f"checkpoint over {checkpoint.size} signed just now; not cosigned by a witness." in told
    assert "Not checked yet." in told
    assert checkpoint.log.vkeys[0] in told
    assert "There is no log yet." not in told


def test_the_band_counts_witnesses(browse, alice, sign_log, now):
    checkpoint = sign_log()
    for name in ("harbour", "tower"):
        checkpoint.cosignatures.create(witness=name, line=f"— {name} AAAA\n", at=now)
    assert "cosigned by 2 witnesses." in text_of(browse(alice).get("/audit/"))
    assert browse(alice).get("/audit/checkpoint").content.decode().endswith("— tower AAAA\n")


def test_only_those_who_oversee_see_the_button(browse, alice, carol):
    assert b"Verify now" in browse(carol).get("/audit/").content
    assert b"Verify now" not in browse(alice).get("/audit/").content


def test_an_entry_shows_its_place_with_a_proof_that_holds(browse, alice, sign_log):
    for number in range(5):
        make.vendor(f"Vendor {number}", by=alice)
    entry = Entry.objects.filter(verb="vendor.register").first()
    assert "It waits for the notary since" in text_of(browse(alice).get(f"/audit/{entry.uuid}/"))
    checkpoint = sign_log()
    page = browse(alice).get(f"/audit/{entry.uuid}/")
    told, copied = text_of(page), json.loads(page.context["json"])
    assert "Proof holds" in told
    assert f"In the checkpoint over {checkpoint.size} entries" in told
    assert copied["leaf"] == {
        "log": checkpoint.log.origin,
        "index": entry.leaf.index,
        "hash": base64.b64encode(leaf_hash(bytes(entry.header))).decode(),
    }
    assert copied["proof"]["checkpoint"] == checkpoint.note
    assert copied["body"]["label"] == "Vendor 0"
    hashes = [base64.b64decode(each) for each in copied["proof"]["hashes"]]
    root = Parsed.parse(checkpoint.note.encode()).root
    check_inclusion(copied["leaf"]["index"], checkpoint.size, leaf_hash(bytes(entry.header)), hashes, root)


def test_an_entry_in_the_log_waits_for_the_signature(browse, alice, notary, now):
    notary.begin(now)
    make.vendor(by=alice)
    sequence()
    entry = Entry.objects.get(verb="vendor.register")
    assert "it is in the log, and waits for the signature" in text_of(browse(alice).get(f"/audit/{entry.uuid}/"))


def test_a_header_that_was_changed_behind_our_back_fails_its_proof(browse, alice, sign_log):
    make.vendor(by=alice)
    sign_log()
    entry = Entry.objects.get(verb="vendor.register")
    behind_our_back("UPDATE audit_entry SET header = %s WHERE id = %s", [other_header(entry), entry.pk])
    told = text_of(browse(alice).get(f"/audit/{entry.uuid}/"))
    assert "PROOF FAILS" in told
    assert "leads to another root" in told


@pytest.mark.parametrize("size", [1, 6])
def test_a_tree_with_a_hole_fails_the_proof_and_not_the_page(browse, api, alice, sign_log, size):
    for number in range(size):
        make.vendor(f"Vendor {number}", by=alice)
    sign_log()
    entry = Entry.objects.filter(verb="vendor.register").last()
    behind_our_back("DELETE FROM audit_leaf WHERE index <> %s", [entry.leaf.index])
    assert "PROOF FAILS" in text_of(browse(alice).get(f"/audit/{entry.uuid}/"))
    assert api(alice).get(f"/api/v1/entries/{entry.uuid}/").status_code == 200


def test_an_entry_that_is_nowhere_is_said_loudly(browse, alice):
    make.vendor(by=alice)
    entry = Entry.objects.get(verb="vendor.register")
    behind_our_back("DELETE FROM audit_pending WHERE entry_id = %s", [entry.pk])
    assert "neither in the log nor waiting for it" in text_of(browse(alice).get(f"/audit/{entry.uuid}/"))


def behind_our_back(statement: str, values: list) -> None:
    """What the owner of a database can do: switch the triggers off, and write."""
    (table,) = re.findall(r"audit_\w+", statement)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        cursor.execute(statement, values)
        cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def other_header(entry: Entry) -> bytes:
    """The header with another actor."""
    return canonical.encode(entry.public | {"actor": str(uuid.UUID(int=7))})


def test_an_entry_needs_a_constant_number_of_queries(browse, alice, sign_log, django_assert_max_num_queries):
    for number in range(20):
        make.vendor(f"Vendor {number}", by=alice)
    sign_log()
    entry = Entry.objects.filter(verb="vendor.register").first()
    client = browse(alice)
    with django_assert_max_num_queries(16):
        client.get(f"/audit/{entry.uuid}/")


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
