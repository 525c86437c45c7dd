"""One search over everything, for the person who asks."""

import pytest

from riskreview.evidence import searching
from riskreview.evidence.models import Document, SearchText
from tests import make

from .conftest import text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def ask(browse, alice):
    """The page of a search as Alice sees it."""
    client = browse(alice)
    return lambda text, **more: client.get("/search/", {"q": text, **more})


def test_it_finds_each_kind(ask, alice):
    case, incident = make.case(by=alice), make.incident(by=alice, title="DeepSeek accounts blocked")
    make.searchable(headline="DeepSeek in the news")
    told = text_of(ask("deepseek"))
    for words in ("Cases", case.title, "Vendors", "Incidents", incident.ref, "Documents", "DeepSeek in the news"):
        assert words in told, words


def test_it_says_when_there_is_nothing(ask):
    assert "Nothing found" in text_of(ask("zzzz"))


def test_without_a_question_it_says_how_to_ask(ask):
    told = text_of(ask(""))
    assert "this OR that" in told
    assert "Nothing found" not in told


def test_a_case_is_found_by_what_it_asks_by_its_findings_and_by_its_reference(ask, alice):
    case = make.case(by=alice, question="May ministries use it for procurement?", status="IN_REVIEW")
    make.finding(case, by=alice)
    for text in ("procurement", "hosted prompt", case.ref, case.ref[:9], case.ref.lower()):
        assert case.title in text_of(ask(text)), text
    assert case.title not in text_of(ask("astronomy"))


def test_a_vendor_is_found_by_its_name_in_any_script(ask, alice):
    make.vendor(by=alice).add_alias(by=alice, text="深度求索", kind="TRANSLITERATION")
    assert "Vendors 1" in text_of(ask("深度"))
    assert "Vendors 1" in text_of(ask("deep"))


def test_a_claim_is_found_by_all_of_its_words(ask, alice):
    document = make.searchable("It will not be sold, the company said. Prices rise.", headline="An interview")
    place = {"start": 0, "end": 19, "words": "It will not be sold", "sentence": 0, "fingerprint": "1" * 64}
    claim = document.newest.claims.create(kind="INDIRECT", source_kind="NONE", **place)
    assert "Claims 1" in text_of(ask("sold"))
    assert "Claims 0" in text_of(ask("sold prices"))
    claim.state = "REJECTED"
    claim.save()
    assert "Claims 0" in text_of(ask("sold"))


@pytest.mark.parametrize("text", ["ban", "from:2025"])
def test_what_was_searched_is_marked_and_a_text_is_never_markup(ask, text):
    words = 'Then <script>alert("x")</script> a <b>ban</b> \ue001\ue000followed\ue001.'
    make.searchable(words, headline="<i>Ban</i>")
    page = ask(text).content.decode().split('id="results"')[1]
    assert ("<mark>ban</mark>" in page) is (text == "ban")
    assert "followed" in page
    for markup in ("<script>alert", "<b>ban", "<i>Ban", "\ue000", "\ue001"):
        assert markup not in page, markup


def test_a_script_without_blanks_is_marked_too(ask):
    make.searchable("深度求索发布了新模型。", headline="A notice")
    assert "<mark>求索</mark>" in ask("求索").content.decode()


@pytest.mark.parametrize(
    ("text", "fits"),
    [
        ("ban", True), ("ban vendor:deepseek", True), ("ban vendor:qwen", False), ("ban source:wire", True),
        ("ban source:nobody", False), ("ban from:2025-01-28 to:2025-01-28", True), ("ban to:2025-01-27", False),
        ("ban is:article", True), ("ban is:upload", False), ("ban is:case", False), ("is:document ban", True),
    ],
)  # fmt: skip
def test_it_is_narrowed(ask, alice, text, fits):
    vendor, source = make.vendor(by=alice), make.source(by=alice, name="The Wire")
    make.vendor("Qwen", by=alice)
    document = make.searchable("A ban.", headline="The ban of it", source=source)
    document.salience.create(vendor=vendor, value=900)
    SearchText.objects.index(document, document.headline, "A ban.")
    assert ("The ban of it" in text_of(ask(text))) is fits


@pytest.mark.parametrize("text", ["vendor:nobody", "source:nobody", "from:never x", "is:person x"])
def test_what_does_not_exist_is_said(ask, text):
    assert "alert--warn" in ask(text).content.decode()


def test_another_spelling_is_offered(ask, alice):
    make.vendor(by=alice)
    told = ask("deapseek").content.decode()
    assert 'Did you mean <a class="link" href="?q=DeepSeek">' in told
    assert "With names that are alike" in told


def test_a_word_that_is_there_is_not_corrected(ask, alice):
    make.vendor(by=alice)
    make.searchable("It is deapseek.", headline="A slip")
    told = text_of(ask("deapseek nowhere"))
    assert "Did you mean" not in told


def test_one_kind_is_shown_page_by_page(ask):
    for number in range(25):
        make.searchable("A ban.", headline=f"Notice {number:02}")
    first, second = (text_of(ask("ban", kind="document", page=page)) for page in (1, 2))
    assert "Showing 1–20 of 25" in first
    assert "Showing 21–25 of 25" in second
    assert all((f"Notice {n:02}" in first) != (f"Notice {n:02}" in second) for n in range(25))


def test_the_newest_come_first_when_asked(ask):
    old, new = make.searchable("Ban ban ban.", headline="Ban of old"), make.searchable("A ban.", headline="The new one")
    SearchText.objects.filter(document=old).update(published_at="2024-01-01T00:00Z")
    best, newest = (text_of(ask("ban", kind="document", sort=sort)) for sort in ("", "newest"))
    assert best.index(old.headline) < best.index(new.headline)
    assert newest.index(old.headline) > newest.index(new.headline)


def test_it_says_that_only_the_newest_were_ranked(ask, monkeypatch):
    monkeypatch.setattr(searching, "BEST", 2)
    for number in range(4):
        make.searchable("A ban.", headline=f"Notice {number}")
    assert "best of the newest" in text_of(ask("ban", kind="document"))
    assert "Documents 2+" in text_of(ask("ban"))


def test_a_search_that_takes_too_long_says_so(ask, monkeypatch):
    def late(*_, **__):
        raise searching.TookTooLong

    monkeypatch.setattr(searching, "rank", late)
    told = text_of(ask("ban"))
    assert "The search was stopped after 3 seconds" in told
    assert "Nothing found" not in told


@pytest.mark.parametrize(
    "text",
    [
        '("[' * 3_000,
        "'",
        "!",
        "a & b | !c",
        ":*",
        "<->",
        "\\",
        "%",
        "deepseek'; --",
        "* OR *",
        "-",
        '"',
        "the",
        "is:document",
        "from:2025",
        "=v1",
    ],
)
def test_a_bad_question_gives_words(ask, text):
    make.searchable("A ban.")
    assert ask(text).status_code == 200


def test_it_costs_the_same_however_much_fits(ask, alice, django_assert_max_num_queries):
    def more(name):
        make.case(by=alice, title=f"The ban {name}")
        make.searchable("A ban.", headline=name, source=make.source(by=alice))
        Document.objects.update(publisher="")

    more("One")
    with django_assert_max_num_queries(34) as few:
        ask("ban")
    for number in range(8):
        more(f"More {number}")
    with django_assert_max_num_queries(len(few)):
        ask("ban")


def test_the_address_stays_that_of_the_question(browse, alice):
    answer = browse(alice).get("/search/?q=ban&kind=&sort=newest", headers={"HX-Request": "true"})
    assert answer["HX-Push-Url"] == "/search/?q=ban&sort=newest"
