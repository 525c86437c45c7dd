import re
import time

import pytest

from riskreview.enrichment.linking import mentions
from riskreview.enrichment.signals import CATEGORIES, signals
from riskreview.lib.text import sentences
from tests.enrichment.names import gazetteer, slug


def told(text):
    found = mentions(text, "", gazetteer())
    return {(s.category, *sorted(map(slug, s.vendors))) for s in signals(text, sentences(text), found)}


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
        ("DeepSeek censors questions on history.", ("misinformation_content", "deepseek")),
        ("Alibaba released a new version of its model.", ("model_release", "alibaba")),
        ("ByteDance slashed its model prices.", ("pricing", "bytedance")),
        ("Microsoft invested $10 billion in the start-up.", ("investment_ma", "microsoft")),
        ("OpenAI strains the power grid.", ("energy_infrastructure", "openai")),
        ("Nvidia shares plunged on Monday.", ("market_move", "nvidia")),
        ("DeepSeek outperforms others.", ("performance_claim", "deepseek")),
        ("Lawmakers questioned OpenAI.", ("governance_policy", "openai")),
    ],
)
def test_every_category_has_a_sentence(text, signal):
    assert signal in told(text)


def test_no_category_is_without_a_test():
    cases = test_every_category_has_a_sentence.pytestmark[0].args[1]
    assert {signal[0] for _, signal in cases} == set(CATEGORIES)


@pytest.mark.parametrize(
    "text",
    [
        "The distillery near Microsoft has distilled whisky for 200 years.",
        "Anthropic released distilled models of its own.",
        "Knowledge distillation made the Anthropic model small.",
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


def test_the_place_of_publication_is_not_concerned():
    assert told("Users posted on TikTok that DeepSeek was banned.") == {("ban_restriction", "deepseek")}


def test_the_trigger_is_a_span_of_the_text():
    text = "Quiet start. Taiwan banned DeepSeek."
    [signal] = signals(text, sentences(text), mentions(text, "", gazetteer()))
    assert (text[signal.start : signal.end], signal.sentence, signal.scope) == ("banned", 1, "SENTENCE")


HOSTILE = [
    '"' * 50_000,
    "invest " * 7_000,
    "review of the " * 3_600,
    "the " * 12_500,
    "$1 " * 16_000,
    "A" * 50_000,
    "ban " * 12_500,
]


@pytest.mark.parametrize("hostile", HOSTILE, ids=lambda text: repr(text[:8]))
def test_every_pattern_is_quick_on_hostile_text(hostile):
    for category in CATEGORIES.values():
        for pattern in (category.triggers, category.foreign, category.veto):
            if pattern:
                assert seconds(pattern, hostile[:2_000]) < 0.05


def seconds(pattern, text):
    started = time.process_time()
    sum(1 for _ in pattern.finditer(text))
    return time.process_time() - started


def test_the_labels_are_plain_words():
    assert all(re.fullmatch("[a-z ]+", category.label) for category in CATEGORIES.values())


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
