"""One search over everything."""

import pytest

from tests import make

from .conftest import text_of

pytestmark = pytest.mark.django_db


def test_it_finds_each_kind(browse, alice):
    case, incident = make.case(by=alice), make.incident(by=alice, title="DeepSeek accounts blocked")
    make.document(headline="DeepSeek in the news")
    told = text_of(browse(alice).get("/search/?q=deepseek"))
    for words in ("Cases", case.title, "Vendors", "Incidents", incident.ref, "Documents", "DeepSeek in the news"):
        assert words in told, words


def test_it_says_when_there_is_nothing(browse, alice):
    assert "Nothing found" in text_of(browse(alice).get("/search/?q=zzz"))
