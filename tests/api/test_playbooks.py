"""The playbooks through the API: read, whole, and never written."""

import pytest

from riskreview.accounts.roles import Role
from riskreview.cases.playbook import newest, words

pytestmark = pytest.mark.django_db


def test_they_are_listed_by_code(api, dave):
    rows = api(dave).get("/api/v1/playbooks/").json()
    assert [row["key"] for row in rows] == list(newest())
    first = newest()["internal_review"]
    assert rows[0] == {
        "key": "internal_review",
        "code": "T0",
        "version": 1,
        "title": "Internal review",
        "as_of": first.playbook.as_of.isoformat(),
        "file": first.file,
        "sha256": first.sha256,
    }


@pytest.mark.parametrize("key", newest())
def test_each_is_told_whole(key, api, dave):
    made = newest()[key].playbook
    told = api(dave).get(f"/api/v1/playbooks/{key}/").json()
    assert [row["key"] for row in told["stages"]] == [stage.key for stage in made.stage]
    assert [row["words"] for row in told["clocks"]] == [words.sentence(made, clock) for clock in made.clock]
    assert [row["start"] for row in told["clocks"]] == [clock.from_ for clock in made.clock]
    assert sum(len(row["items"]) for row in told["checklists"]) == sum(len(each.items) for each in made.checklist)
    assert [(row["where"], row["what"]) for row in told["unverified"]] == words.unverified(made)


def test_the_decision_says_who_signs(api, dave):
    told = api(dave).get("/api/v1/playbooks/internal_review/").json()
    assert [row["approve"] for row in told["stages"]] == [None, None, {"n": 1, "by": ["deciding_official"]}, None]


def test_an_unknown_one_is_a_problem_document(api, dave):
    answer = api(dave).get("/api/v1/playbooks/nope/")
    assert (answer.status_code, answer["Content-Type"]) == (404, "application/problem+json")


def test_nobody_writes_them(api, carol):
    for address in ("/api/v1/playbooks/", "/api/v1/playbooks/internal_review/"):
        assert api(carol).post(address, {}).status_code == 405


def test_without_a_role_nothing_is_read(api, dave, system):
    client = api(dave)
    dave.revoke(by=system, role=Role.READER)
    for address in ("/api/v1/playbooks/", "/api/v1/playbooks/internal_review/"):
        assert client.get(address).status_code == 403
