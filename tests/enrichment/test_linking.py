import itertools
import time

import pytest

from riskreview.enrichment.linking import MENTIONS_MAX, mentions, read_names, salience
from riskreview.vendors.matching import Gazetteer, Name, NameKind
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


ACCEPTANCE = [
    ("Shares (NYSE: BABA) rose.", ["(NYSE: BABA)"]),
    ("阿里巴巴 rose.", ["阿里巴巴"]),
    ("It is called Qwen2.5-Max.", ["Qwen2.5-Max"]),
    ("Meta's models are open.", ["Meta"]),
    ("A Meta-analysis of models is online.", []),
    ("Drones watch the Brazilian Amazon for the company.", []),
    ("Jean-Claude founded the software company.", []),
]


@pytest.mark.parametrize(("text", "surfaces"), ACCEPTANCE)
def test_the_names_that_others_get_wrong(text, surfaces):
    assert [found.surface for found in accepted(text, title="Meta, Amazon and Anthropic under review")] == surfaces


@pytest.mark.parametrize(
    ("guard", "inner"),
    [
        ("Meta-analysis", "analysis"),
        ("Apple pie", "pie"),
        ("Amazon River", "River"),
        ("Jean-Claude", "Jean"),
        ("Claude Monet", "Monet"),
        ("Oracle of Omaha", "Omaha"),
        ("Bing Crosby", "Crosby"),
        ("Nova Scotia", "Scotia"),
    ],
)
def test_a_guard_takes_its_span_so_that_nothing_inside_it_is_read(guard, inner):
    certain = Gazetteer([Name(inner, NameKind.STRONG, 1)], "test")
    text = f"The {inner} company is not called {guard}, nor {guard.upper()}."
    assert [found.start for found in mentions(text, "", certain)] == [4]


@pytest.mark.parametrize(
    ("text", "surfaces"),
    [
        ("They heard Opus 9 in the hall.", []),
        ("Opus 4 was released by Anthropic.", ["Opus 4", "Anthropic"]),
        ("Opus 4.1 was praised in the hall.", ["Opus 4.1"]),
        ("Claude 3 was praised in the hall.", ["Claude 3"]),
    ],
)
def test_one_digit_behind_a_common_word_may_count_something(text, surfaces):
    assert [found.surface for found in accepted(text)] == surfaces


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("META SUED OVER CHATBOT DATA IN FRANCE", [("META", "meta")]),
        ("APPLE AND OPENAI SIGN DEAL ON CHATBOT", [("APPLE", "apple"), ("OPENAI", "openai")]),
        ("CLAUDE REFUSES USERS, ANTHROPIC SAYS", [("CLAUDE", "anthropic"), ("ANTHROPIC", "anthropic")]),
        (
            "QWEN 2.5-MAX BEATS GPT-4O AND DEEPSEEK-V3",
            [("QWEN 2.5-MAX", "alibaba"), ("GPT-4O", "openai"), ("DEEPSEEK-V3", "deepseek")],
        ),
        ("He waited. DEEPSEEK BANNED IN ITALY. He left.", [("DEEPSEEK", "deepseek")]),
        ("META-ANALYSIS OF AI MODELS FINDS NO EFFECT", []),
        ("APPLE PIE SOLD BY COMPANY IN MARKET HALL", []),
        ("RING OF SPIES HELD THREADS IN HAND", []),
        ("WORKERS ECHO CALL FOR MORE PAY IN TITAN STRIKE", []),
    ],
)
def test_capitals_throughout_are_read_with_doubt(text, expected):
    assert told(text) == expected


@pytest.mark.parametrize(
    ("text", "surfaces", "language"),
    [
        (
            "深度求索发布了新模型DeepSeek-R1，阿里巴巴的通义千问也更新，豆包没有。",
            ["深度求索", "DeepSeek-R1", "阿里巴巴", "通义千问", "豆包"],
            "Chinese",
        ),
        ("딥시크가 새로운 모델을 공개했다. 딥시크의 앱은 Meta와 다르다.", ["딥시크", "딥시크", "Meta"], "Korean"),
        ("ディープシークが新しいモデルを公開した。", ["ディープシーク"], "Japanese"),
        (
            "По словам «Лаборатория Касперского», OpenAI и Meta не ответили на запрос.",
            ["Лаборатория Касперского", "OpenAI", "Meta"],
            "Russian",
        ),
        ("قالت شركة OpenAI إن نموذج DeepSeek-R1 جديد وإن Meta لم ترد.", ["OpenAI", "DeepSeek-R1", "Meta"], "Arabic"),
        (
            "Der Rat hat am Dienstag die App DeepSeek verboten, weil Meta und Apple nicht mit der Behörde reden.",
            ["DeepSeek", "Meta", "Apple"],
            "German",
        ),
        ("早上的豆包很好吃，苹果的价格也上涨了，果农们很高兴。", [], "Chinese"),
        (
            "Le maire Claude Perrin a dit dans la ville que le pont est pour tous et que les travaux vont durer.",
            [],
            "French",
        ),
        (
            "En un comunicado, Anthropic admite que Claude dio los datos de la empresa a los que no eran.",
            ["Anthropic", "Claude"],
            "Spanish",
        ),
    ],
)
def test_in_another_language_a_weak_name_needs_the_other_names_or_the_script(text, surfaces, language):
    read = read_names(text, "", gazetteer())
    assert [found.surface for found in read.mentions if found.state == "ACCEPTED"] == surfaces
    assert all(text[found.start : found.end] == found.surface for found in read.mentions)
    assert language in read.not_analysed


@pytest.mark.parametrize(
    ("text", "language", "analysed"),
    [
        ("Meta AI: Llama, Threads.", "", True),
        ("Meta AI: Llama, Threads.", "de", False),
        ("Meta AI: Llama, Threads.", "en-GB", True),
        (
            "The council has asked for a review of the app, and of all that it has stored so far in the country.",
            "zh",
            True,
        ),
        ("深度求索发布了新的模型，股价下跌。", "en", False),
    ],
)
def test_what_a_text_shows_outweighs_the_language_it_is_said_to_have(text, language, analysed):
    assert (read_names(text, "", gazetteer(), language=language).not_analysed == "") is analysed


def test_a_long_text_is_read_to_its_end_with_right_spans():
    filler = "Nobody spoke of anything in particular on that long day.\n" * 4_000
    end = "The Garante asked Zhipu AI in Rome (NYSE: XYZ).\n"
    text = f"DeepSeek began.\n{filler}QWEN 2.5-MAX OUTPERFORMS OTHERS\n{filler}{end}"
    assert len(text) > 400_000
    read = read_names(text, "", gazetteer())
    every = [*read.mentions, *read.agencies, *read.unknown]
    assert all(text[each.start : each.end] == each.surface for each in every)
    assert [found.surface for found in read.mentions] == ["DeepSeek", "QWEN 2.5-MAX", "Zhipu AI"]
    assert [found.key for found in read.agencies] == ["it-garante"]
    assert [found.key for found in read.unknown] == ["qwen-2.5-max", "NYSE:XYZ"]


def test_the_same_text_is_read_the_same():
    text = "Meta's Threads and Amazon's Nova met the Commission in Brussels under the DSA. Genspark AI did not."
    assert read_names(text, "AI", gazetteer()) == read_names(text, "AI", gazetteer())


def test_a_doubtful_name_is_kept_as_uncertain():
    doubtful = mentions("On the way they met a certain Claude there.", "", gazetteer())
    assert [(f.surface, f.state, f.score) for f in doubtful] == [("Claude", "UNCERTAIN", 600)]


def test_the_reasons_add_up_to_the_score():
    [found] = accepted("In spring Meta has invested in data centres.")
    assert found.score == 1200 + 700 + 400 + 1400
    assert found.reasons == (
        "how often the name means this vendor (+1.2)",
        "does or says something (+0.7)",
        "with a capital inside a sentence (+0.4)",
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
    read = read_names(seed.text(), "", gazetteer())
    got = {found.start: found.role for found in [*read.mentions, *read.agencies]}
    wanted = {m["start"]: m["role"].upper() for m in seed.expected()["mentions"]}
    loose = {"OTHER": ("OTHER", "AGENT", "TARGET")}
    assert len(got) == len(wanted) == 39
    assert {start: got[start] for start, role in wanted.items() if got[start] not in loose.get(role, (role,))} == {}


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
