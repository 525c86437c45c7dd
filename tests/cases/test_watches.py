"""What a watch makes of what was found: it trips, finds nothing, or says that it could not look."""

import datetime

import pytest

from riskreview.audit.refusals import NotNow
from riskreview.cases.models import Condition
from riskreview.cases.watches import (
    LOOKS,
    TAKEN,
    Address,
    CouldNot,
    Facts,
    Nothing,
    Place,
    Thing,
    Trip,
    checked,
    is_named,
    looked,
)

NOW = datetime.datetime(2025, 3, 1, 12, 0, tzinfo=datetime.UTC)
TODAY = NOW.date()
DAY = datetime.timedelta(days=1)
LIST = Address(7, "Hangzhou DeepSeek Artificial Intelligence Co., Ltd.\n深度求索", NOW - DAY, gone=False)
HEARD = Place("Register", enabled=True, quiet=False, ended=False)


def facts(**found):
    return Facts(NOW, **found)


@pytest.mark.parametrize(
    ("watch", "parameters", "found", "outcome"),
    [
        ("EXPIRY_DATE", {}, facts(due_on=TODAY), Nothing),
        ("EXPIRY_DATE", {}, facts(due_on=TODAY - DAY), Trip),
        ("EXPIRY_DATE", {}, facts(), CouldNot),
        ("REPORT_DUE", {}, facts(due_on=TODAY), Nothing),
        ("REPORT_DUE", {}, facts(due_on=TODAY - DAY), Trip),
        ("LIST_ENTRY", {"document": 7, "name": "deepseek  artificial"}, facts(address=LIST), Trip),
        ("LIST_ENTRY", {"document": 7, "name": "Alibaba"}, facts(address=LIST), Nothing),
        ("LIST_ENTRY", {"document": 7, "name": "DeepSeek", "wanted": "PRESENT"}, facts(address=LIST), Nothing),
        ("LIST_ENTRY", {"document": 7, "name": "Alibaba", "wanted": "PRESENT"}, facts(address=LIST), Trip),
        ("LIST_ENTRY", {"document": 7, "name": "Alibaba"}, facts(), CouldNot),
        ("LIST_ENTRY", {"document": 7, "name": "Alibaba"}, facts(address=Address(7, None, NOW, gone=False)), CouldNot),
        ("DOCUMENT_CHANGED", {"document": 7}, facts(address=LIST), Nothing),
        ("DOCUMENT_CHANGED", {"document": 7}, facts(address=LIST, changes=(Thing(7, "It changed.", 3),)), Trip),
        ("DOCUMENT_CHANGED", {"document": 7}, facts(address=Address(7, "Words", NOW, gone=True)), CouldNot),
        ("DOCUMENT_CHANGED", {"document": 7}, facts(address=Address(7, "Words", NOW - 40 * DAY, gone=False)), CouldNot),
        ("OFFICIAL_ACTION", {}, facts(vendors=(1,)), Nothing),
        ("OFFICIAL_ACTION", {}, facts(vendors=(1,), news=(Thing(9, "A notice."),)), Trip),
        ("OFFICIAL_ACTION", {}, facts(vendors=(1,), visited=False), CouldNot),
        ("OFFICIAL_ACTION", {}, facts(vendors=(1,), visited=False, news=(Thing(9, "A notice."),)), Trip),
        ("OFFICIAL_ACTION", {}, facts(), CouldNot),
        ("OWNERSHIP_CHANGED", {}, facts(vendors=(1,)), Nothing),
        ("OWNERSHIP_CHANGED", {}, facts(vendors=(1,), owners=[["High-Flyer", 100, "", ""]]), Trip),
        ("OWNERSHIP_CHANGED", {}, facts(vendors=(1,), news=(Thing(9, "A notice."),)), Trip),
        ("INCIDENT_CONFIRMED", {}, facts(vendors=(1,)), Nothing),
        ("INCIDENT_CONFIRMED", {}, facts(vendors=(1,), confirmed=(Thing(4, "Confirmed."),)), Trip),
        ("INCIDENT_CONFIRMED", {}, facts(), CouldNot),
        ("SOURCE_QUIET", {"source": 1}, facts(place=HEARD), Nothing),
        ("SOURCE_QUIET", {"source": 1}, facts(place=Place("R", enabled=True, quiet=True, ended=False)), Trip),
        ("SOURCE_QUIET", {"source": 1}, facts(place=Place("R", enabled=True, quiet=False, ended=True)), Trip),
        ("SOURCE_QUIET", {"source": 1}, facts(place=Place("R", enabled=False, quiet=False, ended=False)), CouldNot),
        (
            "SOURCE_QUIET",
            {"source": 1},
            facts(place=Place("R", enabled=True, quiet=False, ended=False, trouble="It timed out.")),
            CouldNot,
        ),
        ("SOURCE_QUIET", {"source": 1}, facts(), CouldNot),
    ],
)
def test_a_watch_tells_three_things_apart(watch, parameters, found, outcome):
    assert isinstance(looked(watch, parameters, found), outcome)


def test_a_trip_names_what_shows_it():
    found = looked("OFFICIAL_ACTION", {}, facts(vendors=(1,), news=(Thing(9, "A notice."), Thing(10, "Another."))))
    assert (found.reason, found.document, found.told) == ("A notice.", 9, ("documents", 9))


def test_every_kind_of_watch_has_its_look():
    assert set(LOOKS) == set(TAKEN) == set(Condition.Watch.values)


@pytest.mark.parametrize(
    ("name", "text", "found"),
    [
        ("High Flyer", "the firm high\nflyer is named", True),
        ("Meta", "metallurgy is not metaphysics", False),
        ("深度求索", "杭州深度求索人工智能", True),
    ],
)
def test_a_name_is_found_as_whole_words_in_any_script(name, text, found):
    assert is_named(name, text) == found


@pytest.mark.parametrize(
    ("watch", "parameters", "due_on"),
    [
        ("", {"document": 1}, None),
        ("EXPIRY_DATE", {}, None),
        ("REPORT_DUE", {}, None),
        ("LIST_ENTRY", {"document": 1}, None),
        ("LIST_ENTRY", {"name": "DeepSeek"}, None),
        ("LIST_ENTRY", {"document": 1, "name": "DeepSeek", "wanted": "MAYBE"}, None),
        ("DOCUMENT_CHANGED", {"document": "1"}, None),
        ("DOCUMENT_CHANGED", {"document": True}, None),
        ("SOURCE_QUIET", {}, None),
        ("OFFICIAL_ACTION", {"country": "CN"}, None),
    ],
)
def test_a_watch_refuses_what_it_cannot_use(watch, parameters, due_on):
    with pytest.raises(NotNow):
        checked(watch, parameters, due_on)


def test_a_watch_keeps_its_parameters_in_one_spelling():
    given = {"wanted": "", "name": " DeepSeek ", "document": 4}
    assert checked("LIST_ENTRY", given, None) == {"document": 4, "name": "DeepSeek"}
    assert checked("OFFICIAL_ACTION", {"any_source": False}, None) == {}
