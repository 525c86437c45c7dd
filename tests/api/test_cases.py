"""Cases through the API: from a question to a decision two people sign."""

import pytest

from riskreview.audit.models import Entry
from riskreview.cases.models import Case
from riskreview.cases.workflow import Status
from tests import make
from tests.conftest import PASSWORD

OPENING = {
    "title": "DeepSeek: what does its expansion mean for us?",
    "question": "What does the spread of DeepSeek mean for our agency?",
    "requester": "National Security Council staff",
    "vendors": ["deepseek"],
    "on": "2025-01-28",
}
RECOMMENDATION = {"disposition": "MONITOR", "rationale": "The record is thin; watch it."}


def test_opening_a_case(post, alice):
    make.vendor(by=alice)

    answer = post(alice, "cases/open/", body=OPENING)

    assert answer.status_code == 201, answer.content
    assert answer.json()["ref"] == "RR-2025-0001"
    assert answer.json()["vendors"] == [{"slug": "deepseek", "name": "DeepSeek"}]
    assert answer["Location"].endswith("/api/v1/cases/RR-2025-0001/")


def test_the_main_job_leaves_one_entry_per_act(api, alice, bob):
    make.vendor(by=alice)
    reviewer, approver = api(alice), api(bob)
    snapshot = make.snapshot()

    def act(client, verb, body=None):
        path = "/api/v1/cases/RR-2025-0001/"
        tag = client.get(path)["ETag"]
        answer = client.post(f"{path}{verb}/", body or {}, HTTP_IF_MATCH=tag)
        assert answer.status_code == 200, answer.content
        return answer.json()

    reviewer.post("/api/v1/cases/open/", OPENING)
    act(reviewer, "assign", {"to": "alice@example.org"})
    act(reviewer, "add-exhibit", {"snapshot": snapshot.pk, "start": 0, "end": 40, "stance": "SUPPORTS"})
    finding = {"judgment": "It spreads.", "exhibits": [1], "risk_area": "PRIVACY", "likelihood": "LIKELY"}
    act(reviewer, "add-finding", finding | {"confidence": "LOW"})
    act(reviewer, "submit", RECOMMENDATION)
    signs = {"dossier_sha256": Case.objects.get().open_decision().dossier_sha256, "password": PASSWORD}
    decided = act(approver, "approve", signs | {"statement": "I read the exhibit."})

    assert (decided["status"], decided["decision"]) == ("DECIDED", 1)
    assert decided["actions"] == ["agree-postponement", "refuse-postponement"]
    case = Case.objects.get()
    verbs = list(Entry.objects.about(case).order_by("seq").values_list("verb", flat=True))
    words = ("open", "assign", "add_exhibit", "add_finding", "submit", "approve")
    assert verbs == [f"case.{word}" for word in words]
    assert {entry.public["via"] for entry in Entry.objects.about(case)} == {"api"}


def test_the_submitter_is_refused_as_approver_and_the_attempt_is_on_record(post, invite, api):
    from riskreview.accounts.roles import Role

    both = invite("Frank", Role.REVIEWER, Role.APPROVER)
    case = make.case(by=both, status=Status.AWAITING_APPROVAL)

    signs = {"dossier_sha256": case.open_decision().dossier_sha256, "password": PASSWORD}
    answer = post(both, f"cases/{case.ref}/approve/", case, signs)

    assert answer.status_code == 403
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json()["rule"] == "four-eyes"
    refusal = Entry.objects.get(kind="refusal")
    assert (refusal.verb, refusal.actor, refusal.seq) == ("case.approve", both, None)
    assert refusal.public["via"] == "api"
    case.refresh_from_db()
    assert case.status == Status.AWAITING_APPROVAL


def test_an_ordinary_refusal_names_no_rule(post, alice, dave):
    case = make.case(by=alice)

    answer = post(dave, f"cases/{case.ref}/assign/", case, {"to": str(dave.pk)})

    assert answer.status_code == 403
    assert "rule" not in answer.json()
    assert Entry.objects.get(kind="refusal").verb == "case.assign"


def test_an_act_without_a_version_is_428_and_with_an_old_one_412(api, alice):
    case = make.case(by=alice, status=Status.IN_REVIEW)
    client, path = api(alice), f"/api/v1/cases/{case.ref}/hold/"

    assert client.post(path, {"reason": "Waiting."}).status_code == 428
    assert client.post(path, {"reason": "Waiting."}, HTTP_IF_MATCH='"1"').status_code == 412
    assert client.post(path, {"reason": "Waiting."}, HTTP_IF_MATCH="7").status_code == 400
    case.refresh_from_db()
    assert case.status == Status.IN_REVIEW


def test_an_act_in_the_wrong_state_is_409(post, alice):
    case = make.case(by=alice)

    answer = post(alice, f"cases/{case.ref}/resume/", case)

    assert answer.status_code == 409
    assert "This case is new" in answer.json()["detail"]


@pytest.mark.parametrize(
    ("status", "act", "body", "then"),
    [
        (
            "IN_REVIEW",
            "reschedule",
            {"due_at": "2025-02-01T12:00:00Z", "priority": 1, "reason": "Asked for."},
            "IN_REVIEW",
        ),
        ("IN_REVIEW", "hold", {"reason": "Waiting.", "until": "2025-02-03"}, "ON_HOLD"),
        ("ON_HOLD", "resume", {}, "IN_REVIEW"),
        ("AWAITING_APPROVAL", "revise", RECOMMENDATION | {"rationale": "Shorter."}, "AWAITING_APPROVAL"),
        ("AWAITING_APPROVAL", "send-back", {"reason": "Too thin."}, "IN_REVIEW"),
        ("IN_REVIEW", "withdraw", {"reason": "Not needed."}, "WITHDRAWN"),
    ],
)
def test_the_other_acts(post, alice, status, act, body, then):
    case = make.case(by=alice, status=Status(status))

    answer = post(alice, f"cases/{case.ref}/{act}/", case, body)

    assert answer.status_code == 200, answer.content
    assert answer.json()["status"] == then


def test_reopening_is_for_leads(post, alice, bob, carol):
    case = make.case(by=alice, status=Status.DECIDED, approver=bob)

    assert post(alice, f"cases/{case.ref}/reopen/", case, {"reason": "News."}).status_code == 403
    assert post(carol, f"cases/{case.ref}/reopen/", case, {"reason": "News."}).json()["status"] == "NEW"


def test_a_finding_rests_on_exhibits_of_this_case(post, alice):
    case = make.case(by=alice, status=Status.IN_REVIEW)
    body = {
        "judgment": "It spreads.",
        "exhibits": [9],
        "risk_area": "PRIVACY",
        "likelihood": "LIKELY",
        "confidence": "LOW",
    }

    answer = post(alice, f"cases/{case.ref}/add-finding/", case, body)

    assert answer.json()["errors"] == [{"field": "exhibits", "detail": "This case has no exhibit 9."}]


def test_actions_are_what_the_caller_may_do_now(api, alice, bob, dave):
    case = make.case(by=alice, status=Status.AWAITING_APPROVAL)

    def actions(user):
        return api(user).get(f"/api/v1/cases/{case.ref}/").json()["actions"]

    assert {"search-again", "revise", "send-back", "amend-finding", "withdraw-exhibit"} <= set(actions(alice))
    assert not {"approve", "dissent", "submit"} & set(actions(alice))
    assert actions(bob) == ["approve", "dissent", "send-back"]
    assert actions(dave) == []


def test_the_queue_is_narrowed_and_costs_the_same(api, alice, django_assert_num_queries):
    for number in range(3):
        make.case(by=alice, status=Status.IN_REVIEW, title=f"Question {number}")
    make.case(by=alice)
    client = api(alice)

    with django_assert_num_queries(5):  # token, last use, count, rows, vendors
        found = client.get("/api/v1/cases/", {"assigned_to": str(alice.pk), "vendor": "deepseek"}).json()

    assert found["count"] == 3


def test_a_detail_costs_the_same_however_much_is_in_it(api, alice, django_assert_max_num_queries):
    case = make.case(by=alice, status=Status.IN_REVIEW)
    for _ in range(4):
        make.finding(case, by=alice)
    client = api(alice)

    with django_assert_max_num_queries(26):
        shown = client.get(f"/api/v1/cases/{case.ref}/").json()

    assert [row["exhibits"] for row in shown["findings"]] == [[1], [2], [3], [4]]
