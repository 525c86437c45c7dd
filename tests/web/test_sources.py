"""The source register: what a page tells of a source, the list, a visit that is followed, and the alarm."""

from __future__ import annotations

import datetime

import pytest
from django.utils import timezone

from riskreview.audit.models import Entry, Ledger
from riskreview.evidence import kinds
from riskreview.evidence.models import Answer, Host, Source, Visit
from riskreview.web import sources as pages
from riskreview.web import status
from riskreview.web.charts import day_bars
from riskreview.web.condition import health, progress, told
from tests import make
from tests.conftest import NOW

from .conftest import text_of

pytestmark = pytest.mark.django_db
HOUR = datetime.timedelta(hours=1)
ASKING = kinds.About(
    "ASKING", "A service that is asked", "Give it a query.", address="https://asked.example/api",
    settings=(kinds.Setting("query", "Query", "Words.", required=True), kinds.Setting("country", "Country")),
    secret="OPTIONAL",
)  # fmt: skip


@pytest.fixture
def asking(monkeypatch):
    """A kind of source with settings and a credential."""
    monkeypatch.setitem(kinds._known, "ASKING", ASKING)


@pytest.fixture
def source(alice):
    return make.source(by=alice, name="Harbour Wire", owner=alice)


@pytest.fixture
def at(monkeypatch):
    """Let pages be asked for at another time."""

    def travel(moment):
        for module in (pages, status):
            monkeypatch.setattr(module.timezone, "now", lambda: moment)

    return travel


def answered(source, **columns):
    """An answer of a source, as it stands after the workers had it."""
    visit = Visit.objects.note(source, Answer(source.url, b"<rss/>", status=200))
    Visit.objects.filter(pk=visit.pk).update(**columns)
    return Visit.objects.get(pk=visit.pk)


def shown(browse, user, source):
    return text_of(browse(user).get(source.get_absolute_url()))


def test_a_source_tells_how_it_is_asked_and_never_a_secret(browse, alice, asking):
    source = make.source(
        by=alice, kind="ASKING", url="", config={"query": "deepseek", "country": "cn"}, credential="their-key",
        owner=alice, language="zh",
    )  # fmt: skip
    page = shown(browse, alice, source)
    for words in (
        "A service that is asked", "Owner Alice", "Query deepseek", "Country cn", "Credential their-key", "Language zh",
        "robots.txt heeded", "Kept Whole texts", "Every 60 min",
    ):  # fmt: skip
        assert words in page, words


def test_a_reader_sees_everything_and_changes_nothing(browse, dave, source):
    response = browse(dave).get(source.get_absolute_url())
    assert response.status_code == 200
    assert b"Fetch now" not in response.content
    assert b"Register a source" not in browse(dave).get("/sources/").content


def test_the_letter_has_its_history_with_reasons(browse, alice, carol, source):
    source.grade(by=carol, reliability="C", reason="Two corrections in a month.")
    source.grade(by=alice, reliability="D", reason="It denied them.")
    page = shown(browse, alice, source)
    assert page.index("C → D It denied them.") < page.index("B → C Two corrections") < page.index("B when it was")


def test_a_grade_that_was_erased_says_so(browse, alice, system, source, sign_log):
    source.grade(by=alice, reliability="E", reason="A rumour.")
    sign_log()
    entry = Entry.objects.about(source).newest_first()[0]
    Ledger.objects.the().erase(by=system, entries=[entry.uuid], basis="GDPR Article 17(1)(a)")
    page = shown(browse, alice, source)
    assert "What was said was erased." in page
    assert "A rumour." not in page


def test_confirming_a_letter_is_part_of_its_history(browse, alice, source):
    source.grade(by=alice, reliability="B", reason="Still right.")
    assert "B → B Still right." in shown(browse, alice, source)


VISITS = [
    ({}, "waiting to be read"),
    ({"last_error": "It was slow."}, "waiting to be read; the last attempt failed: It was slow."),
    ({"read_at": NOW, "items": 12, "new_items": 3}, "12 items, 3 new"),
    ({"read_at": NOW, "items": 1, "new_items": 0}, "1 item, 0 new"),
    ({"read_at": NOW, "reason": "It is a web page."}, "could not be read: It is a web page."),
    ({"read_at": NOW, "sha256": "", "reason": "Nobody answered."}, "could not be fetched: Nobody answered."),
    ({"dead_at": NOW, "last_error": "The worker was lost each time."}, "given up: The worker was lost each time."),
]


@pytest.mark.parametrize(("columns", "words"), VISITS, ids=[words for _, words in VISITS])
def test_a_visit_is_told_in_words(browse, alice, source, columns, words):
    assert told(answered(source, **columns)).words == words
    assert words in shown(browse, alice, source)


def test_items_that_could_not_be_taken_are_told(browse, alice, source):
    answered(source, read_at=NOW, items=2, refused=["The third item has no address.", "So has the fourth."])
    page = shown(browse, alice, source)
    assert "2 items could not be taken The third item has no address. So has the fourth." in page


def test_visits_are_paged_without_their_bytes(browse, alice, source, django_assert_num_queries):
    for number in range(55):
        answered(source, read_at=NOW, items=number)
    client = browse(alice)
    client.get(f"/sources/{source.pk}/visits/")
    with django_assert_num_queries(7) as queries:
        page = text_of(client.get(f"/sources/{source.pk}/visits/"))
    assert "Showing 1–50 of 55" in page
    assert not any('"packed"' in query["sql"] for query in queries.captured_queries)
    assert "Showing 51–55 of 55" in text_of(client.get(f"/sources/{source.pk}/visits/?page=2"))


def test_a_page_costs_the_same_however_much_there_is_on_it(browse, alice, source, django_assert_max_num_queries):
    client = browse(alice)
    for number in range(2):
        for _ in range(12 * number):
            answered(source, read_at=NOW, items=2, new_items=1)
            source.grade(by=alice, reliability="C", reason="Again.")
            make.document(source=source)
        with django_assert_max_num_queries(24):
            client.get(source.get_absolute_url())


def test_the_host_that_rests_is_told_with_why(browse, alice, source):
    host = Host.objects.create(
        name="news.example", failures=5, reason="It did not answer.", open_until=timezone.now() + HOUR
    )
    page = shown(browse, alice, source)
    assert "news.example is left alone until" in page
    assert "after 5 failures in a row: It did not answer." in page
    Host.objects.filter(pk=host.pk).update(open_until=timezone.now() - HOUR)
    assert "is left alone" not in shown(browse, alice, source)


def test_a_source_that_ended_says_why_and_can_be_visited_again(browse, alice, source):
    Source.objects.update(ended_at=NOW, ended_why="The feed says it moved for good.")
    response = browse(alice).get(source.get_absolute_url())
    assert "The feed says it moved for good." in text_of(response)
    assert set(response.context["acts"]) == {"amend", "grade", "pause", "unpause"}


@pytest.mark.parametrize(
    ("columns", "tone", "word"),
    [
        ({"enabled": False, "ended_at": NOW}, "", "Paused"),
        ({"ended_at": NOW, "last_error": "x"}, "", "Ended"),
        ({"failures": 3, "last_error": "It is a web page."}, "crit", "Failing"),
        ({"failures": 1, "last_error": "It is a web page."}, "high", "Failing"),
        ({"usual_gap": HOUR, "silent_since": NOW - 4 * HOUR, "last_success_at": NOW}, "high", "Quiet"),
        ({"usual_gap": HOUR, "silent_since": NOW - 2 * HOUR, "last_success_at": NOW}, "low", "Working"),
        ({}, "info", "New"),
    ],
)
def test_one_word_stands_for_its_health(source, columns, tone, word):
    for name, value in columns.items():
        setattr(source, name, value)
    assert (health(source, NOW).tone, health(source, NOW).word) == (tone, word)


def test_a_failing_source_that_is_quiet_as_well_says_both(source):
    source.last_error, source.usual_gap, source.silent_since = "It was slow.", HOUR, NOW - 30 * HOUR
    assert health(source, NOW).sentence == (
        "No visit has worked yet. It was slow. Nothing new for 1 day, since Tue 28 Jan, 06:00."
        " It usually brings something every 1 h."
    )


def test_a_source_that_stops_is_called_quiet_within_three_of_its_intervals(
    browse, api, alice, carol, source, at, monkeypatch
):
    now = timezone.now()
    Source.objects.update(usual_gap=HOUR, silent_since=now, last_success_at=now, last_item_at=now)
    program = api(carol)

    def everywhere(moment):
        at(moment)
        row = next(each for each in program.get("/api/v1/sources/").json()["results"] if each["id"] == source.pk)
        return {
            "badge": "Quiet" in shown(browse, alice, source),
            "list": "1 gone quiet" in text_of(browse(alice).get("/sources/")),
            "filter": source.name in text_of(browse(alice).get("/sources/?state=quiet")),
            "health page": "It usually brings something every 1 h." in text_of(browse(carol).get("/health/")),
            "API": row["quiet"],
            "API filter": program.get("/api/v1/sources/?state=quiet").json()["count"] == 1,
            "API health": [each["id"] for each in program.get("/api/v1/health/").json()["quiet"]] == [source.pk],
        }

    before, after = everywhere(now + 2.9 * HOUR), everywhere(now + 3.01 * HOUR)
    assert set(before.values()) == {False}, before
    assert set(after.values()) == {True}, after


# the list


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["Alpha", "Beta", "Gamma"]),
        ("q=bet", ["Beta"]),
        ("q=news.example", ["Alpha", "Beta", "Gamma"]),
        ("kind=PAGE", ["Gamma"]),
        ("class=REGULATOR", ["Beta"]),
        ("reliability=D", ["Gamma"]),
        ("state=paused", ["Beta"]),
        ("state=working", ["Alpha", "Gamma"]),
        ("language=zh", ["Alpha", "Gamma"]),
        ("sort=newest", ["Gamma", "Alpha", "Beta"]),
        ("sort=silent", ["Beta", "Alpha", "Gamma"]),
        ("state=nonsense&kind=NONE&owner=x", []),
        ("owner=nobody", ["Alpha", "Beta", "Gamma"]),
    ],
)
def test_the_list_is_narrowed_and_sorted(browse, alice, query, found):
    make.source(by=alice, name="Alpha", language="zh")
    make.source(by=alice, name="Beta", source_class="REGULATOR").pause(by=alice, reason="Moved.")
    make.source(by=alice, name="Gamma", kind="PAGE", reliability="D", language="zh-Hans")
    for name, hours in (("Alpha", 2), ("Gamma", 1)):
        Source.objects.filter(name=name).update(last_item_at=NOW - hours * HOUR)
    response = browse(alice).get(f"/sources/?{query}")
    assert [row.name for row in response.context["page"]] == found


def test_the_list_finds_what_somebody_looks_after(browse, alice, carol, source):
    make.source(by=alice, name="Other", owner=carol)
    response = browse(alice).get(f"/sources/?owner={carol.pk}")
    assert [row.name for row in response.context["page"]] == ["Other"]
    assert "No source matches these filters" in text_of(browse(alice).get("/sources/?q=nowhere"))


def test_the_list_counts_the_items_of_seven_days(browse, alice, source):
    now = timezone.now()
    for days, new in ((1, 2), (6, 3), (8, 40)):
        visit = answered(source, read_at=now, items=9, new_items=new)
        Visit.objects.filter(pk=visit.pk).update(at=now - datetime.timedelta(days=days))
    assert [row.week for row in browse(alice).get("/sources/").context["page"]] == [5]


def test_the_list_costs_the_same_however_long_it_is(browse, alice, carol, django_assert_num_queries):
    client = browse(alice)
    for count in (1, 12):
        for _ in range(count):
            answered(make.source(by=alice, owner=carol), read_at=NOW, new_items=1)
        with django_assert_num_queries(9):
            client.get("/sources/")


def test_an_empty_register_says_what_to_do(browse, alice):
    assert "No source yet" in text_of(browse(alice).get("/sources/"))


# acts


def test_amending_starts_from_what_is_set_and_changes_it(browse, post, alice, carol, asking):
    source = make.source(by=alice, kind="ASKING", url="", config={"query": "deepseek"}, credential="their-key")
    form = browse(alice).get(source.get_absolute_url()).context["acts"]["amend"]
    assert (form["config-query"].value(), form["credential"].value()) == ("deepseek", "their-key")
    given = {
        "name": source.name, "url": source.url, "config-query": "qwen", "config-country": "", "credential": "",
        "source_class": "AGGREGATOR", "language": "", "owner": carol.pk, "interval_minutes": 30,
        "retention": "EXCERPT", "heed_robots": "on",
    }  # fmt: skip
    assert post(alice, f"/sources/{source.pk}/amend/", source, **given).status_code == 303
    source.refresh_from_db()
    assert (source.config, source.credential, source.owner, source.interval_minutes) == (
        {"query": "qwen"},
        "",
        carol,
        30,
    )
    assert (source.retention, source.heed_robots) == ("EXCERPT", True)
    assert "changed how the source is asked" in shown(browse, alice, source)


def amendment(source, **changed):
    given = {
        "name": source.name, "url": source.url, "source_class": "WIRE", "interval_minutes": 60, "retention": "FULL",
        "heed_robots": "on",
    }  # fmt: skip
    return given | changed


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"url": "ftp://news.example/"}, "url"),
        ({"url": ""}, "url"),
        ({"name": ""}, "name"),
        ({"heed_robots": ""}, "reason"),
        ({"interval_minutes": 0}, "interval_minutes"),
    ],
)
def test_an_amendment_that_cannot_be_keeps_the_words(post, alice, source, changed, field):
    given = amendment(source, **changed)
    if not given["heed_robots"]:
        del given["heed_robots"]
    response = post(alice, f"/sources/{source.pk}/amend/", source, **given)
    assert response.status_code == 422
    assert list(response.context["sent"].errors) == [field]


def test_an_owner_who_reviews_no_more_stays_the_owner(post, browse, alice, bob, source):
    Source.objects.update(owner=bob)
    form = browse(alice).get(source.get_absolute_url()).context["acts"]["amend"]
    assert bob in form.fields["owner"].queryset
    assert post(alice, f"/sources/{source.pk}/amend/", source, **amendment(source, owner=bob.pk)).status_code == 303
    source.refresh_from_db()
    assert source.owner == bob


def test_a_visit_that_was_asked_for_is_followed_until_it_is_over(browse, post, alice, source):
    client = browse(alice)
    Source.objects.update(last_success_at=NOW, not_before=timezone.now() + HOUR)
    assert client.get(source.get_absolute_url()).context["progress"] is None
    there = post(alice, f"/sources/{source.pk}/collect-now/", source)["Location"]
    polls = f'hx-get="/sources/{source.pk}/progress/?{there.partition("?")[2]}"'
    page = client.get(there).content.decode()
    assert polls in page
    assert "It is visited within a few seconds." in page
    follow = f"/sources/{source.pk}/progress/?{there.partition('?')[2]}"

    Source.objects.update(lease_until=timezone.now() + HOUR)
    assert "It is being visited." in text_of(client.get(follow, headers={"HX-Request": "true"}))
    Source.objects.update(lease_until=None, not_before=timezone.now() + HOUR)
    visit = answered(source)
    part = client.get(follow, headers={"HX-Request": "true"}).content.decode()
    assert "being read" in part
    assert polls in part
    make.document(source=source, headline="What came")
    visit.read(items=4, new_items=1)
    part = client.get(follow, headers={"HX-Request": "true"}).content.decode()
    assert "1 new document." in part
    assert "What came" in part
    assert "hx-get" not in part


def test_without_a_script_the_visit_has_a_page_of_its_own(browse, alice, source):
    page = browse(alice).get(f"/sources/{source.pk}/progress/")
    assert "Look again" in text_of(page)
    assert "Breadcrumb" in page.content.decode()
    Source.objects.update(not_before=timezone.now() + HOUR)
    assert "No visit is under way." in text_of(browse(alice).get(f"/sources/{source.pk}/progress/"))


@pytest.mark.parametrize("asked", ["", "x", "-1", "99999999999999", "٣"])
def test_a_senseless_moment_breaks_nothing(browse, alice, source, asked):
    assert browse(alice).get(f"/sources/{source.pk}/?asked={asked}").status_code == 200


@pytest.mark.parametrize(
    ("columns", "words"),
    [
        ({"last_fetch_at": NOW}, "Nothing new."),
        ({"last_fetch_at": NOW - HOUR}, "It was not visited yet. The next visit is today, 13:00 UTC."),
        ({"last_error": "It was slow."}, "It did not work: It was slow."),
        ({}, "It was not visited yet. The next visit is today, 13:00 UTC."),
        ({"enabled": False, "not_before": NOW - HOUR, "last_fetch_at": NOW}, "Nothing new."),
    ],
)
def test_a_visit_that_brought_nothing_says_so(source, columns, words):
    source.not_before = NOW + HOUR
    for name, value in columns.items():
        setattr(source, name, value)
    found = progress(source, [], NOW, since=NOW - HOUR / 2)
    assert (found.step, found.words) == ("", words)


def test_a_visit_that_was_put_off_because_its_host_rests_says_so(browse, post, alice, source):
    there = post(alice, f"/sources/{source.pk}/collect-now/", source)["Location"]
    Host.objects.create(name="news.example", failures=5, reason="Slow.", open_until=timezone.now() + HOUR)
    Source.objects.update(not_before=timezone.now() + HOUR, last_error="An older trouble.")
    assert "It was not visited. news.example is left alone until" in text_of(browse(alice).get(there))


def test_bars_are_drawn_per_day_with_a_place_for_every_day():
    first, last = datetime.date(2025, 1, 1), datetime.date(2025, 1, 30)
    chart = day_bars({datetime.date(2025, 1, 3): 4, datetime.date(2025, 1, 30): 2}, first, last)
    assert (len(chart.bars), chart.total, chart.busiest.on) == (30, 6, datetime.date(2025, 1, 3))
    assert chart.bars[2].height == 2 * chart.bars[29].height > chart.bars[0].height == 0
    assert max(bar.x + bar.width for bar in chart.bars) <= chart.width
    assert day_bars({}, first, last).busiest is None


def test_the_chart_has_its_table(browse, alice, source):
    assert "No new item in 30 days" in shown(browse, alice, source)
    answered(source, read_at=NOW, items=5, new_items=4)
    page = shown(browse, alice, source)
    assert "4 new items in 30 days , most on" in page
    assert "As a table" in page


def test_an_amendment_that_changes_nothing_says_so_and_leaves_no_entry(browse, alice, source):
    client, given = browse(alice), amendment(source, seen=source.entry_seq)
    client.post(f"/sources/{source.pk}/amend/", given, follow=True)
    before, given["seen"] = Entry.objects.count(), source.entry_seq + 1
    told = text_of(client.post(f"/sources/{source.pk}/amend/", given, follow=True))
    assert "Nothing was changed." in told
    assert "Saved." not in told
    assert Entry.objects.count() == before
    given["interval_minutes"] = 61
    assert "Saved." in text_of(client.post(f"/sources/{source.pk}/amend/", given, follow=True))
    assert Entry.objects.count() == before + 1


# -- paused, and followed ----------------------------------------------------------------------------------------------


def test_a_paused_source_says_who_paused_it_and_why(browse, alice, source):
    source.pause(by=alice, reason="The feed repeats itself.")
    told = text_of(browse(alice).get(source.get_absolute_url()))
    assert "Paused by Alice" in told
    assert "The feed repeats itself." in told
    source.unpause(by=alice)
    assert "Paused by" not in text_of(browse(alice).get(source.get_absolute_url()))


def test_the_page_follows_what_came_as_well(browse, alice, source):
    make.document(source=source, headline="What came just now")
    part = browse(alice).get(f"/sources/{source.pk}/progress/", headers={"HX-Request": "true"}).content.decode()
    assert 'id="visits" aria-labelledby="h-visits" hx-swap-oob="outerMorph"' in part
    assert "What came just now" in part
    assert "hx-swap-oob" not in browse(alice).get(source.get_absolute_url()).content.decode()
