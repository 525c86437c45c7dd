import itertools
import time

import pytest

from riskreview.enrichment.linking import MENTIONS_MAX, mentions, salience
from tests.enrichment import seed
from tests.enrichment.names import entries, gazetteer, slug, vendors


def accepted(text, title=""):
    return [found for found in mentions(text, title, gazetteer()) if found.state == "ACCEPTED"]


def told(text):
    return [(found.surface, slug(found.name.vendor)) for found in accepted(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Shares of Alibaba (NYSE: BABA) rose.", [("Alibaba", "alibaba"), ("(NYSE: BABA)", "alibaba")]),
        ("阿里巴巴 released Qwen2.5-Max.", [("阿里巴巴", "alibaba"), ("Qwen2.5-Max", "alibaba")]),
        ("Meta's open models were sold to Meta users.", [("Meta", "meta"), ("Meta", "meta")]),
        ("Amazon invested $10 billion in data centres.", [("Amazon", "amazon")]),
        ("Workers at the Amazon warehouse were told by the app.", [("Amazon", "amazon")]),
        ("OpenAI’s o1 solved more problems.", [("OpenAI", "openai"), ("o1", "openai")]),
        ("DeepSeek said R1 cost a tenth.", [("DeepSeek", "deepseek"), ("R1", "deepseek")]),
        ("Amazon's Nova models run in its cloud.", [("Amazon", "amazon"), ("Nova", "amazon")]),
        ("Claude 3.5 Sonnet wrote it.", [("Claude 3.5 Sonnet", "anthropic")]),
        ("DEEPSEEK BANNED FROM GOVERNMENT PHONES", [("DEEPSEEK", "deepseek")]),
    ],
)
def test_it_names_the_vendor(text, expected):
    assert told(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "A Meta-analysis of 41 trials of software found no effect.",
        "The Meta description tag of the web platform.",
        "Loggers burned the Brazilian Amazon while drivers of trucks watched.",
        "Now the Amazon is rising, as it does at this time of year.",
        "Villages along the Amazon River lost boats and customers.",
        "She brought an Apple pie to the company.",
        "Jean-Claude Martin has chaired the company.",
        "Mr. Claude Dubois declined to comment on the software.",
        "NASA's Project Gemini used software.",
        "The Mistral wind closed the road.",
        "Drivers must leave at junction R1.",
        "Nova Scotia launched an app.",
        "The minister called the plan a Moonshot.",
        "The letter Phi stands for the golden ratio.",
    ],
)
def test_it_leaves_other_meanings_alone(text):
    assert accepted(text) == []


def test_a_doubtful_name_is_kept_as_uncertain():
    doubtful = mentions("They met Meta there.", "", gazetteer())
    assert [(f.surface, f.state, f.score) for f in doubtful] == [("Meta", "UNCERTAIN", 800)]


def test_the_reasons_add_up_to_the_score():
    [found] = accepted("Meta has invested in data centres.")
    assert found.score == 800 + 700 + 1400
    assert found.reasons == (
        "how often the name means this vendor (+0.8)",
        "does or says something (+0.7)",
        "words of technology and business in the sentence: invested, data centres (+1.4)",
    )


def test_the_title_speaks_for_a_name_in_the_text():
    text = "Nobody at the hearing had used R1."
    assert accepted(text) == []
    [found] = accepted(text, title="Senators discuss DeepSeek")
    assert found.surface == "R1"
    assert "same vendor named elsewhere once (+2.0)" in found.reasons


@pytest.mark.parametrize(
    ("text", "surface", "role"),
    [
        ("Alibaba said so on its official WeChat account.", "WeChat", "CHANNEL"),
        ("Users posted it on TikTok.", "TikTok", "CHANNEL"),
        ("TikTok was fined.", "TikTok", "TARGET"),
        ("Microsoft-backed OpenAI grew.", "Microsoft", "MODIFIER"),
        ("TikTok owner ByteDance grew.", "TikTok", "MODIFIER"),
        ("According to a Goldman Sachs report, demand grows.", "Goldman Sachs", "SOURCE"),
        ("Claims by Alibaba that it won.", "Alibaba", "SOURCE"),
        ("It blocked DeepSeek accounts.", "DeepSeek", "TARGET"),
        ("Risks linked to DeepSeek’s growth.", "DeepSeek", "TARGET"),
        ("ByteDance also released an update.", "ByteDance", "AGENT"),
        ("Companies like ByteDance and others.", "ByteDance", "OTHER"),
    ],
)
def test_it_tells_the_role(text, surface, role):
    assert [found.role for found in accepted(text) if found.surface == surface] == [role]


def test_a_channel_is_not_what_a_text_is_about():
    text = "DeepSeek said so on WeChat. DeepSeek grew. OpenAI did not."
    weights = salience(accepted(text), text)
    assert weights[vendors()["deepseek"]] == 1000
    assert weights[vendors()["tencent"]] == 0
    assert 0 < weights[vendors()["openai"]] <= 1000


def test_a_vendor_of_the_title_alone_counts():
    title = "DeepSeek under review"
    weights = salience([], "No name here.", mentions(title, "", gazetteer()))
    assert weights == {vendors()["deepseek"]: 1000}


def test_nothing_has_no_salience():
    assert salience([], "") == {}


@pytest.mark.parametrize(
    "hostile", ["Meta " * 200_000, "the Amazon river " * 50_000, '"' * 100_000, "Claude A. " * 50_000]
)
def test_hostile_text_is_bounded(hostile):
    started = time.process_time()
    assert len(mentions(hostile, "", gazetteer())) <= MENTIONS_MAX
    assert time.process_time() - started < 5


def test_every_shipped_name_is_found_and_means_its_vendor():
    for entry in entries():
        for alias in entry["aliases"]:
            if alias["kind"] != "TICKER" and alias["strength"] == "STRONG":
                assert (alias["text"], entry["slug"]) in told(f"The company {alias['text']} launched an AI model.")


@seed.needs_seed
def test_the_seed_article_is_read_without_a_miss_or_a_false_hit():
    wanted = {
        (m["start"], m["end"], seed.slug(m["entity"]), m.get("product", ""))
        for m in seed.expected()["mentions"]
        if m["kind"] != "agency"
    }
    got = {(f.start, f.end, slug(f.name.vendor), f.product_key) for f in accepted(seed.text())}
    assert got == wanted


@seed.needs_seed
def test_the_roles_of_the_seed_article():
    wanted = {
        m["start"]: m["role"].upper() for m in seed.expected()["mentions"] if m["role"] in ("channel", "modifier")
    }
    got = {found.start: found.role for found in accepted(seed.text())}
    assert {start: got[start] for start in wanted} == wanted


@seed.needs_seed
def test_the_salience_of_the_seed_article_falls_in_the_expected_order():
    weights = {slug(v): weight for v, weight in salience(accepted(seed.text()), seed.text()).items()}
    groups = [[weights[seed.slug(name)] for name in group] for group in seed.expected()["salience"]["order"]]
    assert all(min(one) >= max(other) for one, other in itertools.pairwise(groups))


@seed.needs_seed
def test_labelled_names_are_told_apart():
    known = {
        alias["text"]
        for e in entries()
        for alias in [*e["aliases"], *(a for p in e.get("products", []) for a in p["aliases"])]
    }
    labels = [label for label in seed.labelled_mentions() if label["surface"] in known]
    wrong = [
        label["text"]
        for label in labels
        if label["is_vendor"] != any(overlaps(f, label) for f in accepted(label["text"]))
    ]
    assert len(labels) > 70
    assert wrong == []


def overlaps(found, label):
    return found.start < label["end"] and label["start"] < found.end
