"""On a document's page and for programs: a denial is never shown as a statement, and whoever speaks has a name."""

from __future__ import annotations

import pytest

from riskreview.web.understood import who
from tests import make
from tests.enrichment.pages import REVIEW, html, read

from .conftest import text_of

pytestmark = pytest.mark.django_db
TOLD = (
    *REVIEW,
    "DeepSeek denied that 65,000 patient records were stolen from its servers.",
    "DeepSeek must answer the suit by the middle of May, a court in Virginia said.",
    "The cause of the fall in the market, traders said, was DeepSeek.",
)


@pytest.fixture
def document(alice):
    make.case(by=alice, title="DeepSeek: national security review of its expansion")
    return read(html(*TOLD), "a")


def test_a_denial_is_stored_and_shown_as_one(document, browse, dave):
    [denied] = document.newest.claims.filter(denies=True)
    assert denied.words.startswith("65,000 patient records")
    told = text_of(browse(dave).get(document.get_absolute_url()))
    assert f"Denies {denied.words}" in told
    assert told.count("Denies ") == 1
    assert "Denial by DeepSeek" in told


def test_a_denial_found_by_its_words_is_told_as_one(document, browse, dave):
    told = text_of(browse(dave).get("/search/", {"q": "patient records", "kind": "claim"}))
    assert "Denies" in told


def test_the_interface_says_what_is_denied(document, api, dave):
    claims = api(dave).get(f"/api/v1/documents/{document.pk}/analysis/").json()["claims"]
    assert [row["words"][:6] for row in claims if row["denies"]] == ["65,000"]


def test_a_body_on_no_list_is_called_by_its_words(document, browse, dave):
    court = document.newest.claims.get(source_kind="AGENCY", source_agency="")
    assert who(court) == "a court in Virginia"
    assert "a court in Virginia" in text_of(browse(dave).get(document.get_absolute_url()))
    assert all(who(claim) for claim in document.newest.claims.all())


def test_both_parts_of_a_statement_are_shown(document, browse, dave):
    both = document.newest.claims.exclude(more_words="").get()
    assert (both.words, both.more_words) == ("The cause of the fall in the market", "was DeepSeek.")
    assert f"{both.words} … {both.more_words}" in text_of(browse(dave).get(document.get_absolute_url()))
