"""How sources stand, as lists are asked for it."""

import datetime

import pytest

from riskreview.evidence.models import Source
from riskreview.evidence.standing import Standing, standing
from tests import make
from tests.conftest import NOW

pytestmark = pytest.mark.django_db
HOUR = datetime.timedelta(hours=1)
QUIET = {"usual_gap": HOUR, "silent_since": NOW - 4 * HOUR}
LOUD = {"usual_gap": HOUR, "silent_since": NOW - HOUR}


@pytest.mark.parametrize(
    ("columns", "found"),
    [
        ({}, {"working"}),
        (LOUD, {"working"}),
        (QUIET, {"quiet"}),
        ({"last_error": "It was slow."}, {"failing"}),
        (QUIET | {"last_error": "It was slow."}, {"failing", "quiet"}),
        ({"enabled": False}, {"paused"}),
        (QUIET | {"enabled": False, "last_error": "It was slow."}, {"paused"}),
        ({"ended_at": NOW, "ended_why": "Over."}, {"ended"}),
        ({"ended_at": NOW, "last_error": "It was slow."}, {"ended"}),
        ({"ended_at": NOW, "enabled": False}, {"paused"}),
    ],
)
def test_a_source_is_found_where_people_look_for_it(alice, columns, found):
    source = make.source(by=alice)
    if not columns.get("enabled", True):
        source.pause(by=alice, reason="Moved.")
    Source.objects.update(**{name: value for name, value in columns.items() if name != "enabled"})
    assert {word for word in Standing.values if standing(Source.objects.all(), word, NOW).exists()} == found


def test_a_word_that_is_no_standing_is_refused():
    with pytest.raises(ValueError, match="not a valid Standing"):
        standing(Source.objects.all(), "happy", NOW)
