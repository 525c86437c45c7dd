"""`manage.py playbooks`: a list, one in words, and a check that fails loudly."""

import json

import pytest
from django.core.management import CommandError, call_command

from riskreview.cases import playbook as playbooks
from riskreview.cases.playbook import changed_since_release
from riskreview.lib.datafile import Fault


def told(capsys, *words):
    call_command("playbooks", *words)
    return capsys.readouterr().out


def test_it_lists_them_all(capsys):
    lines = told(capsys).splitlines()
    assert len(lines) == 1 + len(playbooks.newest())
    assert lines[0].split() == ["Code", "Playbook", "Title", "Stages", "Clocks", "Dispositions", "Not", "verified"]
    assert "T2b" in lines[4]
    assert "covered_procurement_action-1" in lines[4]


def test_it_lists_them_as_json(capsys):
    rows = json.loads(told(capsys, "--json"))
    assert [row["key"] for row in rows] == list(playbooks.newest())
    assert all(len(row["sha256"]) == 64 and "stage" not in row for row in rows)


def test_it_prints_one_in_words(capsys):
    page = told(capsys, "icts_transaction_review")
    assert page.startswith("ICTS transaction review (T1, icts_transaction_review-1)\n")
    assert "Law (15 CFR 791.105(b)(2))" in page
    assert "Not verified" in page
    assert "The 30 days, and how they may be extended." in page


@pytest.mark.parametrize("key", playbooks.newest())
def test_it_prints_each_of_them(key, capsys):
    made = playbooks.newest()[key].playbook
    page = told(capsys, key)
    assert [row.title for row in (*made.stage, *made.clock, *made.disposition) if row.title not in page] == []


def test_it_prints_one_as_json_that_is_the_playbook_again(capsys):
    plain = json.loads(told(capsys, "fascsa_order", "--json"))
    shipped = playbooks.newest()["fascsa_order"]
    assert (plain.pop("file"), plain.pop("sha256")) == (shipped.file, shipped.sha256)
    assert playbooks.from_plain(plain) == shipped.playbook


def test_an_unknown_key_is_answered_with_the_known_ones():
    with pytest.raises(CommandError, match="There is no playbook “nope”. There are: internal_review, "):
        call_command("playbooks", "nope")


def test_the_check_says_that_all_is_well(capsys):
    assert "playbooks are whole, and as they were released." in told(capsys, "--check")
    assert list(changed_since_release()) == []


def test_the_check_fails_with_file_and_row(monkeypatch):
    fault = Fault("stage “x”", "It is wrong.", "Mend it.", "a-1.toml")
    monkeypatch.setattr(playbooks, "faults_in", lambda **day: iter([fault]))
    with pytest.raises(CommandError, match=r"a-1.toml, stage “x”: It is wrong. Mend it."):
        call_command("playbooks", "--check")
