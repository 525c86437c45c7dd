"""What happened, or is said to have happened, to whom, on whose word."""

import datetime

import pytest
from django.db import transaction

from riskreview.audit.models import Entry
from riskreview.audit.refusals import NotAllowed, NotNow, Stale
from riskreview.incidents.models import Citation, Incident, Involvement
from riskreview.vendors.models import Product
from tests import expect, make

pytestmark = pytest.mark.django_db
DAY = datetime.date(2025, 1, 29)
Role, Standing = Involvement.Role, Incident.Standing


@pytest.fixture
def incident(alice):
    return make.incident(by=alice)


@pytest.fixture
def vendor(alice):
    return make.vendor(by=alice)


def test_reporting_puts_it_on_record_as_alleged(alice):
    before = Entry.objects.count()
    incident = make.incident(by=alice, title=" Accounts blocked ")
    assert (incident.ref, incident.title, incident.standing) == ("INC-2025-001", "Accounts blocked", Standing.ALLEGED)
    assert not incident.is_established
    entry = Entry.objects.about(incident).get()
    assert (entry.verb, entry.actor, Entry.objects.count()) == ("incident.report", alice, before + 1)
    assert entry.public["subject"]["label"] == "INC-2025-001"


def test_numbers_count_per_year_of_the_event(alice):
    years = (2025, 2024, 2025)
    refs = [make.incident(by=alice, occurred_from=datetime.date(year, 12, 1)).ref for year in years]
    assert refs == ["INC-2025-001", "INC-2024-001", "INC-2025-002"]


def test_numbers_go_on_after_the_thousandth(alice):
    incident = make.incident(by=alice)
    Incident.objects.filter(pk=incident.pk).update(ref="INC-2025-1009")
    assert make.incident(by=alice).ref == "INC-2025-1010"


def test_a_rolled_back_report_leaves_no_gap(alice):
    with transaction.atomic():
        make.incident(by=alice)
        transaction.set_rollback(True)
    assert make.incident(by=alice).ref == "INC-2025-001"


def test_reporting_refuses_people_who_do_not_review(bob, dave, erin):
    for person in (bob, dave, erin):
        with expect.refusal(NotAllowed, match="Only reviewers and leads"):
            Incident.objects.report(
                by=person, kind=Incident.Kind.HAZARD, title="x", neutral_summary="x", occurred_from=DAY
            )


def test_an_involvement_names_a_vendor_and_a_role(incident, vendor, alice):
    with expect.one_entry("incident.involve", by=alice, about=incident):
        involvement = incident.involve(by=alice, vendor=vendor, role=Role.ACCUSED)
    assert (involvement.vendor, involvement.role, involvement.alleged) == (vendor, Role.ACCUSED, True)
    assert list(Incident.objects.all().involving(vendor)) == [incident]


def test_an_involvement_names_a_product(incident, vendor, alice):
    product = vendor.add_product(by=alice, name="R1", kind=Product.Kind.MODEL)
    incident.involve(by=alice, product=product, role=Role.DEPLOYER, alleged=False)
    assert list(Incident.objects.all().involving(vendor)) == [incident]


def test_an_involvement_names_exactly_one(incident, vendor, alice):
    product = vendor.add_product(by=alice, name="R1", kind=Product.Kind.MODEL)
    for both in ({}, {"vendor": vendor, "product": product}):
        with expect.refusal(NotNow, incident, match="either a vendor or a product"):
            incident.involve(by=alice, role=Role.ACCUSED, **both)


def test_the_same_involvement_twice_is_refused(incident, vendor, alice):
    incident.involve(by=alice, vendor=vendor, role=Role.ACCUSED)
    with expect.refusal(NotNow, incident, match="already"):
        incident.involve(by=alice, vendor=vendor, role=Role.ACCUSED, alleged=False)
    assert incident.involve(by=alice, vendor=vendor, role=Role.HARMED)


def test_a_citation_keeps_the_passage_word_for_word(incident, alice):
    snapshot = make.snapshot()
    with expect.one_entry("incident.cite", by=alice, about=incident):
        citation = incident.cite(by=alice, snapshot=snapshot, start=3, end=20)
    assert (citation.passage, citation.document) == (snapshot.text[3:20], snapshot.document)


@pytest.mark.parametrize(("start", "end"), [(5, 5), (-1, 4), (0, 10_000)])
def test_a_citation_lies_in_the_text(incident, alice, start, end):
    snapshot = make.snapshot()
    with expect.refusal(NotNow, incident, match="not in the archived text"):
        incident.cite(by=alice, snapshot=snapshot, start=start, end=end)


def test_the_same_citation_twice_is_refused(incident, alice):
    snapshot = make.snapshot()
    incident.cite(by=alice, snapshot=snapshot, start=3, end=20)
    with expect.refusal(NotNow, incident, match="already"):
        incident.cite(by=alice, snapshot=snapshot, start=3, end=20)


@pytest.mark.parametrize("standing", Standing)
def test_only_a_confirmation_or_a_finding_makes_a_fact(incident, alice, standing):
    with expect.one_entry("incident.reassess", by=alice, about=incident):
        incident.reassess(by=alice, standing=standing, reason="So it was reported.")
    facts = {Standing.CONFIRMED_BY_VENDOR, Standing.OFFICIAL_FINDING, Standing.COURT_FINDING}
    assert incident.is_established == (standing in facts)


def test_repetition_makes_nothing_a_fact(incident, alice):
    for _ in range(5):
        incident.cite(by=alice, snapshot=make.snapshot(), start=0, end=9)
    assert not incident.is_established


def test_a_standing_nobody_knows_is_refused(incident, alice):
    with pytest.raises(ValueError, match="not a valid"):
        incident.reassess(by=alice, standing="TRUE", reason="Everyone says so.")
    assert expect.told(incident)["standing"] == Standing.ALLEGED


def test_who_does_not_review_changes_nothing(incident, vendor, alice, bob, dave, erin):
    snapshot = make.snapshot()
    acts = {
        "involve": {"vendor": vendor, "role": Role.ACCUSED},
        "cite": {"snapshot": snapshot, "start": 0, "end": 5},
        "reassess": {"standing": Standing.DENIED, "reason": "x"},
    }
    for verb, arguments in acts.items():
        for person in (bob, dave, erin):
            with expect.refusal(NotAllowed, incident):
                getattr(incident, verb)(by=person, **arguments)
        with expect.refusal(Stale, incident):
            getattr(incident, verb)(by=alice, seen=0, **arguments)


def test_only_people_who_read_see_incidents(incident, dave, erin):
    assert list(Incident.objects.visible_to(dave)) == [incident]
    assert list(Incident.objects.visible_to(erin)) == []


INCIDENT = [
    ("incident_dates_in_order", {"occurred_to": DAY - datetime.timedelta(days=1)}),
    ("incident_ref_form", {"ref": "INC-25-001"}),
    ("incident_ref_form", {"ref": "INC-2025-01"}),
]


@pytest.mark.parametrize(("constraint", "columns"), INCIDENT)
def test_an_incident_keeps_its_rules(incident, constraint, columns):
    with expect.violation(constraint):
        Incident.objects.update(**columns)


def test_its_parts_keep_their_rules(incident, vendor, alice):
    incident.involve(by=alice, vendor=vendor, role=Role.ACCUSED)
    with expect.violation("involvement_names_one"):
        Involvement.objects.update(vendor=None)
    with expect.violation("involvement_once"):
        incident.involvements.create(vendor=vendor, role=Role.ACCUSED)
    citation = incident.cite(by=alice, snapshot=make.snapshot(), start=0, end=9)
    with expect.violation("citation_span"):
        Citation.objects.update(end=0)
    with expect.violation("citation_once"):
        Citation.objects.create(
            incident=incident, document=citation.document, snapshot=citation.snapshot, start=0, end=9, passage="x"
        )


def test_every_constraint_has_its_test():
    tested = {name for name, _ in INCIDENT}
    tested |= {"involvement_names_one", "involvement_once", "citation_span", "citation_once"}
    assert tested == expect.constraints("incidents")
