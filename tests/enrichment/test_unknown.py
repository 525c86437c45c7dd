import itertools

import pytest

from riskreview.enrichment.linking import read_names
from riskreview.vendors.matching import Gazetteer, Name, NameKind

OPENAI, DEEPSEEK, META, ALIBABA = range(1, 5)
FEW = Gazetteer(
    [
        Name("OpenAI", NameKind.STRONG, OPENAI),
        Name("DeepSeek", NameKind.STRONG, DEEPSEEK),
        Name("DeepSeek-R1", NameKind.PRODUCT, DEEPSEEK, 1),
        Name("Meta Platforms", NameKind.STRONG, META),
        Name("Meta", NameKind.WEAK, META),
        Name("Alibaba", NameKind.STRONG, ALIBABA),
        Name("Qwen", NameKind.PRODUCT, ALIBABA, 2),
        Name("NYSE: BABA", NameKind.TICKER, ALIBABA),
    ],
    "few",
)


def unknown(text, kind=None):
    return [(u.surface, u.key, u.hint) for u in read_names(text, "", FEW).unknown if kind in (None, u.kind)]


def named(text):
    return [found.surface for found in read_names(text, "", FEW).mentions]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("It beats Llama-3.1-405B.", [("Llama-3.1-405B", "llama-3.1-405b", META)]),
        ("It beats Claude 3.7 Sonnet.", [("Claude 3.7 Sonnet", "claude-3.7-sonnet", None)]),
        ("It beats Gemini 2.5 Pro.", [("Gemini 2.5 Pro", "gemini-2.5-pro", None)]),
        ("It beats Kimi K2.", [("Kimi K2", "kimi-k2", None)]),
        ("It beats GPT-4o.", [("GPT-4o", "gpt-4o", OPENAI)]),
        ("It beats GLM-4.5.", [("GLM-4.5", "glm-4.5", None)]),
        ("The open model Falcon-40B is free.", [("Falcon-40B", "falcon-40b", None)]),
        ("A Falcon 9 carried AI chips, and step 2 is a command.", []),
        ("Granite 3.1 lay under the field.", []),
        ("Claude and Gemini alone have no version.", []),
        ("Gemini 3 million and Llama 20% are no versions.", []),
    ],
)
def test_a_model_of_a_known_family_whose_maker_has_not_registered_it(text, found):
    assert unknown(text, "MODEL") == found
    assert named(text) == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("It is called Qwen 2.5-Max.", [("Qwen 2.5-Max", "qwen-2.5-max", ALIBABA)]),
        ("It is called Qwen2.5-Max.", [("Qwen2.5-Max", "qwen-2.5-max", ALIBABA)]),
        ("It is called DeepSeek-V9.", [("DeepSeek-V9", "deepseek-v9", DEEPSEEK)]),
        ("It is called DeepSeek-R1.", []),
        ("It is called Qwen.", []),
    ],
)
def test_a_new_version_is_a_mention_of_its_vendor_and_unknown_as_a_model(text, found):
    assert unknown(text) == found
    assert len(named(text)) == 1


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("OpenAI's new model Strawberry-2 leaked.", [("Strawberry-2", "strawberry-2", OPENAI)]),
        ("Alibaba’s Marco-o1 model is open.", [("Marco-o1", "marco-o1", ALIBABA)]),
        ("OpenAI's Q3 figures helped its AI models.", []),
        ("OpenAI's June 2025 models are new.", []),
        ("Alibaba's Hall 7 was full.", []),
    ],
)
def test_a_model_behind_its_makers_name(text, found):
    assert unknown(text, "MODEL") == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Shares (NYSE: XYZ) rose.", [("(NYSE: XYZ)", "NYSE:XYZ", None)]),
        ("Alibaba (NYSE: XYZ) rose.", [("(NYSE: XYZ)", "NYSE:XYZ", ALIBABA)]),
        ("Alibaba (NYSE: BABA) rose.", []),
        ("Shares of 9999.HK rose.", [("9999.HK", "HKEX:9999", None)]),
        ("Shares of $XYZ rose.", []),
    ],
)
def test_a_listing_that_nobody_registered(text, found):
    assert unknown(text, "TICKER") == found


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Zhipu AI raised money.", ["Zhipu AI"]),
        ("The round was led by Moonshot AI's founder.", ["Moonshot AI"]),
        ("Rivals such as Stepfun AI, DeepSeek and Figure AI grew.", ["Stepfun AI", "Figure AI"]),
        ("The AI start-up Genspark raised money.", ["Genspark"]),
        ("Lovable, a Swedish AI company, grew.", ["Lovable"]),
        ("Backed by Character.ai, the chatbot maker.", ["Character.ai"]),
        ("Apptronik Robotics trains its AI in a hall.", ["Apptronik Robotics"]),
        ("Apptronik Robotics paints cars.", []),
        ("Chinese AI is growing, and European AI rules follow.", []),
        ("Cheaper AI helps. Generative AI too. The AI is new.", []),
        ("The European AI Act and the Paris AI Action Summit passed.", []),
        ("See www.example.ai/page or write to me@example.ai about chatbots.", []),
        ("OpenAI is an AI company.", []),
        ("Mr. Smith praised AI.", []),
        ("The AI company Chief Executive spoke.", []),
    ],
)
def test_what_seems_to_be_an_organisation_of_the_field(text, names):
    assert [surface for surface, _, _ in unknown(text, "NAME")] == names


def test_a_name_has_one_spelling():
    keys = [key for _, key, _ in unknown("Zhipu AI met rivals of Zhipu AI.", "NAME")]
    assert keys == ["zhipu-ai", "zhipu-ai"]


def test_no_unknown_name_overlaps_another():
    text = "Zhipu AI's GLM-4.5 (NYSE: XYZ), the AI start-up Genspark AI and Alibaba's Marco-o1 model. " * 3
    found = read_names(text, "", FEW).unknown
    assert len(found) >= 12
    assert all(one.end <= other.start for one, other in itertools.pairwise(found))
    assert all(text[each.start : each.end] == each.surface for each in found)
