"""The playbooks that come with the product: all of them can be used, and none changed since its release."""

import datetime
import hashlib
import json
import re
import shutil
import tomllib

import pytest

from riskreview.cases import checks
from riskreview.cases import playbook as playbooks
from riskreview.cases.deadlines.rule import Rule
from riskreview.cases.playbook import changed_since_release, every, faults_in, from_plain, load, newest, to_plain, words
from riskreview.cases.playbook.shipped import FOLDER, catalogues, files
from tests.house.source import ROOT

TODAY = datetime.datetime.now(datetime.UTC).date()
CODES = ["T0", "T1", "T2", "T2b", "T3", "T4", "T5", "T6", "T7", "T8", "T9"]
each_one = pytest.mark.parametrize("shipped", every(), ids=lambda shipped: shipped.file)


def test_they_are_these():
    assert [each.playbook.code for each in every()] == CODES
    assert len(newest()) == len(files()) == len(CODES)


def test_nothing_is_wrong_with_them():
    assert list(map(str, faults_in(today=TODAY))) == []
    assert list(map(str, changed_since_release())) == []
    assert checks.check_playbooks(None) == []


@each_one
def test_it_is_kept_word_for_word(shipped):
    assert from_plain(json.loads(json.dumps(to_plain(shipped.playbook)))) == shipped.playbook


@each_one
def test_every_stage_is_reached_and_every_reference_leads_somewhere(shipped):
    made, found = shipped.playbook, {shipped.playbook.stage[0].key}
    for _ in made.stage:
        found |= {key for stage in made.stage if stage.key in found for key in stage.next}
    assert found == {stage.key for stage in made.stage}
    for clock in made.clock:
        for reference in (clock.from_, clock.until):
            table, _, key = reference.partition(":")
            assert not key or made.row({"left": "stage"}.get(table, table), key), f"{clock.key}: {reference}"


@each_one
def test_its_clocks_can_be_computed(shipped):
    for clock in shipped.playbook.clock:
        rule = Rule.of(to_plain(clock), shipped.playbook.timezone)
        assert (rule.n, rule.unit, rule.kind, rule.basis) == (clock.n, clock.unit, clock.kind, clock.basis)
        assert words.sentence(shipped.playbook, clock).endswith(".")


@each_one
def test_law_is_cited_and_doubt_is_said(shipped):
    for clock in shipped.playbook.clock:
        assert clock.basis != "law" or clock.cite
    assert "(check)" not in (FOLDER / shipped.file).read_text(encoding="utf-8")


def test_what_nobody_compared_with_the_text_says_so():
    doubtful = {each.playbook.code: [where for where, _ in words.unverified(each.playbook)] for each in every()}
    assert "Clock “The party’s response”" in doubtful["T1"]
    assert "Clock “Petition to the court of appeals”" in doubtful["T2"]
    assert doubtful["T4"] == doubtful["T8"] == []


def test_the_limits_of_the_transaction_review():
    made = newest()["icts_transaction_review"].playbook
    limits = {clock.key: (clock.kind, clock.n, clock.unit, clock.from_many) for clock in made.clock}
    assert limits["notice_21"] == ("not_before", 21, "cal_day", "last")
    assert limits["concurrence"] == ("presumed_after", 14, "cal_day", "each")
    assert limits["final_180"] == ("within", 180, "cal_day", "first")
    assert limits["records_10y"] == ("retain", 120, "month", "each")
    assert made.row("consultation", "final").objection_rank == "deputy_secretary"


def test_the_limits_of_the_serious_incident_report():
    made = newest()["serious_incident_report"].playbook
    ends = {clock.n: clock.until for clock in made.clock if clock.basis == "law" and clock.n in (2, 10, 15)}
    assert ends == dict.fromkeys((2, 10, 15), "milestone:first_report")


def test_referrals_between_them_lead_somewhere():
    targets = {key for each in every() for row in each.playbook.disposition for key in row.to}
    assert {"icts_transaction_review", "external:export_control"} <= targets
    assert {key for key in targets if not key.startswith("external:")} <= newest().keys()


def test_the_catalogues_are_whole():
    found = {key: len(each.items) for key, each in catalogues().items()}
    assert found == {"icd203_standards": 9, "fasc_factors": 14, "ai_rmf": 72}
    groups = [item.group for item in catalogues()["ai_rmf"].items]
    assert {name: groups.count(name) for name in groups} == {"Govern": 19, "Map": 18, "Measure": 22, "Manage": 13}


@pytest.fixture
def copy(tmp_path):
    """The shipped files in a folder of their own."""
    return shutil.copytree(FOLDER, tmp_path / "playbooks")


def test_a_changed_byte_is_found(copy):
    file = copy / "internal_review-1.toml"
    file.write_bytes(file.read_bytes() + b"\n")
    (found,) = changed_since_release(copy)
    assert (found.file, found.what) == ("internal_review-1.toml", "Its bytes changed after it was released.")
    assert list(faults_in(copy, today=TODAY)) == []  # it could still be used: that it changed is what is wrong


def test_a_changed_catalogue_is_found(copy):
    file = copy / "catalogues" / "ai_rmf.toml"
    file.write_text(file.read_text(encoding="utf-8").replace("inventory", "list"), encoding="utf-8")
    assert [each.file for each in changed_since_release(copy)] == ["catalogues/ai_rmf.toml"]


def test_a_released_file_that_is_gone_is_found(copy):
    (copy / "device_use_direction-1.toml").unlink()
    assert [each.what for each in changed_since_release(copy)] == ["It was released and is gone."]


def test_a_file_nobody_released_is_told_with_its_line(copy):
    text = (copy / "internal_review-1.toml").read_text(encoding="utf-8").replace("version = 1", "version = 2")
    (copy / "internal_review-2.toml").write_text(text, encoding="utf-8")
    (found,) = changed_since_release(copy)
    assert found.do.endswith(f'"internal_review-2.toml" = "{hashlib.sha256(text.encode()).hexdigest()}"')
    assert newest(copy)["internal_review"].playbook.version == 2
    assert [each.playbook.version for each in every(copy) if each.playbook.code == "T0"] == [1, 2]


def test_a_broken_catalogue_is_told_by_its_file(copy):
    (copy / "catalogues" / "fasc_factors.toml").write_text('key = "fasc_factors"\n', encoding="utf-8")
    found = list(faults_in(copy, today=TODAY))
    assert {each.file for each in found} == {"catalogues/fasc_factors.toml"}
    assert "The key “items” is missing." in [each.what for each in found]


def test_the_start_is_stopped_by_name(copy, monkeypatch):
    file = copy / "internal_review-1.toml"
    file.write_text(file.read_text(encoding="utf-8").replace('"analyst"', '"wizard"'), encoding="utf-8")
    monkeypatch.setattr(playbooks, "faults_in", lambda **day: faults_in(copy, **day))
    monkeypatch.setattr(playbooks, "changed_since_release", lambda: changed_since_release(copy))
    whole, changed = checks.check_playbooks(None)
    assert (whole.id, changed.id) == ("cases.E001", "cases.E002")
    assert whole.msg == "internal_review-1.toml, stage “review”: owner: “wizard” is not on the list."
    assert whole.hint.startswith("Write one of: intake_officer")


def test_the_example_of_the_documentation_works(tmp_path):
    page = (ROOT / "docs" / "playbooks.md").read_text(encoding="utf-8")
    (example,) = re.findall(r"```toml\n(.*?)```", page, re.DOTALL)
    head = tomllib.loads(example)
    file = tmp_path / f"{head['key']}-{head['version']}.toml"
    file.write_text(example, encoding="utf-8")
    assert load(file, today=TODAY).playbook.title == "Notice and decision"


def test_the_documentation_names_every_word_of_the_grammar():
    page = (ROOT / "docs" / "playbooks.md").read_text(encoding="utf-8")
    known = playbooks.vocabulary
    every_word = (
        *(known.PHASES + known.WORKING + known.RANKS + known.SUBJECTS + known.CALENDARS + known.CLOCK_KINDS),
        *(known.UNITS + known.COUNTS + known.ROLLS + known.FROM_MANY + known.ANCHORS + known.BASES + known.TOLLS),
        *(known.FORMS + known.RESPONSES + known.SILENCES + known.PARTIES + known.CONTENTS + known.GROUPS),
        *(*known.REQUIRES, *known.NEEDS),
    )
    assert [word for word in every_word if not re.search(rf"\b{re.escape(word)}\b", page)] == []
