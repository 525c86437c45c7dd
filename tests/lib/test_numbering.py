"""Numbers without gaps or races."""

import datetime

import pytest
from django.db import connection, transaction

from riskreview.incidents.models import Incident
from riskreview.lib.numbering import next_reference
from tests import expect, make

PREFIX = "INC-2025-"


def numbered(digits=3):
    with transaction.atomic():
        return next_reference(Incident.objects.all(), PREFIX, digits=digits)


@pytest.mark.django_db
def test_the_first_is_one():
    assert (numbered(), numbered(digits=5)) == ("INC-2025-001", "INC-2025-00001")


@pytest.mark.django_db
def test_it_counts_by_number_and_not_by_letter(alice):
    for ref in ("INC-2025-999", "INC-2025-1000"):
        Incident.objects.filter(pk=make.incident(by=alice).pk).update(ref=ref)
    assert numbered() == "INC-2025-1001"


@pytest.mark.django_db
def test_other_prefixes_count_apart(alice):
    make.incident(by=alice, occurred_from=datetime.date(2024, 5, 1))
    assert numbered() == "INC-2025-001"


@pytest.mark.django_db(transaction=True)
def test_the_next_waits_until_this_one_is_in_or_gone():
    def impatient():
        with transaction.atomic():
            connection.cursor().execute("SET LOCAL lock_timeout = '200ms'")
            return next_reference(Incident.objects.all(), PREFIX, digits=3)

    with transaction.atomic():
        next_reference(Incident.objects.all(), PREFIX, digits=3)
        (refused,) = expect.at_once([impatient])
    assert "lock timeout" in str(refused)
    assert expect.at_once([impatient]) == ["INC-2025-001"]
