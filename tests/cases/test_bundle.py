"""A bundle of a case or of the whole record: anyone with one file and a public key can check it, and it tells all."""

import base64
import datetime
import hashlib
import json
import zipfile
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from riskreview.accounts.erasing import Erasure
from riskreview.accounts.roles import Role
from riskreview.audit import bundles, canonical, verifier
from riskreview.audit.bundles import Draft, Patience, export_ledger
from riskreview.audit.channel import Channel, acting_through
from riskreview.audit.models import Checkpoint, Entry, Ledger, Log
from riskreview.cases import bundle, sealing
from riskreview.cases.bundle import export_case
from riskreview.cases.models import Case, Flag, Release
from riskreview.evidence.models import Change
from tests import expect, make
from tests.audit.test_checking import tamper
from tests.conftest import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(alice, bob, sign_log):
    """A case that bob decided, with its acts through the web."""
    with acting_through(Channel(via="web", address="192.0.2.7", agent="Firefox")):
        decided = make.case(by=alice, status="DECIDED", approver=bob)
    sign_log()
    return decided


@pytest.fixture
def patience(sign_log):
    """Wait by doing the notary's work."""
    return Patience(seconds=5, pause=lambda _: sign_log())


@pytest.fixture
def export(tmp_path, patience):
    """Write a bundle into a new folder, or a zip, and return its path."""

    def write(case=None, *, by, name="bundle"):
        target = tmp_path / name
        draft = Draft(tmp_path / f".{name}")
        if case is None:
            export_ledger(draft, by=by, told=lambda _: None, patience=patience)
        else:
            export_case(draft, case, by=by, told=lambda _: None, patience=patience)
        draft.zip(target) if target.suffix == ".zip" else draft.folder.rename(target)
        return target

    return write


def verified(path: Path, **asked):
    return verifier.verify(path, keys=[verifier.Key.parse(vkey) for vkey in Log.objects.get().vkeys], **asked)


def rows(path: Path, name: str):
    return [json.loads(line) for line in (path / name).read_text().splitlines()]


@pytest.mark.parametrize("name", ["bundle", "bundle.zip"])
def test_a_case_verifies(case, bob, export, name):
    report = verified(export(case, by=bob, name=name))
    assert (report.verdict, report.first_bad) == ("holds", None)
    checks = {check["name"]: check["result"] for check in report.checks}
    assert {
        checks[each]
        for each in ("files", "signatures", "leaves", "headers", "sequence", "bodies", "state", "evidence", "seal")
    } == {"ok"}


def test_it_holds_what_the_case_says(case, bob, export):
    path = export(case, by=bob)
    page = (path / "index.html").read_text()
    finding, exhibit, decision = case.findings.get(), case.exhibits.get(), case.decisions.get()
    for words in (
        case.question,
        finding.judgment,
        exhibit.passage,
        decision.rationale,
        "Approved by Bob",
        decision.dossier_sha256,
    ):
        assert words in page
    assert (path / "evidence" / exhibit.snapshot.raw_sha256).read_bytes() == exhibit.snapshot.raw
    assert (path / "evidence" / f"{exhibit.snapshot.text_sha256}.txt").read_text() == exhibit.snapshot.text
    told = json.loads((path / "decision.json").read_text())
    assert sealing.root_of(told[0]["dossier"]) == decision.dossier_sha256
    assert {line["path"]: line["value"] for line in told[0]["dossier"]}["case.title"] == case.title
    assert told[0]["approved_by"] == str(bob.pk)
    (signature,) = told[0]["signatures"]
    assert (signature["user"], signature["dossier_sha256"]) == ({"ref": f"user:{bob.pk}"}, decision.dossier_sha256)


def test_a_decision_of_before_dossiers_were_sealed_is_told_as_it_was_signed(case, bob, export):
    decision = make.before_sealing(case.decisions.get())
    told = json.loads((export(case, by=bob) / "decision.json").read_text())
    assert hashlib.sha256(verifier.canonical(told[0]["dossier"])).hexdigest() == decision.dossier_sha256


def test_it_tells_what_changed_at_a_source_and_verifies(case, alice, bob, export, sign_log):
    exhibit, decision = case.exhibits.get(), case.decisions.get()
    make.correction(exhibit.document, note="Correction: the model is old.")
    sign_log()
    path = export(case, by=bob)
    (told,) = json.loads((path / "flags.json").read_text())
    assert (told["exhibit"], told["findings"], told["decisions"]) == ("E1", ["F1"], [decision.number])
    assert (told["passage_stands"], told["settled"]) == (False, None)
    change = told["change"]
    assert (change["kind"], change["note"]) == ("CORRECTION", "Correction: the model is old.")
    assert change["before"]["raw_sha256"] == exhibit.snapshot.raw_sha256 != change["after"]["raw_sha256"]
    (edit,) = change["sentences"]
    assert ("a new model" in edit["before"], "an old model" in edit["after"]) == (True, True)
    (evidence,) = json.loads((path / "evidence.json").read_text())
    assert evidence["later"] == [change["after"]]
    page = (path / "index.html").read_text()
    for words in (
        "Not settled:",
        "an old model",
        "On E1 rest F1 and the decision (number 1)",
        "The source changed after",
    ):
        assert words in page, words
    assert verified(path).verdict == "holds"


def test_it_tells_who_settled_a_change_when_and_in_which_words(case, alice, bob, export, sign_log):
    flag = make.flag(case.exhibits.get())
    flag.settle(by=alice, still_holds=False, reason="The adjective was the point.")
    act = Entry.objects.about(flag).get()
    sign_log()
    path = export(case, by=bob)
    (told,) = json.loads((path / "flags.json").read_text())
    settled = told["settled"]
    assert (settled["by"], settled["still_holds"]) == (str(alice.pk), False)
    assert (settled["words"], settled["entry"]) == ("The adjective was the point.", str(act.uuid))
    assert settled["at"].endswith("Z")
    page = (path / "index.html").read_text()
    assert "<b>No longer holds</b>, says Alice" in page
    assert "The adjective was the point." in page
    assert verified(path).verdict == "holds"


@pytest.mark.parametrize("kind", ["GONE", "CORRECTION"])
def test_a_change_without_a_newer_capture_is_told_too(case, bob, export, kind):
    exhibit = case.exhibits.get()
    because = None if kind == "GONE" else make.document(headline="Correction to an earlier notice")
    told = {"kind": kind, "material": True, "summary": "Something.", "before": exhibit.snapshot}
    Flag.objects.raise_for(Change.objects.keep(document=exhibit.document, after=None, because=because, told=told))
    path = export(case, by=bob)
    (flag,) = json.loads((path / "flags.json").read_text())
    assert (flag["change"]["after"], flag["change"]["sentences"]) == (None, [])
    assert (flag["change"]["because"] or {}).get("headline") == (because and because.headline)
    assert verified(path).verdict == "holds"


def test_a_case_without_flags_says_so_to_programs_only(case, bob, export):
    path = export(case, by=bob)
    assert json.loads((path / "flags.json").read_text()) == []
    assert "Changes at sources" not in (path / "index.html").read_text()


def test_every_act_on_the_case_is_in_it_and_the_export_too(case, bob, export):
    path = export(case, by=bob)
    verbs = [json.loads(base64.b64decode(row["header"]))["verb"] for row in rows(path, "logs/1/leaves.jsonl")]
    assert verbs == [*Entry.objects.about(case).order_by("pk").values_list("verb", flat=True)]
    assert verbs[-1] == "case.export"


def test_addresses_are_in_no_bundle(case, bob, invite, export):
    for name, person in (("one", bob), ("two", invite("Audrey", Role.AUDITOR))):
        path = export(case, by=person, name=name)
        assert [file for file in path.rglob("*") if file.is_file() and b"192.0.2.7" in file.read_bytes()] == []


def test_the_whole_record_verifies(case, bob, export):
    report = verified(export(by=bob))
    assert (report.verdict, report.size) == ("holds", [Entry.objects.count()])


def test_acts_during_the_export_do_no_harm(case, bob, alice, export, sign_log, tmp_path):
    def busy(_):
        vendor = case.vendors.get()
        vendor.refresh_from_db()
        vendor.describe(by=alice, summary=f"Version {vendor.entry_seq}")
        sign_log()

    draft = Draft(tmp_path / "busy")
    export_ledger(draft, by=bob, told=busy, patience=Patience(seconds=5, pause=busy))
    assert verified(tmp_path / "busy").verdict == "holds"


@pytest.mark.django_db(transaction=True)
def test_the_case_is_exported_as_it_was_at_one_moment(alice, bob, sign_log, tmp_path, patience, monkeypatch):
    case = make.case(by=alice, status="IN_REVIEW")
    make.finding(case, by=alice)
    sign_log()

    def add_a_finding():
        make.finding(Case.objects.get(pk=case.pk), by=alice)

    def page_while_others_work(row, entries, flags, real=bundle.page):
        assert expect.at_once([add_a_finding]) == [None]
        return real(row, entries, flags)

    monkeypatch.setattr(bundle, "page", page_while_others_work)
    export_case(Draft(tmp_path / "x"), Case.objects.get(pk=case.pk), by=bob, told=lambda _: None, patience=patience)
    report = verified(tmp_path / "x")
    assert (report.verdict, report.first_bad) == ("holds", None)
    assert len(json.loads((tmp_path / "x/evidence.json").read_text())) == 1


def test_one_changed_byte_is_found_wherever_it_is(case, bob, export):
    path = export(case, by=bob)
    for file in sorted(path.rglob("*")):
        if file.is_file():
            whole = file.read_bytes()
            for place in {0, len(whole) // 2, len(whole) - 1}:
                changed = bytearray(whole)
                changed[place] ^= 1
                file.write_bytes(bytes(changed))
                report = verified(path)
                assert report.verdict == "fails", f"{file.name} at {place}"
                assert report.first_bad
            file.write_bytes(whole)
    assert verified(path).verdict == "holds"


def test_another_page_with_a_corrected_sum_is_found(case, bob, export):
    path = export(case, by=bob)
    page = path / "index.html"
    page.write_text(page.read_text().replace("Monitor", "No action"))
    bundle = json.loads((path / "bundle.json").read_text())
    data = page.read_bytes()
    bundle["files"]["index.html"] = {"bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()}
    (path / "bundle.json").write_bytes(verifier.canonical(bundle))
    report = verified(path)
    assert [check["name"] for check in report.checks if check["result"] == "failed"] == ["seal"]


def test_a_row_changed_past_the_verbs_is_found(case, bob, export):
    tamper("UPDATE cases_finding SET judgment = 'quietly'")
    report = verified(export(by=bob))
    assert [check["name"] for check in report.checks if check["result"] == "failed"] == ["state"]


def test_after_erasure_it_still_verifies_and_says_what_is_gone(case, bob, alice, invite, export, sign_log):
    adam = invite("Adam", Role.ADMINISTRATOR)
    gone = Entry.objects.about(case).get(verb="case.add_finding")
    Ledger.objects.the().erase(by=adam, entries=[gone.uuid], basis="GDPR Article 17(1)(a)")
    path = export(case, by=bob)
    report = verified(path)
    assert report.verdict == "holds"
    removed = json.loads((path / "removed.json").read_text())
    act = Entry.objects.get(verb="ledger.erase")
    assert removed == [{"by": str(act.uuid), "id": str(gone.uuid), "why": "erased"}]


def test_a_case_still_verifies_when_only_addresses_were_erased(case, bob, invite, export):
    adam = invite("Adam", Role.ADMINISTRATOR)
    acts = Entry.objects.about(case).filter(trace__isnull=False).values_list("uuid", flat=True)
    Ledger.objects.the().erase(by=adam, entries=list(acts), basis="GDPR Article 17(1)(a)", what="trace")
    report = verified(export(case, by=bob))
    assert (report.verdict, report.first_bad) == ("holds", None)


@pytest.mark.parametrize("whole", [True, False])
def test_a_body_deleted_quietly_is_found(case, bob, export, whole):
    tamper("DELETE FROM audit_body WHERE entry_id = (SELECT id FROM audit_entry WHERE verb = 'case.add_finding')")
    report = verified(export(None if whole else case, by=bob))
    lost = Entry.objects.get(verb="case.add_finding")
    assert (report.verdict, report.first_bad["entry"]) == ("fails", str(lost.uuid))


def test_pruned_entries_leave_a_leaf_that_is_explained(case, bob, alice, system, export, sign_log):
    Entry.objects.access(alice, "case.export", case)
    sign_log()
    now = datetime.datetime.now(datetime.UTC)
    Ledger.objects.prune_due(by=system, now=now.replace(year=now.year + 2, month=3, day=1))
    report = verified(export(by=bob))
    assert report.verdict == "holds"


def test_a_body_of_version_1_goes_to_its_actor_and_auditors_only(case, alice, dave, invite):
    entry = Entry.objects.about(case).select_related("body").get(verb="case.submit")
    entry.body.body = canonical.encode(entry.private | {"v": 1, "origin": {"address": "192.0.2.7"}})
    audrey = invite("Audrey", Role.AUDITOR)
    assert [entry.is_whole_for(person) for person in (alice, audrey, dave)] == [True, True, False]


def test_a_person_forgotten_is_in_no_new_bundle(case, bob, invite, export, sign_log):
    adam, zelda = invite("Adam", Role.ADMINISTRATOR), invite("Zelda Quirk", Role.REVIEWER)
    case.vendors.get().describe(by=zelda, summary="Nothing.")
    sign_log()
    Erasure.of(zelda).carry_out(by=adam, basis="GDPR Article 17(1)(a)", now=NOW)
    path = export(by=bob)
    assert verified(path).verdict == "holds"
    bodies = b"".join(base64.b64decode(row["body"]) for row in rows(path, "bodies.jsonl"))
    assert b"Quirk" not in bodies


def test_without_a_signature_there_is_no_bundle(case, bob, tmp_path):
    never = Patience(seconds=0.01, pause=lambda _: None)
    with pytest.raises(bundles.Unsigned, match="Is the notary running"):
        export_case(Draft(tmp_path / "x"), case, by=bob, told=lambda _: None, patience=never)


def test_a_checkpoint_kept_earlier_must_be_a_beginning(case, bob, alice, export, sign_log):
    kept = Checkpoint.objects.newest().note.encode()
    make.vendor("Qwen", by=alice)
    assert verified(export(by=bob), known=[kept]).verdict == "holds"


class TestCommand:
    @pytest.fixture(autouse=True)
    def _signing(self, monkeypatch, sign_log):
        monkeypatch.setattr(
            bundles, "is_covered", lambda entry, real=bundles.is_covered: real(entry) or bool(sign_log())
        )

    def test_it_writes_a_zip(self, case, bob, tmp_path, capsys):
        call_command("export_case", case.ref, tmp_path / "case.zip", by=bob.email)
        assert "is complete" in capsys.readouterr().out
        assert "index.html" in zipfile.ZipFile(tmp_path / "case.zip").namelist()
        assert verified(tmp_path / "case.zip").verdict == "holds"
        assert [each.name for each in tmp_path.iterdir() if each.name.startswith(".riskreview")] == []

    def test_it_writes_the_whole_record(self, case, bob, tmp_path):
        call_command("export_ledger", tmp_path / "whole", by=bob.email)
        assert verified(tmp_path / "whole").verdict == "holds"

    @pytest.mark.parametrize(("ref", "by", "why"), [
        ("RR-1999-0001", "bob@example.org", "no case RR-1999-0001"),
        (None, "nobody@example.org", "Nobody who may read"),
        (None, "erin@example.org", "Nobody who may read"),
    ])  # fmt: skip
    def test_it_says_what_is_wrong(self, case, bob, erin, tmp_path, ref, by, why):
        with pytest.raises(CommandError, match=why):
            call_command("export_case", ref or case.ref, tmp_path / "case.zip", by=by)
        assert not (tmp_path / "case.zip").exists()

    def test_it_overwrites_nothing(self, case, bob, tmp_path):
        (tmp_path / "case.zip").write_text("mine")
        with pytest.raises(CommandError, match="exists already"):
            call_command("export_case", case.ref, tmp_path / "case.zip", by=bob.email)
        assert (tmp_path / "case.zip").read_text() == "mine"

    def test_a_folder_that_is_not_there_is_said_and_nothing_is_on_record(self, case, bob, tmp_path):
        with pytest.raises(CommandError, match="There is no folder .*nowhere"):
            call_command("export_case", case.ref, tmp_path / "nowhere" / "case.zip", by=bob.email)
        assert [each for each in tmp_path.iterdir() if "memory" not in each.name] == []
        assert not Entry.objects.filter(verb="case.export").exists()


def test_it_holds_the_memo_the_own_rows_and_what_was_issued_for_others(case, alice, bob, export, sign_log):
    release = Release.objects.prepare(by=alice, case=case, decision=case.decision, audience="The vendor")
    release.redact(by=alice, path="recommendation.rationale", ground="Deliberative")
    release.issue(by=bob)
    make.task(case, by=alice)
    sign_log()
    path = export(case, by=bob)
    memo = (path / "memo" / "1.html").read_text()
    assert case.decision.rationale in memo
    issued = (path / "releases" / "R1.json").read_bytes()
    assert hashlib.sha256(issued).hexdigest() == release.sha256
    assert case.decision.rationale not in (path / "releases" / "R1.html").read_text()
    assert {row["type"] for row in json.loads((path / "state.json").read_text())} == {"case", "release", "task"}
    assert "release.issue" in (path / "index.html").read_text()
    assert verified(path).verdict == "holds"
    states = json.loads((path / "state.json").read_text())
    assert [row["seq"] for row in states if row["type"] == "release"] == [3]
