"""One spelling for texts and for questions, in every script."""

import time

import pytest

from riskreview.lib import searched


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("DeepSeek-R1’s Café, again!", "deepseek r1 s cafe again"),
        ("Qwen2.5-Max_beta", "qwen2 5 max beta"),
        ("Straße ＡＩ", "strasse ai"),
        ("深度求索", "深度 度求 求索 索"),
        ("DeepSeek发布R1", "deepseek发布r1".replace("发布", " 发布 布 ")),
        ("딥시크가", "딥시 시크 크가 가"),
        ("Новый", "новыи"),
        ("<b onclick=x>", "b onclick x"),
        ("\x00 … ", ""),
    ],
)
def test_words_have_one_spelling(text, words):
    assert searched.words(text) == words


@pytest.mark.parametrize("part", ["深度", "度求索", "深度求索"])
def test_any_part_of_a_run_is_its_pairs_in_a_row(part):
    assert f" {searched.question(part)} " in f" {searched.words('深度求索')} "


def test_a_single_sign_is_the_beginning_of_a_pair_or_the_last_one():
    assert searched.question("索") == "索"
    assert "索" in searched.words("深度求索").split()


@pytest.mark.parametrize(
    "text", ["深" * 300_000, "ab " * 200_000, "ﷺ" * 200_000, "e\u0301" * 200_000, "[(\"'" * 100_000]
)
def test_a_hostile_text_is_cut_and_quick(text):
    begun = time.process_time()
    assert len(searched.words(text).encode()) <= searched.BYTES
    assert time.process_time() - begun < 3
