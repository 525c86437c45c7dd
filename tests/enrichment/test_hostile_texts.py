"""Texts made to hurt are read whole, in time in proportion to their length, and nothing is said of a wrong place."""

import gc
import time

import pytest

from riskreview.enrichment import rules
from riskreview.enrichment.analysis import analyse
from riskreview.enrichment.origins import fingerprint
from riskreview.lib.text import normalise
from tests.enrichment.names import gazetteer

NEWS = (
    "DeepSeek said on Monday that “a data leak” had exposed 1,200 chats. Italy's Garante banned the app, according to "
    "two officials; Alibaba (NYSE: BABA) allegedly copied it. The White House wants to restrict Qwen 2.5-Max."
)
ARABIC = "قالت شركة DeepSeek إن تطبيقها آمن، وفق ما ذكرته «هاربور واير». وحظرت إيطاليا التطبيق. "
CHINESE = (
    "深度求索（DeepSeek）周一表示，数据泄露影响了一千二百名用户。"
    "阿里巴巴否认了这一指控。“我们没有复制，”通义千问的发言人说。"
)
SECONDS_A_MEGABYTE = 25.0  # of processor time, about ten times of what it takes
TRIGGERS = ("banned", "leak", "denied", "alleged", "lawsuit", "export", "could", "subsidy", "hacked", "acquire")


def spans_of(found):
    """Every place that is told, with the words told of it."""
    names = found.names
    yield from ((each.start, each.end, each.surface) for each in (*names.mentions, *names.agencies, *names.unknown))
    for claim in found.claims:
        parts = (*claim.content, claim.source.span, claim.cue, claim.anonymous)
        parts += tuple((each.start, each.end) for each in (*claim.hedges, *claim.figures))
        yield from ((*part, None) for part in parts if part)
    yield from ((each.start, each.end, None) for each in found.signals)


def read(text):
    """All that is read in a text, and the seconds it took for each million characters, of 50,000 at least."""
    text = normalise(text)
    names = gazetteer()
    gc.disable()  # it would walk through all that earlier tests left in memory, which says nothing of this text
    try:
        begun = time.process_time()
        found = analyse("", text, names)
        fingerprint(text)
        seconds = time.process_time() - begun
    finally:
        gc.enable()
    for start, end, words in spans_of(found):
        assert 0 <= start < end <= len(text)
        assert words in (None, text[start:end])
        assert text[start:end].strip()
    return found, seconds * 1_000_000 / max(len(text), 50_000)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("x" * 5_000_000, id="one word of five million letters"),
        pytest.param(f"{NEWS} " * (5_000_000 // len(NEWS)), id="one line of five million letters"),
        pytest.param("“It is a leak,” DeepSeek said. " * 100_000, id="a hundred thousand quotations"),
        pytest.param("“" * 300_000, id="quotation marks that never close"),
        pytest.param('"DeepSeek ' * 50_000, id="marks that may open or close"),
        pytest.param("(" * 300_000, id="brackets"),
        pytest.param("DeepSeek, " * 50_000, id="a list of one name"),
        pytest.param("said that " * 50_000, id="a cue and nothing else"),
        pytest.param("A. " * 150_000, id="sentences of one letter"),
        pytest.param("\n" * 1_000_000, id="empty lines"),
        pytest.param("e\u0301\u0302\u0303" * 100_000, id="marks upon marks"),
        pytest.param("\u202e\u2066\u200f" * 100_000, id="turned around"),
        pytest.param(" ".join(TRIGGERS) * 4_000, id="every word of risk"),
        pytest.param("DeepSeek " + "very " * 60_000 + "banned", id="sixty thousand words between name and act"),
    ],
)
def test_it_takes_time_in_proportion(text):
    _, seconds = read(text)
    assert seconds < SECONDS_A_MEGABYTE


@pytest.mark.parametrize("of", [ARABIC, CHINESE, f"{CHINESE}{NEWS}\n", f"{ARABIC}{NEWS}\n"], ids=str)
def test_other_scripts_have_their_names_and_no_wrong_place(of):
    found, _ = read(of * 20)
    assert len(found.names.mentions) >= 20


def test_a_wire_text_in_capitals_is_read():
    text = NEWS.upper()
    found, _ = read(text)
    vendors = {text[each.start : each.end] for each in found.names.mentions}
    assert {"DEEPSEEK", "ALIBABA"} <= vendors


@pytest.mark.parametrize("changed", ["\u00a0", "\u2009", "\r\n", "\u00ad", "\u200b", "\x00", "\ufeff"], ids=repr)
def test_odd_characters_between_words_move_nothing(changed):
    found, _ = read(NEWS.replace(" ", changed if changed.isspace() else f" {changed}"))
    assert {"DeepSeek", "Alibaba"} <= {each.surface for each in found.names.mentions}


@pytest.mark.parametrize("name", [path.stem for path in rules.files()])
def test_the_words_of_each_list_in_one_line_are_read(name):
    words = " ".join(strings(rules.load(name)))
    found, seconds = read(words * max(1, 100_000 // max(len(words), 1)))
    assert seconds < SECONDS_A_MEGABYTE, found


def strings(value):
    """Every word of a list, patterns as they are written."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for each in value.items() if isinstance(value, dict) else value:
            yield from strings(list(each) if isinstance(each, tuple) else each)
