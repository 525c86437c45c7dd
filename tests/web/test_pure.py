"""What the pages compute without a database: clocks, marks, differences, passages, charts."""

from __future__ import annotations

import datetime

import pytest

from riskreview.web import charts, marking, passages
from riskreview.web.clock import clock, end_of_working_days, span
from riskreview.web.comparing import compared, runs
from riskreview.web.corroboration import tally

FRIDAY = datetime.datetime(2025, 1, 31, 15, 0, tzinfo=datetime.UTC)
HOUR = datetime.timedelta(hours=1)


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0, "0 min"), (3540, "59 min"), (21000, "5 h 50 min"), (39660, "11 h"), (86400, "1 day"), (-172800, "2 days")],
)
def test_a_span_is_told_as_a_colleague_would(seconds, words):
    assert span(seconds) == words


def test_three_working_days_after_friday_end_on_wednesday():
    assert end_of_working_days(FRIDAY, 3).date() == datetime.date(2025, 2, 5)


@pytest.mark.parametrize(
    ("due", "kind", "text"),
    [(-1, "over", "1 h over"), (2, "due", "2 h left"), (72, "risk", "3 days left"), (400, "ok", "16 days left")],
)
def test_a_clock_has_words_and_a_kind(due, kind, text):
    told = clock(opened_at=FRIDAY - 10 * HOUR, due_at=FRIDAY + due * HOUR, now=FRIDAY, paused=False, over=False)
    assert (told.kind, told.text) == (kind, text)


def test_a_clock_without_a_date_a_paused_and_a_finished_one():
    given = {"opened_at": FRIDAY, "now": FRIDAY}
    assert clock(due_at=None, paused=False, over=False, **given).kind == "none"
    assert clock(due_at=None, paused=True, over=False, **given).kind == "paused"
    assert clock(due_at=FRIDAY, paused=False, over=True, **given).kind == "done"


def test_marks_cut_a_paragraph_and_overlaps_lose():
    text = "Alpha beta gamma.\n\nDelta."
    marks = [marking.Span(6, 10, "beta"), marking.Span(8, 16, "overlap"), marking.Span(19, 24, "delta")]
    told = marking.marked(text, marks, [marking.Span(0, 3, "E1")])
    assert [[(piece.text, piece.mark) for piece in paragraph.pieces] for paragraph in told] == [
        [("Alpha ", None), ("beta", "beta"), (" gamma.", None)],
        [("Delta", "delta"), (".", None)],
    ]
    assert [paragraph.cited for paragraph in told] == [["E1"], []]


def test_the_pieces_of_a_text_are_the_text():
    text = "One two three. " * 40
    marks = [marking.Span(start, start + 3, start) for start in range(0, 500, 7)]
    assert "".join(piece.text for piece in marking.marked(text, marks, [])[0].pieces) == text.strip()


def told(changes):
    """Changes as (kind, text) with what is marked in brackets."""
    return [
        (each.kind, "".join(f"[{piece.text}]" if piece.mark else piece.text for piece in each.pieces))
        for each in changes
    ]


@pytest.mark.parametrize(
    ("old", "new", "shown"),
    [
        ("A. Bee. C.", "A. Bee. C.", []),
        (
            "One is. Two came. Three is. Four is.",
            "One is. We had none. Three is. Four is.",
            [("same", "One is."), ("gone", "Two came."), ("new", "We had none."), ("same", "Three is.")],
        ),
        (
            "It sold 40 million licences. It ended.",
            "It sold 14 billion licences. It ended.",
            [
                ("gone", "It sold [40 million] licences."),
                ("new", "It sold [14 billion] licences."),
                ("same", "It ended."),
            ],
        ),
        ("A one. B two. C three.", "A one. B two.", [("same", "B two."), ("gone", "C three.")]),
        ("B two. C three.", "A one. B two. C three.", [("new", "A one."), ("same", "B two.")]),
        (
            "公司有三千人。完。",
            "公司有五千人。完。",
            [("gone", "公司有[三]千人。"), ("new", "公司有[五]千人。"), ("same", "完。")],
        ),
        ("", "A one.", [("new", "A one.")]),
    ],
)
def test_a_difference_names_what_went_and_what_came(old, new, shown):
    assert told(compared(old, new)) == shown


def test_marked_words_joined_are_the_sentence():
    before, after = "He left on Monday, they said.", "He  stayed — until Tuesday."
    assert ["".join(piece.text for piece in side) for side in runs(before, after)] == [before, after]


def test_a_text_too_long_to_compare_says_so():
    assert compared("Short.", "A sentence. " * 2_000) is None


@pytest.mark.parametrize(
    ("passage", "found"),
    [
        ("two  three", (4, 13)),
        ("two\nthree", (4, 13)),
        ("two four", None),
        ("", None),
        ("x" * 5_000, None),
        ("(three", None),
    ],
)
def test_a_passage_is_found_whatever_its_blanks(passage, found):
    assert passages.find("One two three.", passage) == found


def test_an_origin_counts_once_and_contradiction_is_kept_apart():
    rows = [(1, 10, 5, "SUPPORTS"), (1, 11, 5, "SUPPORTS"), (1, 12, None, "CONTRADICTS"), (2, 13, None, "CONTEXT")]
    told = tally(rows, {5: 4})
    assert (told[1].independent, told[1].disputing, told[1].copies, told[1].items) == (2, 1, 3, 3)
    assert told[1].dots == ["ind", "dis", "copy", "copy", "copy"]
    assert told[2].dots == ["ind"]


def test_a_strip_of_events_stays_inside_its_frame():
    days = [datetime.date(2023, 11, 3) + datetime.timedelta(days=61 * step) for step in range(8)]
    strip = charts.event_strip([charts.Event(day, "Label", "/x/", "INC-2025-001") for day in days])
    assert all(0 <= dot.x <= strip.width and 0 <= dot.y <= strip.base for dot in strip.dots)
    assert len(strip.ticks) <= 12
    assert charts.event_strip([]) is None
