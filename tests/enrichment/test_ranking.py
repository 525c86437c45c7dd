import json
import time

import pytest

from riskreview.enrichment.linking import mentions
from riskreview.enrichment.ranking import CaseProfile, read, shipped_background, suggest
from tests.enrichment import seed
from tests.enrichment.names import gazetteer, vendors

ARTICLE = """Alibaba released a new version of its Qwen 2.5-Max model on Wednesday, and its shares rose.
ByteDance and Baidu cut the prices of their models within days.
Meanwhile the White House has asked the National Security Council to review security risks of DeepSeek.
Microsoft will build data centres that strain the power grid."""


def case(title, *slugs, summary="", categories=(), evidence=()):
    known = frozenset(vendors()[name] for name in slugs)
    return CaseProfile(title, title, summary, known, frozenset(categories), tuple(evidence))


REVIEW = case(
    "DeepSeek: what does its expansion mean for us?",
    "deepseek",
    summary="The National Security Council reviews security risks. May staff use it?",
    categories=("security_review", "data_exposure"),
)


def reading(text, title=""):
    found, in_title = mentions(text, title, gazetteer()), mentions(title, "", gazetteer())
    return read(title, text, found, shipped_background(), title_found=in_title)


def scored(profile, text=ARTICLE, title=""):
    return suggest(reading(text, title), profile, shipped_background())


def test_it_suggests_the_case_with_the_passage_that_matters():
    got = scored(REVIEW)
    assert got.band == "SUGGESTED"
    assert ARTICLE[slice(*got.excerpt)].startswith("Meanwhile the White House")
    assert ARTICLE[slice(*got.excerpt)].endswith("DeepSeek.")


def test_the_parts_add_up_and_hold_only_whole_numbers():
    got = scored(REVIEW)
    assert got.score == sum(got.parts[part]["points"] for part in ("text", "vendor", "signal"))
    assert json.loads(json.dumps(got.parts)) == got.parts
    assert not any(isinstance(leaf, float) for leaf in leaves(got.parts))


def leaves(node):
    if isinstance(node, dict):
        node = list(node.values())
    if isinstance(node, list):
        return [leaf for inner in node for leaf in leaves(inner)]
    return [node]


def test_the_reasons_are_sentences_in_plain_words():
    reasons = scored(REVIEW).reasons
    assert reasons[0].startswith("Words in common with the case: DeepSeek, ")
    assert reasons[1] == "Vendors of the case found: 1 of 1 (12 of 25 points)."
    assert reasons[2].startswith("Speaks of what the case asks about: official security review (")
    assert reasons[3] == "Names the same body as the case: National Security Council."


def test_a_case_about_other_vendors_is_hidden():
    got = scored(case("Clearview fine", "clearview-ai", summary="Review of risks.", categories=("security_review",)))
    assert got.band == "HIDDEN"
    assert got.reasons[-1] == "No vendor of the case is named, so only three tenths of the score count."


def test_a_case_without_categories_is_judged_by_words_and_vendors():
    got = scored(case("DeepSeek expansion and security risks", "deepseek"))
    assert (got.parts["signal"]["w"], got.parts["text"]["w"] + got.parts["vendor"]["w"]) == (0, 1000)
    assert got.score >= 35


def test_a_release_says_less_than_an_official_review():
    release = case("Qwen 2.5-Max model", "alibaba", categories=("model_release",))
    review = case("DeepSeek security risks", "deepseek", categories=("security_review",))
    assert scored(release).parts["signal"]["v"] < scored(review).parts["signal"]["v"] == 1000


def test_accepted_evidence_brings_its_like():
    profile = case("Weekly desk", "microsoft")
    known = case("Weekly desk", "microsoft", evidence=["Microsoft data centres strain the power grid in the region."])
    assert scored(known).score > scored(profile).score + 20


def test_the_title_counts():
    plain, titled = (
        scored(REVIEW, "The council met again.", title) for title in ("", "DeepSeek security review expands")
    )
    assert titled.score > plain.score + 20


@pytest.mark.parametrize(
    "decoy",
    [
        "The distillery has distilled whisky since 1823 and its expansion on the Amazon was reviewed for risks.",
        "Boats on the Amazon river carried the council that will review security risks of the expansion of ports.",
        "A Meta-analysis of 41 trials reviewed the risks of the treatment and found no effect.",
    ],
)
def test_decoys_are_hidden(decoy):
    for profile in (REVIEW, case("Blocked accounts", "openai", "deepseek", categories=("ip_distillation",))):
        assert scored(profile, decoy).band == "HIDDEN"


@pytest.mark.parametrize("text", ["", " ", "Nothing.", "深度求索"])
def test_next_to_nothing_is_scored_without_a_fault(text):
    got = scored(REVIEW, text)
    assert got.score <= 60
    assert 0 <= got.excerpt[0] <= got.excerpt[1] <= len(text)


def test_it_is_the_same_twice():
    assert scored(REVIEW) == scored(REVIEW)


def test_fifty_cases_take_well_under_fifty_milliseconds():
    profiles = [
        case(f"Question {n} about DeepSeek and its models", "deepseek", summary="Risks? " * 30) for n in range(50)
    ]
    scored(REVIEW)
    started = time.process_time()
    got = reading(ARTICLE)
    for profile in profiles:
        suggest(got, profile, shipped_background())
    assert time.process_time() - started < 0.15


@pytest.mark.parametrize("hostile", ['"' * 100_000, "DeepSeek risk. " * 100_000, "x " * 1_000_000, "A. " * 100_000])
def test_hostile_text_is_bounded(hostile):
    started = time.process_time()
    scored(REVIEW, hostile)
    assert time.process_time() - started < 15


def expected_cases():
    for entry in seed.expected()["cases"]:
        slugs = [seed.slug(name) for name in entry["vendors"]]
        profile = case(entry["title"], *slugs, summary=entry["summary"], categories=entry["categories"])
        yield entry["id"], profile


@seed.needs_seed
def test_the_seed_article_finds_its_cases_in_order():
    wanted = seed.expected()["relevance"]
    got = {key: scored(profile, seed.text()) for key, profile in expected_cases()}
    assert all(got[key].band == "SUGGESTED" for key in wanted["suggested"])
    assert all(got[key].band == "HIDDEN" for key in wanted["not_suggested"])
    assert all(got[above].score > got[below].score for above, below in wanted["must_rank_above"])
    sentences = seed.expected()["sentences"]
    for key, numbers in wanted["excerpt_must_overlap"].items():
        start, end = got[key].excerpt
        assert any(start < sentences[n - 1][1] and sentences[n - 1][0] < end for n in numbers), key


@seed.needs_seed
@pytest.mark.parametrize("question", [REVIEW, None], ids=["the demo's wording", "the fixture's wording"])
def test_the_seed_article_puts_the_council_case_first_or_second(question):
    cases = dict(expected_cases())
    cases["C1"] = question or cases["C1"]
    got = {key: scored(profile, seed.text()) for key, profile in cases.items()}
    ranked = sorted(got, key=lambda key: -got[key].score)
    assert "C1" in ranked[:2]
    passage = seed.text()[slice(*got["C1"].excerpt)]
    assert passage.startswith("Meanwhile, the White House has asked the National Security Council")
