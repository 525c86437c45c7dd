"""Acts on the record itself: holds, erasure, retention, a new beginning. Each stands in the record."""

import datetime

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command
from django.db import DatabaseError, transaction

from riskreview.accounts.roles import Role
from riskreview.audit import checking, entries, retention
from riskreview.audit.channel import Channel, acting_through
from riskreview.audit.models import Body, Entry, Leaf, Ledger, Log, Removal, Trace
from riskreview.audit.notary import sequence
from riskreview.audit.refusals import NotAllowed, NotNow
from riskreview.cases.models import signing
from tests import expect, make

pytestmark = pytest.mark.django_db
BASIS = "GDPR Article 17(1)(a)"


@pytest.fixture
def adam(invite):
    """Administers."""
    return invite("Adam", Role.ADMINISTRATOR)


@pytest.fixture
def ada(invite):
    """Administers too."""
    return invite("Ada", Role.ADMINISTRATOR)


@pytest.fixture
def ledger(sign_log):
    """The record, with a log begun."""
    sign_log()
    return Ledger.objects.the()


@pytest.fixture
def entry(alice):
    """An act through the web, so that it has a trace."""
    vendor = make.vendor(by=alice)
    with acting_through(Channel(via="web", address="192.0.2.7", agent="Firefox")):
        vendor.rename(by=alice, canonical_name="DeepSeek AI")
    return Entry.objects.about(vendor).newest_first().select_related("body", "trace")[0]


def fresh(entry):
    return Entry.objects.select_related("body", "trace").get(pk=entry.pk)


class TestErase:
    def test_it_works(self, ledger, adam, entry):
        with expect.one_entry("ledger.erase", by=adam, about=ledger):
            ledger.erase(by=adam, entries=[entry.uuid], basis=BASIS)
        assert fresh(entry).private == {} == fresh(entry).whence
        assert fresh(entry).header == entry.header
        assert set(Removal.objects.values_list("uuid", "what")) == {(entry.uuid, "BODY"), (entry.uuid, "TRACE")}

    def test_the_act_names_what_is_gone_and_why(self, ledger, adam, entry):
        ledger.erase(by=adam, entries=[entry.uuid], basis=BASIS, replacement="A name was changed.")
        told = Entry.objects.about(ledger).newest_first()[0].private["arguments"]
        assert told == {
            "entries": [str(entry.uuid)],
            "basis": BASIS,
            "what": "body",
            "replacement": "A name was changed.",
        }

    def test_the_trace_can_go_alone(self, ledger, adam, entry):
        ledger.erase(by=adam, entries=[entry.uuid], basis=BASIS, what="trace")
        assert (fresh(entry).whence, bool(fresh(entry).private)) == ({}, True)

    def test_the_record_still_holds(self, ledger, adam, entry, sign_log):
        sign_log()
        ledger.erase(by=adam, entries=[entry.uuid], basis=BASIS)
        sign_log()
        found = checking.check()
        assert (found.problems, found.counts["withheld"]) == ([], 1)

    def test_it_needs_a_basis(self, ledger, adam, entry):
        with expect.refusal(NotNow, ledger, match="legal basis"):
            ledger.erase(by=adam, entries=[entry.uuid], basis=" ")

    def test_it_is_for_administrators(self, ledger, alice, carol, entry):
        for person in (alice, carol):
            with expect.refusal(NotAllowed, ledger):
                ledger.erase(by=person, entries=[entry.uuid], basis=BASIS)

    def test_nothing_is_erased_twice(self, ledger, adam, entry):
        ledger.erase(by=adam, entries=[entry.uuid], basis=BASIS)
        with expect.refusal(NotNow, ledger, match="erased already"):
            ledger.erase(by=adam, entries=[entry.uuid], basis=BASIS)

    def test_acts_on_the_record_itself_stay(self, ledger, adam, entry):
        ledger.erase(by=adam, entries=[entry.uuid], basis=BASIS)
        act = Entry.objects.about(ledger).newest_first()[0]
        with expect.refusal(NotNow, ledger, match="about the record itself"):
            ledger.erase(by=adam, entries=[act.uuid], basis=BASIS)

    def test_a_legal_hold_blocks_it(self, ledger, adam, entry):
        ledger.place_hold(by=adam, subject_type="vendor", subject_id=entry.subject_id, reason="Case 1:25-cv-1")
        with expect.refusal(NotNow, ledger, match="under a legal hold"):
            ledger.erase(by=adam, entries=[entry.uuid], basis=BASIS)
        ledger.lift_hold(by=adam, hold=ledger.holds.get(), reason="Settled.")
        ledger.erase(by=adam, entries=[entry.uuid], basis=BASIS)


class TestHolds:
    def test_a_subject_is_held_once(self, ledger, adam):
        ledger.place_hold(by=adam, subject_type="case", subject_id="1", reason="Proceeding")
        with expect.refusal(NotNow, ledger, match="already"):
            ledger.place_hold(by=adam, subject_type="case", subject_id="1", reason="Proceeding")
        ledger.lift_hold(by=adam, hold=ledger.holds.get(), reason="Over")
        ledger.place_hold(by=adam, subject_type="case", subject_id="1", reason="Again")
        assert Entry.objects.about(ledger).count() == 4

    def test_a_hold_ends_once_and_with_a_reason(self, ledger, adam):
        ledger.place_hold(by=adam, subject_type="case", subject_id="1", reason="Proceeding")
        hold = ledger.holds.get()
        with expect.refusal(NotNow, ledger, match="why the hold ends"):
            ledger.lift_hold(by=adam, hold=hold, reason="")
        ledger.lift_hold(by=adam, hold=hold, reason="Over")
        with expect.refusal(NotNow, ledger, match="lifted already"):
            ledger.lift_hold(by=adam, hold=hold, reason="Over")

    def test_the_command_places_and_lifts(self, ledger, adam, alice, capsys):
        case = make.case(by=alice)
        call_command("ledger", "hold", case.ref, by=adam.email, reason="Proceeding")
        assert ledger.holds.get().subject_id == str(case.pk)
        call_command("ledger", "lift", f"case:{case.pk}", by=adam.email, reason="Over")
        with pytest.raises(CommandError, match="under no hold"):
            call_command("ledger", "lift", case.ref, by=adam.email, reason="Over")
        assert f"{case.ref} is under a legal hold." in capsys.readouterr().out

    @pytest.mark.parametrize(
        ("subject", "why"),
        [("case:999", "There is no case:999"), ("banana:1", "Types are: "), ("user:x", "There is no")],
    )
    def test_the_command_holds_nothing_that_is_not_there(self, ledger, adam, subject, why):
        with pytest.raises(CommandError, match=why):
            call_command("ledger", "hold", subject, by=adam.email, reason="Proceeding")
        assert not ledger.holds.exists()

    def test_the_command_needs_somebody_who_may_and_remembers_who_tried(self, ledger, alice):
        with pytest.raises(CommandError, match="Only administrators"):
            call_command("ledger", "hold", f"user:{alice.pk}", by=alice.email, reason="Proceeding")
        assert Entry.objects.get(kind="refusal", verb="ledger.place_hold").actor == alice
        with pytest.raises(CommandError, match="Nobody signs in"):
            call_command("ledger", "hold", f"user:{alice.pk}", by="nobody@example.org", reason="Proceeding")


class TestRetention:
    def in_years(self, years):
        now = entries.now().at
        return now.replace(year=now.year + years, month=3, day=1)

    def test_traces_go_first_and_acts_stay_longer(self, system, ledger, entry, sign_log):
        sign_log()
        Ledger.objects.prune_due(by=system, now=self.in_years(2))
        assert (fresh(entry).whence, bool(fresh(entry).private)) == ({}, True)
        Ledger.objects.prune_due(by=system, now=self.in_years(11))
        assert fresh(entry).private == {}
        assert checking.check().problems == []

    def test_reads_and_refusals_go_whole(self, system, alice, ledger, entry, sign_log):
        vendor = make.vendor("Qwen", by=alice)
        kept = [
            Entry.objects.access(alice, "document.download", vendor),
            Entry.objects.refuse(alice, "vendor.rename", vendor, "No."),
        ]
        checkpoint = sign_log()
        Ledger.objects.prune_due(by=system, now=self.in_years(2))
        assert not Entry.objects.filter(pk__in=[each.pk for each in kept]).exists()
        assert sign_log().size > checkpoint.size
        assert checking.check().problems == []

    def test_nothing_goes_before_it_is_signed_for(self, system, entry):
        assert Ledger.objects.prune_due(by=system, now=self.in_years(20)) == 0
        assert fresh(entry).private

    def test_a_hold_wins(self, system, adam, ledger, entry, sign_log):
        sign_log()
        ledger.place_hold(by=adam, subject_type="vendor", subject_id=entry.subject_id, reason="Proceeding")
        Ledger.objects.prune_due(by=system, now=self.in_years(20))
        assert fresh(entry).private

    def test_what_is_not_due_cannot_be_pruned(self, ledger, adam, entry, sign_log):
        sign_log()
        with expect.refusal(NotNow, ledger, match="not due"):
            ledger.prune(by=adam, what="act", entries=[entry.uuid], now=self.in_years(5))

    def test_the_command_says_and_drops_what_is_due(self, entry, sign_log, capsys, monkeypatch):
        sign_log()
        call_command("prune", dry_run=True)
        assert "act: kept 10 years; 0 due" in capsys.readouterr().out
        call_command("prune")
        assert "0 dropped" in capsys.readouterr().out

    def test_a_leap_day_has_a_day_before_it(self):
        leap = datetime.datetime(2028, 2, 29, 12, tzinfo=datetime.UTC)
        assert retention.before("access", leap).date() == datetime.date(2027, 2, 28)

    @pytest.mark.parametrize(
        "rules", ["", "[keep]\nact = 10\n", "[keep]\ntrace = 1\nact = 0\naccess = 1\nrefusal = 1\n"]
    )
    def test_rules_that_do_not_say_everything_are_refused(self, settings, tmp_path, rules):
        settings.RETENTION_FILE = str(tmp_path / "rules.toml")
        (tmp_path / "rules.toml").write_text(rules)
        with pytest.raises(ImproperlyConfigured, match="must give whole years"):
            retention.years("act")


class TestEpoch:
    def test_two_people_begin_it(self, ledger, adam, ada, sign_log, notary):
        sign_log()
        ledger.propose_epoch(by=adam, reason="The disk was lost; 3 hours are gone.")
        with expect.refusal(NotAllowed, ledger, match="second administrator"):
            ledger.begin_epoch(by=adam, origin="x/2026.2", year=2026, vkeys=[], lost="3 hours")
        with expect.one_entry("ledger.begin_epoch", by=ada, about=ledger):
            ledger.begin_epoch(by=ada, origin="x/2026.2", year=entries.now().at.year, vkeys=[], lost="3 hours")
        assert [log.open for log in Log.objects.in_order()] == [False, True]
        assert (ledger.proposed_by, ledger.proposal) == (None, "")

    def test_nobody_begins_it_alone(self, ledger, ada):
        with expect.refusal(NotNow, ledger, match="Nobody proposed"):
            ledger.begin_epoch(by=ada, origin="x/2026.2", year=2026, vkeys=[], lost="3 hours")

    def test_the_system_is_not_a_second_person(self, ledger, adam, system):
        ledger.propose_epoch(by=adam, reason="Lost.")
        with expect.refusal(NotAllowed, ledger):
            ledger.begin_epoch(by=system, origin="x/2026.2", year=2026, vkeys=[], lost="3 hours")

    def test_the_log_goes_on_in_the_new_one(self, settings, adam, ada, alice, sign_log, notary, tmp_path, capsys):
        settings.NOTARY_ORIGIN = notary.origin
        settings.NOTARY_KEY_FILES, settings.NOTARY_MEMORY_FILE = [str(tmp_path / "key")], str(notary.memory.path)
        notary.signers[0].write(tmp_path / "key")
        sign_log()
        call_command("ledger", "propose-epoch", by=adam.email, reason="Lost.")
        call_command("ledger", "begin-epoch", by=ada.email, reason="Entries 10 to 20.")
        make.vendor("Qwen", by=alice)
        checkpoint = sign_log()
        assert checkpoint.log.origin.endswith(".2")
        placed = Entry.objects.filter(leaf__log=checkpoint.log).order_by("leaf__index")
        assert list(placed.values_list("verb", flat=True)[:2]) == ["ledger.propose_epoch", "ledger.begin_epoch"]
        assert checkpoint.log.vkeys[0] in capsys.readouterr().out
        assert checking.check().problems == []


def test_what_the_old_log_never_signed_is_placed_again(settings, adam, ada, alice, sign_log, notary, tmp_path):
    """As after a restore: the log goes on being ordered, and the signer refuses."""
    settings.NOTARY_ORIGIN = notary.origin
    settings.NOTARY_KEY_FILES, settings.NOTARY_MEMORY_FILE = [str(tmp_path / "key")], str(notary.memory.path)
    notary.signers[0].write(tmp_path / "key")
    vendor = make.vendor(by=alice)
    signed = sign_log().size
    vendor.rename(by=alice, canonical_name="DeepSeek AI")
    sequence()
    call_command("ledger", "propose-epoch", by=adam.email, reason="Lost.")
    call_command("ledger", "begin-epoch", by=ada.email, reason="Lost.")
    checkpoint = sign_log()
    old = Log.objects.get(number=1)
    assert (old.size, old.leaves.count()) == (signed, signed)
    assert Entry.objects.get(verb="vendor.rename").leaf.log == checkpoint.log
    assert checking.check().problems == []


@pytest.mark.django_db(transaction=True)
def test_nobody_takes_a_leaf_out_otherwise(alice, sign_log):
    make.vendor(by=alice)
    size = sign_log().size
    with pytest.raises(DatabaseError, match="DELETE on audit_leaf is refused"), transaction.atomic():
        put_back_unsigned_from(size - 1)
    assert Log.objects.get().leaves.count() == size


def put_back_unsigned_from(size):
    Leaf.objects.put_back(Log.objects.get(), size)


def test_only_the_notary_begins_a_log(ledger, adam):
    with expect.refusal(NotAllowed, ledger, match="Only the notary"):
        ledger.begin_log(by=adam, origin="x/2026", year=2026, vkeys=[])


def test_nothing_is_done_to_the_record_before_it_begins(adam):
    ledger = Ledger.objects.the()
    acts = (
        lambda: ledger.rotate_key(by=adam, vkey="k", reason="New"),
        lambda: ledger.place_hold(by=adam, subject_type="case", subject_id="1", reason="Proceeding"),
        lambda: ledger.propose_epoch(by=adam, reason="Lost."),
    )
    for act in acts:
        with expect.refusal(NotNow, ledger, match="no log yet"):
            act()


def test_acts_on_the_record_keep_their_order_over_the_turn_of_a_year(ledger, adam, notary, sign_log):
    ledger.place_hold(by=adam, subject_type="case", subject_id="1", reason="Proceeding")
    now = entries.now().at
    fresh = notary.begin(now.replace(year=now.year + 1, day=1))
    order = Entry.objects.about(ledger).order_by("leaf__log", "leaf__index").values_list("seq", "leaf__log")
    assert list(order) == [(1, 1), (2, 1), (3, fresh.number)]


def test_a_key_is_announced_once(ledger, adam):
    with expect.refusal(NotNow, Ledger.objects.the(), match="signs the log already"):
        ledger.rotate_key(by=adam, vkey=Log.objects.get().vkeys[0], reason="New")


@pytest.mark.django_db(transaction=True)
def test_a_body_does_not_go_under_cover_of_another_erasure(ledger, adam, alice):
    make.vendor(by=alice).rename(by=alice, canonical_name="DeepSeek AI")
    named, other = Entry.objects.filter(subject_type="vendor").order_by("pk")
    with pytest.raises(DatabaseError, match="without an act on the record that names it"), transaction.atomic():  # noqa: PT012 - one transaction is the point
        ledger.erase(by=adam, entries=[named.uuid], basis=BASIS)
        Body.objects.filter(entry=other)._raw_delete("default")
    assert Body.objects.filter(entry__in=[named, other]).count() == 2


@pytest.mark.django_db(transaction=True)
def test_an_erasure_commits(ledger, adam, alice):
    vendor = make.vendor(by=alice)
    entry = Entry.objects.about(vendor).get()
    ledger.erase(by=adam, entries=[entry.uuid], basis=BASIS)
    assert not Body.objects.filter(entry=entry).exists()
    assert not Trace.objects.filter(entry=entry).exists()


def test_approvals_wait_while_nobody_signs(settings, alice, bob, sign_log):
    case = make.case(by=alice, status="AWAITING_APPROVAL")
    settings.DECIDE_UNSIGNED_MINUTES = 15
    later = entries.Moment(entries.now().at + datetime.timedelta(minutes=20), "1")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(signing, "now", lambda: later)
        with expect.refusal(NotNow, case, match="has not been signed for over 15 minutes"):
            make.approval(case, by=bob)
        sign_log()
        make.approval(case, by=bob)
    assert case.status == "DECIDED"


def test_what_is_unsigned_is_told_since_when(alice, sign_log):
    make.vendor(by=alice)
    assert Log.objects.unsigned_since() is not None
    sign_log()
    assert Log.objects.unsigned_since() is None
    make.vendor("Qwen", by=alice)
    sequence()
    assert Log.objects.unsigned_since() == Entry.objects.newest_first()[0].recorded_at
