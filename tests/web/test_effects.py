"""Effects, conditions and what becomes of a decision, on the case's page; and a vendor's standing on a day."""

import datetime
import re
from html import unescape

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from riskreview.cases.models import Exemption, Kept, LegalStatus, Publication, WatchCheck
from riskreview.cases.workflow import Status
from tests import make

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


def test_each_track_is_shown_with_its_reason(decided, browse, alice):
    make.publication(decided, by=alice, on=D("2024-06-24"))
    own = {"by": alice, "case": decided, "decision": decided.decision}
    LegalStatus.objects.record(**own, track="Track A", kind="ENJOINED", forum="N.D. Cal.", as_of=D("2025-03-26"))
    LegalStatus.objects.record(**own, track="Track B", kind="UPHELD", forum="D.C. Cir.", as_of=D("2025-04-08"))
    page = words(browse(alice).get(decided.get_absolute_url()))
    assert "Track A: Not in force enjoined on 2025-03-26 (N.D. Cal.)" in page
    assert "Track B: In force upheld on 2025-04-08 (D.C. Cir.)" in page


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
    assert "In the place of effect 1" in words(browse(carol).get(decided.get_absolute_url()))


def test_what_becomes_of_a_decision_is_put_on_record(decided, browse, alice, carol):
    browser, about = browse(alice), {"decision": decided.decision.pk}
    road = decided.get_absolute_url()
    public = about | {"channel": "Federal Register", "published_on": "2024-06-24"}
    assert browser.post(f"{road}publications/publish/", public).status_code == 303
    stayed = about | {"track": "Docket 1", "kind": "STAYED", "forum": "A court", "as_of": "2025-01-01"}
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
        ("2024-07-19", "Not in force begins on 2024-07-20"),
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
