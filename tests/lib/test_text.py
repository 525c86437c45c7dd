import itertools
import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from riskreview.lib.text import normalise, paragraphs, sentences, windows, without_bidi, words


def cut(text):
    return [text[start:end] for start, end in sentences(text)]


@pytest.mark.parametrize(
    ("raw", "stored"),
    [
        ("a\r\nb\rc", "a\nb\nc"),
        ("$10\u00a0billion and 5\u202f%", "$10 billion and 5 %"),
        ("Deep\u200bSeek\ufeff", "DeepSeek"),
        ("bell\x07 and nul\x00", "bell and nul"),
        ("Cafe\u0301", "Café"),
        ("tab\there", "tab here"),
        ("half a pair \ud800", "half a pair \ufffd"),
        ("“quotes” — dashes… and “echoe” stay", "“quotes” — dashes… and “echoe” stay"),
    ],
)
def test_it_normalises(raw, stored):
    assert normalise(raw) == stored


MARKS = [
    "\u0301\u0323",
    "\u0323\u0301",
    "\u0344",  # becomes two
    "\u0f73",  # looks like a letter, and becomes two marks
    "\u0301\U0001d165",
    "\U0001d165\U0001d16d",
]


@pytest.mark.parametrize("marks", MARKS)
def test_a_tower_of_marks_is_composed_in_no_time(marks):
    tower, since = "a" + marks * 100_000, time.process_time()
    once = normalise(tower)
    assert time.process_time() - since < 5
    assert normalise(once) == once
    assert unicodedata.is_normalized("NFC", once)


@pytest.mark.parametrize("marks", MARKS)
def test_no_more_than_thirty_marks_stand_in_a_row(marks):
    once = normalise("a" + marks * 100)
    towers = unicodedata.normalize("NFD", once.replace("\u0344", " ").replace("\u0f73", " ")).split("\u034f")
    assert max(map(len, towers)) <= 31 + len(marks)


def test_a_word_with_a_few_marks_stays_as_it_is():
    word = "Ḁ" + "\u0301" * 29
    assert "\u034f" not in normalise(word)


@given(st.text())
def test_normalising_twice_changes_nothing(text):
    once = normalise(text)
    assert normalise(once) == once
    assert unicodedata.is_normalized("NFC", once)
    once.encode("utf-8")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("One. Two! Three?", ["One.", "Two!", "Three?"]),
        ("The U.S. Navy told staff. They obeyed.", ["The U.S. Navy told staff.", "They obeyed."]),
        ("Mr. Smith met J. Doe at Acme Inc. They talked.", ["Mr. Smith met J. Doe at Acme Inc. They talked."]),
        ("It outperforms... almost all. Next.", ["It outperforms... almost all.", "Next."]),
        ('He said "no." Then he left.', ['He said "no."', "Then he left."]),
        ("Ends in the U.S.\nNew paragraph", ["Ends in the U.S.", "New paragraph"]),
        ("It cost $10.45 billion. 160% more.", ["It cost $10.45 billion.", "160% more."]),
        ("深度求索发布了模型。股价下跌。", ["深度求索发布了模型。", "股价下跌。"]),
        ("   \n\n  ", []),
    ],
)
def test_it_cuts_sentences(text, expected):
    assert cut(text) == expected


@given(st.text(alphabet="aB. !?\n\"”。'U.S"))
def test_sentences_are_ordered_trimmed_and_lose_nothing_but_blanks(text):
    spans = sentences(text)
    assert all(text[a:b] == text[a:b].strip() != "" for a, b in spans)
    assert all(one[1] <= other[0] for one, other in itertools.pairwise(spans))
    assert "".join(text[a:b] for a, b in spans).split() or not text.strip()
    assert sum(len("".join(text[a:b].split())) for a, b in spans) == len("".join(text.split()))


def test_a_sentence_over_2000_characters_is_cut_at_a_blank():
    pieces = cut("word " * 1000)
    assert max(map(len, pieces)) <= 2000
    assert all(piece.startswith("word") and piece.endswith("word") for piece in pieces)


@pytest.mark.parametrize(
    "hostile", ['"' * 100_000, '." ' * 300_000, "A. " * 300_000, "x" * 5_000_000, "\n" * 1_000_000]
)
def test_hostile_text_takes_linear_time(hostile):
    started = time.process_time()
    sentences(hostile)
    assert time.process_time() - started < 5


def test_paragraphs_are_the_lines_that_hold_something():
    text = " One line. \n\n \nAnother"
    assert [text[a:b] for a, b in paragraphs(text)] == ["One line.", "Another"]


def test_words_keep_inner_apostrophes_and_hyphens():
    assert words("DeepSeek’s R1-Zero isn't “open”.") == ["DeepSeek’s", "R1-Zero", "isn't", "open"]


def test_reordering_characters_are_dropped_for_display():
    assert without_bidi("invoice\u202egpj.exe\u2069") == "invoicegpj.exe"


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("", []),
        ("short", ["short"]),
        ("one paragraph\nand another one", ["one paragraph\n", "and another one"]),
        ("no newline. But sentences are here", ["no newline. ", "But sentences are ", "here"]),
        ("x" * 45, ["x" * 20, "x" * 20, "x" * 5]),
        ("ab\n" + "x" * 25, ["ab\n" + "x" * 17, "x" * 8]),
    ],
)
def test_a_long_text_is_cut_into_windows_at_paragraphs_else_sentences_else_blanks(text, parts):
    assert [text[start:end] for start, end in windows(text, whole=20, size=20)] == parts


@given(st.text(alphabet="ab \n.。", max_size=300))
def test_windows_cover_a_text_without_a_gap(text):
    spans = windows(text, whole=20, size=20)
    assert "".join(text[start:end] for start, end in spans) == text
    assert all(0 < end - start <= 20 for start, end in spans)
