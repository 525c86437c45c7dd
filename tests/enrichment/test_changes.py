"""What publishers did to their articles, and what of it a review must know."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from riskreview.enrichment import changes
from riskreview.enrichment.changes import Version, compare
from riskreview.vendors.matching import Gazetteer, Name, NameKind
from tests.enrichment.revised import BODY, HELD_OUT, LEAD, NAMES, PAIRS, STOLE, inside

NEGATED = "It did not keep the chats of users."
OPPOSED = "The court found it unlawful to do so."
NOT_SEEN = {"a part of a statement is gone"}  # it names no figure and nobody, denies nothing, and is no whole sentence


def judged(pair):
    found = compare(Version(pair.old_title, pair.old), Version(pair.new_title, pair.new), names=NAMES)
    return found.kind, found.material


def of(old, new, **more):
    return compare(Version("", old), Version("", new), **({"names": NAMES} | more))


@pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: pair.name)
def test_a_change_is_of_its_kind_and_matters_or_not(pair):
    assert judged(pair) == (pair.kind, pair.material)


def test_pairs_the_rules_were_not_tuned_on_are_judged_right_but_for_one():
    assert {pair.name for pair in HELD_OUT if judged(pair) != (pair.kind, pair.material)} == NOT_SEEN


@pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: pair.name)
def test_every_judgement_has_its_reasons(pair):
    found = compare(Version(pair.old_title, pair.old), Version(pair.new_title, pair.new), names=NAMES)
    nothing = (pair.old, pair.old_title) == (pair.new, pair.new_title)
    assert bool(found.reasons or found.note) != nothing or pair.name == "no headline before"
    assert 0 < len(found.summary) <= 500
    assert found.note in pair.new or found.note == pair.new_title


@given(st.text(max_size=200), st.text(max_size=20))
def test_a_version_compared_with_itself_is_cosmetic(text, title):
    found = compare(Version(title, text), Version(title, text), names=NAMES)
    assert (found.kind, found.material, found.edits, found.reasons) == ("COSMETIC", False, (), ())


@given(
    st.lists(st.sampled_from([LEAD, BODY, STOLE, "“", "(", "Correction:", "40 million", "\n"]), max_size=9),
    st.text(max_size=60),
)
def test_no_text_upsets_it(parts, other):
    found = of(" ".join(parts), other)
    assert of(" ".join(parts), other) == found
    assert len(found.summary) <= 500


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("It has 40 million users.", "It has 14 million users.", "A figure changed: 40 million became 14 million"),
        ("It has users all over Italy.", "It has 3 users all over Italy.", "A figure was added: 3"),
        ("Police searched Baidu's rooms.", "Police searched Zhipu's rooms.", "A name changed: Baidu became Zhipu"),
        ("It did keep the chats of users.", NEGATED, f"A negation was added: “{NEGATED}”"),
        (
            "The alleged theft took a week.",
            "The proven theft took a week.",
            "A status word changed: alleged became proven",
        ),
        (STOLE, "", f"A sentence that named DeepSeek is gone: “{STOLE}”"),
        ("The court found it lawful to do so.", OPPOSED, f"A word became its opposite: “{OPPOSED}”"),
    ],
)
def test_reasons_are_words(old, new, reason):
    pair = inside("", old, new, "", True)
    assert reason in of(pair.old, pair.new).reasons


def test_the_summary_says_how_much_more_there_is():
    old = "It has 40 users in Italy. It has 50 users in Spain."
    assert of(old, old.replace("40", "14").replace("50", "15")).summary == (
        "A figure changed: 40 became 14, and 1 more; the publisher gives no note."
    )
    assert of(old, old).summary == "Nothing changed."


def test_the_publishers_note_is_kept_word_for_word():
    note = "Correction: An earlier version of this article gave the wrong day."
    found = of(LEAD, f"{LEAD}\n{note}")
    assert (found.note, found.summary) == (note, f"The publisher corrects it: “{note}”")


def test_of_two_notes_the_stronger_decides():
    update, retraction = "Update: We asked for comment.", "Retraction: The source was invented."
    found = of(LEAD, f"{update}\n{LEAD}\n{retraction}")
    assert (found.kind, found.note) == ("RETRACTION", retraction)


def test_a_bare_heading_is_kept_with_what_it_heads():
    found = of(LEAD, f"{LEAD}\nCorrection\nIn our report the day was wrong. More follows.")
    assert found.note == "Correction\nIn our report the day was wrong."


def test_without_names_a_sentence_about_a_vendor_is_a_sentence():
    assert not of(f"{LEAD} {STOLE}", LEAD, names=()).material
    assert of(f"{LEAD} {STOLE}", LEAD, names=("", "DeepSeek", "DeepSeek")).material


def test_with_a_gazetteer_another_spelling_is_no_other_vendor():
    names = Gazetteer([Name("Alibaba Cloud", NameKind.STRONG, 1), Name("Aliyun", NameKind.STRONG, 1)], "1")
    old, new = (
        "Police searched the offices of Aliyun in Hangzhou.",
        "Police searched the offices of Alibaba Cloud in Hangzhou.",
    )
    assert not of(old.replace("Aliyun", "AliCloud"), old.replace("Aliyun", "AliCloud"), names=names).material
    assert of(old, new, names=("Alibaba Cloud", "Aliyun")).material
    assert not of(f"{LEAD} {old} {BODY}", f"{LEAD} {new} {BODY}", names=names).reasons[0].startswith("A name")


def test_a_text_too_long_is_judged_by_lines_and_says_so():
    old = "\n".join(f"Line {n} of the list." for n in range(20_100))
    found = of(old, old.replace("Line 7 of", "Line seven hundred of"))
    assert found.material
    assert "too long to compare in order" in found.reasons[-1]


@pytest.mark.parametrize(("old", "new", "kind"), [("", "x", "UPDATE"), ("x", "", "CORRECTION")])
def test_beyond_the_bound_what_is_unread_is_taken_for_material(old, new, kind):
    many = " ".join(f"Sentence number {n} tells something else again." for n in range(3_000))
    found = of(f"{LEAD} {old and many}", f"{LEAD} {new and many}")
    assert (found.kind, found.material) == (kind, True)
    assert any("than is read word by word" in reason for reason in found.reasons)


def test_reasons_are_not_endless():
    many = [f"DeepSeek row {n} was a sentence about nothing much." for n in range(200)]
    assert len(of("\n".join(many), LEAD).reasons) <= changes.REASONS_MOST + 3
