"""The database itself refuses a change that nobody recorded, whatever program tries it, and says what to do."""

import pytest
from django.db import DatabaseError, connection, transaction

from riskreview.accounts.models import User
from riskreview.audit.models import Body, Entry, Pending
from riskreview.cases.models import Case, Finding
from riskreview.evidence.models import Document, Source
from riskreview.vendors.models import Alias, Vendor
from tests import expect, make

# The check runs when a transaction ends, so these tests really commit.
pytestmark = pytest.mark.django_db(transaction=True)


def refused(table, match="without an entry about"):
    return pytest.raises(DatabaseError, match=rf"audit: \w+ on {table} {match}")


def run(statement):
    with connection.cursor() as cursor:
        cursor.execute(statement)


def test_a_verb_commits(alice):
    vendor = make.vendor(by=alice)
    vendor.rename(by=alice, canonical_name="DeepSeek AI")
    assert Vendor.objects.get().canonical_name == "DeepSeek AI"


def test_plain_sql_is_refused_and_changes_nothing(alice):
    vendor = make.vendor(by=alice)
    before = expect.told(vendor)
    with refused("vendors_vendor"):
        run("UPDATE vendors_vendor SET summary = 'quietly'")
    assert expect.told(vendor) == before


def test_the_message_names_the_table_and_what_to_do(alice):
    make.vendor(by=alice)
    with pytest.raises(DatabaseError) as error:
        run("UPDATE vendors_vendor SET summary = 'quietly'")
    assert error.value.__cause__.diag.table_name == "vendors_vendor"
    assert error.value.__cause__.sqlstate == "RR001"
    assert "Call a verb of the vendor" in str(error.value)


@pytest.mark.parametrize(
    "write",
    [
        lambda vendor: Vendor.objects.filter(pk=vendor.pk).update(summary="quietly"),
        lambda vendor: Vendor.objects.bulk_create([Vendor(canonical_name="Ghost", slug="ghost")]),
        lambda vendor: Vendor.objects.bulk_update([Vendor(pk=vendor.pk, summary="quietly")], ["summary"]),
        lambda vendor: Vendor(pk=vendor.pk, canonical_name="Other", slug="other").save(),
        lambda vendor: Vendor.objects.create(canonical_name="Ghost", slug="ghost"),
        lambda vendor: Vendor.objects.create(canonical_name="Ghost", slug="ghost").delete(),
    ],
    ids=["update", "bulk_create", "bulk_update", "save", "create", "create and delete"],
)
def test_the_orm_is_refused_past_the_verbs(alice, write):
    vendor = make.vendor(by=alice)
    with refused("vendors_vendor"):
        write(vendor)
    assert Vendor.objects.count() == 1


@pytest.mark.parametrize(
    ("table", "write"),
    [
        ("vendors_alias", lambda case: Alias.objects.update(text="quietly")),
        ("vendors_alias", lambda case: Alias.objects.all().delete()),
        ("cases_case", lambda case: Case.objects.update(priority=1)),
        ("cases_finding", lambda case: Finding.objects.update(judgment="quietly")),
        ("cases_finding_exhibits", lambda case: Finding.objects.get().exhibits.clear()),
        ("cases_case_vendors", lambda case: case.vendors.clear()),
        ("cases_decision", lambda case: case.decisions.update(rationale="quietly")),
        ("cases_authorship", lambda case: case.decisions.get().authorships.create(user=case.opened_by)),
        ("cases_exhibit", lambda case: case.exhibits.update(note="quietly")),
        ("accounts_user", lambda case: User.objects.filter(pk=case.opened_by_id).update(roles=["ADMINISTRATOR"])),
        ("accounts_user", lambda case: User.objects.filter(pk=case.opened_by_id).update(password="!")),
        ("evidence_source", lambda case: Source.objects.update(reliability="A")),
    ],
)
def test_every_table_of_judgement_is_protected(alice, carol, bob, table, write):
    make.source(by=carol)
    case = make.case(by=alice, status="AWAITING_APPROVAL")
    case.decisions.get().add_authors([])
    row = Case.objects.get(pk=case.pk)
    row.opened_by = bob if table == "cases_authorship" else alice
    with refused(table):
        write(row)


def test_an_entry_about_another_subject_is_no_cover(alice):
    first, second = make.vendor("DeepSeek", by=alice), make.vendor("Qwen", by=alice)
    with refused("vendors_vendor"), transaction.atomic():
        first.rename(by=alice, canonical_name="DeepSeek AI")
        Vendor.objects.filter(pk=second.pk).update(summary="quietly")
    assert expect.told(first)["canonical_name"] == "DeepSeek"


def test_a_refusal_or_a_download_is_no_cover(alice):
    vendor = make.vendor(by=alice)
    with refused("vendors_vendor"), transaction.atomic():
        Entry.objects.refuse(alice, "vendor.rename", vendor, "No.")
        Vendor.objects.filter(pk=vendor.pk).update(summary="quietly")


def test_a_part_cannot_move_to_another_owner_under_cover_of_one_of_them(alice):
    first, second = make.vendor("DeepSeek", by=alice), make.vendor("Qwen", by=alice)
    with refused("vendors_alias"), transaction.atomic():
        first.rename(by=alice, canonical_name="DeepSeek AI")
        second.aliases.update(vendor=first)


def test_what_machines_own_needs_no_entry(alice, carol):
    source, held = make.source(by=carol), make.document()
    Source.objects.update(etag='"1"', items_seen=3, lease=None, last_error="Nobody answered.")
    Document.objects.filter(pk=held.pk).update(headline="Found by a machine", attempts=2)
    User.objects.update(theme="dark", last_login="2025-01-29T12:00Z")
    source.refresh_from_db()
    assert (source.items_seen, Entry.objects.about(held).count()) == (3, 0)


def test_what_a_person_brought_in_is_protected(alice):
    held = Document.objects.upload(
        by=alice, headline="Memo", content=b"memo", content_type="text/plain", now="2025-01-29T12:00Z"
    )
    with refused("evidence_document"):
        Document.objects.filter(pk=held.pk).update(key="sha256:other")
    with refused("evidence_document"):
        Document.objects.create(kind=Document.Kind.UPLOAD, key="sha256:ghost")


def test_a_suggestion_is_judged_by_its_verbs_only(alice):
    suggestion = make.suggestion(make.case(by=alice, status="IN_REVIEW"))
    type(suggestion).objects.update(score=12)
    with refused("cases_suggestion"):
        type(suggestion).objects.update(state="DISMISSED", dismissal="quietly")
    suggestion.dismiss(by=alice, reason="Off topic.")
    with refused("cases_suggestion"):
        type(suggestion).objects.all().delete()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_entry SET verb = 'case.other'",
        "UPDATE audit_body SET body = ''",
        "TRUNCATE audit_body",
        "TRUNCATE audit_pending",
        "TRUNCATE cases_case CASCADE",
        "TRUNCATE vendors_alias CASCADE",
    ],
)
def test_what_was_written_down_stays(alice, statement):
    make.vendor(by=alice)
    with pytest.raises(DatabaseError, match=r"audit: (UPDATE|TRUNCATE) on \w+ is refused"):
        run(statement)


def test_an_entry_or_body_goes_only_by_an_act_that_names_it(alice):
    make.vendor(by=alice)
    with pytest.raises(DatabaseError, match="DELETE on audit_body without an act on the record"):
        Body.objects.all()._raw_delete("default")
    assert Body.objects.count() == Entry.objects.count()


def test_an_entry_cannot_leave_the_queue_without_a_place(alice):
    make.vendor(by=alice)
    with pytest.raises(DatabaseError, match="leaves the queue without a place in the log"):
        Pending.objects.all()._raw_delete("default")
    assert Pending.objects.count() == Entry.objects.count()


def test_a_signed_log_only_grows(alice, sign_log):
    make.vendor(by=alice)
    sign_log()
    for statement in (
        "UPDATE audit_log SET size = size - 1",
        "UPDATE audit_log SET origin = 'other'",
        "DELETE FROM audit_log",
        "UPDATE audit_leaf SET index = index + 100",
        "DELETE FROM audit_leaf",
        "UPDATE audit_checkpoint SET note = 'other'",
        "DELETE FROM audit_checkpoint",
        "DELETE FROM audit_entry",
    ):
        with pytest.raises(DatabaseError, match=r"audit: |violates foreign key"):
            run(statement)


def test_the_shell_is_no_way_around(alice):
    vendor = make.vendor(by=alice)
    vendor.summary = "quietly"
    with refused("vendors_vendor"):
        vendor.save()
