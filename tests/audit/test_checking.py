"""The check from the inside finds what somebody changed behind the product's back, and names the place."""

import datetime
import re

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from riskreview.accounts.roles import Role
from riskreview.audit import checking, tasks
from riskreview.audit.models import Entry, Leaf, Ledger, Verification
from riskreview.cases.models import Case
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(alice, bob, carol, sign_log):
    """A decided case, a source, a dismissed suggestion: a record with something in it, signed."""
    decided = make.case(by=alice, status="DECIDED", approver=bob)
    make.source(by=carol)
    make.suggestion(make.case(by=alice, status="IN_REVIEW", title="Other")).dismiss(by=alice, reason="Off topic.")
    sign_log()
    return decided


def tamper(*statements):
    """Change what triggers protect, as somebody who owns the tables can."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SELECT DISTINCT tgrelid::regclass::text FROM pg_trigger WHERE NOT tgisinternal")
        tables = [row[0] for row in cursor.fetchall()]
        for table in tables:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        for statement in statements:
            cursor.execute(statement)
        for table in tables:
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")


def problems():
    return checking.check().problems


def test_an_honest_record_holds(case):
    found = checking.check()
    assert found.problems == []
    assert found.counts["entries"] == Entry.objects.count() == found.counts["bodies"]
    assert found.counts["checkpoints"] == 1
    assert found.counts["rows"] > 5


def test_entries_that_wait_are_no_problem(case, alice):
    make.vendor("Qwen", by=alice)
    assert problems() == []


APPROVAL = "WHERE verb = 'case.approve'"
OTHER = "does not say any more what it said after act"
CHANGED = {
    f"UPDATE audit_entry SET verb = 'case.other' {APPROVAL}": "the column verb says something else",
    f"UPDATE audit_entry SET actor_id = (SELECT id FROM accounts_user WHERE name = 'Carol') {APPROVAL}": "column actor",
    f"UPDATE audit_entry SET recorded_at = recorded_at - interval '1 year' {APPROVAL}": "the column recorded_at",
    f"UPDATE audit_entry SET header = header || ' ' {APPROVAL}": "not the one that was hashed",
    "UPDATE audit_body SET body = body || ' '": "the body is not the one its header commits to",
    "UPDATE audit_body SET salt = sha256('other')": "the body is not the one its header commits to",
    f"DELETE FROM audit_body WHERE entry_id = (SELECT id FROM audit_entry {APPROVAL})": "the body is gone",
    "UPDATE audit_log SET root = sha256('other')": "is not the one in the head",
    "UPDATE audit_log SET size = size - 2": "its tail is cut",
    "UPDATE audit_checkpoint SET note = replace(note, '.test', '.fake')": "is damaged|not signed by a key",
    "DELETE FROM audit_leaf WHERE index = 4": "leaf 4 is missing",
    "UPDATE cases_case SET priority = 1 WHERE status = 'DECIDED'": OTHER,
    "UPDATE cases_finding SET judgment = 'quietly'": OTHER,
    "UPDATE cases_decision SET rationale = 'quietly'": OTHER,
    "UPDATE cases_decision SET approved_at = approved_at - interval '1 day'": OTHER,
    "UPDATE cases_case SET asked_on = asked_on - 7 WHERE status = 'DECIDED'": OTHER,
    "UPDATE cases_suggestion SET dismissal = 'quietly' WHERE state = 'DISMISSED'": f"suggestion:.* {OTHER}",
    "DELETE FROM cases_suggestion WHERE state = 'DISMISSED'": "has entries, and the row is gone",
    "UPDATE cases_case SET entry_seq = entry_seq + 1": "counts .* acts, and the last one recorded is number",
    "UPDATE accounts_user SET roles = '{ADMINISTRATOR}' WHERE name = 'Alice'": f"user:.* {OTHER}",
    "UPDATE vendors_alias SET text = 'quietly'": f"vendor:.* {OTHER}",
}
GHOST = """
INSERT INTO evidence_source (name, url, kind, config, credential, source_class, reliability, language, interval_minutes,
                             heed_robots, retention, enabled, entry_seq, etag, last_modified, cursor, failures,
                             items_seen, ended_why, attempts, last_error)
VALUES ('Ghost', 'https://ghost.example/', 'RSS', '{}', '', 'WIRE', 'A', '', 60,
        true, 'FULL', true, 0, '', '', '{}', 0, 0, '', 0, '')
"""


@pytest.mark.parametrize("statement", CHANGED)
def test_what_was_changed_is_found_and_named(case, statement):
    tamper(statement)
    found = problems()
    assert any(re.search(CHANGED[statement], problem) for problem in found), found


def test_a_tile_that_was_changed_is_found(case, alice, sign_log):
    vendor = make.vendor("Qwen", by=alice)
    for number in range(260):
        vendor.describe(by=alice, summary=f"Version {number}")
    sign_log()
    assert problems() == []
    tamper("UPDATE audit_tile SET hashes = set_byte(hashes, 40, get_byte(hashes, 40) # 1)")
    assert any("the tile 0/0 does not hold the hashes it should" in problem for problem in problems())


def test_a_row_nobody_recorded_is_found(case):
    tamper(GHOST)
    assert any("no entry says how it came to be" in problem for problem in problems())


UNPLACED = "NOT IN (SELECT entry_id FROM audit_leaf UNION SELECT entry_id FROM audit_pending)"
VANISH = (f"DELETE FROM audit_body WHERE entry_id {UNPLACED}", f"DELETE FROM audit_entry WHERE id {UNPLACED}")


def test_an_act_that_vanished_before_it_had_a_place_is_found(case, alice):
    make.vendor("Qwen", by=alice).rename(by=alice, canonical_name="Qwen 2")
    tamper("DELETE FROM audit_pending", *VANISH)
    assert any("no entry says how it came to be" in problem for problem in problems())


def test_an_entry_lost_between_queue_and_log_is_found(case, alice):
    make.vendor("Qwen", by=alice)
    tamper("DELETE FROM audit_pending")
    assert any("neither in the log nor waiting" in problem for problem in problems())


def test_a_gap_in_the_acts_of_a_subject_is_found(case, alice):
    for name in ("Qwen 1", "Qwen 2", "Qwen 3"):
        Case.objects.first().vendors.first().rename(by=alice, canonical_name=name)
    tamper("DELETE FROM audit_pending WHERE entry_id = (SELECT min(entry_id) FROM audit_pending)", *VANISH)
    assert any("some are missing" in problem for problem in problems())


def test_it_goes_on_where_it_ended(case, monkeypatch):
    monkeypatch.setattr("riskreview.audit.leaves.BATCH", 3)
    monkeypatch.setattr("riskreview.audit.rows.BATCH", 2)
    place, portions, entries = {}, 0, 0
    while True:
        found = checking.portion(place, seconds=0.000_001)
        portions, entries, place = portions + 1, entries + found.counts["entries"], found.place
        assert found.problems == []
        if found.over:
            break
    assert portions > 5
    assert entries == Leaf.objects.count()


class TestTask:
    @pytest.fixture
    def messages(self, monkeypatch, settings):
        sent = []
        settings.SWEEP_SECONDS = 0.000_01
        monkeypatch.setattr(tasks.verify, "delay", lambda **arguments: sent.append(arguments))
        return sent

    def test_a_check_somebody_asked_for_is_carried_out(self, case, carol, messages):
        asked = Verification.objects.ask(by=carol)
        tasks.sweep()
        tasks.verify(**messages.pop())
        asked.refresh_from_db()
        assert (asked.holds, asked.finished_at is not None, asked.done) == (True, True, asked.total)

    def test_what_it_finds_is_kept_and_said_loudly(self, case, carol, messages, caplog):
        tamper("UPDATE cases_finding SET judgment = 'quietly'")
        asked = Verification.objects.ask(by=carol)
        tasks.sweep()
        tasks.verify(**messages.pop())
        asked.refresh_from_db()
        assert (asked.holds, asked.problem_count) == (False, 1)
        assert "does not say any more" in asked.problems[0]
        assert any(record.levelname == "CRITICAL" for record in caplog.records)

    def test_a_second_wish_joins_the_check_under_way(self, carol):
        assert Verification.objects.ask(by=carol) == Verification.objects.ask(by=carol)

    def test_every_day_has_one_check(self, system):
        def ask(hour, day=1):
            now = datetime.datetime(2027, 1, day, hour, tzinfo=datetime.UTC)
            Verification.objects.ask_nightly(by=system, now=now)
            return Verification.objects.count()

        assert ask(1) == 0
        assert ask(3) == 1
        Verification.objects.update(
            asked_at=datetime.datetime(2027, 1, 1, 3, tzinfo=datetime.UTC), finished_at="2027-01-01T03:01Z"
        )
        assert ask(23) == 1
        assert ask(3, day=2) == 2

    def test_a_doubled_message_does_nothing(self, case, carol, messages):
        Verification.objects.ask(by=carol)
        tasks.sweep()
        message = messages.pop()
        tasks.verify(**message)
        counted = Verification.objects.get().counts
        tasks.verify(**message)
        assert Verification.objects.get().counts == counted

    def test_retention_runs_once_a_day(self, case, monkeypatch):
        calls = []
        monkeypatch.setattr(type(Ledger.objects.all()), "prune_due", lambda self, **_: calls.append(1))
        tasks.prune()
        tasks.prune()
        assert calls == [1]


class TestCommand:
    def test_it_says_that_the_record_holds(self, case, capsys):
        call_command("verify_audit")
        assert "The record holds." in capsys.readouterr().out

    def test_it_fails_and_names_what_does_not(self, case, capsys):
        tamper("UPDATE cases_finding SET judgment = 'quietly'")
        with pytest.raises(CommandError, match="1 problems"):
            call_command("verify_audit")
        assert f"case:{case.pk} does not say" in capsys.readouterr().err

    def test_it_can_begin_with_the_last_days(self, case, capsys):
        call_command("verify_audit", since="1d")
        assert "The record holds." in capsys.readouterr().out

    def test_a_span_must_be_one(self):
        with pytest.raises(CommandError, match="such as 1d"):
            call_command("verify_audit", since="yesterday")

    def test_a_span_without_entries_checks_the_rows(self, invite, capsys):
        invite("Frank", Role.READER)
        call_command("verify_audit", since="1h")
        assert "rows" in capsys.readouterr().out
