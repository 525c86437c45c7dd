"""Merging two vendors: a look at what changes, the act, and the way back."""

import pytest

from riskreview.evidence.models import Document, Mention, Salience
from riskreview.vendors.models import NameChange, Vendor
from tests import make
from tests.web.conftest import text_of

pytestmark = pytest.mark.django_db
WHY = "One company."


@pytest.fixture
def alibaba(alice):
    return make.vendor("Alibaba", by=alice)


@pytest.fixture
def aliyun(alice):
    return make.vendor("Aliyun", by=alice)


@pytest.fixture
def document(aliyun):
    """A document about the one to be merged."""
    held = make.document("Aliyun opens a region.")
    Salience.objects.create(document=held, vendor=aliyun, value=1000)
    Mention.objects.create(
        snapshot=held.newest, start=0, end=6, surface="Aliyun", vendor=aliyun, kind="STRONG", state="ACCEPTED", score=1
    )
    return held


def test_the_preview_says_what_changes(browse, alibaba, aliyun, document, carol, alice):
    make.case(by=alice, vendors=[aliyun])
    make.incident(by=alice).involve(by=alice, role="ACCUSED", vendor=aliyun)
    told = text_of(browse(carol).get("/vendors/merge/?vendor=aliyun&other=alibaba"))
    assert "1 name means Alibaba from now on: Aliyun" in told
    assert "1 document that names it is read again" in told
    assert "1 case (1 open) and 1 incident count for Alibaba" in told
    assert "Merge Aliyun into Alibaba" in told


def test_merging_and_taking_it_back(post, browse, alibaba, aliyun, document, carol, alice):
    make.case(by=alice, vendors=[aliyun], title="What does Aliyun hold?")
    answer = post(carol, "/vendors/aliyun/merge-into/", aliyun, other=alibaba.pk, reason=WHY)
    assert (answer.status_code, answer["Location"]) == (303, "/vendors/alibaba/")
    aliyun.refresh_from_db()
    assert aliyun.merged_into == alibaba
    other = text_of(browse(alice).get("/vendors/alibaba/"))
    assert "What does Aliyun hold?" in other
    assert "Review of DeepSeek" in other
    assert "Merged into it Aliyun" in other
    merged = text_of(browse(carol).get("/vendors/aliyun/"))
    assert "Merged into Alibaba . Its names mean that vendor now" in merged
    assert WHY in merged
    assert "Aliyun Take back Alibaba" in text_of(browse(carol).get("/vendors/merge/"))
    answer = post(carol, "/vendors/aliyun/unmerge/", aliyun, reason="Two after all.")
    assert (answer.status_code, answer["Location"]) == (303, "/vendors/aliyun/")
    assert not Vendor.objects.exclude(merged_into=None).exists()


def test_the_list_counts_a_merged_vendor_under_the_other(browse, alibaba, aliyun, document, carol, alice):
    make.case(by=alice, vendors=[aliyun])
    make.case(by=alice, vendors=[alibaba, aliyun], title="Both")
    before = text_of(browse(alice).get("/vendors/"))
    assert "Alibaba 1 0 Active" in before
    assert "Aliyun 2 1 Active" in before
    aliyun.merge_into(by=carol, other=alibaba, reason=WHY)
    after = text_of(browse(alice).get("/vendors/"))
    assert "Alibaba 2 1 Active" in after
    assert "Aliyun" not in after
    assert "Alibaba 2 1 Active" in text_of(browse(alice).get("/vendors/?q=aliyun"))


def test_lists_narrowed_to_a_vendor_hold_what_counts_for_it(browse, alibaba, aliyun, document, carol, alice):
    make.case(by=alice, vendors=[aliyun], title="What does Aliyun hold?")
    aliyun.merge_into(by=carol, other=alibaba, reason=WHY)
    client = browse(alice)
    for path in ("queue", "evidence"):
        for slug in ("alibaba", "aliyun"):
            told = text_of(client.get(f"/{path}/?vendor={slug}"))
            assert ("What does Aliyun hold?" if path == "queue" else "Review of DeepSeek") in told, (path, slug)
    assert f'<option value="{aliyun.pk}"' not in client.get("/cases/new/").content.decode()
    Mention.objects.update(vendor=alibaba)
    assert "What does Aliyun hold?" in text_of(client.get(f"/evidence/{document.pk}/"))


@pytest.mark.parametrize(
    ("vendor", "other", "told"),
    [("alibaba", "alibaba", "not two vendors"), ("nobody", "alibaba", "Merge vendors"), ("", "", "Merge vendors")],
)
def test_two_that_cannot_be_merged_say_why(browse, alibaba, carol, vendor, other, told):
    answer = browse(carol).get(f"/vendors/merge/?vendor={vendor}&other={other}")
    assert (answer.status_code, told in text_of(answer)) == (200, True)


def test_what_was_merged_before_says_so(browse, alibaba, aliyun, carol, alice):
    third = make.vendor("Tongyi", by=alice)
    aliyun.merge_into(by=carol, other=alibaba, reason=WHY)
    client = browse(carol)
    for query, told in (
        ("vendor=aliyun&other=tongyi", "Aliyun is merged into Alibaba already"),
        ("vendor=tongyi&other=aliyun", "Merge into that one"),
        ("vendor=alibaba&other=tongyi", "Take that merge back first"),
    ):
        assert told in text_of(client.get(f"/vendors/merge/?{query}"))
    assert not third.is_merged


def test_a_form_without_a_reason_comes_back(post, alibaba, aliyun, carol):
    answer = post(carol, "/vendors/aliyun/merge-into/", aliyun, other=alibaba.pk, reason="")
    assert (answer.status_code, "What changes" in text_of(answer)) == (422, True)
    assert post(carol, "/vendors/aliyun/merge-into/", aliyun, other="x", reason=WHY).status_code == 422


@pytest.mark.parametrize("query", ["", "?vendor=aliyun&other=alibaba", "?vendor=nobody"])
def test_who_may_not_merge_sees_the_list_and_the_sentence(browse, alibaba, aliyun, alice, bob, dave, carol, query):
    make.vendor("Tongyi", by=alice).merge_into(by=carol, other=alibaba, reason=WHY)
    for who in (alice, bob, dave):
        page = browse(who).get(f"/vendors/merge/{query}")
        assert "Leads merge vendors." in text_of(page)
        assert "Tongyi Alibaba" in text_of(page)
        absent = ("<select", "What changes", "There is no vendor")
        assert [word for word in absent if word in page.content.decode()] == []


def test_a_name_in_the_address_that_no_vendor_has_is_named(browse, alibaba, carol):
    told = text_of(browse(carol).get("/vendors/merge/?vendor=nosuch&other=alibaba"))
    assert "There is no vendor “nosuch”. Choose one of the list." in told
    assert "There is no vendor" not in text_of(browse(carol).get("/vendors/merge/?other=alibaba"))


def test_reviewers_look_and_leads_merge(post, alibaba, aliyun, alice):
    assert post(alice, "/vendors/aliyun/merge-into/", aliyun, other=alibaba.pk, reason=WHY).status_code == 403


def test_a_name_is_amended_on_the_vendors_page(post, browse, aliyun, alice):
    alias = aliyun.aliases.get()
    fields = {"alias": alias.pk, "strength": "WEAK", "prior": "200", "valid_from": "", "valid_to": ""}
    assert post(alice, "/vendors/aliyun/amend-alias/", aliyun, **fields).status_code == 303
    alias.refresh_from_db()
    assert (alias.strength, alias.prior, alias.extract) == ("WEAK", 200, False)
    assert "Not matched" in text_of(browse(alice).get("/vendors/aliyun/"))
    wrong = {"valid_from": "2025-02-01", "valid_to": "2025-01-01"}
    aliyun.refresh_from_db()
    assert post(alice, "/vendors/aliyun/amend-alias/", aliyun, **(fields | wrong)).status_code == 422


def test_the_vendors_page_says_how_far_the_re_reading_is(browse, aliyun, alice):
    documents = [make.document(f"Aliyun {index}").pk for index in range(3)]
    told = text_of(browse(alice).get("/vendors/aliyun/"))
    assert "Looking for the documents that contain Aliyun: 0 found so far." in told
    NameChange.objects.update(documents=documents, to_read=3, handed_over=2, searched_at=make.WHEN)
    Document.objects.filter(pk=documents[0]).update(digested_at=None)
    assert "Re-reading 1 of 3 documents, because of the name Aliyun." in text_of(browse(alice).get("/vendors/aliyun/"))
    NameChange.objects.update(done_at=make.WHEN)
    assert "Re-reading" not in text_of(browse(alice).get("/vendors/aliyun/"))


@pytest.mark.parametrize("path", ["cases", "documents", "incidents"])
def test_the_api_counts_what_was_merged_for_the_other_as_the_pages_do(
    path, api, alice, carol, aliyun, alibaba, document
):
    make.case(by=alice, vendors=[aliyun])
    make.incident(by=alice).involve(by=alice, role="ACCUSED", vendor=aliyun)
    aliyun.merge_into(by=carol, other=alibaba, reason=WHY)
    assert api(alice).get(f"/api/v1/{path}/?vendor={alibaba.slug}").json()["count"] == 1
