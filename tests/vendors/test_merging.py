"""Two entries of the register that are one vendor: merged by a lead, and taken apart again without a trace lost."""

import pytest
from django.utils import timezone

from riskreview.audit.refusals import NotAllowed, NotNow, Stale
from riskreview.enrichment.names import gazetteer
from riskreview.vendors.models import Alias, NameChange, Vendor
from tests import expect, make

pytestmark = pytest.mark.django_db
WHY = "The register of companies has one entry for both."


@pytest.fixture
def alibaba(alice):
    return make.vendor("Alibaba", by=alice)


@pytest.fixture
def aliyun(alice):
    vendor = make.vendor("Aliyun", by=alice)
    vendor.add_alias(by=alice, text="阿里云", kind=Alias.Kind.TRANSLITERATION)
    return vendor


def meant(text):
    """The vendors that a text names."""
    return [hit.name.vendor for hit in gazetteer(timezone.now().date()).find(text)]


def test_names_of_a_merged_vendor_mean_the_other(alibaba, aliyun, carol):
    NameChange.objects.all().delete()
    with expect.one_entry("vendor.merge_into", by=carol, about=aliyun):
        aliyun.merge_into(by=carol, other=alibaba, reason=WHY)
    assert (aliyun.status, aliyun.merged_into, aliyun.counts_as) == (Vendor.Status.MERGED, alibaba, alibaba.pk)
    assert meant("Aliyun, 阿里云 and Alibaba") == [alibaba.pk] * 3
    told = {(change.surface, change.what, change.vendor) for change in NameChange.objects.all()}
    assert told == {("Aliyun", "MOVED", aliyun), ("阿里云", "MOVED", aliyun)}


def test_taking_it_back_leaves_everything_as_it_was(alibaba, aliyun, carol):
    before = (aliyun.full_state(), alibaba.full_state(), meant("Aliyun, 阿里云 and Alibaba"))
    aliyun.merge_into(by=carol, other=alibaba, reason=WHY)
    NameChange.objects.all().delete()
    with expect.one_entry("vendor.unmerge", by=carol, about=aliyun):
        aliyun.unmerge(by=carol, reason="They are two after all.")
    alibaba.refresh_from_db()
    assert (aliyun.full_state(), alibaba.full_state(), meant("Aliyun, 阿里云 and Alibaba")) == before
    assert NameChange.objects.filter(what="MOVED").count() == 2


def test_what_was_written_about_it_stays(alibaba, aliyun, alice, carol):
    case = make.case(by=alice, vendors=[aliyun])
    incident = make.incident(by=alice)
    incident.involve(by=alice, role="ACCUSED", vendor=aliyun)
    before = (expect.told(case), expect.told(incident))
    aliyun.merge_into(by=carol, other=alibaba, reason=WHY)
    assert (expect.told(case), expect.told(incident)) == before


def test_only_leads_merge(alibaba, aliyun, alice, bob, dave, carol):
    for person in (alice, bob, dave):
        with expect.refusal(NotAllowed, aliyun):
            aliyun.merge_into(by=person, other=alibaba, reason=WHY)
    aliyun.merge_into(by=carol, other=alibaba, reason=WHY)
    with expect.refusal(NotAllowed, aliyun):
        aliyun.unmerge(by=alice, reason=WHY)


def test_a_reason_is_needed_and_the_version_seen(alibaba, aliyun, carol):
    with expect.refusal(NotNow, aliyun):
        aliyun.merge_into(by=carol, other=alibaba, reason=" ")
    with expect.refusal(Stale, aliyun):
        aliyun.merge_into(by=carol, other=alibaba, reason=WHY, seen=0)


def test_chains_and_circles_are_refused(alibaba, aliyun, alice, carol):
    third = make.vendor("Tongyi", by=alice)
    with expect.refusal(NotNow, aliyun, match="into itself"):
        aliyun.merge_into(by=carol, other=aliyun, reason=WHY)
    aliyun.merge_into(by=carol, other=alibaba, reason=WHY)
    with expect.refusal(NotNow, third, match="itself merged into Alibaba"):
        third.merge_into(by=carol, other=aliyun, reason=WHY)
    with expect.refusal(NotNow, alibaba, match="Aliyun is merged into Alibaba"):
        alibaba.merge_into(by=carol, other=third, reason=WHY)
    with expect.refusal(NotNow, alibaba):
        alibaba.merge_into(by=carol, other=aliyun, reason=WHY)
    with expect.refusal(NotNow, aliyun, match="merged into another"):
        aliyun.merge_into(by=carol, other=third, reason=WHY)
    with expect.refusal(NotNow, third):
        third.unmerge(by=carol, reason=WHY)


@pytest.mark.django_db(transaction=True)
def test_two_leads_at_once_make_no_circle(alice, carol):
    one, other = make.vendor("One", by=alice), make.vendor("Other", by=alice)
    outcomes = expect.at_once([
        lambda: Vendor.objects.get(pk=one.pk).merge_into(by=carol, other=Vendor.objects.get(pk=other.pk), reason=WHY),
        lambda: Vendor.objects.get(pk=other.pk).merge_into(by=carol, other=Vendor.objects.get(pk=one.pk), reason=WHY),
    ])  # fmt: skip
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["NoneType", "NotNow"]
    assert Vendor.objects.standing().count() == 1


def test_a_vendor_does_not_take_the_address_of_a_page(alice):
    with expect.refusal(NotNow, match="taken by a page"):
        Vendor.objects.register(by=alice, canonical_name="Merge")
