"""A playbook is refused, with file, row and what to do, for each thing that would not work; kept word for word."""

import datetime
import json
import shutil
from dataclasses import replace

import pytest

from riskreview.cases.playbook import Refused, differences, from_plain, load, to_plain, words
from riskreview.cases.playbook.shipped import FOLDER, every

TODAY = datetime.date(2026, 8, 1)
BASE = """
grammar = 1
key = "small"
code = "T90"
version = 1
title = "Small"
as_of = 2026-07-01
calendar = "us-federal"
timezone = "America/New_York"
subjects = ["vendor"]

milestone = [
  { key = "asked" },
  { key = "served", per = "party", proof = true },
  { key = "looked" },
]
stage = [
  { key = "intake", phase = "intake", owner = "intake_officer", requires = ["milestone:asked", "checklist:points"] },
  { key = "review", phase = "review", owner = "analyst", requires = ["consultations:agencies", "replies:answer"] },
  { key = "decision", phase = "decision", owner = "deciding_official", requires = ["disposition"] },
  { key = "follow_up", phase = "after", owner = "case_officer" },
]
clock = [
  { key = "triage", n = 5, unit = "bus_day", from = "milestone:asked", until = "left:intake" },
  { key = "silence", kind = "presumed_after", n = 14, from = "consultation:agencies", until = "answered", on_expiry = "offer_presumption" },
  { key = "answer", n = 30, from = "milestone:served", until = "replied", basis = "law", cite = "s.1", on_expiry = "lapse" },
  { key = "again", kind = "recurring", n = 6, unit = "month", anchor = "fixed", from = "approved", until = "milestone:looked" },
  { key = "early", kind = "not_before", n = 21, from = "consultation:agencies", blocks = "decision" },
  { key = "keep", kind = "retain", n = 120, unit = "month", from = "approved" },
]
consultation = [
  { key = "agencies", responses = ["concur", "object"], silence = "may_presume", objection_rank = "secretary" },
]
reply = [{ key = "answer", clock = "answer", party = "vendor" }]
checklist = [{ key = "points", items = ["one", "two"] }]
disposition = [
  { key = "stop", group = "adverse", needs = ["effect", "checklist:points"], after = "review" },
  { key = "refer", group = "none", needs = ["referral"], to = ["small", "external:elsewhere"] },
]
"""  # noqa: E501
TRIAGE = '{ key = "triage", n = 5, unit = "bus_day", from = "milestone:asked", until = "left:intake" }'
DISPOSITIONS = BASE[BASE.index("disposition = [") :]
FOLLOW_UP = '{ key = "follow_up", phase = "after", owner = "case_officer" }'


def triage(**changed):
    """The triage clock, changed."""
    row = {"n": 5, "unit": "bus_day", "from": "milestone:asked", "until": "left:intake"} | changed
    told = ", ".join(f"{name} = {json.dumps(value)}" for name, value in row.items() if value is not None)
    return TRIAGE, f'{{ key = "triage", {told} }}'


@pytest.fixture
def written(tmp_path):
    """The file of a playbook with the given text."""
    shutil.copytree(FOLDER / "catalogues", tmp_path / "catalogues")

    def write(text, name="small-1.toml"):
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return path

    return write


def test_the_unbroken_one_is_taken_with_its_defaults(written):
    made = load(written(BASE), today=TODAY).playbook
    assert [stage.next for stage in made.stage] == [("review",), ("decision",), ("follow_up",), ()]
    assert (made.stage[3].title, made.decision.approve.n, made.decision.approve.by) == (
        *("Follow up", 1),
        ("deciding_official",),
    )
    clock = made.clock[0]
    assert (clock.kind, clock.count, clock.roll, clock.basis, clock.on_expiry, clock.from_many) == (
        *("within", "after", "none", "self_set", "flag"),
        "each",
    )
    assert [item.title for item in made.checklist[0].items] == ["One", "Two"]


BROKEN = {
    # shapes
    "no TOML": ("grammar = 1", "grammar = ", "", "It is no TOML"),
    "another grammar": ("grammar = 1", "grammar = 2", "", "grammar: “2” is no number from 1 to 1."),
    "an unknown key above": ("grammar = 1", "grammar = 1\ncolour = 3", "", "The key “colour” is not known."),
    "an unknown key in a row": ("proof = true", "prof = true", "milestone “served”", "The key “prof” is not known."),
    "a missing key above": ('code = "T90"\n', "", "", "The key “code” is missing."),
    "a missing key in a row": (', owner = "analyst"', "", "stage “review”", "The key “owner” is missing."),
    "a missing start": (*triage(**{"from": None}), "clock “triage”", "The key “from” is missing."),
    "a word where a number belongs": (*triage(n="five"), "clock “triage”", "n: “five” is no number"),
    "a truth where a number belongs": (*triage(n=True), "clock “triage”", "n: “True” is no number"),
    "no time at all": (*triage(n=0), "clock “triage”", "n: “0” is no number from 1"),
    "a word where a truth belongs": ("proof = true", 'proof = "yes"', "milestone “served”", "neither true nor false"),
    "a text where a list belongs": (
        'subjects = ["vendor"]',
        'subjects = "vendor"',
        "",
        "subjects: “vendor” is no list",
    ),
    "an empty title": ('{ key = "asked" }', '{ key = "asked", title = " " }', "milestone “asked”", "is no text"),
    "a number for a title": ('title = "Small"', "title = 7", "", "title: “7” is no text"),
    "a row that is none": ('{ key = "asked" }', '"asked"', "milestone 1", "“asked” is no row."),
    "a table that is no list": (
        'reply = [{ key = "answer", clock = "answer", party = "vendor" }]',
        "reply = 1",
        "",
        "“reply” holds “1”",
    ),
    "a key that is none": ('{ key = "looked" }', '{ key = "Looked at" }', "milestone “Looked at”", "is no key"),
    "a key twice": (
        '{ key = "looked" }',
        '{ key = "looked" }, { key = "looked" }',
        "milestone “looked”",
        "stands there twice",
    ),
    "a word twice": ('subjects = ["vendor"]', 'subjects = ["vendor", "vendor"]', "", "A value stands there twice."),
    "a line of a checklist twice": (
        '["one", "two"]',
        '["one", { key = "one", title = "Other" }]',
        "checklist “points”",
        "stands there twice",
    ),
    "a code that is none": ('code = "T90"', 'code = "90"', "", "code: “90” has not the form"),
    "a date that is none": ("as_of = 2026-07-01", 'as_of = "July"', "", "as_of: “July” is no date."),
    "a text read in the future": ("as_of = 2026-07-01", "as_of = 2026-08-02", "", "2026-08-02 is still to come."),
    "another name of the file": ("version = 1", "version = 2", "", "The file’s name is not its key and version."),
    # closed lists
    "a calendar nobody keeps": ('"us-federal"', '"mars"', "", "calendar: “mars” is not on the list."),
    "a time zone nobody keeps": ('"America/New_York"', '"Mars/Olympus"', "", "“Mars/Olympus” is no time zone."),
    "a subject nobody reviews": ('["vendor"]', '["moon"]', "", "subjects: “moon” is not on the list."),
    "a phase that is none": ('phase = "review"', 'phase = "middle"', "stage “review”", "phase: “middle”"),
    "a seat that is none": ('"analyst"', '"wizard"', "stage “review”", "owner: “wizard”"),
    "an outsider who holds a stage": ('"analyst"', '"consultee"', "stage “review”", "owner: “consultee”"),
    "a requirement that is none": (
        '"disposition"]',
        '"luck"]',
        "stage “decision”",
        "requires: “luck” is not on the list.",
    ),
    "a requirement without its key": (
        '"milestone:asked", ',
        '"milestone", ',
        "stage “intake”",
        "Write “milestone:” and a milestone’s key.",
    ),
    "a requirement with a key too many": (
        '"disposition"]',
        '"disposition:x"]',
        "stage “decision”",
        "Write “disposition”.",
    ),
    "a number of exhibits that is none": (
        '"disposition"]',
        '"exhibits:few"]',
        "stage “decision”",
        "Write “exhibits:” and a number.",
    ),
    "no exhibits at least": ('"disposition"]', '"exhibits:0"]', "stage “decision”", "Write “exhibits:” and a number."),
    "a need that is none": ('"effect", ', '"money", ', "disposition “stop”", "needs: “money”"),
    "a start that is none": (
        *triage(**{"from": "left:intake"}),
        "clock “triage”",
        "from: “left:intake” is not on the list.",
    ),
    "an end that is none": (*triage(until="consultation:agencies"), "clock “triage”", "until: “consultation:agencies”"),
    "a unit that is none": (*triage(unit="week"), "clock “triage”", "unit: “week”"),
    "a kind that is none": (*triage(kind="maybe"), "clock “triage”", "kind: “maybe”"),
    "a way of counting that is none": (*triage(count="around"), "clock “triage”", "count: “around”"),
    "a ground that is none": (*triage(basis="habit"), "clock “triage”", "basis: “habit”"),
    "a warning that is none": (*triage(warn=["5 weeks"]), "clock “triage”", "warn: “5 weeks” has not the form"),
    "a warning in months": (*triage(warn=["1 month"]), "clock “triage”", "warn: “1 month” has not the form"),
    "an hour that is none": (*triage(cutoff="25:00"), "clock “triage”", "cutoff: “25:00”"),
    "a pause that is none": (*triage(toll=["holiday"]), "clock “triage”", "toll: “holiday”"),
    "an end that does what no end does": (*triage(on_expiry="close"), "clock “triage”", "on_expiry: “close”"),
    "an escalation to nobody": (*triage(on_expiry="escalate:wizard"), "clock “triage”", "nobody is called “wizard”"),
    "an escalation to an outsider": (
        *triage(on_expiry="escalate:vendor_contact"),
        "clock “triage”",
        "nobody is called",
    ),
    "an answer that is none": (
        '["concur", "object"]',
        '["concur", "shrug"]',
        "consultation “agencies”",
        "responses: “shrug”",
    ),
    "a silence that is none": ('"may_presume"', '"golden"', "consultation “agencies”", "silence: “golden”"),
    "a rank that is none": ('"secretary"', '"king"', "consultation “agencies”", "objection_rank: “king”"),
    "a party that is none": ('party = "vendor"', 'party = "friend"', "reply “answer”", "party: “friend”"),
    "a group that is none": ('"adverse"', '"bad"', "disposition “stop”", "group: “bad”"),
    # references
    "a milestone that is not there": (
        '"milestone:asked", ',
        '"milestone:gone", ',
        "stage “intake”",
        "there is no milestone “gone”",
    ),
    "a checklist that is not there": (
        '"checklist:points"]',
        '"checklist:gone"]',
        "stage “intake”",
        "there is no checklist “gone”",
    ),
    "a consultation that is not there": (
        '"consultations:agencies"',
        '"consultations:gone"',
        "stage “review”",
        "there is no consultation “gone”",
    ),
    "a consultation not sent anywhere": (
        '"consultations:agencies"',
        '"consultations_sent:gone"',
        "stage “review”",
        "there is no consultation “gone”",
    ),
    "a reply that is not there": ('"replies:answer"', '"replies:gone"', "stage “review”", "there is no reply “gone”"),
    "a clock from nothing": (
        *triage(**{"from": "milestone:gone"}),
        "clock “triage”",
        "from: there is no milestone “gone”",
    ),
    "a clock until nothing": (*triage(until="left:gone"), "clock “triage”", "until: there is no stage “gone”"),
    "a clock that blocks nothing": (
        'blocks = "decision"',
        'blocks = "gone"',
        "clock “early”",
        "blocks: there is no stage “gone”",
    ),
    "a reply without its clock": (
        'clock = "answer", ',
        'clock = "gone", ',
        "reply “answer”",
        "there is no clock “gone”",
    ),
    "a need of a checklist that is not there": (
        '"effect", "checklist:points"',
        '"checklist:gone"',
        "disposition “stop”",
        "there is no checklist “gone”",
    ),
    "a disposition after no stage": (
        'after = "review"',
        'after = "gone"',
        "disposition “stop”",
        "after: there is no stage “gone”",
    ),
    "a disposition before no stage": (
        'after = "review"',
        'before = "gone"',
        "disposition “stop”",
        "before: there is no stage “gone”",
    ),
    "a disposition that is never open": (
        'after = "review"',
        'after = "review", before = "review"',
        "disposition “stop”",
        "after and before one stage",
    ),
    "a referral to no playbook": (
        '"external:elsewhere"',
        '"elsewhere"',
        "disposition “refer”",
        "there is no playbook “elsewhere”",
    ),
    "a referral to nowhere": (', to = ["small", "external:elsewhere"]', "", "disposition “refer”", "belong together"),
    "a way out that is no referral": (
        'needs = ["referral"]',
        'needs = ["reason"]',
        "disposition “refer”",
        "belong together",
    ),
    "a catalogue that is not there": (
        'items = ["one", "two"]',
        'catalogue = "gone"',
        "checklist “points”",
        "There is no catalogue “gone”",
    ),
    "a checklist from two places": (
        'items = ["one", "two"]',
        'items = ["one"], catalogue = "ai_rmf"',
        "checklist “points”",
        "lines from one place",
    ),
    "a checklist without lines": (', items = ["one", "two"]', "", "checklist “points”", "lines from one place"),
    # stages
    "a stage that is not there": (
        FOLLOW_UP,
        FOLLOW_UP.replace(" }", ', next = ["gone"] }'),
        "stage “follow_up”",
        "there is no stage “gone”",
    ),
    "a stage that leads to itself": (
        FOLLOW_UP,
        FOLLOW_UP.replace(" }", ', next = ["follow_up"] }'),
        "stage “follow_up”",
        "leads to itself",
    ),
    "a way back over the decision": (
        FOLLOW_UP,
        FOLLOW_UP.replace(" }", ', next = ["review"] }'),
        "stage “follow_up”",
        "other side of the decision",
    ),
    "a way around the decision": (
        'owner = "analyst"',
        'owner = "analyst", next = ["decision", "follow_up"]',
        "stage “review”",
        "other side of the decision",
    ),
    "a stage nobody comes to": (
        'owner = "deciding_official"',
        'owner = "deciding_official", next = []',
        "stage “follow_up”",
        "No way leads here",
    ),
    "a dead end before the decision": (
        'requires = ["milestone:asked", "checklist:points"] }',
        'next = ["review", "stuck"] }, { key = "stuck", phase = "review", owner = "analyst", next = [] }',
        "stage “stuck”",
        "No way leads from here to the decision.",
    ),
    "no decision": ('phase = "decision"', 'phase = "review"', "stages", "0 stages decide."),
    "two decisions": ('phase = "review"', 'phase = "decision"', "stages", "2 stages decide."),
    "a beginning that is no intake": (
        'phase = "intake"',
        'phase = "review"',
        "stage “intake”",
        "The first stage is no intake.",
    ),
    "a decision its owner cannot sign": (
        '"deciding_official"',
        '"analyst"',
        "stage “decision”",
        "Its owner, analyst, signs no decision.",
    ),
    "an approval by who cannot approve": (
        'owner = "deciding_official"',
        'owner = "deciding_official", approve = { n = 1, by = ["analyst"] }',
        "stage “decision”",
        "approve: by: “analyst”",
    ),
    "an approval before the decision": (
        'owner = "analyst"',
        'owner = "analyst", approve = { by = ["second_reviewer"] }',
        "stage “review”",
        "Only the decision is approved.",
    ),
    "a pair on the decision": (
        'owner = "deciding_official"',
        'owner = "deciding_official", pair = true',
        "stage “decision”",
        "its own signatures",
    ),
    "a disposition asked for too early": (
        '["consultations:agencies", ',
        '["disposition", ',
        "stage “review”",
        "“disposition” cannot be met in the phase review.",
    ),
    "a publication asked for too early": (
        '["consultations:agencies", ',
        '["published_or_reason", ',
        "stage “review”",
        "cannot be met in the phase review.",
    ),
    "nothing to decide": (DISPOSITIONS, "", "dispositions", "There is nothing to decide."),
    # clocks
    "law without a citation": (', cite = "s.1"', "", "clock “answer”", "It says it is law and does not say which."),
    "no end": (*triage(until=None), "clock “triage”", "A clock of the kind within has no “until”."),
    "a recurrence without its anchor": (', anchor = "fixed"', "", "clock “again”", "has no “anchor”"),
    "an anchor on what does not recur": (*triage(anchor="fixed"), "clock “triage”", "takes no “anchor”"),
    "a block by what does not block": (*triage(blocks="review"), "clock “triage”", "takes no “blocks”"),
    "nothing to block": (', blocks = "decision"', "", "clock “early”", "has no “blocks”"),
    "a keeping that ends": (
        '{ key = "keep", kind = "retain"',
        '{ key = "keep", until = "milestone:looked", kind = "retain"',
        "clock “keep”",
        "takes no “until”",
    ),
    "a keeping that is missed": (
        '{ key = "keep", kind = "retain"',
        '{ key = "keep", warn = ["1 cal_day"], kind = "retain"',
        "clock “keep”",
        "is not missed",
    ),
    "an earliest day that rolls": (
        '{ key = "early"',
        '{ key = "early", roll = "next_business_day"',
        "clock “early”",
        "is not missed",
    ),
    "hours that roll": (*triage(unit="hour", roll="next_business_day"), "clock “triage”", "Hours run through nights"),
    "hours with a cut-off": (*triage(unit="hour", cutoff="17:00"), "clock “triage”", "Hours run through nights"),
    "hours counted from the day itself": (
        *triage(unit="hour", count="on"),
        "clock “triage”",
        "count: hours are always",
    ),
    "months counted clear": (*triage(unit="month", count="clear"), "clock “triage”", "count: months are always"),
    "a recurrence by the hour": (
        'unit = "month", anchor',
        'unit = "hour", anchor',
        "clock “again”",
        "recurs every few hours",
    ),
    "a lapse of what was not asked": (*triage(on_expiry="lapse"), "clock “triage”", "nothing is there to lapse"),
    "the first of one": (*triage(from_many="first"), "clock “triage”", "there is never more than one"),
    "the last approval": (
        'from = "approved", until',
        'from_many = "last", from = "approved", until',
        "clock “again”",
        "there is never more than one",
    ),
    "an answer to a milestone": (*triage(until="answered"), "clock “triage”", "answers are given to a consultation"),
    "a reply nobody gives": (*triage(until="replied"), "clock “triage”", "no reply names this clock"),
    "a reply within what does not wait for it": (
        'clock = "answer", ',
        'clock = "triage", ',
        "reply “answer”",
        "does not wait for a reply",
    ),
    "an end at its start": (
        *triage(**{"from": "approved", "until": "approved"}),
        "clock “triage”",
        "It ends where it starts.",
    ),
    # silence
    "a presumption by a limit that is none": (*triage(on_expiry="presume"), "clock “triage”", "is for silence alone"),
    "a presumption where silence means nothing": (
        'silence = "may_presume", ',
        "",
        "clock “silence”",
        "says that silence means nothing",
    ),
    "a silence of which no clock speaks": (
        'kind = "presumed_after", n = 14',
        "n = 14",
        "consultation “agencies”",
        "0 clocks say after how long.",
    ),
    "a silence of which two clocks speak": (
        TRIAGE,
        TRIAGE.replace("triage", "second")
        .replace("n = 5", 'kind = "presumed_after", n = 9')
        .replace(
            'from = "milestone:asked", until = "left:intake"', 'from = "consultation:agencies", until = "answered"'
        ),
        "consultation “agencies”",
        "2 clocks say after how long.",
    ),
    "a silence that its clock takes for more": (
        '"offer_presumption"',
        '"presume"',
        "clock “silence”",
        "wants “offer_presumption”, not “presume”",
    ),
    "a silence that its clock takes for less": (
        'silence = "may_presume"',
        'silence = "presumed"',
        "clock “silence”",
        "wants “presume”, not “offer_presumption”",
    ),
    "a silence that is only flagged": (
        ', on_expiry = "offer_presumption"',
        "",
        "clock “silence”",
        "wants “offer_presumption”, not “flag”",
    ),
    "a presumption from a milestone": (
        *triage(kind="presumed_after"),
        "clock “triage”",
        "Silence is presumed of a consultation.",
    ),
    "a rank without an objection": (
        '["concur", "object"]',
        '["concur"]',
        "consultation “agencies”",
        "nobody can object",
    ),
}


@pytest.mark.parametrize("name", BROKEN)
def test_it_is_refused(name, written):
    old, new, row, what = BROKEN[name]
    assert old in BASE, "the table names what is not there"
    with pytest.raises(Refused) as refused:
        load(written(BASE.replace(old, new, 1)), today=TODAY)
    found = [fault for fault in refused.value.faults if fault.row == row and what in f"{fault.what} {fault.do}"]
    assert found, str(refused.value)
    assert found[0].file == "small-1.toml"
    assert found[0].do.endswith((".", "…", "]"))


def test_all_that_is_wrong_is_said_at_once(written):
    with pytest.raises(Refused) as refused:
        load(written(BASE.replace("n = 5", "n = 0").replace('"analyst"', '"wizard"')))
    assert [fault.row for fault in refused.value.faults] == ["stage “review”", "clock “triage”"]
    assert str(refused.value).startswith("small-1.toml, stage “review”: owner: “wizard” is not on the list. Write one")


def test_without_a_day_the_future_is_not_judged(written):
    assert load(written(BASE.replace("2026-07-01", "2999-01-01"))).playbook.as_of.year == 2999


def test_it_survives_json(written):
    made = load(written(BASE)).playbook
    plain = json.loads(json.dumps(to_plain(made)))
    assert from_plain(plain) == made
    assert to_plain(from_plain(plain)) == plain


def test_a_frozen_copy_is_still_read_by_shape(written):
    plain = to_plain(load(written(BASE)).playbook)
    with pytest.raises(Refused, match="stage “intake”: The key “colour” is not known"):
        from_plain(plain | {"stage": [plain["stage"][0] | {"colour": "red"}, *plain["stage"][1:]]})


def test_the_checksum_is_of_the_bytes(written):
    first, second = load(written(BASE)), load(written(BASE + "\n# a remark\n"))
    assert (first.playbook, len(first.sha256)) == (second.playbook, 64)
    assert first.sha256 != second.sha256


def test_a_catalogue_is_copied_in(written):
    made = load(written(BASE.replace('items = ["one", "two"]', 'catalogue = "icd203_standards"'))).playbook
    assert (len(made.checklist[0].items), made.checklist[0].catalogue) == (9, "icd203_standards")
    assert from_plain(to_plain(made)) == made


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("n = 5", "n = 6", "Clock “Triage”: n is 6, was 5."),
        ('cite = "s.1"', 'cite = "s.2"', "Clock “Answer”: cite is “s.2”, was “s.1”."),
        ("proof = true", "proof = false", "Milestone “Served”: proof is no, was yes."),
        ('title = "Small"', 'title = "Tall"', "The playbook: title is “Tall”, was “Small”."),
        (', { key = "looked" }', "", ""),
        ('["one", "two"]', '["one", "three"]', "Checklist “Points”: items is One, Three, was One, Two."),
        ('{ key = "asked" },', '{ key = "asked" }, { key = "new_fact" },', "Milestone “New fact” is new."),
        (f",\n  {FOLLOW_UP}", "", "Stage “Follow up” is gone."),
        (
            '"object"]',
            '"object"], unverified = "All of it."',
            "Consultation “Agencies”: unverified is “All of it.”, was nothing.",
        ),
    ],
)
def test_two_that_differ_are_compared_in_words(old, new, told, written):
    before, after = load(written(BASE)).playbook, load(written(BASE.replace(old, new, 1))).playbook
    found = [each.told for each in differences(before, after)]
    assert told in found if told else found == []


def test_another_order_is_a_difference(written):
    before = load(written(BASE)).playbook
    after = replace(before, disposition=before.disposition[::-1])
    assert [each.told for each in differences(before, after)] == ["The order of the dispositions is another."]


def test_another_playbook_is_called_so():
    first, second = (each.playbook for each in every()[:2])
    assert differences(first, second)[0].told.startswith(f"Another playbook: “{second.title}” instead of")
    assert differences(first, first) == []


AFTER_AGENCIES = "calendar days after “Agencies” is sent (each consultee apart)"
CLOCKS = {
    "triage": "Within 5 business days after “Asked”, until the stage “Intake” is left.",
    "silence": f"Silence may count as concurrence 14 {AFTER_AGENCIES}, unless the answer is in.",
    "answer": "Within 30 calendar days after “Served” (each party apart), until the reply is in.",
    "again": "Every 6 months after the approval, counted from a fixed day, until “Looked” is dated each time.",
    "early": f"Not before 21 {AFTER_AGENCIES} may the stage “Decision” be entered.",
    "keep": "Records are kept for 10 years after the approval.",
}


@pytest.mark.parametrize("key", CLOCKS)
def test_a_clock_is_told_in_a_sentence(key, written):
    made = load(written(BASE)).playbook
    assert words.sentence(made, made.row("clock", key)) == CLOCKS[key]


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({}, ["Missed, it is flagged."]),
        (
            {"warn": ["5 bus_day", "1 bus_day"]},
            ["Warning 5 business days and 1 business day before.", "Missed, it is flagged."],
        ),
        (
            {"roll": "next_business_day", "on_expiry": "escalate:analyst"},
            ["A last day that is no business day moves to the next one.", "Missed, it goes to the analyst."],
        ),
        (
            {"count": "clear", "cutoff": "17:00"},
            ["Only full days between count.", "After 17:00 the next business day counts.", "Missed, it is flagged."],
        ),
        ({"toll": ["court_order"]}, ["It pauses for: court order.", "Missed, it is flagged."]),
    ],
)
def test_how_a_clock_is_counted_is_told(changed, told, written):
    made = load(written(BASE.replace(*triage(**changed)))).playbook
    assert list(words.particulars(made.clock[0])) == told


@pytest.mark.parametrize(
    ("as_of", "today", "told"),
    [
        ("2025-07-01", "2026-07-01", ""),
        ("2025-07-01", "2026-07-02", "Rule text last read 1 July 2025."),
        ("2024-02-29", "2025-02-28", ""),
        ("2024-02-29", "2025-03-01", "Rule text last read 29 February 2024."),
    ],
)
def test_a_text_not_read_for_a_year_says_so(as_of, today, told):
    assert words.aged(datetime.date.fromisoformat(as_of), datetime.date.fromisoformat(today)) == told
