"""The language of the search box: nothing is an error, and what is left out is said."""

import datetime
import time

import pytest

from riskreview.lib import asking


def shown(question):
    """What is wanted, in short: parts by | and groups by blanks, phrases in quotes, beginnings with a star."""
    told = [
        [f'"{each.words}"' if each.quoted else each.words + "*" * each.prefix for each in group]
        for group in question.wanted
    ]
    return " & ".join("|".join(each) for each in told) + "".join(f" -{each.words}" for each in question.unwanted)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("deepseek ban", "deepseek & ban"),
        ('"national security" review', '"national security" & review'),
        ("“national security”", '"national security"'),
        ("deepseek OR qwen ban", "deepseek|qwen & ban"),
        ("deepseek or qwen", "deepseek & or & qwen"),
        ("OR deepseek OR", "deepseek"),
        ("deepseek -qwen", "deepseek -qwen"),
        ('ban -"open ai"', "ban -open ai"),
        ("chin*", "chin*"),
        ("Qwen2.5-Max", "qwen2 5 max"),
        ("http://a.example/x", "http a example x"),
        ('"unclosed words', '"unclosed words"'),
        ("深度求", "深度 度求"),
        ("-", ""),
        ('""', ""),
    ],
)
def test_words_phrases_and_signs(text, wanted):
    assert shown(asking.read(text)) == wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("deep", "deep*"),
        ("dee", "dee"),
        ("deep ", "deep"),
        ('"deep"', '"deep"'),
        ("a OR deep", "a|deep*"),
        ("x -deep", "x -deep"),
    ],
)
def test_the_word_being_typed_may_be_a_beginning(text, wanted):
    assert shown(asking.read(text, typing=True)) == wanted


def test_what_narrows():
    told = asking.read('ban vendor:"Open AI" source:wire from:2025 to:2025-02 is:case is:upload')
    assert (told.vendors, told.sources) == (["Open AI"], ["wire"])
    assert (told.since, told.until) == (datetime.date(2025, 1, 1), datetime.date(2025, 2, 28))
    assert (told.kinds, told.forms) == ({"case", "document"}, {"UPLOAD"})
    assert told.problems == []


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("from:yesterday x", "no date"),
        ("from:2025-13 x", "no date"),
        ("from:2025-02-30 x", "no date"),
        ("from:0000 x", "no date"),
        ("is:person x", "no kind"),
        ('vendor:"" x', "something after it"),
        ("from:2025 to:2024 x", "lies after"),
        ("-x", "at least one word"),
        ("a*", "too short"),
        ("x " * 400, "first 500 characters"),
        ("x " * 100, "first 24 words"),
    ],
)
def test_what_cannot_be_meant_is_said(text, problem):
    assert any(problem in each for each in asking.read(text).problems)


@pytest.mark.parametrize(
    "text", ['("[' * 3_400, "(" * 10_000, '"' * 10_000, "-" * 10_000, ":" * 10_000, "vendor:" * 1_500, "* " * 5_000]
)
def test_signs_without_end_are_read_at_once(text):
    begun = time.process_time()
    asking.read(text, typing=True)
    assert time.process_time() - begun < 0.1
