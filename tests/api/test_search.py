"""One search over everything, through the API."""

import pytest

from riskreview.evidence import searching
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def ask(api, alice):
    """What Alice's program is told."""
    client = api(alice, ["read"])
    return lambda **given: client.get("/api/v1/search/", given)


def test_documents_with_their_marked_words(ask):
    document = make.searchable("Then a ban <b>followed</b>.", headline="A notice")
    told = ask(q="ban").json()
    assert (told["kind"], told["count"], told["capped"], told["problems"]) == ("document", 1, False, [])
    [hit] = told["results"]
    assert (hit["id"], hit["title"], hit["date"]) == (str(document.pk), "A notice", "2025-01-28")
    assert hit["url"].endswith(f"/api/v1/documents/{document.pk}/")
    assert [hit["excerpt"][start:end] for start, end in hit["marks"]] == ["ban"]


@pytest.mark.parametrize(
    "given", [{"kind": "case"}, {"kind": "vendor"}, {"kind": "incident"}, {"q": "deepseek is:incident"}]
)
def test_each_kind_has_its_address(api, alice, given):
    make.case(by=alice)
    make.incident(by=alice, title="DeepSeek accounts blocked")
    client = api(alice)
    told = client.get("/api/v1/search/", {"q": "deepseek", **given}).json()
    assert told["kind"] == given.get("kind", "incident")
    [hit] = told["results"]
    assert client.get(hit["url"]).status_code == 200
    assert hit["id"] in hit["url"]


def test_a_claim_leads_to_its_document(ask, alice):
    document = make.searchable("It will not be sold, the company said.")
    place = {"start": 0, "end": 19, "words": "It will not be sold", "sentence": 0, "fingerprint": "1" * 64}
    document.newest.claims.create(kind="INDIRECT", source_kind="NONE", **place)
    [hit] = ask(q="sold", kind="claim").json()["results"]
    assert hit["url"].endswith(f"/documents/{document.pk}/")
    assert hit["excerpt"] == "It will not be sold"


def test_it_is_paged(ask):
    for number in range(3):
        make.searchable("A ban.", headline=f"Notice {number}")
    told = [ask(q="ban", page_size=2, page=page).json() for page in (1, 2)]
    assert [len(each["results"]) for each in told] == [2, 1]
    assert "page=2" in told[0]["next"]
    assert ask(q="ban", page_size=2, page=3).status_code == 404


def test_who_may_not_read_is_refused(ask, alice):
    make.searchable("A ban.")
    assert ask(q="ban").json()["count"] == 1
    type(alice).objects.filter(pk=alice.pk).update(roles=[])
    assert ask(q="ban").status_code == 403


@pytest.mark.parametrize("given", [{"kind": "person"}, {"sort": "odd"}, {"nothing": "1"}, {"page": "0"}])
def test_a_parameter_that_means_nothing_is_an_error(ask, given):
    assert ask(q="ban", **given).status_code == 400


def test_what_was_left_out_is_said_and_another_spelling_offered(ask, alice):
    make.vendor(by=alice)
    told = ask(q="deapseek from:never").json()
    assert told["problems"] == ["“never” is no date: write 2025, 2025-01 or 2025-01-28."]
    assert told["did_you_mean"] == "DeepSeek from:never"


def test_nothing_asked_finds_nothing(ask):
    make.searchable()
    assert ask().json()["results"] == []


def test_a_search_that_takes_too_long_is_an_error_of_the_question(ask, monkeypatch):
    def late(*_, **__):
        raise searching.TookTooLong

    monkeypatch.setattr(searching, "rank", late)
    answer = ask(q="ban")
    assert (answer.status_code, answer.json()["errors"][0]["detail"][:22]) == (400, "The search was stopped")
