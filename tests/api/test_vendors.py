"""Vendors through the API: the same verbs, the same entries."""

import pytest

from riskreview.audit.models import Entry
from riskreview.vendors.models import Vendor
from tests import make


def test_registering_answers_201_with_its_address(post, alice):
    answer = post(alice, "vendors/register/", body={"canonical_name": "Zhipu AI", "hq_country": "CN"})

    assert answer.status_code == 201, answer.content
    assert answer["Location"].endswith("/api/v1/vendors/zhipu-ai/")
    assert answer["ETag"] == '"1"'
    assert Vendor.objects.get(slug="zhipu-ai").hq_country == "CN"
    entry = Entry.objects.get(verb="vendor.register")
    assert (entry.actor, entry.public["via"]) == (alice, "api")


def test_a_reader_may_not_register(post, dave):
    answer = post(dave, "vendors/register/", body={"canonical_name": "Zhipu AI"})

    assert answer.status_code == 403
    assert not Vendor.objects.filter(slug="zhipu-ai").exists()


def test_registering_twice_is_409(post, alice):
    make.vendor("DeepSeek", by=alice)

    answer = post(alice, "vendors/register/", body={"canonical_name": "DeepSeek"})

    assert answer.status_code == 409
    assert "DeepSeek" in answer.json()["detail"]


def test_a_vendor_may_not_take_the_address_of_the_act(post, alice):
    answer = post(alice, "vendors/register/", body={"canonical_name": "Register"})

    assert answer.json()["errors"][0]["field"] == "slug"


@pytest.mark.parametrize(
    ("act", "body", "shows"),
    [
        ("rename", {"canonical_name": "DeepSeek AI"}, lambda row: row["canonical_name"] == "DeepSeek AI"),
        ("describe", {"summary": "Ships models."}, lambda row: row["summary"] == "Ships models."),
        ("add-alias", {"text": "深度求索", "kind": "TRADE"}, lambda row: row["aliases"][-1]["text"] == "深度求索"),
        ("add-product", {"name": "DeepSeek-R1", "kind": "MODEL"}, lambda row: row["products"][0]["kind"] == "MODEL"),
        ("relate", {"other": "owner", "kind": "PARENT"}, lambda row: row["relations"][0]["other"]["slug"] == "owner"),
    ],
)
def test_an_act_answers_with_the_row_and_its_next_version(post, alice, act, body, shows):
    vendor = make.vendor("DeepSeek", by=alice)
    make.vendor("Owner", by=alice)

    answer = post(alice, f"vendors/deepseek/{act}/", vendor, body)

    assert answer.status_code == 200, answer.content
    assert answer["ETag"] == '"2"'
    assert shows(answer.json())
    assert Entry.objects.about(vendor).filter(kind="act").count() == 2


def test_retiring_an_alias_keeps_it_on_record(post, alice):
    vendor = make.vendor("DeepSeek", by=alice)
    alias = vendor.aliases.get()

    body = {"alias": alias.pk, "reason": "Too common.", "on": "2025-01-30"}
    answer = post(alice, "vendors/deepseek/retire-alias/", vendor, body)

    assert answer.json()["aliases"][0]["valid_to"] == "2025-01-30"


def test_an_alias_of_another_vendor_cannot_be_retired(post, alice):
    vendor, other = make.vendor("DeepSeek", by=alice), make.vendor("Alibaba", by=alice)

    body = {"alias": other.aliases.get().pk, "reason": "Mistake."}
    answer = post(alice, "vendors/deepseek/retire-alias/", vendor, body)

    assert answer.status_code == 400
    assert answer.json()["errors"][0]["field"] == "alias"


def test_the_list_finds_a_vendor_by_any_name(api, alice):
    vendor = make.vendor("DeepSeek", by=alice)
    vendor.add_alias(by=alice, text="深度求索", kind="TRADE")
    make.vendor("Alibaba", by=alice)

    found = api(alice).get("/api/v1/vendors/", {"q": "深度"}).json()

    assert [row["slug"] for row in found["results"]] == ["deepseek"]


def test_a_list_costs_the_same_however_long_it_is(api, alice, django_assert_num_queries):
    client = api(alice)
    for name in ("DeepSeek", "Alibaba", "ByteDance"):
        make.vendor(name, by=alice)

    with django_assert_num_queries(4):  # token, last use, count, rows
        assert client.get("/api/v1/vendors/").json()["count"] == 3


def test_who_has_no_access_sees_nothing(api, erin, alice):
    make.vendor("DeepSeek", by=alice)
    erin_holds_a_token = api  # a token needs a role when it is issued

    erin.roles = ["READER"]
    erin.save()
    client = erin_holds_a_token(erin)
    type(erin).objects.filter(pk=erin.pk).update(roles=[])

    assert client.get("/api/v1/vendors/").json()["count"] == 0
    assert client.get("/api/v1/vendors/deepseek/").status_code == 404
