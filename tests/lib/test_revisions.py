"""Two versions of a text: which sentences are gone, new, changed, and what it costs to know."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from riskreview.lib import revisions
from riskreview.lib.revisions import affected, folded, masked, plain, revision, survives
from riskreview.lib.text import normalise, sentences

POOL = [
    "The app has 40 million users.",
    "The app has 14 million users.",
    "The app has many users, they said.",
    "Nobody answered.",
    "Nobody answered!",
    "A vote was held in the house on Monday.",
    "“A vote” was held in the house on Tuesday.",
    "深度求索发布了新模型。",
    "阿里云发布了新模型。",
]
TEXTS = st.one_of(
    st.lists(st.sampled_from(POOL), max_size=12).map(" ".join),
    st.lists(st.sampled_from(POOL), max_size=12).map("\n".join),
    st.text(max_size=80).map(normalise),
)


def spoken(text):
    return [text[start:end] for start, end in sentences(text)]


def shape(edits):
    return {(edit.kind, edit.before, edit.after, edit.before_span, edit.after_span) for edit in edits}


def applied(old, new, edits):
    """The newer sentences, made of the older ones and the edits in their order."""
    starts = [start for start, _ in sentences(new)]
    kept, made = list(sentences(old)), []
    for edit in edits:
        until = (
            edit.before_span[0]
            if edit.before_span
            else kept[starts.index(edit.after_span[0]) - len(made)][0]
            if starts.index(edit.after_span[0]) - len(made) < len(kept)
            else len(old)
        )
        while kept and kept[0][0] < until:
            made.append(old[slice(*kept.pop(0))])
        while edit.before_span and kept and kept[0][0] < edit.before_span[1]:
            kept.pop(0)
        low, high = edit.after_span or (0, 0)
        made += [new[start:end] for start, end in sentences(new) if low <= start < high]
    return made + [old[slice(*span)] for span in kept]


@given(TEXTS)
def test_a_text_does_not_differ_from_itself(text):
    found = revision(text, text)
    assert (found.edits, found.ordered) == ((), True)


@given(TEXTS, TEXTS)
def test_spans_hold_the_words_of_an_edit(old, new):
    for edit in revision(old, new).edits:
        assert (edit.before_span is None) == (edit.kind == "new")
        assert (edit.after_span is None) == (edit.kind == "gone")
        assert old[slice(*(edit.before_span or (0, 0)))] == edit.before
        assert new[slice(*(edit.after_span or (0, 0)))] == edit.after


@given(TEXTS, TEXTS)
def test_the_edits_make_the_newer_text_of_the_older(old, new):
    assert applied(old, new, revision(old, new).edits) == spoken(new)


@given(TEXTS, TEXTS)
def test_the_other_way_round_gone_is_new_and_nothing_else(old, new):
    turned = {"gone": "new", "new": "gone", "changed": "changed"}
    back = {(turned[k], after, before, b, a) for k, before, after, a, b in shape(revision(new, old).edits)}
    assert back == shape(revision(old, new).edits)


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("One. Two.", "One. Two.", []),
        ("One. Two is here.", "One.", [("gone", "Two is here.", "")]),
        ("One.", "One. Two is here.", [("new", "", "Two is here.")]),
        (
            "One. The app has 40 million users.",
            "One. The app has 14 million users.",
            [("changed", "The app has 40 million users.", "The app has 14 million users.")],
        ),
        (
            "One. It rained all day.",
            "One. Nobody came.",
            [("gone", "It rained all day.", ""), ("new", "", "Nobody came.")],
        ),
        (
            "They met in Paris and agreed on a text. Nothing else.",
            "They met in Paris. And agreed on a text. Nothing else.",
            [
                (
                    "changed",
                    "They met in Paris and agreed on a text.",
                    "They met in Paris. And agreed on a text.",
                )
            ],
        ),
        ("Total: 5\nEnd.", "Total: 1,250\nEnd.", [("changed", "Total: 5", "Total: 1,250")]),
    ],
)
def test_sentences_are_gone_new_or_changed(old, new, told):
    assert [(edit.kind, edit.before, edit.after) for edit in revision(old, new).edits] == told


def test_the_likest_sentences_are_paired_and_none_crosses_another():
    old = "The app has 40 million users in Italy. The app has 40 million users in Spain."
    new = "The app has 40 million users in Spain today. The app has 40 million users in Spain."
    assert [(e.kind, e.after) for e in revision(old, new).edits] == [
        ("changed", "The app has 40 million users in Spain today.")
    ]


@pytest.fixture
def measured(monkeypatch):
    """How many pairs of sentences were measured."""
    calls, real = [], revisions.fuzz.ratio

    class Counting:
        @staticmethod
        def ratio(one, other, **more):
            calls.append(len(one) * len(other))
            return real(one, other, **more)

    monkeypatch.setattr(revisions, "fuzz", Counting)
    return calls


def rows(count, seed):
    chance = random.Random(seed)
    return " ".join(f"Row {''.join(chance.choices('ab', k=12))} has one entry." for _ in range(count))


def test_sentences_that_are_nearly_alike_cost_no_more_than_the_bound(measured):
    found = revision(rows(3_000, 1), rows(3_000, 2))
    assert found.ordered
    assert len(measured) <= revisions.PAIRS_MOST + revisions._JOINED_MOST


def test_long_sentences_cost_no_more_than_the_bound(measured):
    one, other = (
        "\n".join("".join(random.Random(s + i).choices("abcd ", k=1_900)) for i in range(500)) for s in (0, 9_000)
    )
    revision(one, other)
    assert sum(measured) <= revisions._WORK_MOST + 2_000**2


def test_a_small_gap_is_not_starved_by_a_large_one(measured):
    kept = "Here the two texts are quite the same again."
    old = f"{rows(3_000, 1)} {kept} The app has 40 million users. It rained on the roof for all of the night. {kept}"
    new = f"{rows(3_000, 2)} {kept} The app has 14 million users. Police came to the house before noon. {kept}"
    assert ("changed", "The app has 14 million users.") in [(e.kind, e.after) for e in revision(old, new).edits]


def test_of_two_sentences_that_changed_places_and_words_one_is_followed():
    old = "The app has 40 million users. A vote was held in the house on Monday."
    new = "A vote was held in the house on Tuesday. The app has 14 million users."
    assert sorted(edit.kind for edit in revision(old, new).edits) == ["changed", "gone", "new"]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("A sentence stands.\n" * (revisions.SENTENCES_MOST + 1), "A sentence stands.\nAnother.\n"),
        ("x" * (revisions.CHARACTERS_MOST + 1), "y\nx"),
    ],
    ids=["sentences", "characters"],
)
def test_a_text_too_long_is_compared_by_lines_and_says_so(old, new, measured):
    found = revision(old, new)
    assert not found.ordered
    assert measured == []
    assert {edit.kind for edit in found.edits} == {"gone", "new"}
    for edit in found.edits:
        assert edit.before == old[slice(*(edit.before_span or (0, 0)))]


OLD = "The lab opened in May. DeepSeek stored “all chats” in one place. Nobody asked why. It rained on the roof."


@pytest.mark.parametrize(
    ("quote", "new", "is_affected"),
    [
        ("Nobody asked why.", OLD, False),
        ("Nobody asked why.", OLD.replace(" Nobody asked why.", ""), True),
        ("Nobody asked why.", OLD.replace("The lab", "A lab"), False),
        ("stored “all chats” in one place", OLD.replace("all chats", "no chats"), True),
        ("stored “all chats” in one place", OLD.replace("“all chats”", '"all chats"'), False),
        ("DeepSeek stored “all chats”", OLD.replace("in one place", "in two places"), False),
        ("Nobody asked why.", "It rained on the roof. Nobody asked why.", False),
        ("Nobody asked why. It rained", OLD.replace("It rained", "It snowed"), True),
    ],
)
def test_a_cited_passage_is_affected_where_its_own_words_went(quote, new, is_affected):
    start = OLD.index(quote)
    assert affected(revision(OLD, new).edits, start, start + len(quote), quote) is is_affected


@pytest.mark.parametrize(
    ("quote", "new", "where"),
    [
        ("Nobody asked why.", f"New lead. {OLD}", "Nobody asked why."),
        ("stored “all chats” in", OLD.replace("“all chats”", '"all chats"'), 'stored "all chats" in'),
        (
            "DeepSeek stored “all chats” in one place.",
            OLD.replace("one place", "two places"),
            "DeepSeek stored “all chats” in two places.",
        ),
        (
            "Nobody asked why. It rained on the roof.",
            OLD.replace("on the roof", "upon the roof"),
            "Nobody asked why. It rained upon the roof.",
        ),
        ("深度求索发布了新模型。", "会议下周举行。深度求索公布了新模型。", "深度求索公布了新模型。"),
        ("Nobody asked why.", "Something else entirely.", None),
        ("Nobody asked why.", "", None),
        ("", OLD, None),
        (" ", OLD, None),
    ],
)
def test_a_passage_survives_as_it_was_or_as_the_same_sentence(quote, new, where):
    found = survives(quote, new)
    assert (new[slice(*found)] if found else None) == where


@given(TEXTS, st.data())
def test_a_passage_of_a_text_survives_in_it(text, data):
    start = data.draw(st.integers(0, len(text)))
    quote = text[start : data.draw(st.integers(start, len(text)))]
    found = survives(quote, text)
    assert (text[slice(*found)] == quote) if quote.strip() else found is None


@given(st.text(max_size=60))
def test_plain_text_is_as_long_as_the_original(text):
    assert len(plain(text)) == len(text)
    assert folded(folded(text)) == folded(text)


def test_rows_of_a_table_are_alike_but_for_their_numbers():
    assert masked("Total — 1,204.50") == masked("TOTAL - 7")
    assert masked("up 5 percent") == masked("up 17%")
