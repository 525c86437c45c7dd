"""Tasks, comments, links, teams, batches, and cases that are alike, for programs."""

import pytest

from riskreview.audit.models import Entry
from riskreview.cases.models import Batch, Case, Following, Task
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(alice):
    return make.case(by=alice, status="IN_REVIEW")


def test_a_task_is_added_amended_and_finished_against_its_version(api, alice, bob, case):
    client = api(alice)
    made = client.post("/api/v1/tasks/add/", {"case": case.ref, "title": "Ask them", "owner": bob.email})
    assert (made.status_code, made["ETag"], made.json()["owner"]["name"]) == (201, '"1"', "Bob")
    address = made["Location"]
    stale = client.post(f"{address}amend/", {"title": "Ask again"}, HTTP_IF_MATCH='"0"')
    assert stale.status_code == 412
    told = client.post(f"{address}amend/", {"title": "Ask again"}, HTTP_IF_MATCH='"1"').json()
    assert (told["title"], told["owner"], told["version"]) == ("Ask again", None, 2)
    assert client.post(f"{address}finish/", {}, HTTP_IF_MATCH='"2"').json()["state"] == "DONE"
    assert client.get(f"/api/v1/tasks/?case={case.ref}&state=OPEN").json()["results"] == []


def test_a_comment_mentions_and_has_no_text_once_withdrawn(api, alice, bob, case):
    client = api(alice)
    made = client.post("/api/v1/comments/write/", {"case": case.ref, "text": "@Bob, look"}).json()
    assert [person["name"] for person in made["mentions"]] == ["Bob"]
    assert len(client.get(f"/api/v1/comments/?mentions={bob.pk}").json()["results"]) == 1
    gone = client.post(f"/api/v1/comments/{made['id']}/withdraw/", {}, HTTP_IF_MATCH='"1"').json()
    assert (gone["text"], gone["withdrawn_at"] is None) == ("", False)


def test_a_comment_on_nothing_is_refused_in_words(api, alice):
    answer = api(alice).post("/api/v1/comments/write/", {"text": "x"})
    assert (answer.status_code, "on one thing" in answer.json()["detail"]) == (409, True)


def test_a_link_leads_to_another_case(api, alice, case):
    other = make.case(by=alice, title="Another")
    told = {"case": case.ref, "to": other.ref, "kind": "PRECEDENT"}
    assert api(alice).post("/api/v1/links/draw/", told).json()["to"] == other.ref
    assert api(alice).post("/api/v1/links/draw/", told | {"to": case.ref}).status_code == 409


def test_a_team_is_set_up_by_a_lead_and_its_inbox_is_a_filter(api, alice, carol, case):
    told = {"slug": "chips", "name": "Chips", "members": [alice.email]}
    assert api(alice).post("/api/v1/teams/set-up/", told).status_code == 403
    assert api(carol).post("/api/v1/teams/set-up/", told).status_code == 201
    assert api(carol).post("/api/v1/teams/set-up/", told).status_code == 400
    version = {"HTTP_IF_MATCH": f'"{case.entry_seq}"'}
    filed = api(alice).post(f"/api/v1/cases/{case.ref}/file/", {"team": "chips"}, **version)
    assert filed.json()["team"] == "chips"
    found = api(alice).get("/api/v1/cases/?team=chips").json()["results"]
    assert [each["ref"] for each in found] == [case.ref]
    assert api(alice).get("/api/v1/cases/?label=none").json()["results"] == []


def test_a_batch_is_begun_and_decisions_are_not_in_its_vocabulary(api, alice, case):
    told = {"cases": [case.ref], "versions": [case.entry_seq]}
    made = api(alice).post("/api/v1/batches/begin/", told | {"act": "LABEL", "labels": ["chips"]})
    assert (made.status_code, made.json()["items"][0]["outcome"]) == (201, "WAITING")
    for act in ("APPROVE", "SUBMIT", "SEND_BACK", "WITHDRAW", "REOPEN"):
        assert api(alice).post("/api/v1/batches/begin/", told | {"act": act}).status_code == 400
    assert api(alice).post("/api/v1/batches/undo/", {"batch": made.json()["id"]}).status_code == 409
    assert Batch.objects.count() == 1


def test_a_batch_is_previewed_and_nothing_is_done(api, alice, dave, case):
    stale = make.case(by=alice, title="Another")
    told = {"act": "LABEL", "labels": ["chips"], "cases": [case.ref, stale.ref], "versions": [case.entry_seq, 0]}
    client = api(alice)
    before = Entry.objects.count()
    first, second = client.post("/api/v1/batches/preview/", told).json()
    assert (first["case"], first["outcome"], first["after"]["labels"]) == (case.ref, "DONE", ["chips"])
    assert (second["case"], second["outcome"], "changed" in second["why"]) == (stale.ref, "REFUSED", True)
    assert (Entry.objects.count(), Batch.objects.count()) == (before, 0)
    assert Case.objects.get(pk=case.pk).labels == []
    assert api(alice).post("/api/v1/batches/preview/", told | {"versions": [1]}).status_code == 409
    assert api(alice).post("/api/v1/batches/preview/", told | {"labels": []}).status_code == 409
    assert api(alice).post("/api/v1/batches/preview/", told | {"act": "APPROVE"}).status_code == 400
    assert api(dave).post("/api/v1/batches/preview/", told).status_code == 403


@pytest.mark.parametrize("kind", ["cases", "vendors"])
def test_a_case_or_a_vendor_is_followed_and_followed_no_more(api, alice, bob, case, kind):
    address = f"/api/v1/cases/{case.ref}/" if kind == "cases" else "/api/v1/vendors/deepseek/"
    client = api(alice)
    for _ in range(2):
        assert client.post(f"{address}follow/").json() == {"follows": True}
    assert Following.objects.filter(user=alice).count() == 1
    listed = f"/api/v1/{kind}/?followed="
    assert [client.get(f"{listed}{each}").json()["count"] for each in ("true", "false")] == [1, 0]
    assert api(bob).get(f"{listed}true").json()["count"] == 0
    assert client.post(f"{address}unfollow/").json() == {"follows": False}
    assert client.get(f"{listed}true").json()["count"] == 0
    assert client.post(f"{address}follow/", {"x": 1}).status_code == 400


def test_what_is_not_there_cannot_be_followed(api, alice):
    assert api(alice).post("/api/v1/cases/RR-2025-9999/follow/").status_code == 404
    assert not Following.objects.exists()


def test_cases_that_are_alike_are_told_with_the_sum_of_their_parts(api, alice, bob, case):
    make.finding(case, by=alice)
    decided = make.case(by=alice, status="DECIDED", approver=bob)
    told = api(alice).get(f"/api/v1/cases/{case.ref}/similar/").json()
    [alike], [before] = told["similar"], told["precedents"]
    assert alike["ref"] == before["ref"] == decided.ref
    assert alike["score"] == sum(part["points"] for part in alike["parts"])
    assert (before["ending"], before["stands"]) == ("Monitor", True)


def test_lists_take_as_many_queries_for_many_as_for_one(api, alice, case, django_assert_max_num_queries):
    client = api(alice)
    for _ in range(4):
        make.task(case, by=alice)
        make.comment(case, by=alice)
        make.link(case, by=alice)
    assert Task.objects.count() == 4
    for name in ("tasks", "comments", "links"):
        with django_assert_max_num_queries(8):
            assert len(client.get(f"/api/v1/{name}/").json()["results"]) == 4
