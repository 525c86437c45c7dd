"""Exhibits, findings and claims through the API."""

import pytest

from riskreview.cases.workflow import Status
from tests import make

pytestmark = pytest.mark.django_db
WORDS = {"risk_area": "PRIVACY", "judgment": "It is likely kept.", "likelihood": "LIKELY", "confidence": "LOW"}


@pytest.fixture
def case(alice):
    return make.case(by=alice, status=Status.IN_REVIEW)


@pytest.fixture
def finding(case, alice):
    return make.finding(case, by=alice)


def test_findings_are_amended_reviewed_and_withdrawn(post, alice, carol, case, finding):
    risk = {"risk_likelihood": 5, "risk_impact": 5, "residual_likelihood": 2, "residual_impact": 5}
    body = WORDS | risk | {"finding": 1, "exhibits": [1], "assumptions": "It is genuine."}
    amended = post(alice, f"cases/{case.ref}/amend-finding/", case, body).json()["findings"][0]
    assert {name: amended[name] for name in ("assumptions", "risk", "residual")} == {
        "assumptions": "It is genuine.",
        "risk": 5,
        "residual": 3,
    }
    assert amended["edited_by"]["name"] == "Alice"
    reviewed = post(carol, f"cases/{case.ref}/review-finding/", case, {"finding": 1}).json()["findings"][0]
    assert reviewed["reviewed_by"]["name"] == "Carol"
    body = {"finding": 1, "reason": "Misread."}
    withdrawn = post(alice, f"cases/{case.ref}/withdraw-finding/", case, body).json()["findings"][0]
    assert (withdrawn["withdrawn_by"]["name"], withdrawn["withdrawal"]) == ("Alice", "Misread.")


def test_exhibits_are_judged_anew_and_withdrawn(post, alice, case):
    make.exhibit(case, by=alice)
    body = {"exhibit": 1, "stance": "CONTEXT", "credibility": 4, "note": "", "source_class": "DEMANDED"}
    (amended,) = post(alice, f"cases/{case.ref}/amend-exhibit/", case, body).json()["exhibits"]
    assert (amended["source_class"], amended["grade"], amended["edited_by"]["name"]) == ("DEMANDED", "F4", "Alice")
    body = {"exhibit": 1, "reason": "A hoax."}
    answer = post(alice, f"cases/{case.ref}/withdraw-exhibit/", case, body).json()
    assert (answer["exhibits"][0]["withdrawal"], answer["standing"]["documents"]) == ("A hoax.", 0)


@pytest.mark.parametrize(
    ("act", "body"),
    [
        ("amend-finding", WORDS | {"finding": 7, "exhibits": [1]}),
        ("withdraw-finding", {"finding": 7, "reason": "x"}),
        ("review-finding", {"finding": 7}),
        ("withdraw-exhibit", {"exhibit": 7, "reason": "x"}),
    ],
)
def test_a_part_that_is_not_there_is_an_error_of_its_field(post, alice, case, finding, act, body):
    answer = post(alice, f"cases/{case.ref}/{act}/", case, body)
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (400, act.partition("-")[2])


def test_objections_and_warnings_are_in_the_detail(api, post, alice, case, finding):
    body = WORDS | {"exhibits": [1], "judgment": "It may be kept [E1]. Nobody knows where [E7]."}
    told = post(alice, f"cases/{case.ref}/add-finding/", case, body).json()
    assert told["objections"] == [
        {"code": "unknown", "where": "F2, sentence 2", "sentence": "It cites E7, and this case has no such exhibit."}
    ]
    assert [each["code"] for each in told["warnings"]] == ["L5", "L4"]
    body = {"disposition": "MONITOR", "rationale": "Thin."}
    refused = post(alice, f"cases/{case.ref}/submit/", case, body)
    assert refused.status_code == 409
    assert "F2, sentence 2: It cites E7" in refused.json()["detail"]


def test_claims_are_entered_and_answered(api, post, alice, case):
    exhibit = make.exhibit(case, by=alice)
    body = {"case": case.ref, "text": "Outputs were used.", "speaker": "OpenAI", "as_of": "2025-01-29"}
    body |= {"exhibit": exhibit.number, "vendor": case.vendors.get().slug}
    made = post(alice, "allegations/enter/", None, body)
    assert made.status_code == 201, made.content
    claim = case.allegations.get()
    stand = {"says": "DENIED", "speaker": "DeepSeek", "as_of": "2025-01-30"}
    told = post(alice, f"allegations/{claim.pk}/take-stand/", claim, stand).json()
    assert [(each["says"], each["speaker"], each["exhibit"]) for each in told["stands"]] == [
        ("ALLEGED", "OpenAI", 1),
        ("DENIED", "DeepSeek", None),
    ]
    (shown,) = api(alice).get(f"/api/v1/cases/{case.ref}/").json()["claims"]
    assert (shown["standing"], shown["support"], shown["vendor_says"]) == ("ALLEGED", "UNVERIFIED", "DENIED")
    assert api(alice).get("/api/v1/allegations/", {"case": case.ref}).json()["results"][0]["number"] == 1
    assert api(alice).get("/api/v1/allegations/", {"case": "RR-2025-9999"}).json()["results"] == []


def test_a_claim_names_an_exhibit_of_its_own_case(post, alice, case):
    body = {"case": case.ref, "text": "Outputs were used.", "speaker": "OpenAI", "as_of": "2025-01-29", "exhibit": 4}
    answer = post(alice, "allegations/enter/", None, body)
    assert answer.json()["errors"] == [{"field": "exhibit", "detail": "This case has no exhibit 4."}]
