"""A sealed dossier as people read it: every path of it in words, and none of the keys it is stored under."""

from __future__ import annotations

import re

import pytest

from riskreview.cases import saying
from riskreview.cases.models import Case
from riskreview.web import sealed, voiding
from tests.cases.voiding import filled, recommend
from tests.web.conftest import text_of

pytestmark = pytest.mark.django_db
# What a reader must not meet: stored choices, ISO times and days, references, keys with a line below, programs' words.
RAW = re.compile(
    r"\b[A-Z]{2,}_[A-Z_]+\b|\d{4}-\d\d-\d\d|\b[a-z]+:[0-9a-f]{8}-|\b(user|vendor|document|snapshot):\d"
    r"|\bNone\b|\bTrue\b|\bFalse\b|\b[a-z]+_[a-z_]+\b|\{|\}"
)
PATH = re.compile(r"\b(finding|exhibit|effect|condition|submission|consultation|sheet|case|recommendation)\.\w")
MOMENT, DAY = "2025-03-01T17:00:00.000000Z", "2025-03-01"


@pytest.fixture
def case(alice, carol, monkeypatch):
    """Waits for approval, with something in every part of what is sealed."""
    monkeypatch.setattr("riskreview.cases.models.decidable.check_submission", lambda *given, **more: None)
    case = filled(alice)
    recommend(case, alice)
    return Case.objects.get(pk=case.pk)


def samples(path, alice):
    """What may stand under a path: every choice of its vocabulary, or one value of its kind."""
    at = saying.split(path)
    if stored := [each for each in saying.choices(at.kind, at.column) if each != ""]:
        return stored
    if at.column in saying.STEPS:
        return [1, 5]
    if at.column == "parameters":
        return [{"any_source": True}, {"document": 7, "name": "Known", "wanted": "ABSENT"}, {"source": 3}]
    by_ending = {"_at": MOMENT, "_on": DAY, "_by": {"ref": f"user:{alice.pk}"}}
    keyed = {"key": "final_notice", "kinds": ["proposed_mitigation"], "response": "no_comment", "exhibits": [1, 2]}
    keyed |= {"rank": "deputy_secretary", "weight": "LATE_OBJECTION", "disposition": "NOT_PROHIBITED"}
    keyed |= {"author": {"ref": "user:gone"}}
    return [by_ending.get(at.column[-3:]) or keyed.get(at.column) or "As people wrote it."]


def test_every_path_and_every_choice_has_words(case, alice):
    content = case.open_decision().sealed.content
    say = sealed.sayer(case, [{"ref": f"user:{alice.pk}"}])
    for path in content:
        named = say.path(path)
        assert not RAW.search(named), named
        assert not PATH.search(named), named
        for value in samples(path, alice):
            words = say.at(path, value)
            assert words, path
            assert not RAW.search(words), (path, value, words)


def test_every_column_of_a_dossier_is_named_by_hand(case):
    for path in case.open_decision().sealed.content:
        at = saying.split(path)
        assert at.column in saying.LABELS[at.kind], path


def test_the_page_of_what_was_signed_shows_every_line_in_words(case, browse, dave):
    content = case.open_decision().sealed.content
    page = browse(dave).get(f"/cases/{case.ref}/as-of/?decision=1")
    main = text_of(page).partition("Nothing here changes any more.")[2].partition("Keyboard")[0]
    lines = [name for section in page.context["sections"] for part in section.parts for name in part.empty]
    told = [pair for section in page.context["sections"] for part in section.parts for pair in part.lines]
    assert len(lines) + len(told) == len(content)
    assert [section.title for section in page.context["sections"]] == [title for title, _ in sealed.SECTIONS]
    for words in ("Finding F1", "Exhibit E2", "28 January 2025, 15:00 UTC", "Alice", "Prohibited", "Left empty: "):
        assert words in main, words
    assert not PATH.search(main)
    assert not RAW.search(re.sub(r"\S*://\S+", "", main)), RAW.search(main)


def test_what_the_digest_covers_is_told_in_words_before_it_is_signed(case):
    lines = voiding.covered(case.open_decision()).lines
    for line in lines:
        assert not PATH.search(line.says), line
        assert not RAW.search(re.sub(r"\S*://\S+", "", line.new)), line
    assert {"Finding F1: risk area", "Exhibit E1: grade", "Playbook: procedure"} <= {line.says for line in lines}


def test_a_difference_is_told_in_words(case, alice):
    judged = {"stance": "CONTRADICTS", "credibility": 5, "note": "", "source_class": "PARTY_RECORDS"}
    case.amend_exhibit(by=alice, exhibit=case.exhibits.get(number=2), **judged)
    shown = voiding.rows(case.changes_since(case.decisions.get()), case)
    told = {row.says: (row.old, row.new) for row in shown}
    assert told["Exhibit E2: what it does to the question"] == ("Supports", "Contradicts")
    assert told["Exhibit E2: credibility"] == ("2, probably true", "5, improbable")
    assert told["Exhibit E2: how its source stands in law"] == ("Public", "Records of a party")
    assert not any(RAW.search(row.old + row.new) for row in shown)
