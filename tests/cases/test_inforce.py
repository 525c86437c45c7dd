"""What is in force on a day: decided, published, effective and stayed are four different days."""

import datetime

import pytest

from riskreview.cases.inforce import Course, Event, State, Terms, in_force, stand_of, state_of

D = datetime.date.fromisoformat


def event(track, kind, as_of, until=None, words="", confirmed=True):
    return Event(track, kind, D(as_of), until and D(until), words, confirmed)


# The Final Determination on Kaspersky (ICTS-2021-002): signed 2024-06-20, published 06-24, in force in two steps.
KASPERSKY = {"new agreements": "2024-07-20", "updates": "2024-09-29"}


@pytest.mark.parametrize(
    ("on", "expected"),
    [
        ("2024-06-20", set()),
        ("2024-06-24", set()),
        ("2024-07-19", set()),
        ("2024-07-20", {"new agreements"}),
        ("2024-09-28", {"new agreements"}),
        ("2024-09-29", {"new agreements", "updates"}),
        ("2026-01-01", {"new agreements", "updates"}),
    ],
)
def test_kaspersky_is_prohibited_in_two_steps(on, expected):
    terms = {name: Terms(D(day), published_on=D("2024-06-24")) for name, day in KASPERSKY.items()}
    assert {name for name, each in terms.items() if in_force(each, [], D(on)).anywhere} == expected


@pytest.mark.parametrize(
    ("on", "state"),
    [
        ("2024-06-19", State.DRAFT),
        ("2024-06-20", State.APPROVED_HELD),
        ("2024-06-23", State.APPROVED_HELD),
        ("2024-06-24", State.PUBLISHED),
    ],
)
def test_kaspersky_is_held_between_signature_and_publication(on, state):
    assert state_of(Course(D("2024-06-20"), D("2024-06-24"), last_days=(None, None)), D(on)) == state


def test_acronis_is_excluded_before_the_order_is_posted_and_we_say_so_from_the_posting_on():
    # In force 2025-07-11 by its own words, posted 69 days later: nobody could follow what nobody could read.
    posted = D("2025-07-11") + datetime.timedelta(days=69)
    terms = Terms(D("2025-07-11"), published_on=posted)
    before = in_force(terms, [], D("2025-07-11"))
    assert (before.anywhere, before.tracks[0].why) == (False, "not made public before 18 September 2025")
    assert in_force(terms, [], posted).anywhere


@pytest.mark.parametrize("on", ["2025-06-01", "2026-06-30", "2030-01-01"])
def test_an_entity_list_addition_that_is_approved_and_withheld_is_never_in_force(on):
    terms = Terms(D("2025-06-01"))
    assert in_force(terms, [], D(on)).tracks[0].why == "approved and held: not made public"
    assert not in_force(terms, [event("EAR", "UPHELD", "2025-06-02")], D(on)).anywhere
    assert state_of(Course(D("2025-06-01")), D(on)) == State.APPROVED_HELD


# Each order put the prohibition off once more; the effect that follows stands in the place of the one before.
TIKTOK = [("2025-01-19", "2025-01-20"), ("2025-04-05", "2025-04-04"), ("2025-06-19", "2025-06-19")]


@pytest.mark.parametrize(
    ("on", "which"),
    [
        ("2025-01-18", None),
        ("2025-01-19", 0),
        ("2025-01-20", None),
        ("2025-04-03", None),
        ("2025-04-05", None),
        ("2025-06-18", None),
        ("2025-06-19", None),
        ("2025-09-17", 3),
    ],
)
def test_tiktok_each_postponement_takes_the_place_of_the_one_before(on, which):
    chain = [*TIKTOK, ("2025-09-17", None)]
    terms = [Terms(D(starts), None, D("2025-01-02"), replaced and D(replaced)) for starts, replaced in chain]
    found = [number for number, each in enumerate(terms) if in_force(each, [], D(on)).anywhere]
    assert found == ([] if which is None else [which])


ANTHROPIC = [
    event("10 U.S.C. 3252", "ENJOINED", "2026-03-26", words="N.D. Cal."),
    event("41 U.S.C. 4713", "UPHELD", "2026-04-08", words="D.C. Cir., stay denied"),
]


@pytest.mark.parametrize(
    ("on", "expected"),
    [
        ("2026-03-20", {"": True}),
        ("2026-03-26", {"10 U.S.C. 3252": False}),
        ("2026-04-10", {"10 U.S.C. 3252": False, "41 U.S.C. 4713": True}),
    ],
)
def test_two_tracks_stand_side_by_side_and_are_never_merged(on, expected):
    found = in_force(Terms(D("2026-03-03"), published_on=D("2026-03-03")), ANTHROPIC, D(on))
    assert {track.name: track.in_force for track in found.tracks} == expected
    assert found.divided == (len(expected) == 2)


def test_a_divided_effect_says_on_how_many_tracks_and_why():
    found = in_force(Terms(D("2026-03-03"), published_on=D("2026-03-03")), ANTHROPIC, D("2026-04-10"))
    assert found.words == "In force on 1 of 2 tracks"
    assert [track.why for track in found.tracks] == [
        "enjoined on 26 March 2026 (N.D. Cal.)",
        "upheld on 8 April 2026 (D.C. Cir., stay denied)",
    ]


OPEN = Terms(D("2025-01-01"), D("2025-12-31"), D("2024-12-01"))


@pytest.mark.parametrize(
    ("events", "on", "stands"),
    [
        ([], "2024-12-31", False),
        ([], "2025-01-01", True),
        ([], "2025-12-31", True),
        ([], "2026-01-01", False),
        ([event("t", "STAYED", "2025-03-01", "2025-04-01")], "2025-02-28", True),
        ([event("t", "STAYED", "2025-03-01", "2025-04-01")], "2025-03-31", False),
        ([event("t", "STAYED", "2025-03-01", "2025-04-01")], "2025-04-01", True),
        ([event("t", "REMANDED", "2025-03-01")], "2025-04-01", True),
        ([event("t", "VACATED", "2025-03-01")], "2025-11-01", False),
        ([event("t", "VACATED", "2025-03-01"), event("t", "UPHELD", "2025-06-01")], "2025-05-31", False),
        ([event("t", "VACATED", "2025-03-01"), event("t", "UPHELD", "2025-06-01")], "2025-06-01", True),
        ([event("t", "ENJOINED", "2025-02-01"), event("t", "STAYED", "2025-03-01", "2025-04-01")], "2025-05-01", False),
        ([event("t", "UPHELD", "2025-02-01"), event("t", "ENJOINED", "2025-03-01")], "2025-03-01", False),
        ([event("t", "RESCINDED", "2025-03-01")], "2025-03-01", False),
    ],
)
def test_what_happened_in_law_decides_within_the_days_of_the_effect(events, on, stands):
    assert in_force(OPEN, events, D(on)).anywhere == stands
    assert in_force(OPEN, list(reversed(events)), D(on)).anywhere == stands


@pytest.mark.parametrize(
    "later",
    [
        event("t", "REMANDED", "2025-06-02"),
        event("t", "STAYED", "2025-06-02", "2025-06-10"),
        event("t", "STAYED", "2025-06-02", "2025-06-10", confirmed=False),
    ],
)
@pytest.mark.parametrize("confirmed", [True, False])
def test_what_lifted_a_stop_is_asked_for_its_second_person_whatever_came_later(later, confirmed):
    lifted = event("t", "UPHELD", "2025-06-01", confirmed=confirmed)
    (track,) = in_force(OPEN, [event("t", "VACATED", "2025-03-01"), lifted, later], D("2025-07-01")).tracks
    assert (track.in_force, track.confirmed) == (True, confirmed)
    assert track.why.startswith("upheld on 1 June 2025")
    assert track.why.endswith("not confirmed") != confirmed


def test_without_a_first_day_an_effect_begins_with_its_publication():
    terms = Terms(None, published_on=D("2025-02-04"))
    assert [in_force(terms, [], D(day)).anywhere for day in ("2025-02-03", "2025-02-04")] == [False, True]


PUBLIC = {"approved_on": D("2025-01-01"), "published_on": D("2025-01-02")}


@pytest.mark.parametrize(
    ("course", "on", "state"),
    [
        (Course(None), "2030-01-01", State.DRAFT),
        (Course(**PUBLIC), "2025-01-02", State.PUBLISHED),
        (Course(**PUBLIC, replaced_on=D("2025-06-01")), "2025-05-31", State.PUBLISHED),
        (Course(**PUBLIC, replaced_on=D("2025-06-01")), "2025-06-01", State.SUPERSEDED),
        (Course(**PUBLIC, last_days=(D("2025-03-01"), D("2025-04-01"))), "2025-04-01", State.PUBLISHED),
        (Course(**PUBLIC, last_days=(D("2025-03-01"), D("2025-04-01"))), "2025-04-02", State.EXPIRED),
        (Course(**PUBLIC, last_days=(D("2025-03-01"), None)), "2025-04-02", State.PUBLISHED),
        (Course(**PUBLIC, events=(event("t", "RESCINDED", "2025-02-01"),)), "2025-02-01", State.RESCINDED),
        (Course(D("2025-01-01"), events=(event("t", "RESCINDED", "2025-02-01"),)), "2025-02-01", State.RESCINDED),
        (Course(**PUBLIC, events=(event("t", "SUPERSEDED", "2025-02-01"),)), "2025-02-01", State.SUPERSEDED),
        (Course(**PUBLIC, events=(event("t", "EXPIRED", "2025-02-01"),)), "2025-02-01", State.EXPIRED),
        (Course(D("2026-01-01"), D("2024-06-24")), "2024-07-01", State.PUBLISHED),  # put on record later
    ],
)
def test_where_a_decision_stands(course, on, state):
    assert state_of(course, D(on)) == state


@pytest.mark.parametrize(
    ("events", "state", "confirmed"),
    [
        ((), State.PUBLISHED, True),
        ((("RESCINDED", False),), State.RESCINDED, False),
        ((("RESCINDED", True),), State.RESCINDED, True),
        ((("RESCINDED", True), ("RESCINDED", False)), State.RESCINDED, True),
        ((("RESCINDED", True), ("UPHELD", False)), State.PUBLISHED, False),
        ((("RESCINDED", True), ("UPHELD", True)), State.PUBLISHED, True),
        ((("STAYED", False),), State.PUBLISHED, True),  # what a court stays is public all the same
    ],
)
def test_where_a_decision_stands_says_whether_one_person_says_so(events, state, confirmed):
    told = tuple(event("t", kind, f"2025-02-0{day}", confirmed=sure) for day, (kind, sure) in enumerate(events, 1))
    found = stand_of(Course(**PUBLIC, events=told), D("2025-03-01"))
    assert (found.state, found.confirmed) == (state, confirmed)


def test_no_state_of_a_held_decision_reads_as_if_it_were_in_force():
    assert State.APPROVED_HELD.words == "Approved, held"
    assert in_force(Terms(D("2025-01-01")), [], D("2026-01-01")).words == "Not in force"
