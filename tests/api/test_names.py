"""Names on no register, pairs, and merges, through the API: the same verbs, the same entries."""

import pytest

from riskreview.audit.models import Entry
from riskreview.vendors.models import DuplicateJudgement, NameJudgement, Vendor
from tests import make

pytestmark = pytest.mark.django_db
ZHIPU = {"kind": "NAME", "spelling": "zhipu-ai"}


@pytest.fixture
def zhipu(alice):
    make.unknown_name()
    make.unknown_name("Kimi K2", "kimi-k2", "MODEL")
    return make.vendor("Zhipu", by=alice)


def test_names_wait_with_the_vendor_they_may_be_of(api, alice, zhipu):
    told = api(alice).get("/api/v1/names/").json()
    assert (told["count"], [row["spelling"] for row in told["results"]]) == (2, ["kimi-k2", "zhipu-ai"])
    assert told["results"][1] == {
        "kind": "NAME",
        "spelling": "zhipu-ai",
        "documents": 1,
        "surfaces": ["Zhipu AI"],
        "likely": {"slug": "zhipu", "name": "Zhipu"},
        "reason": "“Zhipu” is its name: 100 of 100 alike.",
    }


@pytest.mark.parametrize(("query", "count"), [("kind=MODEL", 1), ("q=zhi", 1), ("page_size=1", 2)])
def test_the_list_is_narrowed_and_paged(api, alice, zhipu, query, count):
    told = api(alice).get(f"/api/v1/names/?{query}").json()
    assert (told["count"], len(told["results"])) == (count, 1)


@pytest.mark.parametrize("query", ["kind=NOPE", "nothing=1", "q=a&q=b", "page=0"])
def test_a_parameter_that_means_nothing_is_an_error(api, alice, query):
    assert api(alice).get(f"/api/v1/names/?{query}").status_code == 400


def test_a_name_is_judged_and_that_is_undone(post, api, alice, zhipu):
    answer = post(alice, "namejudgements/judge/", body=ZHIPU | {"verdict": "SAME", "vendor": "zhipu"})
    assert answer.status_code == 201, answer.content
    made = NameJudgement.objects.get()
    assert answer["Location"].endswith(f"/api/v1/namejudgements/{made.pk}/")
    assert (answer.json()["vendor"]["slug"], answer.json()["surfaces"]) == ("zhipu", ["Zhipu AI"])
    assert post(alice, "namejudgements/judge/", body=ZHIPU | {"verdict": "UNSURE"}).status_code == 400
    answer = post(alice, f"namejudgements/{made.pk}/undo/", made)
    assert (answer.status_code, answer.json()["undone_by"]["name"]) == (200, "Alice")
    assert Entry.objects.filter(verb__startswith="namejudgement.").count() == 2
    assert api(alice).get("/api/v1/namejudgements/?in_force=true").json()["count"] == 0


def test_same_needs_a_vendor(post, alice, zhipu):
    assert post(alice, "namejudgements/judge/", body=ZHIPU | {"verdict": "SAME"}).status_code == 409


def test_a_name_puts_its_vendor_on_the_register(post, alice, zhipu):
    body = {"kind": "MODEL", "spelling": "kimi-k2", "canonical_name": "Moonshot AI"}
    assert post(alice, "namejudgements/register/", body=body).status_code == 201
    assert Vendor.objects.get(slug="moonshot-ai").aliases.filter(text="Kimi K2", kind="PRODUCT").exists()


def test_pairs_are_judged_and_that_is_undone(post, api, alice, zhipu):
    make.vendor("Zhipu AI", by=alice)
    [pair] = api(alice).get("/api/v1/duplicates/").json()["results"]
    assert (pair["vendor"]["slug"], pair["other"]["slug"], pair["score"]) == ("zhipu", "zhipu-ai", 100)
    body = {"vendor": "zhipu-ai", "other": "zhipu", "verdict": "DIFFERENT"}
    assert post(alice, "duplicatejudgements/judge/", body=body).status_code == 201
    assert api(alice).get("/api/v1/duplicates/").json()["count"] == 0
    made = DuplicateJudgement.objects.get()
    assert post(alice, f"duplicatejudgements/{made.pk}/undo/", made).status_code == 200


def test_vendors_are_merged_and_taken_apart(post, api, alice, carol, zhipu):
    twin = make.vendor("Zhipu AI", by=alice)
    body = {"other": "zhipu", "reason": "One company."}
    answer = post(carol, "vendors/zhipu-ai/merge-into/", twin, body)
    assert (answer.status_code, answer.json()["merged_into"], answer.json()["status"]) == (200, "zhipu", "MERGED")
    assert api(alice).get("/api/v1/vendors/zhipu/").json()["merged"] == ["zhipu-ai"]
    answer = post(carol, "vendors/zhipu-ai/unmerge/", twin, {"reason": "Two."})
    assert (answer.status_code, answer.json()["merged_into"]) == (200, None)
    assert post(alice, "vendors/zhipu-ai/merge-into/", twin, body).status_code == 403


def test_an_alias_is_amended_as_far_as_it_is_told(post, alice, zhipu):
    alias = zhipu.aliases.get()
    answer = post(alice, "vendors/zhipu/amend-alias/", zhipu, {"alias": alias.pk, "prior": 300, "valid_to": None})
    assert answer.status_code == 200, answer.content
    [told] = answer.json()["aliases"]
    assert (told["prior"], told["strength"], told["extract"]) == (300, "STRONG", True)
    assert answer.json()["rereading"][0]["names"] == ["Zhipu"]
    wrong = {"alias": alias.pk, "valid_from": "2025-02-01", "valid_to": "2025-01-01"}
    assert post(alice, "vendors/zhipu/amend-alias/", zhipu, wrong).status_code == 400
    assert post(alice, "vendors/zhipu/amend-alias/", zhipu, {"alias": 0}).status_code == 400


def test_a_vendor_does_not_take_the_address_of_a_page(post, alice):
    answer = post(alice, "vendors/register/", body={"canonical_name": "Merge"})
    assert answer.json()["errors"][0]["field"] == "slug"


def test_who_has_no_access_sees_nothing(api, erin, zhipu):
    erin.roles = ["READER"]
    erin.save()
    client = api(erin)
    type(erin).objects.filter(pk=erin.pk).update(roles=[])
    assert client.get("/api/v1/names/").status_code == 403
    assert client.get("/api/v1/namejudgements/").json()["count"] == 0
