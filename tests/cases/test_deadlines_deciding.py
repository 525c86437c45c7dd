"""What may be done about a limit: act, presume, object, stop, waive."""

from __future__ import annotations

from datetime import date

import pytest

from riskreview.audit.refusals import NotNow
from riskreview.cases.deadlines import (
    ON_HOLD,
    State,
    Toll,
    Weight,
    check_permitted,
    check_presumption,
    check_toll,
    check_waiver,
    due,
    starts,
    weigh_objection,
)
from tests.cases.limits import CONCURRENCE, FEDERAL, FINAL, LAPSE, SHUTDOWN, TOLLED, day, eastern, rule, utc

# Not before, and how long records are kept.


def test_5_the_latest_of_three_notices_counts():
    notice = rule(21, kind="not_before", from_many="last", blocks="service", basis="law", cite="791.105(b)(2)")
    [start] = starts(notice, [day("2025-01-31"), day("2025-02-03"), day("2025-02-05")])
    found = due(notice, start, FEDERAL)
    assert found.on == day("2025-02-26")
    with pytest.raises(
        NotNow, match=r"“Service” cannot begin before Wednesday, 26 February 2025 \(791.105\(b\)\(2\)\)"
    ):
        check_permitted(notice, found, eastern("2025-02-25T23:59:59"))
    check_permitted(notice, found, eastern("2025-02-26T00:00"))


def test_4_what_waits_is_permitted_from_the_first_minute_of_the_date():
    notice = rule(21, kind="not_before")
    found = due(notice, day("2025-01-31"), FEDERAL)
    assert found.opens == utc("2025-02-21T05:00")
    with pytest.raises(NotNow, match="This cannot begin before Friday, 21 February 2025"):
        check_permitted(notice, found, utc("2025-02-21T04:59:59"))
    check_permitted(notice, found, utc("2025-02-21T05:00"))


def test_what_waits_stands_still_with_an_open_stop():
    notice = rule(21, kind="not_before", **TOLLED)
    found = due(notice, day("2025-09-25"), FEDERAL, [Toll(day("2025-10-01"), None, LAPSE)])
    with pytest.raises(NotNow, match="yet: the time to wait stands still"):
        check_permitted(notice, found, eastern("2025-12-01T10:00"))


def test_37_records_may_not_be_destroyed_before_their_date():
    keep = rule(120, "month", kind="retain", cite="791.106")
    found = due(keep, day("2024-02-29"), FEDERAL)
    with pytest.raises(NotNow, match="may not be destroyed before Tuesday, 28 February 2034"):
        check_permitted(keep, found, eastern("2034-02-27T23:00"))
    check_permitted(keep, found, eastern("2034-02-28T00:00"))


@pytest.mark.parametrize(
    ("many", "then"),
    [
        ("each", ["2025-02-03", "2025-01-31", "2025-02-05"]),
        ("first", ["2025-01-31"]),
        ("last", ["2025-02-05"]),
    ],
)
def test_of_several_dated_facts_the_rule_says_which_start_a_clock(many, then):
    facts = [day("2025-02-03"), day("2025-01-31"), day("2025-02-05")]
    assert starts(rule(5, from_many=many), facts) == tuple(map(day, then))


@pytest.mark.parametrize(("many", "then"), [("each", 2), ("first", 1), ("last", 0)])
def test_a_fact_that_is_not_there_yet_holds_up_only_the_last(many, then):
    assert len(starts(rule(5, from_many=many), [day("2025-02-03"), None, day("2025-02-05")])) == then


def test_nothing_starts_from_nothing():
    assert starts(rule(5, from_many="last"), []) == ()


def test_a_date_and_an_instant_are_put_in_order():
    facts = [eastern("2025-02-03T09:00"), day("2025-02-03"), eastern("2025-02-02T23:00")]
    assert starts(rule(5, from_many="last"), facts) == (facts[0],)
    assert starts(rule(5, from_many="first"), facts) == (facts[2],)


# Silence and objections.

SENT = due(CONCURRENCE, day("2025-07-24"), FEDERAL)
NEEDED = "deputy_secretary"


def test_6_silence_may_be_presumed_from_the_end_of_the_last_day():
    assert SENT.before == utc("2025-08-08T04:00")
    with pytest.raises(NotNow, match="cannot be taken for consent before 04:00 UTC on 8 August 2025"):
        check_presumption(CONCURRENCE, SENT, utc("2025-08-08T03:59:59"), [])
    check_presumption(CONCURRENCE, SENT, utc("2025-08-08T04:00"), [])


@pytest.mark.parametrize(
    ("at", "rank", "needed", "weight"),
    [
        pytest.param("2025-08-07T23:30", "deputy_secretary", NEEDED, Weight.OBJECTION, id="7 on the last evening"),
        pytest.param("2025-08-08T00:10", "deputy_secretary", NEEDED, Weight.LATE_OBJECTION, id="8 ten past midnight"),
        pytest.param("2025-08-07T23:30", "assistant_secretary", NEEDED, Weight.COMMENT, id="9 from below the rank"),
        pytest.param("2025-08-07T23:30", "under_secretary", NEEDED, Weight.COMMENT, id="one rank below"),
        pytest.param("2025-08-07T23:30", "secretary", NEEDED, Weight.OBJECTION, id="one rank above"),
        pytest.param("2025-08-07T23:30", "staff", "", Weight.OBJECTION, id="no rank is needed"),
        pytest.param("2025-08-07T23:30", "", "", Weight.OBJECTION, id="none is needed and none is known"),
        pytest.param("2025-08-07T23:30", "", NEEDED, Weight.COMMENT, id="the rank is not known"),
        pytest.param("2025-08-08T00:00", "secretary", NEEDED, Weight.LATE_OBJECTION, id="at midnight itself"),
        pytest.param("2025-08-09T00:00", "staff", NEEDED, Weight.COMMENT, id="late and from below"),
    ],
)
def test_an_objection_weighs_by_rank_and_time(at, rank, needed, weight):
    assert weigh_objection(SENT, eastern(at), rank, needed) == weight


def test_a_rank_that_nobody_has_is_refused():
    with pytest.raises(ValueError, match="A rank is one of staff.*not “emperor”"):
        weigh_objection(SENT, eastern("2025-08-07T23:30"), "emperor", NEEDED)


@pytest.mark.parametrize("weight", [Weight.COMMENT, Weight.LATE_OBJECTION])
def test_9_a_comment_and_a_late_objection_defeat_nothing(weight):
    check_presumption(CONCURRENCE, SENT, eastern("2025-08-08T09:00"), [weight])


def test_7_an_objection_in_time_defeats_the_presumption():
    with pytest.raises(NotNow, match="An objection stands"):
        check_presumption(CONCURRENCE, SENT, eastern("2025-08-08T09:00"), [Weight.COMMENT, Weight.OBJECTION])


def test_an_answer_leaves_nothing_to_presume():
    with pytest.raises(NotNow, match="There is an answer"):
        check_presumption(CONCURRENCE, SENT, eastern("2025-08-08T09:00"), [], answered=True)


@pytest.mark.parametrize(
    "words",
    [{"on_expiry": "lapse"}, {"kind": "presumed_after", "on_expiry": "flag"}, {"on_expiry": "presume"}],
)
def test_silence_means_nothing_where_the_rule_does_not_say_so(words):
    with pytest.raises(NotNow, match="Silence means nothing here"):
        check_presumption(rule(14, **words), SENT, eastern("2025-08-09T09:00"), [])


def test_nothing_is_presumed_while_the_limit_stands_still():
    limit = rule(14, kind="presumed_after", on_expiry="presume", **TOLLED)
    found = due(limit, day("2025-09-25"), FEDERAL, [Toll(day("2025-10-01"), None, LAPSE)])
    with pytest.raises(NotNow, match="while the limit stands still"):
        check_presumption(limit, found, eastern("2026-01-08T09:00"), [])
    assert weigh_objection(found, eastern("2026-01-08T09:00"), "secretary", NEEDED) == Weight.OBJECTION


# Stops and waivers, as decisions.


@pytest.mark.parametrize(
    ("limit", "toll", "says"),
    [
        (FINAL, Toll(date(2025, 3, 3), None, LAPSE, "doc"), "“lapse in appropriations” does not stop this limit"),
        (rule(5, **TOLLED), Toll(date(2025, 3, 3), None, "court_order", "doc"), "what does: lapse in appropriations"),
        (rule(5, **TOLLED), Toll(date(2025, 3, 3), None, LAPSE), "A stop needs the document"),
        (FINAL, Toll(date(2025, 3, 3), None, ON_HOLD), "stops only limits that we set ourselves"),
    ],
)
def test_a_stop_needs_a_reason_in_the_rule_and_a_paper(limit, toll, says):
    with pytest.raises(NotNow, match=says):
        check_toll(limit, toll)


def test_a_stop_with_reason_and_paper_is_taken_and_a_hold_needs_none():
    check_toll(rule(5, **TOLLED), SHUTDOWN)
    check_toll(rule(5), Toll(day("2025-03-03"), None, ON_HOLD))


@pytest.mark.parametrize("basis", ["law", "contract"])
def test_only_our_own_limits_are_waived(basis):
    with pytest.raises(NotNow, match="set ourselves can be waived"):
        check_waiver(rule(5, basis=basis), State.ON_TRACK)


@pytest.mark.parametrize("standing", [State.SATISFIED_EARLY, State.SATISFIED_LATE, State.WAIVED, State.VOID])
def test_a_settled_limit_is_not_waived(standing):
    with pytest.raises(NotNow, match="settled already"):
        check_waiver(rule(5), standing)


@pytest.mark.parametrize("standing", [State.NOT_STARTED, State.ON_TRACK, State.OVERDUE, State.PAUSED, State.LAPSED])
def test_a_limit_of_our_own_is_waived_while_it_is_open(standing):
    check_waiver(rule(5), standing)
