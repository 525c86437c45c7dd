"""Paths and values of a dossier in words. Pure."""

import pytest

from riskreview.cases.playbook.shipped import newest
from riskreview.cases.saying import Sayer, in_order, split
from riskreview.lib import dates

NAMES = {"user:7": "Alice", "vendor:7": "DeepSeek"}


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("finding.1.risk_likelihood", "Finding F1: likelihood of the risk before treatment"),
        ("exhibit.12", "Exhibit E12"),
        ("effect.1.starts_on", "Effect 1: from"),
        ("consultation.2.answer_text", "Consultation 2: in their words"),
        ("case.requester", "Case: asked by"),
        ("recommendation.rationale", "Recommendation: rationale"),
        ("sheet.factors.d.4.verdict", "Checklist “Factors”, “D.4”: answer"),
        ("signatures", "The names of those who signed, and what they said with it"),
    ],
)
def test_a_path_has_a_name(path, words):
    assert Sayer().path(path) == words


@pytest.mark.parametrize(
    ("path", "value", "words"),
    [
        ("case.title", None, ""),
        ("case.title", "", ""),
        ("case.vendors", [], ""),
        ("case.vendors", ["A", "B"], "A, B"),
        ("finding.1.is_fact", True, "Yes"),
        ("finding.1.is_fact", False, "No"),
        ("finding.1.exhibits", [1, 2], "E1, E2"),
        ("finding.1.risk_impact", 5, "Very high"),
        ("finding.1.likelihood", "LIKELY", "Likely (55-80 %)"),
        ("finding.1.author", {"ref": "user:7"}, "Alice"),
        ("finding.1.author", {"ref": "user:8"}, "somebody"),
        ("effect.1.vendor", {"ref": "vendor:7"}, "DeepSeek"),
        ("effect.1.vendor", {"ref": "vendor:8"}, "vendor number 8"),
        ("effect.1.starts_on", "2025-03-01", "1 March 2025"),
        ("exhibit.1.fetched_at", "2025-01-31T17:00:12.123456Z", "31 January 2025, 17:00 UTC"),
        ("exhibit.1.credibility", 2, "2, probably true"),
        ("condition.1.parameters", {"document": 7, "wanted": "ABSENT"}, "document: 7; the name: is not on the list"),
        ("recommendation.disposition", "RESTRICT_USE", "Restrict use"),
        ("consultation.1.rank", "deputy_secretary", "Deputy secretary"),
        ("exhibit.1.passage", "LIKELY on 2025-03-01", "LIKELY on 2025-03-01"),
        ("case.title", "a\u202eb", "ab"),
    ],
)
def test_a_value_has_words(path, value, words):
    assert Sayer(names=NAMES).at(path, value) == words


def test_the_titles_of_the_procedure_are_used():
    rules = newest()["icts_transaction_review"].playbook
    say = Sayer(rules)
    assert say.at("consultation.1.key", "final") == "Concurrence on the Final Determination"
    assert say.at("playbook.key", rules.key) == rules.title
    assert say.path("sheet.criteria.other_factors.note").endswith("”: note")
    assert "other_factors" not in say.path("sheet.criteria.other_factors.note")


def test_paths_stand_in_the_order_in_which_they_are_read():
    paths = ["finding.10.number", "finding.2.basis", "finding.2.judgment", "finding.2.strange"]
    assert sorted(paths, key=in_order) == [
        "finding.2.judgment",
        "finding.2.basis",
        "finding.2.strange",
        "finding.10.number",
    ]


def test_a_line_of_a_checklist_may_have_dots_in_its_key():
    assert (split("sheet.factors.d.4.verdict").number, split("sheet.factors.d.4.verdict").column) == (
        "factors.d.4",
        "verdict",
    )


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("2025-03-01", "1 Mar 2025"),
        ("2025-01-31T17:00:00Z", "31 Jan 2025, 17:00 UTC"),
        ("2025-01-31T17:00:00+02:00", "31 Jan 2025, 15:00 UTC"),
        ("tomorrow", "tomorrow"),
    ],
)
def test_short_dates(text, words):
    assert dates.short(text) == words
