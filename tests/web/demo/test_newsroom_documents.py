"""The newsroom's documents: dated, independent where they should be, copied where they say so, and never the seed."""

import re
from datetime import UTC, datetime
from itertools import combinations
from pathlib import Path

import pytest

from riskreview.web.demo.newsroom.corpus import Article, Corpus, CorpusError, load

SEED = Path(__file__).parents[4] / "shared" / "seeds" / "qwen-2.5-max.txt"


@pytest.fixture(scope="module")
def corpus() -> Corpus:
    return load()


def shingles(article: Article, size: int = 5) -> set[tuple[str, ...]]:
    words = re.findall(r"\w+", " ".join(article.paragraphs).lower())
    return set(zip(*(words[start:] for start in range(size)), strict=False))


def containment(one: Article, other: Article) -> float:
    a, b = shingles(one), shingles(other)
    return len(a & b) / min(len(a), len(b))


def test_it_publishes_enough_documents_from_enough_outlets(corpus: Corpus) -> None:
    assert len(corpus.articles) >= 28
    assert len(corpus.outlets) >= 6
    assert {outlet.feed for outlet in corpus.outlets} == {"rss", "atom"}
    assert all(corpus.of(outlet) for outlet in corpus.outlets)


def test_documents_are_dated_within_the_story(corpus: Corpus) -> None:
    dates = [article.published for article in corpus.articles]
    assert min(dates) >= datetime(2024, 5, 1, tzinfo=UTC)
    assert max(dates) < datetime(2025, 2, 5, tzinfo=UTC)
    assert dates == sorted(dates, reverse=True)


@pytest.mark.parametrize("article", load().articles, ids=lambda article: article.key)
def test_an_article_has_the_length_of_one(article: Article) -> None:
    text = " ".join(article.paragraphs)
    length = len(text) if article.outlet.language.startswith("zh") else len(text.split())
    assert 150 <= length <= (650 if article.outlet.language.startswith("zh") else 500)


def test_the_correction_changes_one_article_only(corpus: Corpus) -> None:
    changed = [a.key for a, b in zip(corpus.articles, corpus.corrected().articles, strict=True) if a.text != b.text]
    assert changed == ["ledger-and-quill/2025-01-29-alibaba-shares-qwen"]


def test_six_copies_carry_two_wire_texts(corpus: Corpus) -> None:
    by_key = {article.key: article for article in corpus.articles}
    copies = [article for article in corpus.articles if article.based_on]
    assert len(copies) >= 6
    assert len({copy.based_on for copy in copies}) == 2
    for copy in copies:
        wire = by_key[copy.based_on]
        assert containment(copy, wire) >= 0.8, copy.key
        assert copy.headline != wire.headline
        assert copy.byline.startswith(wire.outlet.name)
        assert copy.published > wire.published


def test_one_copy_is_cut_short_and_one_is_longer(corpus: Corpus) -> None:
    by_key = {article.key: article for article in corpus.articles}
    lengths = [
        len(copy.paragraphs) - len(by_key[copy.based_on].paragraphs) for copy in corpus.articles if copy.based_on
    ]
    assert min(lengths) < 0
    assert max(lengths) == 2
    assert any(copy.paragraphs[-1].endswith("…") for copy in corpus.articles if copy.based_on)


def test_everything_else_is_independent_text(corpus: Corpus) -> None:
    originals = [article for article in corpus.articles if not article.based_on and article.outlet.language == "en"]
    close = {(a.key, b.key): containment(a, b) for a, b in combinations(originals, 2)}
    assert max(close.values()) < 0.15, max(close, key=lambda pair: close[pair])


def test_a_rewrite_shares_only_a_quotation_with_the_wire(corpus: Corpus) -> None:
    by_key = {article.key: article for article in corpus.articles}
    wire = by_key["harbour-wire/2025-01-28-white-house-security-council"]
    rewrite = by_key["meridian-post/2025-01-29-what-the-briefing-said"]
    quotation = "No scope, no timetable and no possible measure was named."
    assert quotation in wire.text
    assert f'"{quotation}"' in rewrite.text
    shared = shingles(wire) & shingles(rewrite)
    assert {" ".join(words) in quotation.replace(",", "").lower() for words in shared} == {True}


def test_the_review_stands_in_the_last_third_of_a_long_market_piece(corpus: Corpus) -> None:
    piece = next(article for article in corpus.articles if article.slug == "crowded-new-year")
    text = "\n".join(piece.paragraphs)
    sentence = "the National Security Council is looking at the security implications of DeepSeek"
    assert text.index(f"the White House said that {sentence}") > len(text) * 2 / 3


def test_no_document_repeats_the_seed_article(corpus: Corpus) -> None:
    if not SEED.exists():
        pytest.skip("the seed article is not beside this checkout")
    words = re.findall(r"[a-z0-9]+", SEED.read_text("utf-8").lower())
    seed = {tuple(words[start : start + 6]) for start in range(len(words) - 5)}
    for article in (*corpus.articles, *corpus.corrected().articles):
        ours = re.findall(r"[a-z0-9]+", article.text.lower())
        runs = {tuple(ours[start : start + 6]) for start in range(len(ours) - 5)}
        assert not runs & seed, (article.key, runs & seed)


def test_an_allegation_is_never_told_as_a_fact(corpus: Corpus) -> None:
    hedge = re.compile(r"alleg|some evidence|claim|reported|believe|指控")
    for article in corpus.articles:
        if re.search(r"OpenAI.{0,200}distillation|distillation.{0,200}OpenAI", article.text, re.DOTALL):
            assert hedge.search(article.text), article.key


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("no front matter", "does not start with front matter"),
        ("+++\nheadline = \n+++\nText.", "Invalid value"),
        ('+++\nheadline = "A"\n+++\nText.', "summary"),
        ('+++\nheadline = "A"\nsummary = "B"\nsection = "C"\npublished = 2025-01-30T10:00:00\n+++\nText.', "offset"),
        ('+++\nheadline = "A"\nsummary = "B"\nsection = "C"\npublished = 2025-01-31T10:00:00Z\n+++\nText.', "disagree"),
    ],
)
def test_a_broken_document_is_named(tmp_path: Path, text: str, words: str) -> None:
    (tmp_path / "outlets.toml").write_text(
        '[[outlet]]\nslug = "post"\nname = "Post"\ntagline = "A post."\nfeed = "rss"\nfull_text = false\n'
        'structured_data = false\nlanguage = "en"\nsource_class = "NEWSPAPER"\nreliability = "C"\naccent = "#000"\n'
        "sections = []\n"
    )
    file = tmp_path / "documents" / "post" / "2025-01-30-piece.txt"
    file.parent.mkdir(parents=True)
    file.write_text(text)
    with pytest.raises(CorpusError, match=words) as raised:
        load(tmp_path)
    assert str(file) in str(raised.value)
