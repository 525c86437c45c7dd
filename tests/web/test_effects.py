"""Effects, conditions and what becomes of a decision, on the case's page; and a vendor's standing on a day."""

import datetime
import re
from html import unescape

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from riskreview.cases.models import Exemption, Kept, LegalStatus, Publication, WatchCheck
from riskreview.cases.workflow import Status
from tests import make
from tests.conftest import PASSWORD

pytestmark = pytest.mark.django_db
D = datetime.date.fromisoformat
EFFECT = {
    "action": "PROHIBIT",
    "target_kind": "HOSTED_SERVICE",
    "target": "chat.deepseek.com",
    "population": "Agencies",
    "jurisdiction": "United States",
}


def words(response, status=200):
    """A page without its markup."""
    assert response.status_code == status, response.content[:2000]
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", response.content.decode())).split())


FAR = D("2099-09-29")


@pytest.fixture
def case(alice):
    return make.case(by=alice, status=Status.IN_REVIEW)


@pytest.fixture
def decided(case, alice, bob):
    effects = [{"starts_on": D("2024-07-20"), "target": "Kaspersky, new agreements"}]
    conditions = [{"text": "No new owner.", "watch": "OWNERSHIP_CHANGED", "owner": alice}]
    make.decided_with(case, by=alice, approver=bob, effects=effects, conditions=conditions)
    return case


def send(browser, case, verb, **fields):
    return browser.post(f"{case.get_absolute_url()}{verb}/", fields | {"seen": case.entry_seq})


def test_without_effects_the_page_says_what_they_are(case, browse, alice):
    page = words(browse(alice).get(case.get_absolute_url()))
    assert "No effect yet" in page
    assert "one with a watch opens the case again by itself" in page


def test_effects_and_conditions_are_drafted_amended_and_dropped(case, browse, alice):
    browser = browse(alice)
    assert send(browser, case, "draft-effect", **EFFECT).status_code == 303
    case.refresh_from_db()
    effect = case.effects.get()
    assert send(browser, case, "amend-effect", **(EFFECT | {"effect": effect.pk, "target": "Both"})).status_code == 303
    case.refresh_from_db()
    condition = {"text": "No new owner.", "watch": "OWNERSHIP_CHANGED", "every_days": 1, "on_trip": "REOPEN"}
    assert send(browser, case, "draft-condition", **condition).status_code == 303
    page = words(browser.get(case.get_absolute_url()))
    for line in ("1. Prohibit: Both", "No new owner.", "Watched: the ownership changes, every 1 day", "Draft"):
        assert line in page, line
    case.refresh_from_db()
    assert send(browser, case, "drop-effect", effect=effect.pk).status_code == 303
    assert not case.effects.exists()


def test_a_form_with_a_problem_comes_back_with_its_words(case, browse, alice):
    fields = EFFECT | {"starts_on": "2025-03-02", "ends_on": "2025-03-01"}
    page = words(send(browse(alice), case, "draft-effect", **fields), 422)
    assert "The effect ends before it begins." in page
    make.effect(case, by=alice)
    case.refresh_from_db()
    answer = send(browse(alice), case, "amend-effect", **(fields | {"effect": case.effects.get().pk}))
    assert "The effect ends before it begins." in words(answer, 422)


def test_whoever_reads_only_is_offered_nothing_and_may_nothing(case, browse, alice, dave):
    make.effect(case, by=alice)
    case.refresh_from_db()
    page = browse(dave).get(case.get_absolute_url()).content.decode()
    assert "draft-effect" not in page
    assert "drop-effect" not in page
    assert send(browse(dave), case, "drop-effect", effect=case.effects.get().pk).status_code == 403


def test_approved_and_held_is_shown_as_not_in_force(decided, browse, dave):
    page = words(browse(dave).get(decided.get_absolute_url()))
    assert "Approved, held It is signed and not made public, so nothing of it is in force." in page
    assert "Not in force approved and held: not made public" in page


def test_each_track_is_shown_with_its_reason(decided, browse, alice, bob):
    make.publication(decided, by=alice, on=D("2024-06-24"))
    a = {"track": "Track A", "kind": "ENJOINED", "forum": "N.D. Cal.", "as_of": D("2025-03-26")}
    b = {"track": "Track B", "kind": "UPHELD", "forum": "D.C. Cir.", "as_of": D("2025-04-08")}
    for told in (a, b):
        make.legal_status(decided, by=alice, **told).confirm(by=bob)
    page = words(browse(alice).get(decided.get_absolute_url()))
    assert "Track A: Not in force enjoined on 26 March 2025 (N.D. Cal.)" in page
    assert "Track B: In force upheld on 8 April 2025 (D.C. Cir.)" in page


def test_a_watch_that_could_not_look_says_so(decided, browse, alice):
    WatchCheck.objects.update(last_error="No source is visited.")
    page = words(browse(alice).get(decided.get_absolute_url()))
    assert "Not checked since" in page
    assert "No source is visited." in page


def test_a_condition_is_settled_and_an_effect_postponed_from_the_page(decided, browse, alice, carol):
    page = browse(alice).get(decided.get_absolute_url()).content.decode()
    assert "settle-condition" in page
    assert "postpone-effect" not in page
    condition = decided.conditions.get()
    answer = send(browse(alice), decided, "settle-condition", condition=condition.pk, state="MET", note="The same.")
    assert answer.status_code == 303
    condition.refresh_from_db()
    assert condition.state == Kept.MET
    decided.refresh_from_db()
    later = {"effect": decided.effects.get().pk, "on": "2024-07-01", "starts_on": "2024-09-29", "reason": "Updates."}
    assert send(browse(carol), decided, "postpone-effect", **later).status_code == 303
    page = words(browse(carol).get(decided.get_absolute_url()))
    assert "Asked for by Carol, waits for an approver In the place of effect 1" in page
    assert "Agree and sign" not in page
    assert "Ask to postpone" not in page  # it is asked for already


def test_an_approver_agrees_on_the_page_with_a_password(decided, browse, bob, carol):
    days = {"starts_on": FAR, "on": D("2024-07-01")}
    later = decided.postpone_effect(by=carol, effect=decided.effects.get(), reason="Updates.", **days)
    browser, about = browse(bob), {"effect": later.pk}
    assert "Agree and sign" in words(browser.get(decided.get_absolute_url()))
    again = send(browser, decided, "agree-postponement", **about, password="wrong")
    assert "This is not your password" in words(again, 422)
    assert send(browser, decided, "agree-postponement", **about, password=PASSWORD).status_code == 303
    later.refresh_from_db()
    assert (later.is_asked, later.agreed_by) == (False, bob)


def test_a_postponement_is_refused_on_the_page(decided, browse, bob, carol):
    days = {"starts_on": FAR, "on": D("2024-07-01")}
    later = decided.postpone_effect(by=carol, effect=decided.effects.get(), reason="Updates.", **days)
    answer = send(browse(bob), decided, "refuse-postponement", effect=later.pk, reason="Nothing has changed.")
    assert answer.status_code == 303
    page = words(browse(bob).get(decided.get_absolute_url()))
    assert "Postponement refused Effect 1 stays as it was signed" in page
    assert "Not in force a postponement that was refused" in page
    assert "Refuse the postponement" not in page
    assert "Ask to postpone" in words(browse(carol).get(decided.get_absolute_url()))


def test_the_state_of_a_decision_says_that_one_person_recorded_what_it_rests_on(decided, browse, alice, bob):
    make.publication(decided, by=alice, on=D("2024-06-24"))
    rescinded = make.legal_status(decided, by=alice, kind="RESCINDED")
    road = decided.get_absolute_url()
    assert "It counts once a second person confirms it." in words(browse(bob).get(road))
    assert "Published Not confirmed" not in words(browse(bob).get(road))
    rescinded.confirm(by=bob)
    make.legal_status(decided, by=alice, kind="UPHELD", as_of=D("2024-11-01"))
    assert "Published Not confirmed This rests on an event that one person" in words(browse(bob).get(road))
    assert "published (not confirmed:" in words(browse(bob).get("/vendors/deepseek/standing/"))


@pytest.mark.parametrize(("zone", "line"), [("UTC", "In force"), ("Pacific/Kiritimati", "Not in force ended on")])
def test_today_is_a_day_of_the_site(case, browse, alice, bob, settings, zone, line):
    settings.SITE_TIME_ZONE = zone
    at = datetime.datetime.now(datetime.UTC).replace(hour=12) + datetime.timedelta(days=1)
    make.decided_with(case, by=alice, approver=bob, effects=[{"starts_on": D("2024-07-20"), "ends_on": at.date()}])
    make.publication(case, by=alice, on=D("2024-06-24"))
    with time_machine.travel(at):
        browser = browse(alice)
        page = words(browser.get(case.get_absolute_url()))
        standing = words(browser.get("/vendors/deepseek/standing/"))
    assert line in page
    assert ("Nothing is in force" in standing) == (zone != "UTC")


def test_an_event_in_law_is_confirmed_or_struck_on_the_page_by_a_second_person(decided, browse, alice, bob):
    event = make.legal_status(decided, by=alice)
    mine, theirs = (words(browse(each).get(decided.get_absolute_url())) for each in (alice, bob))
    for page in (mine, theirs):
        assert "Recorded, not confirmed" in page
        assert "It is so ordered." in page
    assert ("I read it: it says so" in mine, "I read it: it says so" in theirs) == (False, True)
    assert browse(alice).post(f"/legalstatuses/{event.pk}/confirm/", {"seen": 1}).status_code == 403
    assert browse(bob).post(f"/legalstatuses/{event.pk}/confirm/", {"seen": 1}).status_code == 303
    assert "Recorded by Alice, confirmed by Bob." in words(browse(alice).get(decided.get_absolute_url()))
    wrong = make.legal_status(decided, by=alice)
    answer = browse(bob).post(f"/legalstatuses/{wrong.pk}/strike/", {"seen": 1, "reason": "Another docket."})
    assert answer.status_code == 303
    assert "struck by Bob. Another docket." in words(browse(alice).get(decided.get_absolute_url()))


def test_an_event_without_its_document_comes_back(decided, browse, alice):
    stayed = {"decision": decided.decision.pk, "track": "Docket 1", "kind": "STAYED", "forum": "A court"}
    answer = browse(alice).post(f"{decided.get_absolute_url()}legalstatuses/record/", stayed | {"as_of": "2025-01-01"})
    assert answer.status_code == 422
    assert not LegalStatus.objects.exists()


def test_what_becomes_of_a_decision_is_put_on_record(decided, browse, alice, carol):
    browser, about = browse(alice), {"decision": decided.decision.pk}
    road = decided.get_absolute_url()
    public = about | {"channel": "Federal Register", "published_on": "2024-06-24"}
    assert browser.post(f"{road}publications/publish/", public).status_code == 303
    stayed = about | {"track": "Docket 1", "kind": "STAYED", "forum": "A court", "as_of": "2025-01-01"}
    stayed |= {"document": make.order().pk, "passage": make.PASSAGE}
    assert browser.post(f"{road}legalstatuses/record/", stayed).status_code == 303
    exempt = about | {"kind": "WAIVER", "holder": "A unit", "grounds": "It studies it."}
    days = {"starts_on": "2024-07-20", "expires_on": "2099-07-20"}
    assert browser.post(f"{road}exemptions/grant/", exempt | days).status_code == 403
    assert browse(carol).post(f"{road}exemptions/grant/", exempt | days).status_code == 303
    page = words(browser.get(road))
    for line in ("Made public on", "Docket 1: stayed on", "Waiver: A unit", "Holds today"):
        assert line in page, line
    made = Exemption.objects.get()
    back = {"seen": made.entry_seq, "on": "2024-08-01", "reason": "No need."}
    assert browse(carol).post(f"/exemptions/{made.pk}/revoke/", back).status_code == 303
    assert "Taken back from" in words(browser.get(road))


def test_a_publication_without_day_or_reason_comes_back(decided, browse, alice):
    road = f"{decided.get_absolute_url()}publications/publish/"
    answer = browse(alice).post(road, {"decision": decided.decision.pk, "channel": "Federal Register"})
    assert "or else the reason why it is not" in words(answer, 422)
    assert not Publication.objects.exists()


@pytest.mark.parametrize(
    ("on", "line"),
    [
        ("2024-07-19", "Not in force , begins on 20 July 2024"),
        ("2024-07-20", "Prohibit: Kaspersky, new agreements"),
        ("2024-02-30", "“2024-02-30” is no day."),
        ("soon", "“soon” is no day."),
    ],
)
def test_a_vendor_stands_on_any_day(decided, browse, alice, dave, on, line):
    make.publication(decided, by=alice, on=D("2024-06-24"))
    page = words(browse(dave).get("/vendors/deepseek/standing/", {"on": on}))
    assert line in page
    assert decided.ref in page


def test_the_vendors_page_tells_what_is_in_force_today(decided, browse, alice, dave):
    assert "1 decided effect is not in force" in words(browse(dave).get("/vendors/deepseek/"))
    make.publication(decided, by=alice, on=D("2024-06-24"))
    assert "Prohibit: Kaspersky, new agreements" in words(browse(dave).get("/vendors/deepseek/"))


def test_a_breach_is_told_wherever_the_effect_is_in_force(decided, browse, alice, carol):
    make.publication(decided, by=alice, on=D("2024-06-24"))
    client = browse(alice)
    pages = (decided.get_absolute_url(), "/vendors/deepseek/standing/", "/vendors/deepseek/")
    assert not any("is breached" in words(client.get(each)) for each in pages)
    assert f"No new owner. Open {decided.ref}, condition 1" in words(client.get(pages[1]))
    decided.settle_condition(by=carol, condition=decided.conditions.get(), state="BREACHED", note="It was sold.")
    decided.reopen(by=carol, reason="It was sold.")
    for each in pages:
        assert "In force; its condition 1 is breached, the case is open again" in words(client.get(each)).replace(
            " ;", ";"
        ), each
    assert f"No new owner. Breached {decided.ref}, condition 1" in words(client.get(pages[1]))


def test_more_effects_and_conditions_take_no_more_queries(case, browse, alice):
    browser = browse(alice)

    def queries():
        with CaptureQueriesContext(connection) as captured:
            browser.get(case.get_absolute_url())
        return len(captured)

    make.effect(case, by=alice)
    make.condition(case, by=alice)
    before = queries()
    for _ in range(3):
        make.effect(case, by=alice)
        make.condition(case, by=alice, watch="OWNERSHIP_CHANGED")
    assert queries() - before <= 3 * 5  # the choices of each draft's own forms
