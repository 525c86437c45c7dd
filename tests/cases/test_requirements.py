"""Every word that a playbook may ask with is decided from plain facts, and what is missing says what to do."""

import datetime

import pytest

from riskreview.cases.playbook import from_plain, newest
from riskreview.cases.playbook import vocabulary as known
from riskreview.cases.requirements import (
    Asked,
    Exhibit,
    Facts,
    Finding,
    FollowUp,
    Heard,
    Limit,
    Party,
    Unmet,
    deciding,
    held_back,
    unmet,
    unmet_needs,
)

RULES = from_plain(
    {
        "grammar": 1,
        "key": "hearing",
        "code": "T9",
        "version": 1,
        "title": "Hearing",
        "as_of": datetime.date(2026, 7, 1),
        "calendar": "none",
        "timezone": "UTC",
        "subjects": ["vendor"],
        "milestone": [{"key": "tasked"}, {"key": "served", "per": "party"}],
        "stage": [
            {"key": "intake", "phase": "intake", "owner": "intake_officer"},
            {"key": "service", "phase": "review", "owner": "analyst"},
            {"key": "decision", "phase": "decision", "owner": "deciding_official"},
        ],
        "clock": [
            {"key": "answer", "n": 30, "from": "milestone:served", "until": "replied", "on_expiry": "lapse"},
            {"key": "wait", "kind": "not_before", "n": 21, "from": "consultation:notice", "blocks": "service",
             "basis": "law", "cite": "s.12"},
        ],
        "consultation": [{"key": "notice", "title": "Notice", "responses": ["concur"]}],
        "reply": [{"key": "response", "clock": "answer", "party": "vendor"}],
        "checklist": [{"key": "criteria", "items": ["one", "two"]}],
        "disposition": [{"key": "kept", "group": "favourable"}],
    }
)  # fmt: skip
SEEK, QWEN = Party(1, "DeepSeek"), Party(2, "Qwen")
APRIL = datetime.date(2025, 4, 2)


def exhibits(n):
    return tuple(Exhibit(ref=f"E{each}") for each in range(1, n + 1))


# What is asked, what is there, and what is said of it; nothing when it is met.
TABLE = [
    ("milestone:tasked", Facts(), "“Tasked” has no date: record when it was."),
    ("milestone:tasked", Facts(milestones={("tasked", None)}), ""),
    ("milestone:served", Facts(), "“Served” has no date: record when it was."),
    (
        "milestone:served",
        Facts(parties=(SEEK, QWEN), milestones={("served", 1)}),
        "“Served” has no date for Qwen: record when it was.",
    ),
    ("milestone:served", Facts(parties=(SEEK,), milestones={("served", 1)}), ""),
    ("field:intended_use", Facts(fields={"intended_use": "  "}), "“Intended use” is empty: fill it in."),
    ("field:intended_use", Facts(fields={"intended_use": "Drafting."}), ""),
    ("output:options_paper", Facts(), "The paper “Options paper” is not attached: attach its document."),
    ("output:options_paper", Facts(outputs={"options_paper"}), ""),
    ("exhibits:1", Facts(), "There is no exhibit yet: add one."),
    ("exhibits:3", Facts(exhibits=exhibits(2)), "Two of three exhibits are there: add one more."),
    ("exhibits:3", Facts(exhibits=exhibits(1)), "One of three exhibits is there: add two more."),
    ("exhibits:3", Facts(exhibits=exhibits(3)), ""),
    (
        "exhibits_sourced",
        Facts(exhibits=(Exhibit(ref="E1"), Exhibit(ref="E2", is_graded=False))),
        "E2 is graded F6: nobody judged its source or what it says. Judge one of them.",
    ),
    ("exhibits_sourced", Facts(exhibits=exhibits(2)), ""),
    ("findings:1", Facts(), "There is no finding yet: add one."),
    (
        "findings:1",
        Facts(findings=(Finding(ref="F1", rests_on=0),)),
        "F1 rests on nothing: name an exhibit that stands, or withdraw it.",
    ),
    (
        "findings:1",
        Facts(findings=(Finding(ref="F1", astray=("E9",)),)),
        "F1 cites E9, which is no exhibit that stands: cite another.",
    ),
    ("findings:1", Facts(findings=(Finding(ref="F1"),)), ""),
    (
        "findings_reviewed",
        Facts(findings=(Finding(ref="F1"), Finding(ref="F2", is_reviewed=True))),
        "F1 was not reviewed as it reads now: somebody else than its author has to.",
    ),
    (
        "findings_reviewed",
        Facts(findings=(Finding(ref="F1", cleared_on=APRIL),)),
        (
            "F1 was not reviewed as it reads now (the amendment of 2 April 2025 cleared its review): somebody else than"
            " its author has to."
        ),
    ),
    ("findings_reviewed", Facts(findings=(Finding(ref="F2", is_reviewed=True),)), ""),
    (
        "key_judgments",
        Facts(findings=(Finding(ref="F1", is_fact=True),)),
        "There is no judgement yet: write a finding that says how likely something is.",
    ),
    ("key_judgments", Facts(findings=(Finding(ref="F1", faults=("Use one row.",)),)), "F1: Use one row."),
    ("key_judgments", Facts(findings=(Finding(ref="F1"),)), ""),
    (
        "checklist:criteria",
        Facts(),
        "The checklist “Criteria” was not begun: begin it and answer its two lines.",
    ),
    (
        "checklist:criteria",
        Facts(answered={"criteria": frozenset({"one"})}),
        "The checklist “Criteria” has one open line: answer it.",
    ),
    ("checklist:criteria", Facts(answered={"criteria": frozenset({"one", "two"})}), ""),
    ("consultations_sent:notice", Facts(), "Nobody is asked yet for “Notice”: name whom to ask, and send it."),
    (
        "consultations_sent:notice",
        Facts(consultations=(Asked(key="notice", who="Treasury", state="DRAFT"),)),
        "“Notice” was not sent to Treasury: send it.",
    ),
    ("consultations_sent:notice", Facts(consultations=(Asked(key="notice", who="Treasury", state="OPEN"),)), ""),
    (
        "consultations:notice",
        Facts(consultations=(Asked(key="notice", who="Treasury", state="OPEN", until=APRIL),)),
        "No answer of Treasury is recorded, and its time runs until 2 April 2025.",
    ),
    (
        "consultations:notice",
        Facts(consultations=(Asked(key="notice", who="Treasury", state="OPEN"),)),
        "No answer of Treasury is recorded: record it, or that none came.",
    ),
    (
        "consultations:notice",
        Facts(consultations=(Asked(key="notice", who="Treasury", state="UNDELIVERABLE"),)),
        "“Notice” could not be delivered to Treasury: send it again.",
    ),
    *(
        ("consultations:notice", Facts(consultations=(Asked(key="notice", who="Treasury", state=state),)), "")
        for state in deciding.OVER
    ),
    ("replies:response", Facts(), "No reply is recorded for “Response”: record it, or that none came."),
    (
        "replies:response",
        Facts(parties=(SEEK,), limits=(Limit(key="answer", party=1, until=APRIL),)),
        "No reply of DeepSeek is recorded, and its time runs until 2 April 2025.",
    ),
    (
        "replies:response",
        Facts(parties=(SEEK, QWEN), submissions=(Heard(key="response", ref="S1", party=1),)),
        "No reply of Qwen is recorded: record it, or that none came.",
    ),
    ("replies:response", Facts(parties=(SEEK,), limits=(Limit(key="answer", party=1, is_over=True),)), ""),
    (
        "replies:response",
        Facts(parties=(SEEK,), submissions=(Heard(key="response", ref="S1", party=1, state="NOT_SOUGHT"),)),
        "",
    ),
    (
        "submissions_addressed",
        Facts(parties=(SEEK,), submissions=(Heard(key="response", ref="S1", party=1),)),
        "S1 of DeepSeek is not addressed: write down how it was considered.",
    ),
    (
        "submissions_addressed",
        Facts(submissions=(Heard(key="response", ref="S1", party=1, is_considered=True),)),
        "",
    ),
    ("submissions_addressed", Facts(submissions=(Heard(key="r", ref="S1", party=1, state="NO_REPLY"),)), ""),
    ("disposition", Facts(), "No decision is proposed yet: propose one."),
    ("disposition", Facts(is_proposed=True), ""),
    (
        "followups_assigned",
        Facts(followups=(FollowUp(what="Write to the vendor", is_owned=False),)),
        "“Write to the vendor” is nobody’s: name who sees to it.",
    ),
    ("followups_assigned", Facts(), ""),
    (
        "published_or_reason",
        Facts(),
        "The decision is not published: record where it was, or why it is not.",
    ),
    ("published_or_reason", Facts(is_published=True), ""),
]
NEEDS = [
    ("effect", Facts(), "It needs an effect: say on whom it acts, how, and from when."),
    ("effect", Facts(effects=1), ""),
    ("condition", Facts(effects=1), "It needs a condition: write down what is asked for."),
    ("condition", Facts(conditions=1), ""),
    ("watch", Facts(conditions=1), "It needs a watch: add a condition that watches something."),
    ("watch", Facts(watches=1), ""),
    ("reason", Facts(), ""),
    ("checklist:criteria", Facts(), "The checklist “Criteria” was not begun: begin it and answer its two lines."),
]


@pytest.mark.parametrize(("asked", "facts", "told"), TABLE)
def test_what_is_missing_says_what_to_do(asked, facts, told):
    assert unmet(RULES, [asked], facts) == ([Unmet(asked, told)] if told else [])


@pytest.mark.parametrize(("asked", "facts", "told"), NEEDS)
def test_a_disposition_says_what_it_needs(asked, facts, told):
    assert unmet_needs(RULES, [asked], facts) == ([Unmet(asked, told)] if told else [])


@pytest.mark.parametrize(("said", "missing"), [(None, 0), (" ", 1), ("The commission", 0)])
def test_a_referral_says_to_whom(said, missing):
    assert len(unmet_needs(RULES, ["referral"], Facts(), referred_to=said)) == missing


def test_every_word_of_the_vocabulary_is_decided_and_tried_both_ways():
    assert set(deciding.REQUIRES) == set(known.REQUIRES)
    assert set(deciding.NEEDS) == set(known.NEEDS)
    tried = {(asked.partition(":")[0], bool(told)) for asked, _, told in TABLE}
    assert tried == {(word, met) for word in known.REQUIRES for met in (True, False)}


def test_all_that_is_missing_is_told_at_once():
    asked = ["exhibits:1", "findings:1", "milestone:tasked"]
    assert [each.requirement for each in unmet(RULES, asked, Facts())] == asked


@pytest.mark.parametrize(
    ("limits", "told"),
    [
        ((), "“Service” cannot begin yet (s.12): what its time to wait counts from is not on record."),
        ((Limit(key="wait", until=APRIL),), "“Service” cannot begin before 2 April 2025 (s.12)."),
        ((Limit(key="wait"),), "“Service” cannot begin yet, because its time to wait stands still (s.12)."),
        ((Limit(key="wait", until=APRIL, is_over=True),), ""),
        ((Limit(key="wait", until=APRIL, is_waived=True),), ""),
    ],
)
def test_a_stage_is_held_back_until_its_first_day(limits, told):
    found = [each.told for each in held_back(RULES, "service", Facts(limits=limits))]
    assert found == ([told] if told else [])


def test_what_nothing_holds_back_may_begin():
    assert held_back(RULES, "decision", Facts()) == []


@pytest.mark.parametrize("shipped", newest().values(), ids=newest())
def test_every_shipped_playbook_asks_for_what_can_be_decided(shipped):
    rules = shipped.playbook
    for stage in rules.stage:
        for each in unmet(rules, stage.requires, Facts(parties=(SEEK,))):
            assert each.told.endswith("."), each
    for row in rules.disposition:
        unmet_needs(rules, row.needs, Facts())
