"""Somebody writes down what the evidence means."""

import pytest

from riskreview.audit.refusals import NotAllowed, NotNow, Stale
from riskreview.cases.models import Confidence, Likelihood, RiskArea
from riskreview.cases.workflow import Status
from tests import expect, make

pytestmark = pytest.mark.django_db
WORDS = {
    "risk_area": RiskArea.PRIVACY,
    "judgment": "Prompts are likely to be kept.",
    "likelihood": Likelihood.LIKELY,
    "confidence": Confidence.LOW,
}


@pytest.fixture
def case(alice):
    return make.case(by=alice, status=Status.IN_REVIEW)


@pytest.fixture
def exhibit(case, alice):
    return make.exhibit(case, by=alice)


def test_it_rests_on_exhibits(case, alice, exhibit):
    with expect.one_entry("case.add_finding", by=alice, about=case):
        finding = case.add_finding(by=alice, exhibits=[exhibit], basis="One regulator says so.", **WORDS)
    assert (finding.ref, finding.author, finding.judgment) == ("F1", alice, WORDS["judgment"])
    assert list(finding.exhibits.all()) == [exhibit]
    assert expect.told(case)[f"finding:{finding.pk}.exhibits"] == [{"ref": f"exhibit:{exhibit.pk}"}]


def test_it_refuses_others(case, exhibit, mallory, outsiders):
    for person in [mallory, *outsiders]:
        with expect.refusal(NotAllowed, case):
            case.add_finding(by=person, exhibits=[exhibit], **WORDS)


def test_a_lead_may_write_one(case, exhibit, carol):
    assert case.add_finding(by=carol, exhibits=[exhibit], **WORDS).author == carol


def test_it_refuses_to_rest_on_nothing(case, alice):
    with expect.refusal(NotNow, case, match="at least one exhibit"):
        case.add_finding(by=alice, exhibits=[], **WORDS)


def test_it_refuses_an_exhibit_of_another_case(case, alice, exhibit):
    strange = make.exhibit(make.case(by=alice), by=alice)
    with expect.refusal(NotNow, case, match="of this case"):
        case.add_finding(by=alice, exhibits=[exhibit, strange], **WORDS)


@pytest.mark.parametrize("blank", ["", " \n "])
def test_it_refuses_to_say_nothing(case, alice, exhibit, blank):
    with expect.refusal(NotNow, case, match="judgement"):
        case.add_finding(by=alice, exhibits=[exhibit], **(WORDS | {"judgment": blank}))


@pytest.mark.parametrize(("field", "value"), [("likelihood", "PERHAPS"), ("confidence", "UTTER"), ("risk_area", "")])
def test_it_refuses_a_word_outside_the_vocabulary(case, alice, exhibit, field, value):
    with pytest.raises(ValueError, match="is not a valid"):
        case.add_finding(by=alice, exhibits=[exhibit], **(WORDS | {field: value}))
    assert not case.findings.exists()


def test_a_case_nobody_works_on_takes_none(alice, carol):
    case = make.case(by=alice)
    exhibit = make.exhibit(case, by=alice)
    with expect.refusal(NotNow, case, match="new"):
        case.add_finding(by=carol, exhibits=[exhibit], **WORDS)


def test_it_refuses_a_stale_form(case, alice, exhibit):
    with expect.refusal(Stale, case):
        case.add_finding(by=alice, exhibits=[exhibit], seen=1, **WORDS)


def test_a_finding_may_be_a_fact_which_needs_no_likelihood(case, alice, exhibit):
    words = WORDS | {"judgment": "A regulator asked about it on 28 January.", "likelihood": ""}
    with expect.refusal(NotNow, case, match="mark the finding as a fact"):
        case.add_finding(by=alice, exhibits=[exhibit], **words)
    assert case.add_finding(by=alice, exhibits=[exhibit], is_fact=True, **words).likelihood == ""


@pytest.mark.parametrize(
    ("numbers", "match"),
    [
        ({"risk_likelihood": 3}, "or neither"),
        ({"risk_likelihood": 3, "risk_impact": 3, "residual_impact": 2}, "or neither"),
        ({"residual_likelihood": 1, "residual_impact": 1}, "before its treatment"),
    ],
)
def test_a_risk_is_placed_whole(case, alice, exhibit, numbers, match):
    with expect.refusal(NotNow, case, match=match):
        case.add_finding(by=alice, exhibits=[exhibit], **numbers, **WORDS)


def test_it_says_what_it_assumes_and_what_else_may_be_so(case, alice, exhibit):
    told = {"assumptions": " The notice is genuine. ", "alternatives": "A rumour.", "treatment": "Block it."}
    risk = {"risk_likelihood": 5, "risk_impact": 4, "residual_likelihood": 2, "residual_impact": 4}
    finding = case.add_finding(by=alice, exhibits=[exhibit], **told, **risk, **WORDS)
    assert {name: getattr(finding, name) for name in (*told, *risk)} == told | risk | {
        "assumptions": "The notice is genuine."
    }


def test_what_the_words_cite_is_ticked_with_the_rest(case, alice, exhibit):
    other, unused = (make.exhibit(case, by=alice) for _ in range(2))
    words = WORDS | {"judgment": "Prompts are likely to be kept [E2]. They are kept abroad [E1, E9]."}
    finding = case.add_finding(by=alice, exhibits=[exhibit], **words)
    assert set(finding.exhibits.all()) == {exhibit, other}
    assert unused not in finding.exhibits.all()


def test_it_voids_what_waits_for_approval(case, alice, exhibit):
    case.add_finding(by=alice, exhibits=[exhibit], **WORDS)
    waiting = make.submission(case, by=alice)
    case.add_finding(by=alice, exhibits=[exhibit], **WORDS)
    waiting.refresh_from_db()
    assert (case.status, waiting.void_cause) == (Status.IN_REVIEW, "finding F2")
