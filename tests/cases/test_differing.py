"""What differs between two dossiers, in words. Pure."""

from riskreview.cases.differing import Difference, differences

BEFORE = {
    "case.title": "What follows?",
    "finding.1.judgment": "It is stored abroad.",
    "finding.1.likelihood": "LIKELY",
    "finding.1.edited_by": None,
    "finding.1.exhibits": [1, 2],
    "finding.2.judgment": "It is cheap.",
    "finding.2.likelihood": "LIKELY",
    "recommendation.rationale": "Watch it.",
}


def paths(after, before=BEFORE):
    return [each.path for each in differences(before, after)]


def test_the_same_differs_in_nothing():
    assert differences(BEFORE, dict(BEFORE)) == []


def test_a_changed_column_is_named_in_words():
    told = differences(BEFORE, BEFORE | {"finding.1.likelihood": "UNLIKELY"})
    assert told == [Difference("finding.1.likelihood", "F1: likelihood", "LIKELY", "UNLIKELY")]


def test_who_edited_goes_without_saying_beside_what_was_edited():
    assert paths(BEFORE | {"finding.1.likelihood": "UNLIKELY", "finding.1.edited_by": {"ref": "user:1"}}) == [
        "finding.1.likelihood"
    ]
    assert paths(BEFORE | {"finding.1.edited_by": {"ref": "user:1"}}) == ["finding.1.edited_by"]


def test_a_part_that_went_is_one_difference():
    after = {path: value for path, value in BEFORE.items() if not path.startswith("finding.2.")}
    assert differences(BEFORE, after) == [Difference("finding.2", "F2", "It is cheap.", None)]
    assert differences(after, BEFORE) == [Difference("finding.2", "F2", None, "It is cheap.")]


def test_they_stand_in_the_order_of_numbers():
    after = BEFORE | {"finding.10.judgment": "Ten.", "finding.9.judgment": "Nine.", "case.title": "And now?"}
    assert paths(after) == ["case.title", "finding.9", "finding.10"]


def test_a_line_of_a_checklist_is_named():
    (told,) = differences(BEFORE, BEFORE | {"sheet.factors.d.4.verdict": "YES"})
    assert told.says == "Checklist “Factors”, “D.4”: answer"
