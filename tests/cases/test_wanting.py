"""Which clocks a case has follows from its playbook and its dated facts, and from nothing else."""

from __future__ import annotations

import datetime

import pytest

from riskreview.cases.dated import Asked, Facts, Happened, Replied, Visited
from riskreview.cases.deadlines import Extension, State, Toll
from riskreview.cases.playbook import from_plain, newest, to_plain
from riskreview.cases.wanting import binding_limit, moments, next_look, wanted
from riskreview.lib.workdays import calendar

from .running import day, utc

FEDERAL = calendar("us-federal", [day("2025-01-09")])
T4, T1, T2, T5 = (
    newest()[key].playbook
    for key in ("interagency_policy_review", "icts_transaction_review", "fascsa_order", "device_use_direction")
)
NOW = utc("2025-01-29T12:00")
TASKED = Happened(row=1, key="tasked", at=day("2025-01-28"))
SERVED = Happened(row=7, key="served", at=day("2025-03-03"), party=70)
OTHER = Happened(row=8, key="served", at=day("2025-03-10"), party=80)


def found(playbook, facts, now=NOW, offices=FEDERAL):
    return {
        (each.rule.key, each.milestone or each.consultation, each.occurrence): each
        for each in wanted(playbook, facts, offices, now)
    }


def by_rule(playbook, facts, now=NOW):
    return {key: each for (key, _, _), each in found(playbook, facts, now).items()}


def test_the_tasking_of_the_seed_case_starts_five_clocks():
    clocks = by_rule(T4, Facts(milestones=(TASKED,)))
    assert {key: str(each.due.on) for key, each in clocks.items()} == {
        "terms": "2025-02-03",
        "evidence": "2025-02-07",
        "draft": "2025-02-18",
        "deputies": "2025-02-27",
        "decision": "2025-03-14",
    }


def test_without_facts_nothing_runs():
    assert wanted(T4, Facts(), FEDERAL, NOW) == ()


def test_a_stage_that_was_left_keeps_a_limit_and_an_earlier_visit_does_not():
    visits = (
        Visited(key="terms_of_reference", entered_at=utc("2025-01-02T09:00"), left_at=utc("2025-01-03T09:00")),
        Visited(key="terms_of_reference", entered_at=utc("2025-01-29T09:00"), left_at=utc("2025-02-05T09:00")),
    )
    terms = by_rule(T4, Facts(milestones=(TASKED,), visits=visits))["terms"]
    assert terms.satisfied_at == utc("2025-02-05T09:00")
    assert terms.standing(utc("2025-02-06T09:00"), FEDERAL) == State.SATISFIED_LATE


def test_of_what_is_served_on_two_parties_each_answers_and_the_first_binds_the_decision():
    facts = Facts(milestones=(SERVED, OTHER), parties=frozenset({70, 80}))
    clocks = found(T1, facts)
    assert {key: str(each.due.on) for key, each in clocks.items()} == {
        ("response", 7, 1): "2025-04-02",
        ("response", 8, 1): "2025-04-09",
        ("final_180", None, 1): "2025-08-30",
    }


def test_a_reply_keeps_the_limit_of_its_own_party():
    reply = Replied(key="party_response", party=80, at=utc("2025-04-01T10:00"))
    clocks = found(T1, Facts(milestones=(SERVED, OTHER), replies=(reply,)))
    assert [each.satisfied_at for key, each in clocks.items() if key[0] == "response"] == [None, reply.at]


def test_half_a_year_with_more_time_ends_later():
    """180 days from service, and 60 more signed in time (rows 1 and 22)."""
    key = ("final_180", 1, None, None)
    more = Extension(decided_at=utc("2025-08-28T15:00"), days=60, form="written_determination")
    plain = by_rule(T1, Facts(milestones=(SERVED,)))["final_180"]
    longer = by_rule(T1, Facts(milestones=(SERVED,), extensions={key: (more,)}))["final_180"]
    assert (str(plain.due.on), plain.due.before) == ("2025-08-30", utc("2025-08-31T04:00"))
    assert str(longer.due.on) == "2025-10-29"


NOTICE = [
    Asked(row=row, key="notice", sent_at=utc(f"2025-{at}T15:00")) for row, at in enumerate(("01-31", "02-03", "02-05"))
]


def test_what_waits_for_the_last_of_three_starts_once_all_were_sent():
    waiting = Asked(row=9, key="notice", sent_at=None)
    assert found(T1, Facts(consultations=(*NOTICE, waiting))) == {}
    clock = by_rule(T1, Facts(consultations=tuple(NOTICE)))["notice_21"]
    assert str(clock.due.on) == "2025-02-26"
    assert moments(clock, FEDERAL) == []


SENT = utc("2025-07-24T14:00")
ANSWERS = {
    "nobody answered": ({}, State.LAPSED),
    "somebody concurred": (
        {"answered_at": utc("2025-08-01T14:00"), "heeded_at": utc("2025-08-01T14:00")},
        State.SATISFIED_EARLY,
    ),
    "a comment from below the rank": ({"answered_at": utc("2025-08-01T14:00"), "heeded_at": None}, State.LAPSED),
    "it was presumed": ({"presumed": True}, State.PRESUMED),
}


@pytest.mark.parametrize(("told", "standing"), ANSWERS.values(), ids=ANSWERS)
def test_silence_is_offered_as_consent_unless_somebody_was_heard(told, standing):
    clock = by_rule(T1, Facts(consultations=(Asked(row=3, key="final", sent_at=SENT, **told),)))["concurrence"]
    assert str(clock.due.on) == "2025-08-07"
    assert clock.standing(utc("2025-08-08T05:00"), FEDERAL) == standing


def test_a_limit_in_hours_runs_over_the_change_of_the_clocks():
    told = Happened(row=1, key="triggered", at=utc("2025-03-29T20:00"))
    playbook = from_plain({**to_plain(T5), "timezone": "Europe/Rome"})
    rapid = by_rule(playbook, Facts(milestones=(told,)))["rapid"]
    assert rapid.due.before == utc("2025-03-30T20:00")


POSTED = Happened(row=4, key="posted", at=day("2024-11-30"))
LOOKED = Happened(row=5, key="sam_looked_at", at=day("2025-05-02"))


def test_of_a_fixed_series_missed_dates_stay_and_one_is_open():
    clocks = found(T2, Facts(milestones=(POSTED, LOOKED)), utc("2025-06-15T12:00"))
    dates = {number: str(each.due.on) for (key, _, number), each in clocks.items() if key == "sam_check"}
    assert dates == {1: "2025-02-28", 2: "2025-05-30", 3: "2025-08-30"}
    standing = [clocks["sam_check", 4, number].standing(utc("2025-06-15T12:00"), FEDERAL) for number in (1, 2, 3)]
    assert standing == [State.MISSED, State.SATISFIED_EARLY, State.ON_TRACK]


def test_a_series_that_follows_what_was_done_is_counted_from_then():
    looked = Happened(row=5, key="looked_again", at=day("2025-09-10"))
    facts = Facts(milestones=(looked,), approved_at=utc("2025-03-14T15:00"))
    clocks = found(T4, facts)
    assert [str(clocks["look_again", None, number].due.on) for number in (1, 2)] == ["2025-09-14", "2026-03-10"]


def test_a_date_beyond_the_calendar_says_so():
    far = Happened(row=1, key="tasked", at=day("2100-12-30"))
    decision = by_rule(T4, Facts(milestones=(far,)))["decision"]
    assert decision.due is None
    assert "holds no list of holidays for 2" in decision.parts[0]


def test_a_date_entered_late_says_so():
    told = Happened(row=1, key="tasked", at=day("2025-01-28"), recorded_at=utc("2025-02-06T15:00"))
    assert by_rule(T4, Facts(milestones=(told,)))["terms"].parts[-1] == "The start was recorded 9 days after."


def test_people_are_told_of_each_date_once():
    decision = by_rule(T4, Facts(milestones=(TASKED,)))["decision"]
    told = moments(decision, FEDERAL)
    assert [mark for _, mark in told] == [
        "10 bus_day 2025-03-14",
        "5 bus_day 2025-03-14",
        "1 bus_day 2025-03-14",
        "end 2025-03-14",
    ]
    assert next_look(decision, FEDERAL, []) == told[0][0]
    assert next_look(decision, FEDERAL, [mark for _, mark in told[:3]]) == utc("2025-03-15T04:00")
    assert next_look(decision, FEDERAL, [mark for _, mark in told]) is None


def test_what_binds_is_the_earliest_that_is_neither_done_nor_lapsed():
    asked = Asked(row=3, key="agencies", sent_at=utc("2025-01-28T15:00"))
    facts = Facts(milestones=(TASKED,), consultations=(asked,))
    left = Visited(key="terms_of_reference", entered_at=utc("2025-01-28T15:00"), left_at=utc("2025-01-30T15:00"))

    def bound(facts, now):
        return binding_limit(wanted(T4, facts, FEDERAL, now), FEDERAL, now)

    assert bound(facts, NOW) == utc("2025-02-04T05:00")
    assert bound(facts, utc("2025-02-06T12:00")) == utc("2025-02-04T05:00")
    done = Facts(milestones=(TASKED,), consultations=(asked,), visits=(left,))
    assert bound(done, NOW) == utc("2025-02-05T05:00")  # the agencies' comments
    assert bound(done, utc("2025-02-06T12:00")) == utc("2025-02-08T05:00")  # lapsed: the evidence


def test_a_settlement_at_the_end_falls_away_when_the_date_moves_on():
    key = ("comments", 1, None, 3)
    asked = Asked(row=3, key="agencies", sent_at=utc("2025-01-28T15:00"))
    facts = Facts(consultations=(asked,), settled={key: State.LAPSED})
    comments = by_rule(T4, facts)["comments"]
    assert comments.standing(utc("2025-02-06T12:00"), FEDERAL) == State.LAPSED
    assert comments.standing(utc("2025-02-03T12:00"), FEDERAL) == State.ON_TRACK


def test_a_hold_stops_what_we_set_ourselves():
    key = ("terms", 1, 1, None)
    stop = Toll(day("2025-01-30"), None, "on_hold")
    terms = by_rule(T4, Facts(milestones=(TASKED,), tolls={key: (stop,)}))["terms"]
    assert terms.due.on is None
    assert terms.standing(utc("2025-01-31T12:00"), FEDERAL) == State.PAUSED
    assert terms.due.left == 4
    assert isinstance(terms.start, datetime.date)
