"""The notice that the newsroom holds back: it says that it is made up, and is read as a change of ownership."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from riskreview.web.demo.newsroom.corpus import NOTICE, load
from riskreview.web.demo.newsroom.pages import article_page
from riskreview.web.demo.newsroom.site import Site

ASKED = datetime(2026, 3, 4, 10, 30, tzinfo=UTC)


def test_one_document_is_held_back_and_no_other_knows_of_it():
    corpus = load()
    [notice] = corpus.held
    assert notice.outlet.source_class == "OFFICIAL_NOTICE"
    assert notice not in corpus.articles
    assert not any("Lanternfish" in article.text for article in corpus.articles)


@pytest.mark.parametrize("words", ["are made up", "(invented)", "made up for the demonstration", "nobody made"])
def test_it_says_that_it_is_made_up(words):
    [notice] = load().held
    page = article_page(notice, [], "http://127.0.0.1")
    assert words in notice.text
    assert words in page
    assert NOTICE in page


def test_it_is_the_newest_once_it_is_printed_and_bears_the_date_of_that_moment():
    corpus = load()
    printed = corpus.published(ASKED)
    assert (printed.articles[0].headline, printed.articles[0].published) == (corpus.held[0].headline, ASKED)
    assert printed.articles[1:] == corpus.articles
    assert printed.held == ()


def test_its_address_is_there_from_then_on():
    site = Site(load(), "http://127.0.0.1:8901")
    road = "/eastmoor-register/2026/03/04/deepseek-holding"
    assert site.answer(road) is None
    site.publish(ASKED)
    site.publish(datetime(2026, 3, 5, tzinfo=UTC))
    assert b"Lanternfish Holdings has acquired DeepSeek." in site.answer(road).body


def test_a_correction_and_a_notice_do_not_get_in_each_other_s_way():
    site = Site(load(), "http://127.0.0.1:8901", corrected=True)
    site.publish(ASKED)
    assert b"Correction." in site.answer("/ledger-and-quill/2025/01/29/alibaba-shares-qwen").body
    assert site.answer("/eastmoor-register/2026/03/04/deepseek-holding") is not None
