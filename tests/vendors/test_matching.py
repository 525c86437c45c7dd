import itertools
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from riskreview.vendors.matching import Gazetteer, Name, NameKind, product_key

ALIBABA, DEEPSEEK, META, OPENAI, BAIDU, ANTHROPIC = range(1, 7)
NAMES = [
    Name("Alibaba", NameKind.STRONG, ALIBABA),
    Name("Alibaba Group", NameKind.STRONG, ALIBABA),
    Name("阿里巴巴", NameKind.STRONG, ALIBABA),
    Name("Qwen", NameKind.PRODUCT, ALIBABA, 1),
    Name("BABA", NameKind.TICKER, ALIBABA),
    Name("9988", NameKind.TICKER, ALIBABA),
    Name("DeepSeek", NameKind.STRONG, DEEPSEEK),
    Name("DeepSeek-R1", NameKind.PRODUCT, DEEPSEEK, 2),
    Name("R1", NameKind.PRODUCT_WEAK, DEEPSEEK, 2),
    Name("Meta", NameKind.WEAK, META),
    Name("Llama", NameKind.PRODUCT_WEAK, META, 3),
    Name("OpenAI", NameKind.STRONG, OPENAI),
    Name("GPT-4", NameKind.PRODUCT, OPENAI, 4),
    Name("GPT", NameKind.PRODUCT_WEAK, OPENAI, 4),
    Name("ChatGPT", NameKind.PRODUCT, OPENAI, 5),
    Name("NASDAQ: BIDU", NameKind.TICKER, BAIDU),
    Name("Claude", NameKind.PRODUCT_WEAK, ANTHROPIC, 6),
    Name("Opus", NameKind.PRODUCT_WEAK, ANTHROPIC, 6),
]
GAZETTEER = Gazetteer(NAMES, "test")


def surfaces(text):
    return [hit.surface for hit in GAZETTEER.find(text)]


def test_it_gives_spans_in_code_points():
    text = "🙂 𝔸 阿里巴巴 and DeepSeek"
    hits = GAZETTEER.find(text)
    assert [(hit.surface, hit.name.vendor) for hit in hits] == [("阿里巴巴", ALIBABA), ("DeepSeek", DEEPSEEK)]
    assert all(text[hit.start : hit.end] == hit.surface for hit in hits)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Alibaba Group said", ["Alibaba Group"]),
        ("Alibaba's and Meta’s", ["Alibaba", "Meta"]),
        ("Metadata, Metamorphosis and xMeta", []),
        ("meta is a word, as llama and gpt are", ["meta", "llama", "gpt"]),
        ("There meta, llama and gpt are words, and alibaba is not looked for.", []),
        ("There openai, deepseek and chatgpt are no words.", ["openai", "deepseek", "chatgpt"]),
        ("It calls claude-3-5-sonnet-20241022, then llama3.1:8b.", ["claude-3-5-sonnet-20241022", "llama3.1:8b"]),
        ("Set model to gpt-4o-mini or qwen2.5-7b-instruct.", ["gpt-4o-mini", "qwen2.5-7b-instruct"]),
        ("Meta_tag", []),
        ("用阿里巴巴的云", ["阿里巴巴"]),
        ("OpenAI发布", ["OpenAI"]),
        ("“DeepSeek-R1”", ["DeepSeek-R1"]),
        ("ChatGPTs", []),
        ("", []),
    ],
)
def test_only_whole_names_count(text, expected):
    assert surfaces(text) == expected


@pytest.mark.parametrize(
    ("text", "surface", "key"),
    [
        ("its Qwen 2.5-Max model", "Qwen 2.5-Max", "qwen-2.5-max"),
        ("Qwen2.5-Max", "Qwen2.5-Max", "qwen-2.5-max"),
        ("Qwen2.5-Coder-32B-Instruct is", "Qwen2.5-Coder-32B-Instruct", "qwen-2.5-coder-32b-instruct"),
        ("Llama-3.1-405B, which", "Llama-3.1-405B", "llama-3.1-405b"),
        ("Llama 3", "Llama 3", "llama-3"),
        ("GPT-4o,", "GPT-4o", "gpt-4o"),
        ("GPT-4o-mini.", "GPT-4o-mini", "gpt-4o-mini"),
        ("GPT-5 Pro", "GPT-5 Pro", "gpt-5-pro"),
        ("ChatGPT Plus users", "ChatGPT Plus", "chatgpt-plus"),
        ("DeepSeek-V3.1 and", "DeepSeek-V3.1", "deepseek-v3.1"),
        ("DeepSeek R1", "DeepSeek R1", "deepseek-r1"),
        ("DeepSeek-R1", "DeepSeek-R1", "deepseek-r1"),
        ("Claude 3.5 Sonnet", "Claude 3.5 Sonnet", "claude-3.5-sonnet"),
        ("Claude Opus", "Claude Opus", "claude-opus"),
        ("R1", "R1", "r1"),
        ("Qwen3-235B-A22B", "Qwen3-235B-A22B", "qwen-3-235b-a22b"),
        ("Claude 3.7 Sonnet", "Claude 3.7 Sonnet", "claude-3.7-sonnet"),
        ("Claude Opus 4.1 and", "Claude Opus 4.1", "claude-opus-4.1"),
        ("GPT-5.1-Codex-Max", "GPT-5.1-Codex-Max", "gpt-5.1-codex-max"),
        ("Llama 4 Maverick", "Llama 4 Maverick", "llama-4-maverick"),
        ("Qwen2.5-max", "Qwen2.5-max", "qwen-2.5-max"),
    ],
)
def test_a_version_is_read_on_from_the_name(text, surface, key):
    assert [(hit.surface, hit.product_key) for hit in GAZETTEER.find(text)] == [(surface, key)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Claude 3 million users", ["Claude"]),
        ("Qwen 20% cheaper", ["Qwen"]),
        ("ChatGPT 300 million", ["ChatGPT"]),
        ("ChatGPT 1,500 times", ["ChatGPT"]),
        ("Opus 27 was played", ["Opus"]),
        ("Alibaba 2025", ["Alibaba"]),
        ("Qwen. 5 days later", ["Qwen"]),
        ("Llamas", []),
    ],
)
def test_a_number_that_is_no_version_stays_out(text, expected):
    assert surfaces(text) == expected


@pytest.mark.parametrize(
    ("text", "surface", "vendor"),
    [
        ("Holding (NYSE: BABA) rose", "(NYSE: BABA)", ALIBABA),
        ("NYSE:BABA rose", "NYSE:BABA", ALIBABA),
        ("listed as 9988.HK in", "9988.HK", ALIBABA),
        ("(HKG: 9988)", "(HKG: 9988)", ALIBABA),
        ("$BABA is up", "$BABA", ALIBABA),
        ("(NASDAQ:BIDU)", "(NASDAQ:BIDU)", BAIDU),
    ],
)
def test_a_symbol_counts_in_its_forms(text, surface, vendor):
    assert [(hit.surface, hit.name.vendor) for hit in GAZETTEER.find(text)] == [(surface, vendor)]


@pytest.mark.parametrize("text", ["BABA", "9988 people", "99887.HK", "NYSE: BIDU", "(NYSE: XYZ)", "$9988", "1.9988.HK"])
def test_a_symbol_out_of_its_forms_does_not(text):
    assert surfaces(text) == []


def test_a_headline_in_capitals_is_read_too():
    assert surfaces("OPENAI SUES DEEPSEEK\nNobody and DEEPSEEK") == ["OPENAI", "DEEPSEEK"]


@pytest.mark.parametrize(
    ("text", "small"),
    [
        ("asked claude about it", [True]),
        ("asked chatgpt about it", [False]),
        ("Asked Claude about it.", [False]),
        ("Asked claude about it.", []),
    ],
)
def test_a_text_without_capitals_says_so_of_its_names(text, small):
    assert [hit.small for hit in GAZETTEER.find(text)] == small


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Short interest in BABA rose.", ["BABA"]),
        ("BABA, which fell 3%, was the most traded.", ["BABA"]),
        ("Alibaba (9988) led the index.", ["Alibaba", "(9988)"]),
        ("Alibaba sold flats to buyers (9988) there.", ["Alibaba"]),
        ("Our dog is called BABA.", []),
        ("ALL SHARES OF BABA AND OTHERS WERE SOLD TODAY", []),
    ],
)
def test_a_registered_symbol_is_known_among_words_of_the_exchanges(text, found):
    assert surfaces(text) == found


def test_a_sentence_in_capitals_is_read_too_with_its_versions():
    text = "Nobody spoke. QWEN 2.5-MAX BEATS LLAMA, ALIBABA SAYS. The metaverse and alibaba stay out."
    hits = GAZETTEER.find(text)
    assert [(hit.surface, hit.product_key, hit.capitals) for hit in hits] == [
        ("QWEN 2.5-MAX", "qwen-2.5-max", True),
        ("LLAMA", "llama", True),
        ("ALIBABA", "", True),
    ]
    assert all(text[hit.start : hit.end] == hit.surface for hit in hits)


@pytest.mark.parametrize(
    "text", ["阿里巴巴和百度和腾讯和华为都在这里 AI META", "IBM AMD META", "OPENAI said so to everybody"]
)
def test_few_capitals_make_no_headline(text):
    assert not [hit for hit in GAZETTEER.find(text) if hit.capitals]


def test_symbols_are_listed_whether_registered_or_not():
    text = "(NYSE: BABA) and (NYSE: XYZ)"
    assert [(each.ticker.symbol, each.name and each.name.vendor) for each in GAZETTEER.listings(text)] == [
        ("BABA", ALIBABA),
        ("XYZ", None),
    ]


def test_it_knows_its_products_and_names():
    assert GAZETTEER.has_product("deepseek-r1")
    assert not GAZETTEER.has_product("qwen-2.5-max")
    assert (GAZETTEER.vendor_of("Meta"), GAZETTEER.vendor_of("Zhipu AI")) == (META, None)


def test_of_equal_spellings_the_stronger_kind_wins():
    twice = Gazetteer([Name("Kimi", NameKind.WEAK, 1), Name("Kimi", NameKind.STRONG, 2)], "test")
    assert [hit.name.vendor for hit in twice.find("Kimi")] == [2]


def test_no_names_find_nothing():
    assert Gazetteer([], "empty").find("Alibaba (NYSE: BABA)") == []


@given(
    st.lists(
        st.sampled_from(["Meta", "Qwen", "-3.1", " 2.5", "阿里巴巴", "🙂", "e\u0301", " ", "\n", "’s", "(NYSE: BABA)"])
    )
)
def test_hits_quote_the_text_in_order_without_overlap(parts):
    text = "".join(parts)
    hits = GAZETTEER.find(text)
    assert all(text[hit.start : hit.end] == hit.surface for hit in hits)
    assert all(one.end <= other.start for one, other in itertools.pairwise(hits))


@pytest.mark.parametrize("hostile", ["Qwen" + "-1" * 500_000, "DeepSeek " * 200_000, "x" * 5_000_000, "$A" * 500_000])
def test_hostile_text_takes_linear_time(hostile):
    started = time.process_time()
    GAZETTEER.find(hostile)
    assert time.process_time() - started < 5


def test_a_key_has_one_spelling():
    assert {product_key(text) for text in ("GPT4", "GPT-4", "GPT 4", "gpt-4")} == {"gpt-4"}
