"""Putting a source on the register: the kind, what it asks, and a dry run on the way."""

from __future__ import annotations

import pytest
from django.utils import timezone

from riskreview.audit.models import Entry
from riskreview.evidence import kinds
from riskreview.evidence.models import Source, Trial

from .conftest import text_of
from .test_sources import ASKING

pytestmark = pytest.mark.django_db
FOLDER = kinds.About("DROPPED", "Letters in a folder", "Files below the drop folder.", road="FOLDER")
GUARDED = kinds.About(
    "GUARDED", "A service with a key", "Ask for a key.", address="https://g.example/", secret="REQUIRED"
)
ASKED = {"kind": "ASKING", "url": ASKING.address, "config-query": "deepseek", "credential": "their-key"}
WHOLE = ASKED | {"name": "Asked", "source_class": "AGGREGATOR", "reliability": "C", "interval_minutes": 30}


@pytest.fixture(autouse=True)
def kinds_of_source(monkeypatch):
    """Three more kinds than are shipped."""
    for about in (ASKING, FOLDER, GUARDED):
        monkeypatch.setitem(kinds._known, about.key, about)


@pytest.fixture
def trial(alice):
    return Trial.objects.ask(
        kind="ASKING", url="", config={"query": "deepseek"}, credential="their-key", asked_by=alice
    )  # fmt: skip


def over(trial, **columns):
    """A dry run as a worker leaves it."""
    Trial.objects.filter(pk=trial.pk).update(**columns)


def item(title, *, known=False):
    told = {"title": title, "url": "https://x.example/1", "published": "2025-01-28T10:00:00", "summary": "S"}
    return told | {"known": known}


def test_the_first_step_is_the_kind(browse, alice):
    page = browse(alice).get("/sources/new/?language=zh")
    assert "A service that is asked" in text_of(page)
    assert 'href="/sources/new/?kind=ASKING&amp;language=zh"' in page.content.decode()


def test_the_second_step_asks_what_the_kind_needs(browse, alice):
    form = browse(alice).get("/sources/new/?kind=ASKING&language=zh&name=Mine").context["form"]
    assert {"config-query", "config-country", "credential"} <= set(form.fields)
    assert (form.fields["config-query"].required, form.fields["credential"].required) == (True, False)
    assert (form["url"].value(), form["language"].value(), form["name"].value()) == (ASKING.address, "zh", "Mine")
    assert form["owner"].value() == alice.pk


def test_a_kind_without_settings_asks_for_none(browse, alice):
    form = browse(alice).get("/sources/new/?kind=RSS").context["form"]
    assert "credential" not in form.fields
    assert form.settings() == []


def test_registering_keeps_what_was_asked(post, alice):
    response = post(alice, "/sources/", **WHOLE)
    source = Source.objects.get()
    assert response["Location"] == source.get_absolute_url()
    assert (source.config, source.credential, source.reliability) == ({"query": "deepseek"}, "their-key", "C")
    assert Entry.objects.about(source).get().verb == "source.register"


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"config-query": ""}, "config-query"),
        ({"url": "ftp://x.example/"}, "url"),
        ({"credential": "Not A Name"}, "credential"),
        ({"kind": "GUARDED", "credential": ""}, "credential"),
        ({"kind": "DROPPED", "url": "folder:../etc"}, "url"),
        ({"kind": "NEVER"}, "kind"),
        ({"reliability": "Z"}, "reliability"),
    ],
)
def test_what_the_kind_refuses_stands_beside_its_field(post, alice, changed, field):
    response = post(alice, "/sources/", **(WHOLE | changed))
    assert response.status_code == 422
    assert field in response.context["form"].errors
    assert b'value="Asked"' in response.content
    assert not Source.objects.exists()


def test_a_folder_is_registered_by_its_name(post, alice):
    given = WHOLE | {"kind": "DROPPED", "url": "folder:letters"}
    assert post(alice, "/sources/", **given).status_code == 303
    assert Source.objects.get().url == "folder:letters"


def test_trying_first_needs_no_name_and_registers_nothing(post, alice):
    response = post(alice, "/sources/trials/", **(ASKED | {"language": "zh"}))
    trial = Trial.objects.get()
    assert response["Location"] == f"/sources/trials/{trial.pk}/?language=zh"
    assert (trial.config, trial.credential, trial.asked_by) == ({"query": "deepseek"}, "their-key", alice)
    assert trial in Trial.objects.all().due()
    assert not Source.objects.exists()


def test_somebody_who_tried_too_much_is_told_so(post, alice):
    for _ in range(20):
        assert post(alice, "/sources/trials/", **ASKED).status_code == 303
    response = post(alice, "/sources/trials/", **ASKED)
    assert response.status_code == 409
    assert "You tried 20 sources within the last hour." in text_of(response)
    assert Trial.objects.count() == 20


def test_a_dry_run_that_cannot_be_comes_back_with_its_form(post, alice):
    response = post(alice, "/sources/trials/", **(ASKED | {"config-query": ""}))
    assert (response.status_code, list(response.context["form"].errors)) == (422, ["config-query"])
    assert response.context["form"].sent_to == "/sources/"


def test_a_dry_run_is_followed_until_it_is_over(browse, alice, trial):
    client, here = browse(alice), f"/sources/trials/{trial.pk}/?name=Mine"
    page = client.get(here).content.decode()
    assert f'hx-get="{here}"' in page
    assert 'hx-trigger="every 2s"' in page
    over(trial, done_at=timezone.now(), count=30, items=[item("One", known=True), item("Two")], refused=["No address."])
    part = client.get(here, headers={"HX-Request": "true"})
    assert "hx-get" not in part.content.decode()
    told = text_of(part)
    assert "30 items would come in. The first 2 are shown. 1 of these is in the archive already." in told
    assert "Known One" in told
    assert "New Two" in told
    assert "No address." in told


def test_a_dry_run_that_failed_says_why(browse, alice, trial):
    over(trial, dead_at=timezone.now(), last_error="It is a web page, not a feed.")
    told = text_of(browse(alice).get(trial.get_absolute_url()))
    assert "It does not work. It is a web page, not a feed." in told
    assert "Change it" in told


def test_a_dry_run_that_brings_nothing_says_so(browse, alice, trial):
    over(trial, done_at=timezone.now())
    assert "nothing would come in" in text_of(browse(alice).get(trial.get_absolute_url()))


def test_after_a_dry_run_everything_is_filled_in(browse, alice, trial):
    over(trial, done_at=timezone.now(), count=1, items=[item("One")])
    page = browse(alice).get(f"/sources/trials/{trial.pk}/?name=Mine&source_class=BLOG&other=x")
    there = f"/sources/new/?trial={trial.pk}&name=Mine&source_class=BLOG"
    assert there.replace("&", "&amp;") in page.content.decode()
    form = browse(alice).get(there).context["form"]
    given = {name: form[name].value() for name in ("kind", "url", "config-query", "credential", "name", "source_class")}
    assert given == ASKED | {"name": "Mine", "source_class": "BLOG"}


def test_a_dry_run_of_what_is_registered_says_so_first(browse, post, alice, trial):
    post(alice, "/sources/", **WHOLE)
    source = Source.objects.get()
    page = browse(alice).get(trial.get_absolute_url()).content.decode()
    assert page.index("on the register already") < page.index("It is being tried")
    assert f'href="{source.get_absolute_url()}">Asked</a>' in page


def test_what_cannot_be_registered_keeps_its_words_and_its_dry_run(browse, post, alice, trial):
    over(trial, done_at=timezone.now(), count=1, items=[item("One")])
    post(alice, "/sources/", **WHOLE)
    response = post(alice, "/sources/", **(WHOLE | {"name": "Mine", "trial": trial.pk}))
    assert (response.status_code, Source.objects.count()) == (409, 1)
    told = text_of(response)
    assert "Not registered." in told
    assert "on the register already: Asked" in told
    assert "1 item would come in." in told
    assert response.context["form"]["name"].value() == "Mine"
    assert f'name="trial" value="{trial.pk}"' in response.content.decode()


def test_a_dry_run_is_its_askers_alone(browse, carol, trial):
    assert browse(carol).get(trial.get_absolute_url()).status_code == 404
    assert "kinds" in browse(carol).get(f"/sources/new/?trial={trial.pk}").context
    assert browse(carol).get("/sources/new/?trial=99999999999999999999").status_code == 200


def test_who_may_not_register_tries_nothing(browse, post, dave):
    assert browse(dave).get("/sources/new/").status_code == 403
    assert post(dave, "/sources/trials/", **ASKED).status_code == 403
    assert post(dave, "/sources/", **WHOLE).status_code == 403
    assert not Trial.objects.exists()
