"""Which tokens open the door, and which scope opens which act."""

import datetime
from functools import partial

import pytest
from django.utils import timezone

from riskreview.accounts.models import ApiToken, CalendarFeed
from riskreview.accounts.tokens import Scope, new_secret
from riskreview.api.urls import routes
from riskreview.evidence.models import Answer, Visit
from tests import make

READ = "/api/v1/vendors/"


def refusal(client, authorization):
    answer = client.get(READ, **({"HTTP_AUTHORIZATION": authorization} if authorization else {}))
    assert answer.status_code == 401
    assert answer["WWW-Authenticate"] == 'Bearer realm="riskreview"'
    assert answer["Content-Type"] == "application/problem+json"
    return answer.json()["detail"]


def test_no_token_is_401(client, db):
    assert "credentials" in refusal(client, "")


@pytest.mark.parametrize("wrong", ["Basic YTpi", "Token rrp_x", "rrp_alone"])
def test_another_scheme_is_401(client, db, wrong):
    assert "Bearer" in refusal(client, wrong)


@pytest.mark.parametrize("wrong", ["Bearer", "Bearer rrp_short", "Bearer rrp_" + "é" * 36, "Bearer rrp_" + "a" * 36])
def test_a_mistyped_token_is_401(client, db, wrong):
    assert "cut off or mistyped" in refusal(client, wrong)


def test_an_unknown_token_is_401(client, db):
    assert "Nobody holds" in refusal(client, f"Bearer {new_secret()}")


def test_an_expired_token_is_401(client, alice):
    long_ago = timezone.now() - datetime.timedelta(days=10)
    token = ApiToken.objects.issue(
        by=alice, name="old", scopes=["read"], expires_at=long_ago + datetime.timedelta(days=1), now=long_ago
    )

    assert refusal(client, f"Bearer {token.secret}") == "This token has expired."


def test_the_token_of_somebody_shut_out_is_401(api, alice, invite):
    from riskreview.accounts.roles import Role

    client = api(alice)
    alice.dismiss(by=invite("Grace", Role.ADMINISTRATOR), reason="Left.")

    answer = client.get(READ)

    assert (answer.status_code, "no access any more" in answer.json()["detail"]) == (401, True)


def test_a_session_is_no_token(browse, alice):
    assert browse(alice).get(READ).status_code == 401


def test_using_a_token_is_noted_once_a_minute(api, alice):
    client = api(alice)

    client.get(READ)
    first = ApiToken.objects.get().last_used_at
    client.get(READ)

    assert first is not None
    assert ApiToken.objects.get().last_used_at == first


def routes_with_scopes():
    """Every act of every resource with the scope it wants, from the routes themselves."""
    for prefix, viewset, _ in routes.registry:
        view = viewset()
        for each in viewset.get_extra_actions():
            if "post" in each.mapping:
                view.action, view.request = each.__name__, type("Request", (), {"method": "POST"})()
                yield prefix, each.url_path, view.scope_wanted(), each.detail


@pytest.mark.parametrize(("prefix", "act", "scope", "detail"), [*routes_with_scopes()])
def test_an_act_wants_its_scope(api, alice, bob, carol, prefix, act, scope, detail):
    if scope is None:
        assert (prefix, act) == ("tokens", "revoke")
        return
    guided = partial(make.case, by=alice, playbook="icts_transaction_review")
    tasked = partial(make.case, by=alice, playbook="interagency_policy_review")
    decided = partial(make.case, by=alice, status="DECIDED", approver=bob)
    row = {
        "cases": lambda: make.case(by=alice).ref,
        "weights": lambda: make.weights().pk,
        "tasks": lambda: make.task(make.case(by=alice), by=alice).pk,
        "comments": lambda: make.comment(make.case(by=alice), by=alice).pk,
        "links": lambda: make.link(make.case(by=alice), by=alice).pk,
        "teams": lambda: make.team(by=carol).slug,
        "batches": lambda: make.batch([make.case(by=alice)], by=alice).pk,
        "suggestions": lambda: make.suggestion(make.case(by=alice)).pk,
        "sources": lambda: make.source(by=alice).pk,
        "visits": lambda: Visit.objects.note(make.source(by=alice), Answer("https://a.example/", b"<rss/>")).pk,
        "documents": lambda: make.document().pk,
        "allegations": lambda: make.claim(make.case(by=alice), by=alice).pk,
        "legalstatuses": lambda: make.legal_status(decided(), by=alice).pk,
        "exemptions": lambda: make.exemption(by=alice, approver=bob, lead=carol).pk,
        "flags": lambda: make.flag(make.exhibit(make.case(by=alice), by=alice)).pk,
        "vendors": lambda: make.vendor(by=alice).slug,
        "incidents": lambda: make.incident(by=alice).ref,
        "judgements": lambda: make.judgement(by=alice).pk,
        "originjudgements": lambda: make.origin_judgement(by=alice).pk,
        "namejudgements": lambda: make.name_judgement(by=alice).pk,
        "delegations": lambda: make.delegation(by=bob).pk,
        "duplicatejudgements": lambda: make.duplicate_judgement(by=alice).pk,
        "milestones": lambda: make.milestone(tasked(), by=alice).pk,
        "clocks": lambda: make.clock(tasked(), by=alice).pk,
        "closures": lambda: make.closure(by=carol).pk,
        "calendarfeeds": lambda: CalendarFeed.objects.offer(by=alice).pk,
        "consultations": lambda: make.consultation(guided(), by=alice).pk,
        "sheets": lambda: make.sheet(make.case(by=alice), by=alice).pk,
        "releases": lambda: make.release(by=alice, approver=bob).pk,
        "submissions": lambda: make.heard(guided(), by=alice).pk,
    }
    path = f"/api/v1/{prefix}/{row[prefix]()}/{act}/" if detail else f"/api/v1/{prefix}/{act}/"
    others = [each for each in Scope.values if each != scope]

    refused = api(alice, others).post(path, {})
    allowed = api(alice, [scope]).post(path, {})

    assert (refused.status_code, refused.json()["scope"]) == (403, scope)
    assert "scope" not in allowed.json()


@pytest.mark.parametrize("prefix", [prefix for prefix, _, _ in routes.registry])
def test_reading_wants_read(api, alice, prefix):
    writers = [each for each in Scope.values if each != "read"]

    assert api(alice, writers).get(f"/api/v1/{prefix}/").json()["scope"] == "read"
    assert api(alice, ["read"]).get(f"/api/v1/{prefix}/").status_code == 200


def test_signing_wants_decisions_write(api, alice):
    case = make.case(by=alice, status="IN_REVIEW")
    body = {"disposition": "MONITOR", "rationale": "Thin."}

    answer = api(alice, ["cases:write"]).post(f"/api/v1/cases/{case.ref}/submit/", body, HTTP_IF_MATCH='"2"')

    assert answer.json()["scope"] == "decisions:write"
    assert "decisions:write" in answer.json()["detail"]
