import re
import time
import tomllib
from pathlib import Path

import pytest

import riskreview.enrichment
from riskreview.cases.models import RiskArea
from riskreview.enrichment.categories import BODY, CATEGORIES, PLACE, VENDOR, compiled, plain, spoken_of, trigger
from riskreview.enrichment.claims import claims
from riskreview.enrichment.families import Words, rule
from riskreview.enrichment.found import AgencyFound
from riskreview.enrichment.linking import mentions, read_names
from riskreview.enrichment.signals import signals
from riskreview.enrichment.strength import LEXICON
from riskreview.lib.text import sentences
from tests.enrichment.names import gazetteer, slug
from tests.enrichment.seed import expected, needs_seed
from tests.enrichment.seed import slug as seed_slug
from tests.enrichment.seed import text as seed_text

LIST = Path(riskreview.enrichment.__file__).parent / "data" / "signals.toml"
ENTRIES = tomllib.loads(LIST.read_text(encoding="utf-8"))["category"]
TRIGGERS = [(key, *pair) for key, entry in ENTRIES.items() for pair in entry["triggers"]]
RULES = [
    (key, *pair) for key, entry in ENTRIES.items() for kind in ("together", "beside") for pair in entry.get(kind, [])
]
VETOES = [(key, *pair) for key, entry in ENTRIES.items() for pair in entry["vetoes"]]


def read(text):
    spans, names = sentences(text), read_names(text, "", gazetteer())
    return signals(text, spans, names.mentions, names.agencies, claims(text, spans, names))


def told(text):
    found = mentions(text, "", gazetteer())
    return {(s.category, *sorted(map(slug, s.vendors))) for s in signals(text, sentences(text), found)}


def masked(text):
    names = read_names(text, "", gazetteer())
    vendors = [(name.start, name.end, VENDOR) for name in names.mentions]
    return plain(text, names=[*vendors, *((body.start, body.end, BODY) for body in names.agencies)])


@pytest.mark.parametrize(
    ("text", "signal"),
    [
        ("The White House asked the council to review DeepSeek.", ("security_review", "deepseek")),
        ("Taiwan banned DeepSeek from government devices.", ("ban_restriction", "deepseek")),
        ("OpenAI blocked DeepSeek accounts.", ("account_action", "deepseek", "openai")),
        ("An unsecured database of DeepSeek leaked chat records.", ("data_exposure", "deepseek")),
        ("DeepSeek may have distilled OpenAI models.", ("ip_distillation", "deepseek", "openai")),
        ("Nvidia faces new export controls on its chips.", ("export_control", "nvidia")),
        ("Authors filed a lawsuit against OpenAI.", ("litigation_enforcement", "openai")),
        ("DeepSeek was hit by a cyberattack.", ("vulnerability_attack", "deepseek")),
        ("A chat with OpenAI's model drove a boy to self-harm.", ("safety_harm", "openai")),
        ("DeepSeek censors questions on history.", ("misinformation_content", "deepseek")),
        ("The tool of OpenAI discriminated against women.", ("bias_discrimination", "openai")),
        ("Microsoft cameras were used for surveillance.", ("surveillance_misuse", "microsoft")),
        ("Alibaba released a new version of its model.", ("model_release", "alibaba")),
        ("ByteDance slashed its model prices.", ("pricing", "bytedance")),
        ("Microsoft invested $10 billion in the start-up.", ("investment_ma", "microsoft")),
        ("OpenAI strains the power grid.", ("energy_infrastructure", "openai")),
        ("Nvidia shares plunged on Monday.", ("market_move", "nvidia")),
        ("DeepSeek outperforms others.", ("performance_claim", "deepseek")),
        ("The AI Act binds OpenAI.", ("governance_policy", "openai")),
    ],
)
def test_every_category_has_a_sentence(text, signal):
    assert signal in told(text)


def test_no_category_is_without_a_test():
    cases = test_every_category_has_a_sentence.pytestmark[0].args[1]
    assert {signal[0] for _, signal in cases} == set(CATEGORIES)
    assert len(CATEGORIES) == 19


@pytest.mark.parametrize(("category", "pattern", "example"), TRIGGERS, ids=lambda value: value[:24])
def test_every_trigger_answers_its_sentence(category, pattern, example):
    assert trigger(pattern, category).search(masked(example))
    assert category in {signal.category for signal in read(example)}


@pytest.mark.parametrize(("category", "text", "example"), RULES, ids=lambda value: value[:24])
def test_every_rule_answers_its_sentence(category, text, example):
    assert any(rule(text, LEXICON, category).found(Words(masked(example), LEXICON)))
    assert category in {signal.category for signal in read(example)}


@pytest.mark.parametrize(("category", "pattern", "example"), VETOES, ids=lambda value: value[:24])
def test_every_veto_keeps_its_sentence_quiet(category, pattern, example):
    words = masked(example)
    spoken = [match.span() for match in CATEGORIES[category].triggers.finditer(words)]
    vetoed = [match.span() for match in compiled(pattern, category).finditer(words)]
    assert any(left < end and start < right for start, end in spoken for left, right in vetoed)
    assert category not in {signal.category for signal in read(example)}


@pytest.mark.parametrize(
    ("text", "category"),
    [
        ("No comment from DeepSeek was available.", "model_release"),
        ("Nvidia loses close to $600 billion.", "investment_ma"),
        ("The company said that a market report gave a wrong figure for Nvidia.", "misinformation_content"),
        ("The outage at DeepSeek, which never happened, was in the news.", "misinformation_content"),
        ("OpenAI and Meta write into their terms that replies may not be used to train rivals.", "ban_restriction"),
        ("The assistant of DeepSeek is called Qwen.", "ip_distillation"),
        ("DeepSeek is the most downloaded app of the month.", "ip_distillation"),
        ("No comment from Microsoft on whether a ban was being considered.", "ban_restriction"),
        ("The ministry declined to say whether a ban on DeepSeek was being considered.", "ban_restriction"),
        ("If Nvidia were sued, it would answer.", "litigation_enforcement"),
    ],
)
def test_what_only_sounds_so_is_no_signal(text, category):
    assert category not in {found for found, *_ in told(text)}


@pytest.mark.parametrize(
    ("text", "category"),
    [
        ("Microsoft declined to comment on the lawsuit against it.", "litigation_enforcement"),
        ("OpenAI asked if Meta was sued.", "litigation_enforcement"),
        ("The model calls itself DeepSeek.", "ip_distillation"),
        ("The servers of DeepSeek were breached.", "data_exposure"),
        ("The authority orders DeepSeek to stop processing users' data.", "ban_restriction"),
    ],
)
def test_what_is_said_beside_it_is_a_signal_all_the_same(text, category):
    assert category in {found for found, *_ in told(text)}


def test_a_category_far_behind_another_needs_evidence_of_its_own():
    found = {
        category for category, *_ in told("The court fined OpenAI $3m after a trial over its licence terms and app.")
    }
    assert found == {"litigation_enforcement"}


def test_who_acts_together_with_the_company_is_not_concerned_alone():
    found = told("OpenAI alleges distillation. The company blocked accounts together with Microsoft.")
    assert ("account_action", "microsoft", "openai") in found


@pytest.mark.parametrize("after", ["in the App Store", "in Microsoft's App Store", "at the top of the App Store"])
def test_a_store_is_where_it_happens(after):
    found = told(f"Researchers found a security hole in DeepSeek, an app {after}.")
    assert found == {("vulnerability_attack", "deepseek")}


@pytest.mark.parametrize(
    "text",
    [
        "The distillery near Microsoft has distilled whisky for 200 years.",
        "Anthropic released distilled models of its own.",
        "Knowledge distillation made the Anthropic model small.",
        "By distilling the big network the team at Microsoft made a small one.",
    ],
)
def test_other_kinds_of_distillation_are_no_signal(text):
    assert not any(category == "ip_distillation" for category, *_ in told(text))


def test_a_sentence_without_a_vendor_has_no_signal():
    assert told("The council opened an investigation.") == set()


def test_it_may_lean_on_the_sentence_before_in_the_same_paragraph():
    assert ("ban_restriction", "deepseek") in told("Officials met DeepSeek. The app was banned.")
    assert told("Officials met DeepSeek.\nThe app was banned.") == set()
    assert told("Officials met DeepSeek. Somebody was banned.") == set()


@pytest.mark.parametrize("text", ["It outperforms others.", "It released a new model.", "It is bound by the AI Act."])
def test_releases_praise_and_policy_are_never_taken_over_from_the_sentence_before(text):
    assert told(f"Officials met DeepSeek. {text}") == set()


def test_the_place_of_publication_is_not_concerned():
    assert told("Users posted on TikTok that DeepSeek was banned.") == {("ban_restriction", "deepseek")}


@pytest.mark.parametrize(
    ("text", "categories"),
    [
        ("A deepfake of the mayor spread on TikTok.", {"misinformation_content"}),
        ("Fraudsters in a phishing campaign reached users via TikTok.", {"vulnerability_attack"}),
        ("The judges were biased towards dahlias, a loser wrote on TikTok.", set()),
        ("She wrote on TikTok about the deaths in the flood.", set()),
    ],
)
def test_a_channel_is_concerned_by_harm_and_falsehood_alone(text, categories):
    found = read(text)
    assert {signal.category for signal in found} == categories
    assert {signal.scope for signal in found} <= {"CHANNEL"}


def test_an_owner_beside_another_name_is_not_concerned():
    [signal] = read("Microsoft-backed OpenAI was sued.")
    assert {slug(vendor) for vendor in signal.vendors} == {"openai"}


def test_whoever_is_cited_is_not_concerned():
    assert read("According to a Goldman Sachs report, AI strains the power grid.") == []


def test_the_public_bodies_of_the_sentence_are_named():
    text = "The council investigates DeepSeek."
    spans, found = sentences(text), mentions(text, "", gazetteer())
    body = AgencyFound(4, 11, "council", "us-nsc")
    [signal] = signals(text, spans, found, [body])
    assert signal.agencies == {"us-nsc"}


def test_the_claim_that_holds_the_words_is_told():
    text = "Officials met. Critics say that DeepSeek leaked chat records."
    spans, names = sentences(text), read_names(text, "", gazetteer())
    said = claims(text, spans, names)
    [signal] = signals(text, spans, names.mentions, names.agencies, said)
    start, end = said[signal.claim].content[0]
    assert start <= signal.start < signal.end <= end


def test_the_trigger_is_a_span_of_the_text():
    text = "Quiet start. Taiwan banned DeepSeek."
    [signal] = signals(text, sentences(text), mentions(text, "", gazetteer()))
    assert (text[signal.start : signal.end], signal.sentence, signal.scope) == ("banned", 1, "SENTENCE")


def test_a_signal_gives_its_reasons_in_plain_words():
    [signal] = read("Officials met DeepSeek. It was reportedly banned.")
    assert signal.reasons == (
        'The words "banned" speak of ban or restriction.',
        '"It" stands for the vendor of the sentence before.',
        'Hearsay: "reportedly".',
    )


def test_a_name_is_never_taken_for_a_word():
    text = "Stability met Meta."
    assert signals(text, sentences(text), mentions(text, "", gazetteer())) == []
    assert plain("Ban it", names=[(0, 3, VENDOR)]) == f"{VENDOR * 3} it"


def test_a_weak_word_only_counts_where_nothing_plainer_is_said():
    assert told("DeepSeek wants personal data.") == {("data_exposure", "deepseek")}
    assert told("Rome fined DeepSeek €3m under the GDPR.") == {("litigation_enforcement", "deepseek")}


def test_a_question_speaks_of_categories_whoever_it_is_about():
    assert set(spoken_of("National security review of the expansion")) == {"security_review"}
    assert set(spoken_of("How are you today?")) == set()


@needs_seed
def test_the_signals_of_the_seed_article_are_those_found_by_hand():
    article, found = seed_text(), read(seed_text())
    for wanted in expected()["signals"]:
        if wanted["required"]:
            assert any(_fits(signal, wanted) for signal in found), wanted
    assert all(article[s.start : s.end].strip() for s in found)


def _fits(signal, wanted):
    place, vendors = wanted["trigger_within"], {slug(vendor) for vendor in signal.vendors}
    required = {seed_slug(vendor) for vendor in wanted["vendors"]}
    allowed = required | {seed_slug(vendor) for vendor in wanted["may_include"]}
    overlaps = signal.start < place["end"] and place["start"] < signal.end
    fits = signal.category == wanted["category"] and signal.status.lower() in wanted["status"] and overlaps
    return fits and required <= vendors <= allowed and set(wanted["agencies"]) <= signal.agencies


HOSTILE = [
    '"' * 50_000,
    "invest " * 7_000,
    "review of the " * 3_600,
    "the " * 12_500,
    "$1 " * 16_000,
    "A" * 50_000,
    "ban " * 12_500,
    VENDOR * 50_000,
    f"{VENDOR} {BODY} {PLACE} " * 8_000,
    "took a, b not to " * 3_000,
    "regulator police court said to have " * 1_400,
    ", which, who, and " * 2_800,
]


@pytest.mark.parametrize("hostile", HOSTILE, ids=lambda text: repr(text[:8]))
def test_every_pattern_is_quick_on_hostile_text(hostile):
    for category in CATEGORIES.values():
        for pattern in (category.triggers, category.foreign, category.vetoes, category.weak):
            if pattern:
                assert seconds(pattern, hostile[:2_000]) < 0.25


def seconds(pattern, text):
    started = time.process_time()
    sum(1 for _ in pattern.finditer(text))
    return time.process_time() - started


@pytest.mark.parametrize("hostile", HOSTILE, ids=lambda text: repr(text[:8]))
def test_the_time_grows_with_the_text_and_no_faster(hostile):
    def measured(text):
        started = time.process_time()
        signals(text, sentences(text), mentions(text, "", gazetteer()))
        return time.process_time() - started

    text = f"DeepSeek {hostile}"
    half, whole = measured(text[:25_000]), measured(text[:50_000])
    assert whole < 4 * half + 0.3


def test_the_labels_are_plain_words():
    assert all(re.fullmatch("[a-z, ]+", category.label) for category in CATEGORIES.values())


def test_every_category_names_known_risk_areas_and_numbered_domains():
    assert {area for category in CATEGORIES.values() for area in category.areas} <= {area.lower() for area in RiskArea}
    assert all(re.fullmatch(r"[1-7]\.[1-6]", code) for category in CATEGORIES.values() for code in category.mit)
    assert all(category.mit and category.areas for category in CATEGORIES.values())


@pytest.mark.parametrize(
    "text",
    [
        "Three bodies told their staff on Friday not to use DeepSeek.",
        "Agencies must prevent the use of DeepSeek.",
        "DeepSeek may not be used on official devices.",
        "The Garante limited the processing of users' data by DeepSeek.",
    ],
)
def test_a_restriction_has_many_wordings(text):
    assert ("ban_restriction", "deepseek") in told(text)


def test_looking_at_the_implications_is_a_review():
    assert told("The council is looking at the implications of DeepSeek.") == {("security_review", "deepseek")}
