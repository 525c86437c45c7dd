"""Judgements in estimative words: what blocks submission, what only weakens it, and what each sentence cites."""

import pytest

from riskreview.cases.models import Likelihood
from riskreview.cases.tradecraft import TERMS, VAGUE, cited, errors, lint


def rules(judgment, **given):
    return [each.rule for each in lint(judgment, **given)]


@pytest.mark.parametrize(
    ("judgment", "found"),
    [
        ("It is likely, with high confidence, that prompts are kept abroad.", ["L1"]),
        ("With moderate confidence we judge it very unlikely that weights leak.", ["L1"]),
        ("We have high-confidence reporting that it is likely.", ["L1"]),
        ("Our confidence in this is low and the transfer is probable.", ["L1"]),
        ("Prompts are likely kept abroad. Confidence is high.", []),
        ("It is probable that they are kept, and likely that they are read.", ["L2"]),
        ("A breach is improbable; a fine is unlikely.", ["L2"]),
        ("A breach is very unlikely; a fine is unlikely.", []),
        ("It is very unlikely that weights leak.", []),
        ("It is likely (60 to 75 %) that prompts are kept.", []),
        ("It is likely (90 %) that prompts are kept.", ["L3"]),
        ("It is unlikely (20–50 per cent) that it is banned.", ["L3"]),
        ("It is almost certain (95 %) that it is banned.", []),
        ("It is likely that 90 % of users are affected, and unlikely that more are.", []),
        ("It may be banned.", ["L4", "L5"]),
        ("A ban is highly likely.", ["L4", "L5"]),
        ("A ban is not likely.", ["L4", "L5"]),
        ("We cannot rule out a ban, which is unlikely.", ["L4"]),
        ("The Garante limited the processing on 30 January.", ["L5"]),
        ("“It is likely, with high confidence,” the vendor said. A ban is remote.", []),
        ("", ["L5"]),
    ],
)
def test_the_wording_is_checked(judgment, found):
    assert sorted(rules(judgment)) == found


def test_a_fact_needs_no_likelihood():
    assert rules("The Garante limited the processing on 30 January.", is_fact=True) == []


def test_errors_block_and_warnings_do_not():
    assert errors("It may be banned.") == []
    assert [each.rule for each in errors("It is likely and probable that it may be banned.")] == ["L2"]


def test_a_remark_names_the_words_and_what_to_do():
    told = lint("It is likely, with high confidence, that prompts are kept abroad.")[0].message
    assert "“likely”" in told
    assert "“high confidence”" in told
    assert "one of its own" in told


def test_the_terms_are_those_of_findings_in_their_order():
    assert [term.key for term in TERMS] == Likelihood.values
    for term, label in zip(TERMS, Likelihood.labels, strict=True):
        assert f"({term.least}-{term.most} %)" in label


def test_the_ranges_touch_and_leave_no_gap():
    assert [term.most for term in TERMS[:-1]] == [term.least for term in TERMS[1:]]


@pytest.mark.parametrize("words", [*VAGUE.values()])
def test_what_is_proposed_instead_of_a_vague_word_is_a_term(words):
    assert "L4" not in rules(f"A ban is {words}.")
    assert "L5" not in rules(f"A ban is {words}.")


@pytest.mark.parametrize(
    ("judgment", "told"),
    [
        ("Prompts are kept abroad [E1].", [("Prompts are kept abroad.", (1,))]),
        ("Prompts are kept. [E1, E3] They are read [E2].", [("Prompts are kept.", (1, 3)), ("They are read.", (2,))]),
        ("They are kept [E1] and read [E1, E2].", [("They are kept and read.", (1, 2))]),
        ("Nobody said so.", [("Nobody said so.", ())]),
        ("One. [E1]\nTwo.", [("One.", (1,)), ("Two.", ())]),
        ("[E4] It begins so.", [("It begins so.", (4,))]),
        ("See [E] and [F1] and E2.", [("See [E] and [F1] and E2.", ())]),
        ("U.S. officials said so [E12].", [("U.S. officials said so.", (12,))]),
        ("[E1]", []),
        ("", []),
    ],
)
def test_each_sentence_has_its_citations(judgment, told):
    assert [(each.words, each.cites) for each in cited(judgment)] == told


@pytest.mark.parametrize(
    "hostile", ["[E1" * 20_000, "likely " * 20_000, '"' * 50_001, "confidence " * 10_000, "[E1]" * 9_000]
)
def test_hostile_words_are_read_in_time(hostile):
    lint(hostile)
    cited(hostile)
