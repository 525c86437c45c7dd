"""A case as it was: whatever people did, every state comes back, and is proven by the entry about it."""

import datetime
import random
from collections import Counter
from dataclasses import dataclass

import pytest

from riskreview.accounts.roles import Role
from riskreview.audit.models import Entry, Ledger, Recorded
from riskreview.audit.state import digest, key, subject_type
from riskreview.cases import asof, sealing, trail
from riskreview.cases.models import Case, Milestone, Release
from tests import make
from tests.cases import dossiers, histories, rebuilding, walked
from tests.house.test_verbs import EVERY

pytestmark = pytest.mark.django_db
HISTORIES, STEPS = 6, 60
WAITS_AFTER, DECIDED_AFTER = (8, 22, 36), (30, 50)


def at_entry(case, number):
    """The case after its act of this number."""
    entries = list(Entry.objects.about(case).filter(kind="act").select_related("body", "actor").order_by("pk"))
    done = asof.done_by(entries, entries[number].recorded_at)
    return asof.seen_at("case", str(case.pk), entries, done)


@dataclass
class Lived:
    """A history as it was written down while it happened: what each row said at each of its versions."""

    case: Case
    acts: Counter
    said: dict

    def note(self, *, whole=False):
        """Write down what the case and its rows say now: those somebody acted on, or all of them."""
        self.case = Case.objects.get(pk=self.case.pk)
        for row in (self.case, *trail.rows_of(trail.own_ids([self.case.pk]))):
            states = self.said.setdefault((subject_type(row), str(row.pk)), {})
            if whole or row.entry_seq not in states:
                states[row.entry_seq] = row.full_state()

    def now(self):
        """What each row said last."""
        return {row: states[max(states)] for row, states in self.said.items()}


def lived(seed, people, signers):
    """A random history: with a playbook from the beginning, or taken up on the way, perhaps."""
    chance = random.Random(seed)
    given = {"playbook": "walked"} if seed % 2 else {}
    case = make.case(by=people[0], status="IN_REVIEW", **given)
    told = Lived(case, Counter(), {})
    told.note()
    moments = {}
    for step in range(STEPS):
        told.acts[histories.act(told.case, people, signers, chance)[-1]] += 1
        told.note()
        if step in WAITS_AFTER or step in DECIDED_AFTER:
            bring = histories.wait if step in WAITS_AFTER else histories.decide
            told.case = bring(told.case, people, signers)
            told.note()
        if step % 12 == 0:
            moments[Entry.objects.newest_first()[0].recorded_at] = told.now()
    told.case = histories.decide(told.case, people, signers)
    told.note(whole=True)
    return told, moments


@pytest.mark.parametrize("seed", range(HISTORIES))
def test_every_state_comes_back_from_the_entries(seed, invite, tmp_path, monkeypatch):
    walked.shipped_too(tmp_path, monkeypatch)
    people = [invite(f"Person {number}", Role.REVIEWER, Role.LEAD) for number in range(3)]
    signers = [invite(f"Signer {number}", Role.APPROVER) for number in range(2)]
    told, moments = lived(seed, people, signers)
    proven = 0
    for (kind, pk), states in told.said.items():
        entries = list(
            Entry.objects.filter(subject_type=kind, subject_id=pk, kind="act").select_related("body").order_by("pk")
        )
        assert len(entries) == max(states)
        # Nobody makes a clock: it follows from a rule and a date, and its first entry names what that act changed.
        today = told.now()[kind, pk] if kind == "clock" else None
        history = asof.history_of(kind, entries, today)
        for index, entry in enumerate(entries):
            at = history.at(index)
            assert (at.agrees, at.unknown) == (True, []), (kind, entry.verb)
            assert digest(at.state) == entry.private["state"]["sha256"]
            assert entry.seq not in states or at.state == states[entry.seq]
            proven += 1
    assert proven > STEPS // 3
    for moment, said in moments.items():
        assert {(each.kind, each.pk): each.told.state for each in asof.as_of(told.case, moment)} == said
    approved_as_sealed(told.case)


def approved_as_sealed(case):
    """At each approval, the case and its rows as they were make the dossier that was signed, to the last byte."""
    approvals = Entry.objects.about(case).filter(verb="case.approve", kind="act")
    assert approvals
    for entry in approvals:
        seen = asof.as_of(case, entry.recorded_at)
        decision = case.decisions.get(number=rebuilding.newest(seen))
        sealed = decision.sealed
        content = rebuilding.content(seen, sealed.content)
        assert content == sealed.content
        assert sealing.root(content, sealed.key) == sealed.root == decision.dossier_sha256


# What no history does, and why.
LEFT_OUT = {
    "case.open": "each history begins with it",
    "case.trip": "a watch does it (test_watches.py)",
    "case.unseal": "a row of the case does it, in several of the acts",
    "clock.warn": "the sweep does it",
    "clock.expire": "the sweep does it",
    "clock.void": "a new round does it",
    "consultation.lapse": "the sweep does it",
    "sheet.receive": "the act on a sheet does either",
    **dict.fromkeys(("release.prepare", "release.redact", "release.restore", "release.issue"), "see below"),
    **dict.fromkeys(("exemption.grant", "exemption.revoke"), "follow a publication (test_inforce.py)"),
    **dict.fromkeys(("legalstatus.record", "legalstatus.confirm", "legalstatus.strike"), "so do these (test_legal.py)"),
}


def test_a_history_may_do_every_act_on_a_case_and_its_rows():
    own = {subject_type(model) for model in (Case, *trail.own_models())}
    verbs = {name for name, model, _ in EVERY if subject_type(model) in own}
    known = {f"case.{name}" for name in histories.OF_CASE} | set(histories.OF_ROWS) - {"sweep"}
    assert verbs - known == set(LEFT_OUT)
    assert known <= verbs


def test_own_rows_are_told_with_the_case(alice, bob, carol):
    case = dossiers.decided(alice, bob)
    release = Release.objects.prepare(by=alice, case=case, decision=case.decision, audience="The vendor")
    before = Entry.objects.about(release).get().recorded_at
    redaction = release.redact(by=alice, path="exhibit.1.passage", ground="CBI")
    now = asof.as_of(case, Entry.objects.newest_first()[0].recorded_at)
    assert now[0].kind == "case"
    (seen,) = [each for each in now if each.kind == "release"]
    assert seen.told.state == release.full_state()
    (then,) = [each for each in asof.as_of(case, before) if each.kind == "release"]
    assert f"{key(redaction)}.path" not in then.told.state
    assert then.since[f"{key(redaction)}.path"] == [None, "exhibit.1.passage"]
    assert asof.as_of(case, case.opened_at - datetime.timedelta(days=1)) == []


def test_an_act_and_what_it_did_to_the_case_are_one_moment(alice):
    case = make.case(by=alice, status="IN_REVIEW", playbook="internal_review")
    Milestone.objects.record(by=alice, case=case, key="asked", stated_on=datetime.date(2026, 1, 5))
    case.hold(by=alice, reason="Waiting.")
    held = Entry.objects.about(case).get(verb="case.hold")
    stopped = Entry.objects.filter(verb="clock.toll")
    assert stopped
    assert all(each.recorded_at > held.recorded_at and each.pk < held.pk for each in stopped)
    seen = asof.as_of(case, held.recorded_at)
    clocks = [each for each in seen if each.kind == "clock"]
    assert len(clocks) == len(stopped)
    assert all(each.told.agrees for each in clocks)
    before = asof.as_of(case, held.recorded_at - datetime.timedelta(microseconds=1))
    assert [each.kind for each in before] == ["case", "milestone"]


def test_a_long_text_is_told_where_the_row_still_has_it(alice):
    case = make.case(by=alice, status="NEW", question="Why? " * 3_000)
    seen = at_entry(case, 0)
    value = seen.told.state["question"]
    assert value["bytes"] > 8_192
    assert seen.shown(value) == case.question
    gone = {"sha256": "0" * 64, "bytes": 12_345}
    assert seen.shown(gone) == f"text of 12,345 bytes, SHA-256 {'0' * 64}"


def test_what_was_erased_is_said_to_be(alice, system, sign_log):
    case = make.case(by=alice, status="IN_REVIEW")
    case.hold(by=alice, reason="Waiting for Ann.")
    case.resume(by=alice)
    sign_log()
    held = Entry.objects.about(case).get(verb="case.hold")
    Ledger.objects.the().erase(by=system, entries=[held.uuid], basis="GDPR Article 17(1)(a)", what="body")
    seen = at_entry(case, held.seq - 1)
    assert seen.told.agrees is None
    assert seen.told.state["held_reason"] == "Waiting for Ann."  # the act that followed tells what it took away
    assert at_entry(case, held.seq).told.agrees


def test_what_differs_since_is_told(alice):
    case = make.case(by=alice, status="NEW")
    case.assign(by=alice, to=alice)
    assert at_entry(case, 0).since == {
        "assigned_to": [None, {"ref": key(alice)}],
        "status": ["NEW", "IN_REVIEW"],
    }
    assert at_entry(case, 1).since == {}


def test_the_number_of_queries_does_not_grow_with_the_acts(alice, bob, django_assert_num_queries):
    case = dossiers.decided(alice, bob)
    for name in ("The vendor", "The press", "The court"):
        Release.objects.prepare(by=alice, case=case, decision=case.decision, audience=name)
    last = Entry.objects.newest_first()[0].recorded_at
    with django_assert_num_queries(2):
        assert len(asof.as_of(case, last)) == 4


def test_every_kind_of_own_row_is_recorded():
    from riskreview.cases.trail import own_models

    names = {subject_type(model) for model in own_models()}
    assert {"sheet", "milestone", "clock", "consultation", "submission", "allegation", "publication"} <= names
    assert {"legalstatus", "exemption", "release", "task", "comment", "link"} <= names
    assert all(issubclass(model, Recorded) for model in own_models())
