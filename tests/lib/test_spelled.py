import time

import pytest

from riskreview.lib.spelled import Spellings


def found(spelling, text):
    return [text[start:end] for start, end, _ in Spellings({spelling: 1}).words(text)]


@pytest.mark.parametrize(
    ("spelling", "text", "words"),
    [
        ("Meta", "Meta, (Meta) and Meta’s", ["Meta", "Meta", "Meta"]),
        ("Meta", "Metadata, xMeta, Meta_tag and Meta1", []),
        ("Meta", "Metá and Meta\u0301", []),
        ("C++", "C++11 and C++", ["C++", "C++"]),
        ("阿里巴巴", "用阿里巴巴的云", ["阿里巴巴"]),
        ("OpenAI", "OpenAI发布，用OpenAI的", ["OpenAI", "OpenAI"]),
        ("メタ", "メタは発表した。・メタ・", ["メタ", "メタ"]),
        ("アリババ", "アリババグループは", ["アリババ"]),
        ("メタ", "メタデータとタメタとメター", []),
        ("메타", "메타가 메타는 메타의 메타, 메타", ["메타"] * 5),
        ("메타", "메타버스 그리고 카메타", []),
        ("딥시크", "딥시크AI", ["딥시크"]),
        ("Яндекс", "Яндекс, Яндекса и Яндексом", ["Яндекс", "Яндекса", "Яндексом"]),
        ("Яндекс", "Яндексбраузер и МегаЯндекс", []),
        ("هواوي", "هواوي وهواوي بهواوي لهواوي", ["هواوي"] * 4),
        ("هواوي", "سهواوي وهواويين", []),
        ("צ'ק פוינט", "וצ'ק פוינט", ["צ'ק פוינט"]),
        ("OpenAI", "וOpenAI و OpenAIو", ["OpenAI", "OpenAI"]),
    ],
)
def test_a_word_ends_as_its_script_has_it(spelling, text, words):
    assert found(spelling, text) == words


def test_signs_that_turn_the_direction_change_no_place():
    text = "\u202bDeepSeek\u202c هواوي\u200f DeepSeek"
    spans = [(start, end) for start, end, _ in Spellings({"DeepSeek": 1, "هواوي": 2}).words(text)]
    assert [text[start:end] for start, end in spans] == ["DeepSeek", "هواوي", "DeepSeek"]


def test_no_spellings_find_nothing():
    assert list(Spellings({}).words("Meta")) == []


@pytest.mark.parametrize(
    "hostile", ["و" * 1_000_000 + "هواوي", "هواوي" * 200_000, "メタ" * 500_000, "Яндекс" * 200_000]
)
def test_a_text_in_one_script_without_blanks_takes_linear_time(hostile):
    spellings, started = Spellings({"هواوي": 1, "メタ": 2, "Яндекс": 3}), time.process_time()
    list(spellings.words(hostile))
    assert time.process_time() - started < 5
