"""Effects, conditions, what becomes of decisions, and standings, for programs."""

import datetime

import pytest
import time_machine

from riskreview.cases.models import LegalStatus
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
    "vendor": "deepseek",
}


@pytest.fixture
def case(alice):
    return make.case(by=alice, status=Status.IN_REVIEW)


@pytest.fixture
def decided(case, alice, bob):
    effects = [{"starts_on": D("2024-07-20")}]
    make.decided_with(case, by=alice, approver=bob, effects=effects, conditions=[{"watch": "OFFICIAL_ACTION"}])
    return case


def send(client, case, verb, body):
    case.refresh_from_db()
    road = f"/api/v1/cases/{case.ref}/{verb}/"
    return client.post(road, body, format="json", headers={"If-Match": f'"{case.entry_seq}"'})


def test_an_amendment_leaves_what_it_leaves_out(case, api, alice):
    client = api(alice)
    made = send(client, case, "draft-effect", EFFECT | {"starts_on": "2025-03-01"}).json()["effects"][0]
    assert (made["number"], made["vendor"]["slug"], made["decision"], made["tracks"]) == (1, "deepseek", None, [])
    amended = send(client, case, "amend-effect", {"effect": 1, "target": "Both", "starts_on": None}).json()
    assert amended["effects"][0] == made | {"target": "Both", "starts_on": None}
    watch = {
        "text": "Off the list.",
        "watch": "LIST_ENTRY",
        "parameters": {"document": make.document().pk, "name": "X1"},
    }
    send(client, case, "draft-condition", watch)
    shown = send(client, case, "amend-condition", {"condition": 1, "every_days": 7}).json()["conditions"][0]
    assert (shown["text"], shown["parameters"], shown["every_days"]) == (watch["text"], watch["parameters"], 7)


@pytest.mark.parametrize(
    ("verb", "body", "status"),
    [
        ("draft-effect", EFFECT | {"action": "SHRUG"}, 400),
        ("draft-effect", EFFECT | {"colour": "red"}, 400),
        ("drop-effect", {"effect": 9}, 400),
        ("draft-condition", {"text": "X", "watch": "LIST_ENTRY"}, 409),
        ("draft-condition", {"text": "X", "watch": "OFFICIAL_ACTION", "parameters": {"country": "CN"}}, 409),
        ("settle-condition", {"condition": 1, "state": "OPEN", "note": "X"}, 400),
    ],
)
def test_what_makes_no_sense_is_refused(case, api, alice, verb, body, status):
    make.condition(case, by=alice)
    assert send(api(alice), case, verb, body).status_code == status


def test_a_held_effect_is_not_in_force_and_a_watch_that_has_not_looked_says_nothing_good(decided, api, alice):
    shown = api(alice).get(f"/api/v1/cases/{decided.ref}/").json()
    assert shown["effects"][0]["tracks"] == [
        {"track": "", "in_force": False, "why": "approved and held: not made public", "confirmed": True}
    ]
    condition = shown["conditions"][0]
    assert (condition["looked_at"], condition["outcome"], condition["unseen_since"]) == (None, "", None)


def test_rows_about_a_decision_are_made_listed_and_read(decided, api, alice, carol):
    client, about = api(alice), {"case": decided.ref, "decision": 1}
    public = about | {"channel": "Federal Register", "published_on": "2024-06-24"}
    stayed = about | {"effect": 1, "track": "Docket 1", "kind": "STAYED", "forum": "A court", "as_of": "2025-01-01"}
    stayed |= {"document": make.order().pk, "passage": make.PASSAGE}
    exempt = about | {"holder": "A unit", "grounds": "It studies it.", "starts_on": "2024-07-20"}
    made = [
        client.post("/api/v1/publications/publish/", public, format="json"),
        client.post("/api/v1/legalstatuses/record/", stayed, format="json"),
        api(carol).post("/api/v1/exemptions/grant/", exempt | {"expires_on": "2025-07-20"}, format="json"),
    ]
    assert [each.status_code for each in made] == [201] * 3
    for each, plural in zip(made, ("publications", "legalstatuses", "exemptions"), strict=True):
        listed = client.get(f"/api/v1/{plural}/", {"case": decided.ref}).json()["results"]
        assert listed == [each.json()]
        assert client.get(each["Location"]).json() == each.json()
    assert LegalStatus.objects.get().effect == decided.effects.get()


@pytest.mark.parametrize("wrong", [{"decision": 9}, {"effect": 9}, {"case": "RR-2025-9999"}, {"document": None}])
def test_a_decision_or_effect_that_is_not_there_is_refused(decided, api, alice, wrong):
    about = {"case": decided.ref, "decision": 1, "track": "Docket 1", "kind": "STAYED", "forum": "A court"}
    about |= {"document": make.order().pk, "passage": make.PASSAGE, "as_of": "2025-01-01"}
    answer = api(alice).post("/api/v1/legalstatuses/record/", about | wrong, format="json")
    assert answer.status_code == 400


def test_a_vendor_stands_on_any_day(decided, api, alice):
    make.publication(decided, by=alice, on=D("2024-06-24"))
    client = api(alice, ["read"])
    before = client.get("/api/v1/vendors/deepseek/standing/", {"on": "2024-07-19"}).json()
    after = client.get("/api/v1/vendors/deepseek/standing/", {"on": "2024-07-20"}).json()
    assert (len(before["in_force"]), len(before["not_in_force"])) == (0, 1)
    row = after["in_force"][0]
    assert (row["case"], row["decision"]["number"], row["decision_state"]) == (decided.ref, 1, "PUBLISHED")
    assert row["decision_state_confirmed"]
    assert [each["text"] for each in after["conditions"]] == ["The ownership stays as it is."]


def test_a_standing_tells_programs_of_a_breach(decided, api, alice, carol):
    make.publication(decided, by=alice, on=D("2024-06-24"))
    decided.settle_condition(by=carol, condition=decided.conditions.get(), state="BREACHED", note="It was banned.")
    decided.reopen(by=carol, reason="It was banned.")
    found = api(alice, ["read"]).get("/api/v1/vendors/deepseek/standing/").json()
    assert [(each["case"], each["number"], each["state"]) for each in found["conditions"]] == [
        (decided.ref, 1, "BREACHED")
    ]
    assert found["in_force"][0]["breach"] == "its condition 1 is breached, the case is open again"


def test_a_standing_on_no_day_is_refused_and_without_a_day_is_todays(decided, api, alice):
    client = api(alice)
    assert client.get("/api/v1/vendors/deepseek/standing/", {"on": "2024-02-30"}).status_code == 400
    today = datetime.datetime.now(datetime.UTC).date().isoformat()
    assert client.get("/api/v1/vendors/deepseek/standing/").json()["on"] == today


def test_a_postponement_is_asked_for_and_agreed_to_by_two_programs(decided, api, bob, carol):
    later = {"effect": 1, "starts_on": "2099-09-29", "on": "2024-07-01", "reason": "Updates."}
    shown = send(api(carol), decided, "postpone-effect", later).json()["effects"][1]
    assert (shown["is_asked"], shown["agreed_by"], shown["tracks"][0]["in_force"]) == (True, None, False)
    wrong = send(api(bob), decided, "agree-postponement", {"effect": 2, "password": "wrong"})
    assert (wrong.status_code, wrong.json()["rule"]) == (403, "confirmation")
    agreed = send(api(bob), decided, "agree-postponement", {"effect": 2, "password": PASSWORD}).json()["effects"][1]
    assert (agreed["is_asked"], agreed["agreed_by"]["name"]) == (False, "Bob")


def test_nothing_is_put_on_record_about_a_postponement_that_can_still_be_refused(decided, api, alice, bob, carol):
    later = {"effect": 1, "starts_on": "2099-09-29", "on": "2024-07-01", "reason": "Updates."}
    send(api(carol), decided, "postpone-effect", later)
    about = {"case": decided.ref, "decision": 1, "effect": 2}
    stayed = {"track": "Docket 1", "kind": "STAYED", "forum": "A court", "as_of": "2025-01-01"}
    stayed |= {"document": make.order().pk, "passage": make.PASSAGE}
    exempt = {"holder": "A unit", "grounds": "Talks.", "starts_on": "2024-07-20", "expires_on": "2025-07-20"}
    answers = [
        api(alice).post("/api/v1/legalstatuses/record/", about | stayed, format="json"),
        api(carol).post("/api/v1/exemptions/grant/", about | exempt, format="json"),
    ]
    assert [each.status_code for each in answers] == [409, 409]
    shown = send(api(bob), decided, "refuse-postponement", {"effect": 2, "reason": "No."}).json()["effects"][1]
    assert (shown["number"], shown["is_asked"], shown["is_refused"]) == (2, False, True)


def test_today_is_a_day_of_the_site_for_programs_too(decided, api, alice, settings):
    settings.SITE_TIME_ZONE = "Pacific/Kiritimati"  # UTC+14
    noon = datetime.datetime.now(datetime.UTC).replace(hour=12) + datetime.timedelta(days=1)
    with time_machine.travel(noon):
        found = api(alice).get("/api/v1/vendors/deepseek/standing/").json()["on"]
    assert found == (noon.date() + datetime.timedelta(days=1)).isoformat()
