"""Names that documents use and no register has: judged on one page, remembered, undone."""

import re

import pytest

from riskreview.vendors.models import DuplicateJudgement, NameJudgement, Vendor
from tests import make
from tests.web.conftest import text_of

pytestmark = pytest.mark.django_db
TEXT = "On Monday the start-up Moonshot AI released Kimi K2, and Zhipu AI answered with a model of its own."


@pytest.fixture
def zhipu(alice):
    return make.vendor("Zhipu", by=alice)


@pytest.fixture
def waiting(zhipu):
    """Three names: one in three documents, two in one."""
    for text in (TEXT, f"{TEXT} Again.", f"{TEXT} And again."):
        make.unknown_name("Moonshot AI", "moonshot-ai", text=text)
    make.unknown_name("Zhipu AI", "zhipu-ai", text=TEXT)
    make.unknown_name("Kimi K2", "kimi-k2", "MODEL", text=TEXT, hint=zhipu)


ZHIPU = {"kind": "NAME", "spelling": "zhipu-ai"}


def listed(browse, user, query=""):
    page = browse(user).get(f"/names/?{query}").content.decode()
    return re.findall(r'#h-preview"[^>]*>([^<]+)<', page)


def test_the_most_used_name_comes_first(browse, alice, waiting):
    assert listed(browse, alice) == ["Moonshot AI", "Kimi K2", "Zhipu AI"]
    told = text_of(browse(alice).get("/names/"))
    assert "3 documents" in told
    assert "On Monday the start-up Moonshot AI released Kimi K2" in told
    assert "News of Moonshot AI" in told


@pytest.mark.parametrize(
    ("query", "rows"),
    [("kind=MODEL", ["Kimi K2"]), ("q=zhi", ["Zhipu AI"]), ("q=moon&kind=NAME", ["Moonshot AI"]), ("q=none", [])],
)
def test_the_list_is_narrowed(browse, alice, waiting, query, rows):
    assert listed(browse, alice, query) == rows


def test_it_says_whose_a_name_may_be_and_why(browse, alice, waiting):
    by_name = text_of(browse(alice).get("/names/?kind=NAME&spelling=zhipu-ai"))
    assert "It may be Zhipu “Zhipu” is its name: 100 of 100 alike." in by_name
    by_text = text_of(browse(alice).get("/names/?kind=MODEL&spelling=kimi-k2"))
    assert "It may be Zhipu Models of this family are its." in by_text


def test_a_name_becomes_a_vendors(post, browse, alice, waiting, zhipu):
    answer = post(alice, "/names/judge/", **ZHIPU, verdict="SAME", vendor=zhipu.pk, next="kind=NAME")
    made = NameJudgement.objects.get()
    assert (answer.status_code, answer["Location"]) == (303, f"/names/?kind=NAME&undo={made.pk}")
    assert zhipu.aliases.filter(text="Zhipu AI", kind="TRADE").exists()
    assert listed(browse, alice) == ["Moonshot AI", "Kimi K2"]
    assert "Zhipu AI Organisation Same as Zhipu" in text_of(browse(alice).get("/names/?view=same"))
    assert "Judged: Zhipu AI" in text_of(browse(alice).get(answer["Location"]))


@pytest.mark.parametrize(("verdict", "view"), [("DIFFERENT", "different"), ("UNSURE", "unsure")])
def test_a_name_is_set_aside_and_comes_back_when_that_is_undone(post, browse, alice, waiting, zhipu, verdict, view):
    post(alice, "/names/judge/", **ZHIPU, verdict=verdict, vendor=zhipu.pk, reason="A newspaper.")
    assert "Zhipu AI" not in listed(browse, alice)
    assert "A newspaper." in text_of(browse(alice).get(f"/names/?view={view}"))
    made = NameJudgement.objects.get()
    answer = post(alice, f"/names/{made.pk}/undo/", made, next=f"view={view}")
    assert (answer.status_code, answer["Location"]) == (303, f"/names/?view={view}")
    assert "Zhipu AI" in listed(browse, alice)
    assert post(alice, f"/names/{made.pk}/undo/").status_code == 303  # it says that the version was not told
    made.refresh_from_db()
    assert made.entry_seq == 2


def test_a_new_vendor_comes_on_the_register(post, alice, waiting):
    fields = {"kind": "NAME", "spelling": "moonshot-ai", "canonical_name": "Moonshot AI", "hq_country": "CN"}
    assert post(alice, "/names/register/", **fields).status_code == 303
    assert Vendor.objects.get(slug="moonshot-ai").aliases.filter(text="Moonshot AI").count() == 1
    assert NameJudgement.objects.get().vendor.slug == "moonshot-ai"


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"verdict": "SAME"}, "Whose name is it?"),
        ({"verdict": "NOPE"}, "valid choice"),
        ({"verdict": "UNSURE", "spelling": "nobody"}, "No document uses this name any more"),
        ({"verdict": "UNSURE", "kind": "NOPE"}, "valid choice"),
    ],
)
def test_a_form_with_a_problem_comes_back(post, alice, waiting, fields, told):
    answer = post(alice, "/names/judge/", **(ZHIPU | fields))
    assert (answer.status_code, told in text_of(answer), NameJudgement.objects.count()) == (422, True, 0)


def test_a_reader_sees_the_names_and_judges_none(post, browse, dave, waiting):
    page = browse(dave).get("/names/").content.decode()
    assert ("Moonshot AI" in page, "names/judge/" in page) == (True, False)
    assert post(dave, "/names/judge/", **ZHIPU, verdict="UNSURE").status_code == 403


def test_pairs_are_judged_and_that_is_undone(post, browse, alice, carol, zhipu):
    twin = make.vendor("Zhipu AI", by=alice)
    told = text_of(browse(alice).get("/names/?view=pairs"))
    assert "Zhipu and Zhipu AI “Zhipu” and “Zhipu AI” are 100 of 100 alike." in told
    fields = {"vendor": zhipu.pk, "other": twin.pk, "verdict": "SAME", "next": "view=pairs"}
    assert post(alice, "/names/pairs/judge/", **fields).status_code == 303
    assert "No pair waits" in text_of(browse(alice).get("/names/?view=pairs"))
    judged = browse(carol).get("/names/?view=judged-pairs").content.decode()
    assert "/vendors/merge/?vendor=zhipu-ai&amp;other=zhipu" in judged
    made = DuplicateJudgement.objects.get()
    assert post(alice, f"/names/pairs/{made.pk}/undo/", made, next="view=judged-pairs").status_code == 303
    assert "of 100 alike" in text_of(browse(alice).get("/names/?view=pairs"))


@pytest.mark.parametrize("view", ["", "same", "different", "unsure", "pairs", "judged-pairs"])
def test_every_tab_keeps_its_count(browse, alice, waiting, view):
    told = text_of(browse(alice).get(f"/names/?view={view}"))
    assert "Waiting 3 A vendor’s 0 Not a vendor 0 Unsure 0 Possible duplicates 0 Judged pairs 0" in told


def test_a_name_judged_twice_by_one_person_is_judged_once(post, alice, carol, waiting, zhipu):
    sent = ZHIPU | {"verdict": "SAME", "vendor": zhipu.pk}
    answers = [post(who, "/names/judge/", **sent) for who in (alice, alice, carol)]
    assert [answer.status_code for answer in answers] == [303, 303, 422]
    assert answers[0]["Location"] == answers[1]["Location"]
    assert post(alice, "/names/judge/", **(sent | {"verdict": "UNSURE"})).status_code == 422
    assert NameJudgement.objects.count() == 1


def test_the_keys_are_those_of_the_signals_and_one_asks_for_the_vendor_first(browse, alice, waiting):
    page = browse(alice).get("/names/").content.decode()
    assert re.findall(r'data-key="([a-z])"', page) == ["a", "d", "u", "n"]
    assert 'data-key="a" data-needs="judge-vendor"' in page
    assert 'id="judge-vendor"' in page
    assert "data-opens" in page


def test_a_products_name_makes_no_pair(browse, alice):
    make.vendor("OpenAI", by=alice)
    microsoft = make.vendor("Microsoft", by=alice)
    microsoft.add_alias(by=alice, text="Azure OpenAI", kind="PRODUCT")
    assert "No pair waits" in text_of(browse(alice).get("/names/?view=pairs"))


def test_merged_vendors_are_no_pair(browse, alice, carol, zhipu):
    make.vendor("Zhipu AI", by=alice).merge_into(by=carol, other=zhipu, reason="One company.")
    assert "No pair waits" in text_of(browse(alice).get("/names/?view=pairs"))


def test_it_costs_the_same_however_many_names_there_are(browse, alice, waiting, django_assert_max_num_queries):
    client = browse(alice)
    client.get("/names/")
    with django_assert_max_num_queries(24) as few:
        client.get("/names/")
    for index in range(30):
        make.unknown_name("Zhipu AI", f"name-{index}", text=f"Zhipu AI {index}")
    with django_assert_max_num_queries(len(few)):
        client.get("/names/")


@pytest.mark.parametrize(
    "query", ["kind=NOPE&spelling=x", "view=zz", "undo=9e9", "page=99", "spelling=x", "kind=NAME&spelling=x"]
)
def test_a_senseless_address_breaks_nothing(browse, alice, waiting, query):
    assert browse(alice).get(f"/names/?{query}").status_code == 200


def test_passages_are_word_for_word_and_cut_between_words(waiting, alice):
    from riskreview.enrichment import unresolved

    long = f"{'Earlier words stand here. ' * 20}Then Zhipu AI came. {'Later words stand here. ' * 20}"
    make.unknown_name("Zhipu AI", "long", text=long)
    [passage] = unresolved.one("NAME", "long", alice).passages
    assert passage.before.startswith("…")
    assert passage.after.endswith("…")
    assert passage.before[1:] + passage.surface + passage.after[:-1] in long
