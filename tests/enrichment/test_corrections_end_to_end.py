"""An article that a case cites is corrected at its source: from the newsroom's server to the flag, by the workers."""

from __future__ import annotations

from html import unescape
from re import sub

import pytest

from riskreview.cases.models import Confidence, Flag, Likelihood, RiskArea
from riskreview.cases.workflow import Status
from riskreview.evidence.models import Change, Document, Source
from tests import make

pytestmark = pytest.mark.django_db
ARTICLE = "/ledger-and-quill/2025/01/29/alibaba-shares-qwen"
CITED = "A gain of 8.5% in the day's trading"


@pytest.fixture
def source(newsroom, alice):
    return make.source(by=alice, name="Ledger & Quill", url=f"{newsroom.url}/ledger-and-quill/feed.xml")


@pytest.fixture
def case(alice):
    return make.case(by=alice, status=Status.IN_REVIEW, title="Price war")


@pytest.fixture
def cited(case, alice, source, work):
    """The article as it came in first, cited by an exhibit under a finding."""
    work()
    article = Document.objects.get(url__endswith=ARTICLE)
    start = article.newest.text.index(CITED)
    exhibit = case.add_exhibit(by=alice, snapshot=article.newest, start=start, end=start + len(CITED))
    case.add_finding(
        by=alice,
        risk_area=RiskArea.COMPETITION_MARKET,
        judgment="Markets reward announcements.",
        likelihood=Likelihood.LIKELY,
        confidence=Confidence.LOW,
        exhibits=[exhibit],
    )
    return article


def words(response) -> str:
    """A page without its markup."""
    assert response.status_code == 200
    return " ".join(unescape(sub(r"<[^>]+>", " ", response.content.decode())).split())


def test_by_its_feed_a_correction_becomes_a_second_capture_a_change_and_a_flag(
    newsroom, work, cited, source, case, alice, browse, api
):
    newsroom.site.corrected = True
    source.collect_now(by=alice)
    work(times=2)  # every message comes twice
    assert Document.objects.filter(url__endswith=ARTICLE).count() == 1
    old, new = cited.snapshots.order_by("pk")
    assert "8.5%" in old.text
    assert "It was 5.5%." in new.text
    change = Change.objects.get()
    assert (change.document, change.before, change.after) == (cited, old, new)
    assert (change.kind, change.material) == ("CORRECTION", True)
    flag = Flag.objects.get()
    assert (flag.exhibit.case, flag.change, flag.passage_stands) == (case, change, False)
    shown_everywhere(flag, case, cited, browse(alice), api(alice))


def shown_everywhere(flag, case, article, browser, program):
    """The diff is on the document's page, the flag on the case's, and both are in the API."""
    page = words(browser.get(f"{article.get_absolute_url()}?tab=captures"))
    assert "5.5" in page
    assert "8.5" in page
    text = words(browser.get(article.get_absolute_url()))
    assert flag.change.summary in text
    assert "The newest does not say these words any more." in text
    told = words(browser.get(case.get_absolute_url()))
    for line in ("A source changed since it was cited", "F1 rests on it", "Basis changed", flag.change.note):
        assert line in told, line
    shown = program.get(f"/api/v1/documents/{article.pk}/").json()
    assert (len(shown["snapshots"]), [each["kind"] for each in shown["changes"]]) == (2, ["CORRECTION"])
    assert program.get(f"/api/v1/cases/{case.ref}/").json()["open_flags"] == 1
    assert program.get("/api/v1/flags/", {"case": case.ref}).json()["results"][0]["findings"] == [1]


def test_without_its_feed_a_cited_article_is_looked_at_again_and_flagged(newsroom, work, cited, case):
    assert cited.__class__.objects.get(pk=cited.pk).check_at, "a cited document is watched"
    newsroom.site.corrected = True
    Source.objects.update(not_before=make.WHEN.replace(year=2099))
    Document.objects.filter(pk=cited.pk).update(check_at=make.WHEN)
    work()
    assert cited.snapshots.count() == 2
    assert Flag.objects.get().exhibit.case == case


def test_an_article_that_stays_as_it_is_flags_nothing(work, cited, source, alice):
    source.collect_now(by=alice)
    Document.objects.filter(pk=cited.pk).update(check_at=make.WHEN)
    work()
    assert (cited.snapshots.count(), Change.objects.count(), Flag.objects.count()) == (1, 0, 0)
