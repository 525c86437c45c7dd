"""How a watch looks at the register and the archive, and what follows at once."""

import datetime

import pytest
from django.db.models.functions import Now
from django.utils import timezone

from riskreview.cases import tasks
from riskreview.cases.models import Kept, Task, WatchCheck
from riskreview.cases.workflow import Status
from riskreview.evidence.models import Change, Document, Salience, Source
from tests import make

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)


@pytest.fixture
def sweep(monkeypatch, settings):
    """One sweep, and the work it offers."""
    settings.SWEEP_SECONDS = 0.000_01
    sent = []
    monkeypatch.setattr(tasks.watch, "delay", lambda **arguments: sent.append(arguments))

    def once(times=1):
        tasks.sweep()
        batch, sent[:] = list(sent), []
        for arguments in batch * times:
            tasks.watch(**arguments)
        return len(batch)

    return once


@pytest.fixture
def official(alice):
    return make.source(by=alice, name="Official Journal", source_class=Source.Class.OFFICIAL_NOTICE)


@pytest.fixture
def decide(alice, bob):
    """A decided case with one condition."""

    def with_condition(effects=(), **details):
        case = make.case(by=alice, status=Status.IN_REVIEW, on=datetime.date(2025, 1, 28))
        make.decided_with(case, by=alice, approver=bob, effects=effects, conditions=[details])
        return case

    return with_condition


def notice(source, vendor, headline="Order on DeepSeek", **columns):
    """A document about a vendor that came in just now."""
    document = make.document(source=source, headline=headline)
    Salience.objects.create(document=document, vendor=vendor, value=1000)
    if columns:
        Document.objects.filter(pk=document.pk).update(**columns)
    return document


def look_again(case):
    WatchCheck.objects.filter(condition__case=case).update(not_before=Now())


def state_of(case):
    case.refresh_from_db()
    return case.status, case.conditions.get().state


STAYS, OPENED = (Status.DECIDED, Kept.OPEN), (Status.NEW, Kept.BREACHED)


def test_nothing_new_leaves_the_case_decided_and_says_so(decide, sweep, official):
    case = decide(watch="OFFICIAL_ACTION")
    assert sweep() == 1
    check = WatchCheck.objects.get()
    assert (state_of(case), check.outcome) == (STAYS, "Nothing new about these vendors.")
    assert (check.looked_at is None, check.unseen_since(timezone.now())) == (False, None)
    assert sweep() == 0, "the next look is a day away"


def test_a_new_official_notice_opens_the_case_again(decide, sweep, official, alice):
    case = decide(watch="OFFICIAL_ACTION")
    found = notice(official, case.vendors.get())
    sweep(times=2)
    assert state_of(case) == OPENED
    assert case.conditions.get().note == "Harbour Wire has a new official notice: “Order on DeepSeek”."
    assert found.first_seen_at > WatchCheck.objects.get().since


@pytest.mark.parametrize(
    ("by_source", "columns"),
    [
        (Source.Class.NEWSPAPER, {}),
        (Source.Class.REGULATOR, {"published_at": make.WHEN - DAY}),
        (Source.Class.REGULATOR, {"first_seen_at": make.WHEN}),
    ],
)
def test_what_is_no_news_from_an_authority_opens_nothing(decide, sweep, alice, official, by_source, columns):
    case = decide(watch="OFFICIAL_ACTION")
    notice(make.source(by=alice, source_class=by_source), case.vendors.get(), **columns)
    sweep()
    assert state_of(case) == STAYS


def test_news_about_another_vendor_opens_nothing(decide, sweep, official, alice):
    case = decide(watch="OFFICIAL_ACTION")
    notice(official, make.vendor("Alibaba", by=alice))
    sweep()
    assert state_of(case) == STAYS


def test_without_a_source_it_says_not_checked_since_and_never_that_all_is_well(decide, sweep, official, alice):
    official.pause(by=alice, reason="Moved.")
    case = decide(watch="OFFICIAL_ACTION")
    sweep()
    check = WatchCheck.objects.get()
    assert (check.looked_at, check.outcome) == (None, "")
    assert check.last_error == "No source from which such news would come is visited."
    assert check.unseen_since(timezone.now()) == check.since
    assert state_of(case) == STAYS


def test_a_watch_whose_worker_is_gone_is_behind_after_a_day(decide, sweep, official):
    decide(watch="OFFICIAL_ACTION")
    sweep()
    check = WatchCheck.objects.get()
    assert check.unseen_since(timezone.now() + 1.9 * DAY) is None
    assert check.unseen_since(timezone.now() + 2.1 * DAY) == check.looked_at


def test_the_first_look_after_a_failure_makes_it_well_again(decide, sweep, official, alice):
    official.pause(by=alice, reason="Moved.")
    case = decide(watch="OFFICIAL_ACTION")
    sweep()
    official.unpause(by=alice)
    look_again(case)
    sweep()
    assert WatchCheck.objects.get().unseen_since(timezone.now()) is None


def test_another_owner_on_the_register_opens_the_case_again(decide, sweep, official, alice):
    vendor = make.vendor(by=alice)
    vendor.relate(by=alice, other=make.vendor("High-Flyer", by=alice), kind="PARENT", share_percent=100)
    case = decide(watch="OWNERSHIP_CHANGED")
    sweep()
    assert state_of(case) == STAYS
    vendor.relate(by=alice, other=make.vendor("Another Fund", by=alice), kind="PARENT", share_percent=20)
    look_again(case)
    sweep()
    assert state_of(case) == OPENED


def test_an_incident_that_is_confirmed_opens_the_case_again_and_one_confirmed_before_does_not(decide, sweep, alice):
    vendor = make.vendor(by=alice)
    known, told = (make.incident(by=alice, title=title) for title in ("Old leak", "New leak"))
    for incident in (known, told):
        incident.involve(by=alice, vendor=vendor, role="DEVELOPER")
    known.reassess(by=alice, standing="OFFICIAL_FINDING", reason="The authority says so.")
    case = decide(watch="INCIDENT_CONFIRMED")
    sweep()
    assert state_of(case) == STAYS
    told.reassess(by=alice, standing="CONFIRMED_BY_VENDOR", reason="They say so.")
    look_again(case)
    sweep()
    assert state_of(case) == OPENED
    assert told.ref in case.conditions.get().note


@pytest.mark.parametrize("limit", ["vendor", "product"])
def test_a_watch_for_incidents_is_limited_to_what_the_condition_names(decide, sweep, alice, limit):
    vendor, other = make.vendor(by=alice), make.vendor("OpenAI", by=alice)
    product = vendor.products.first() or vendor.add_product(by=alice, name="Chat", kind="APP")
    parameters = {limit: (other if limit == "vendor" else product).pk}
    case = decide(effects=[{"vendor": other}], watch="INCIDENT_CONFIRMED", parameters=parameters)
    elsewhere, here = (make.incident(by=alice, title=title) for title in ("Elsewhere", "Here"))
    elsewhere.involve(by=alice, vendor=vendor, role="DEVELOPER")
    here.involve(by=alice, **({"vendor": other} if limit == "vendor" else {"product": product}), role="DEVELOPER")
    elsewhere.reassess(by=alice, standing="OFFICIAL_FINDING", reason="The authority says so.")
    sweep()
    assert state_of(case) == STAYS
    here.reassess(by=alice, standing="OFFICIAL_FINDING", reason="The authority says so.")
    look_again(case)
    sweep()
    assert state_of(case) == OPENED
    assert here.ref in case.conditions.get().note


def test_a_document_that_changes_opens_the_case_again(decide, sweep):
    terms = make.document(headline="Terms of use")
    case = decide(watch="DOCUMENT_CHANGED", parameters={"document": terms.pk})
    terms.refresh_from_db()
    assert terms.check_at, "its address is looked at from now on"
    sweep()
    assert state_of(case) == STAYS
    make.correction(terms)
    look_again(case)
    sweep()
    assert state_of(case) == OPENED
    assert "Terms of use" in case.conditions.get().note


def test_a_name_on_a_list_opens_the_case_again(decide, sweep):
    register = make.document("Entities: Alibaba Cloud; DeepSeek.", headline="The list")
    other = {"document": register.pk, "name": "Moonshot"}
    case = decide(watch="LIST_ENTRY", parameters=other)
    sweep()
    assert state_of(case) == STAYS
    listed = decide(watch="LIST_ENTRY", parameters=other | {"name": "DeepSeek"})
    sweep()
    assert state_of(listed) == OPENED


def test_a_day_that_passes_opens_the_case_again(decide, sweep):
    today = timezone.now().date()
    later = decide(watch="EXPIRY_DATE", due_on=today)
    over = decide(watch="REPORT_DUE", due_on=today - DAY)
    sweep()
    assert (state_of(later), state_of(over)) == (STAYS, OPENED)


def test_a_source_that_goes_quiet_opens_the_case_again(decide, sweep, official):
    case = decide(watch="SOURCE_QUIET", parameters={"source": official.pk})
    sweep()
    assert state_of(case) == STAYS
    Source.objects.filter(pk=official.pk).update(usual_gap=DAY, silent_since=timezone.now() - 4 * DAY)
    look_again(case)
    sweep()
    assert state_of(case) == OPENED


def test_a_noisy_watch_asks_the_lead_once_for_each_thing_and_leaves_the_case_decided(decide, sweep, official):
    case = decide(watch="OFFICIAL_ACTION", on_trip="SUGGEST")
    vendor = case.vendors.get()
    first = notice(official, vendor)
    for _ in range(2):
        look_again(case)
        sweep()
    notice(official, vendor, headline="Another order")
    look_again(case)
    sweep()
    assert state_of(case) == STAYS
    assert Task.objects.count() == 2
    assert first.get_absolute_url() in Task.objects.order_by("pk").first().detail
    assert WatchCheck.objects.get().tripped_at


def test_a_day_that_passed_is_asked_about_once(decide, sweep):
    case = decide(watch="REPORT_DUE", due_on=timezone.now().date() - DAY, on_trip="SUGGEST")
    for _ in range(3):
        look_again(case)
        sweep()
    assert Task.objects.count() == 1


def test_a_person_who_was_faster_is_not_overruled(decide, sweep, official, carol):
    case = decide(watch="OFFICIAL_ACTION")
    case.settle_condition(by=carol, condition=case.conditions.get(), state=Kept.WAIVED, note="No need.")
    WatchCheck.objects.update(ended_at=None)  # as if the look had begun before
    notice(official, case.vendors.get())
    sweep()
    assert state_of(case) == (Status.DECIDED, Kept.WAIVED)
    assert not WatchCheck.objects.live().exists()


def test_a_document_that_is_read_brings_the_look_forward(decide, sweep, official):
    case = decide(watch="OFFICIAL_ACTION")
    sweep()
    vendor = case.vendors.get()
    notice(official, vendor)
    assert sweep() == 0
    WatchCheck.objects.hurry_for_vendors([vendor.pk])
    sweep()
    assert state_of(case) == OPENED


def test_a_change_of_its_document_brings_the_look_forward(decide, sweep):
    terms = make.document(headline="Terms of use")
    case = decide(watch="DOCUMENT_CHANGED", parameters={"document": terms.pk})
    sweep()
    make.correction(terms)
    WatchCheck.objects.hurry_for_document(terms)
    sweep()
    assert (state_of(case), Change.objects.count()) == (OPENED, 1)


def test_watched_documents_are_found_by_their_number(decide):
    terms = make.document(headline="Terms of use")
    decide(watch="DOCUMENT_CHANGED", parameters={"document": terms.pk})
    decide(watch="OFFICIAL_ACTION")
    assert [each.watched for each in WatchCheck.objects.documents()] == [terms.pk]


def test_a_watch_whose_lead_has_left_asks_whoever_is_there(sweep, alice, bob, carol, system):
    case = make.case(by=alice, status=Status.IN_REVIEW)
    case.assign(by=carol, to=alice)
    noisy = {"watch": "EXPIRY_DATE", "due_on": datetime.date(2025, 1, 1), "on_trip": "SUGGEST"}
    make.decided_with(case, by=alice, approver=bob, conditions=[noisy])
    carol.dismiss(by=system, reason="Left.")
    sweep()
    assert [task.owner for task in case.tasks.all()] == [None]
