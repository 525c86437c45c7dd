"""Working together on the pages: tasks, comments, links, teams, following, drafts, my work, and many cases at once."""

from __future__ import annotations

import datetime
import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from riskreview.audit.models import Entry
from riskreview.cases import bulk
from riskreview.cases.models import Batch, Case, Comment, Draft, Following, Link, Presence, Task
from tests import make

from .conftest import text_of

pytestmark = pytest.mark.django_db
LATER = timezone.now().date() + datetime.timedelta(days=9)


@pytest.fixture
def case(alice):
    return make.case(by=alice, status="IN_REVIEW")


def test_a_task_goes_from_the_page_to_its_owner_and_back(browse, post, alice, bob, case):
    page = case.get_absolute_url()
    answer = post(alice, f"{page}tasks/add/", title="Ask the vendor", owner=bob.pk, due_on="2030-01-02")
    assert (answer.status_code, answer["Location"]) == (303, f"{page}#tasks")
    task = Task.objects.get()
    assert "Ask the vendor" in text_of(browse(bob).get("/mine/"))
    assert post(bob, f"/tasks/{task.pk}/finish/", task, note="They answered.").status_code == 303
    assert "They answered." in text_of(browse(alice).get(page))
    assert "Ask the vendor" not in text_of(browse(bob).get("/mine/"))


def test_a_task_without_words_comes_back_with_its_form(post, alice, case):
    answer = post(alice, f"{case.get_absolute_url()}tasks/add/", title=" ", detail="Kept words")
    assert answer.status_code == 422
    assert "Kept words" in answer.content.decode()


def test_a_change_by_somebody_else_keeps_my_text(post, alice, bob, case):
    task = make.task(case, by=alice)
    seen = task.entry_seq
    task.amend(by=bob, title="Ask twice")
    answer = post(alice, f"/tasks/{task.pk}/amend/", title="My own words", seen=seen)
    assert answer.status_code == 409
    told = answer.content.decode()
    assert "My own words" in told
    assert "changed a task" in told


def test_a_comment_is_shown_and_found_by_who_is_mentioned(browse, post, alice, bob, case):
    answer = post(alice, f"/comments/case/{case.pk}/write/", text="@Bob, is <b>this</b> enough?", about="")
    comment = Comment.objects.get()
    assert answer["Location"] == f"{case.get_absolute_url()}#comment-{comment.pk}"
    assert "@Bob, is <b>this</b> enough?" in text_of(browse(bob).get("/mine/"))
    assert "&lt;b&gt;this&lt;/b&gt;" in browse(bob).get(case.get_absolute_url()).content.decode()
    assert "No mention that you have not seen" in text_of(browse(bob).get("/mine/"))
    post(alice, f"/comments/{comment.pk}/withdraw/", comment)
    told = text_of(browse(bob).get(case.get_absolute_url()))
    assert "withdrew a comment" in told
    assert "is <b>this</b> enough" not in told


@pytest.mark.parametrize("noun", ["vendor", "incident", "document"])
def test_there_are_comments_on_other_pages(browse, post, alice, noun):
    subject = make.document() if noun == "document" else getattr(make, noun)(by=alice)
    assert post(alice, f"/comments/{noun}/{subject.pk}/write/", text="Look here.").status_code == 303
    assert "Look here." in text_of(browse(alice).get(subject.get_absolute_url()))
    assert post(alice, f"/comments/{noun}/{subject.pk}/write/", text="").status_code == 422


def test_there_are_no_comments_on_anything_else(post, alice):
    assert post(alice, f"/comments/user/{alice.pk.int % 1000}/write/", text="x").status_code == 404
    assert post(alice, "/comments/case/999999/write/", text="x").status_code == 404


def test_a_link_is_drawn_by_reference_and_shown_on_both_pages(browse, post, alice, case):
    other = make.case(by=alice, title="An earlier one")
    page = f"{case.get_absolute_url()}links/draw/"
    assert post(alice, page, to="RR-1999-0001", kind="FOLLOWS").status_code == 422
    assert post(alice, page, to=other.ref, kind="FOLLOWS", why="Same firm").status_code == 303
    assert "Follows An earlier one" in text_of(browse(alice).get(case.get_absolute_url()))
    assert "follows this case" in text_of(browse(alice).get(other.get_absolute_url()))
    link = Link.objects.get()
    post(alice, f"/links/{link.pk}/cut/", link, reason="Wrong")
    assert "follows this case" not in text_of(browse(alice).get(other.get_absolute_url()))


def test_following_leaves_no_entry_and_tells_of_changes(browse, post, alice, bob, case):
    before = Entry.objects.count()
    post(bob, f"{case.get_absolute_url()}follow/", follow="1")
    post(bob, f"{case.get_absolute_url()}follow/", follow="1")
    assert (Following.objects.count(), Entry.objects.count()) == (1, before)
    case.relabel(by=alice, labels=["chips"])
    assert case.ref in text_of(browse(bob).get("/mine/"))
    post(bob, f"{case.get_absolute_url()}follow/", follow="0")
    assert case.ref not in text_of(browse(bob).get("/mine/"))


def test_a_followed_vendor_tells_of_its_cases(browse, post, alice, bob):
    vendor = make.vendor(by=alice)
    assert post(bob, f"/vendors/{vendor.slug}/follow/", follow="1").status_code == 303
    case = make.case(by=alice)
    assert case.ref in text_of(browse(bob).get("/mine/"))


def test_who_else_is_here_is_told_by_page_and_by_beat(browse, post, alice, bob, carol, case):
    browse(bob).get(case.get_absolute_url())
    assert "Also here: Bob" in text_of(browse(alice).get(case.get_absolute_url()))
    post(bob, f"{case.get_absolute_url()}here/", writing="Add finding")
    beat = post(alice, f"{case.get_absolute_url()}here/")
    assert "Bob, writing: add finding" in text_of(beat)
    Presence.objects.update(seen_at=timezone.now() - datetime.timedelta(minutes=3))
    assert text_of(post(carol, f"{case.get_absolute_url()}here/")) == ""


def test_a_draft_is_kept_for_its_writer_until_the_form_is_sent(browse, post, alice, bob, case):
    page = case.get_absolute_url()
    fields = json.dumps({"title": ["Half a thought"], "seen": ["1"], "csrfmiddlewaretoken": ["x"]})
    assert post(alice, f"{page}drafts/keep/", form="task-add", fields=fields).status_code == 200
    told = browse(alice).get(f"{page}drafts/").json()["drafts"]
    assert told["task-add"]["fields"] == {"title": ["Half a thought"]}
    assert browse(bob).get(f"{page}drafts/").json()["drafts"] == {}
    post(alice, f"{page}tasks/add/", title="A whole thought")
    assert not Draft.objects.exists()


@pytest.mark.parametrize("fields", ["", "[]", "no json", '{"a": 1}', '{"a": [1]}', '{"a": "\\u0000"}', "x" * 60_001])
def test_what_is_no_draft_is_refused(post, alice, case, fields):
    assert post(alice, f"{case.get_absolute_url()}drafts/keep/", form="x", fields=fields).status_code == 400
    assert not Draft.objects.exists()


def test_an_emptied_draft_is_forgotten(post, alice, case):
    Draft.objects.keep(alice, f"{case.ref}#hold", {"reason": ["x"]})
    post(alice, f"{case.get_absolute_url()}drafts/keep/", form="hold", fields="{}")
    assert not Draft.objects.exists()


def test_old_drafts_and_too_many_are_dropped(alice):
    for number in range(203):
        Draft.objects.keep(alice, f"place {number}", {})
    assert Draft.objects.count() <= 201


def test_a_case_put_off_leaves_the_queue_and_comes_back_with_the_reason(browse, post, alice, carol, case):
    assert post(alice, f"{case.get_absolute_url()}snooze/", case, until=LATER.isoformat()).status_code == 303
    assert case.ref not in text_of(browse(alice).get("/queue/"))
    assert case.ref in text_of(browse(alice).get("/queue/?view=snoozed"))
    Case.objects.get(pk=case.pk).relabel(by=carol, labels=["chips"])
    told = text_of(browse(alice).get("/queue/"))
    assert "Back: somebody else worked on it" in told
    assert "Back in the queue: somebody else worked on it" in text_of(browse(alice).get(case.get_absolute_url()))


def test_a_team_has_an_inbox_in_the_queue(browse, post, alice, carol, case):
    assert post(carol, "/teams/", name="Chips", slug="chips", members=[str(alice.pk)]).status_code == 303
    post(alice, f"{case.get_absolute_url()}file/", case, team=carol.teams.model.objects.get().pk)
    other = make.case(by=alice, title="Elsewhere")
    told = text_of(browse(alice).get("/queue/?team=chips"))
    assert "Chips 1" in told
    assert case.ref in told
    assert other.ref not in told
    assert post(alice, "/teams/", name="Mine", slug="mine").status_code == 403
    assert post(carol, "/teams/", name="Again", slug="chips").status_code == 422


def test_labels_are_links_into_the_queue(browse, alice, case):
    case.relabel(by=alice, labels=["export control"])
    other = make.case(by=alice, title="Elsewhere")
    told = text_of(browse(alice).get("/queue/?label=Export control"))
    assert case.ref in told
    assert other.ref not in told


@pytest.fixture
def bulk_post(browse):
    """Send ticked rows as somebody."""
    return lambda user, address, row, **told: browse(user).post(address, {"row": row} | told)


def rows(*cases):
    return [f"{case.ref}:{case.entry_seq}" for case in cases]


def test_many_cases_are_previewed_then_done_by_a_worker_then_undone(browse, post, bulk_post, alice, case):
    other = make.case(by=alice, title="Another")
    other.relabel(by=alice, labels=["chips"])
    told = {"act": "LABEL", "labels": "chips"}
    before = Entry.objects.count()
    preview = text_of(bulk_post(alice, "/batches/preview/", row=rows(case, other), **told))
    assert "1 of 2 cases would change" in preview
    assert "It says so already." in preview
    assert Entry.objects.count() == before
    answer = bulk_post(alice, "/batches/begin/", row=rows(case), **told)
    batch = Batch.objects.get()
    assert answer["Location"] == batch.get_absolute_url()
    assert "A worker goes through 1 case" in text_of(browse(alice).get(batch.get_absolute_url()))
    carry_out()
    assert "1 of 1 done" in text_of(browse(alice).get(batch.get_absolute_url()))
    assert post(alice, f"{batch.get_absolute_url()}undo/").status_code == 303
    carry_out()
    assert Case.objects.get(pk=case.pk).labels == []
    assert "taken back by another batch" in text_of(browse(alice).get(batch.get_absolute_url()))
    assert "Undo: Add labels" in text_of(browse(alice).get("/batches/"))


def carry_out():
    for pk, offer in Batch.objects.offer():
        with Batch.objects.start(pk, str(offer)) as work:
            bulk.carry_out(work)


@pytest.mark.parametrize(
    ("told", "why"),
    [
        ({"act": "APPROVE"}, "not decided"),
        ({"act": "SUBMIT"}, "not decided"),
        ({"act": "ASSIGN"}, "Choose who"),
        ({"act": "PRIORITISE", "priority": "1"}, "Say why"),
        ({"act": "LABEL", "labels": " , "}, "at least one label"),
        ({"act": "FILE", "row": ["nonsense"]}, "Tick at least one case"),
    ],
)
def test_a_bulk_act_that_makes_no_sense_is_said_to(bulk_post, alice, case, told, why):
    for address in ("/batches/preview/", "/batches/begin/"):
        answer = bulk_post(alice, address, **({"row": rows(case)} | told))
        assert (answer.status_code, why in text_of(answer)) == (422, True)
    assert not Batch.objects.exists()


@pytest.mark.parametrize(
    ("told", "field", "button"),
    [
        ({"act": "PRIORITISE", "priority": "1"}, "reason", True),
        ({"act": "PRIORITISE", "reason": "It grew."}, "priority", True),
        ({"act": "ASSIGN", "to": "nobody"}, "to", True),
        ({"act": "LABEL", "labels": ","}, "labels", True),
        ({"act": "FILE", "team": "999999"}, "team", True),
        ({"act": "APPROVE"}, "act", True),
    ],
)
def test_a_bulk_form_with_a_problem_comes_back_with_the_selection_and_what_was_written(
    bulk_post, alice, case, told, field, button
):
    other = make.case(by=alice, title="Another")
    for address in ("/batches/preview/", "/batches/begin/"):
        page = bulk_post(alice, address, row=rows(case, other), **told).content.decode()
        form = page.partition('action="/batches/preview/"')[2].partition("</form>")[0]
        assert [f'value="{row}" checked' in form for row in rows(case, other)] == [True, True]
        assert f'id="begin-{field}-error"' in form
        assert ("See what would change" in form) == button
        assert "It grew." in form or "reason" not in told


def test_without_a_ticked_case_the_page_leads_back(bulk_post, alice):
    page = bulk_post(alice, "/batches/preview/", row=[], act="LABEL", labels="x")
    assert (page.status_code, "No case is ticked" in text_of(page)) == (422, True)
    assert 'href="/queue/"' in page.content.decode()


def test_more_cases_than_can_be_changed_at_once_come_back_ticked(bulk_post, alice, case, monkeypatch):
    monkeypatch.setattr("riskreview.web.forms.bulk.AT_ONCE", 1)
    other = make.case(by=alice, title="Another")
    page = bulk_post(alice, "/batches/preview/", row=rows(case, other), act="LABEL", labels="x")
    assert (page.status_code, "at most 1" in text_of(page)) == (422, True)
    assert page.content.decode().count('name="row"') == 2


def test_a_preview_says_what_is_asked_and_why_a_stale_row_is_left_alone(bulk_post, alice, case):
    stale = rows(case)
    case.relabel(by=alice, labels=["grown"])
    told = text_of(bulk_post(alice, "/batches/preview/", row=stale, act="PRIORITISE", priority="1", reason="Grown."))
    assert "Set the priority to" in told
    assert "Grown." in told
    assert "0 of 1 case would change, 1 cannot" in told
    assert "changed" in told.partition("Refused")[2]


def test_a_preview_says_what_comes_first_where_the_state_forbids_it(bulk_post, alice, carol):
    case = make.case(by=alice, status="IN_REVIEW")
    case.hold(by=alice, reason="The regulator answers.")
    told = text_of(bulk_post(carol, "/batches/preview/", row=rows(case), act="ASSIGN", to=str(carol.pk)))
    assert "Refused On hold: resume it first." in told


def test_every_box_of_the_bulk_bar_has_a_label_that_is_seen(browse, alice, case, carol):
    make.team(by=carol)
    bar = browse(alice).get("/queue/").content.decode().partition('id="bulk"')[2].partition("</form>")[0]
    assert [name in bar for name in ("<label>Reviewer ", "<label>Priority ", "<label>Why ", "<label>Labels ")] == [
        True
    ] * 4
    assert "<label>Team " in bar


def test_all_cases_of_a_view_are_ticked_in_a_step_of_its_own(browse, alice, dave, case, monkeypatch):
    make.case(by=alice, title="Another")
    monkeypatch.setattr("riskreview.web.queue.PAGE", 1)
    page = browse(alice).get("/queue/")
    assert "Tick all 2 cases of this view" in text_of(page)
    assert "Tick all 1" not in text_of(browse(alice).get("/queue/?q=Another"))
    page = browse(alice).get("/queue/?ticked=all")
    assert page.content.decode().count('" checked aria-label="Tick ') == 2
    assert "All 2 cases of this view are ticked." in text_of(page)
    monkeypatch.setattr("riskreview.web.queue.AT_ONCE", 1)
    assert "The first 1 of 2 cases are ticked" in text_of(browse(alice).get("/queue/?ticked=all"))
    assert 'name="row"' not in browse(dave).get("/queue/?ticked=all").content.decode()


def test_who_only_reads_changes_nothing_in_bulk(browse, bulk_post, dave, case):
    assert 'name="row"' not in browse(dave).get("/queue/").content.decode()
    for address in ("/batches/preview/", "/batches/begin/"):
        assert bulk_post(dave, address, row=rows(case), act="LABEL", labels="x").status_code == 403


def test_my_work_of_an_approver_tells_what_waits_for_a_signature(browse, alice, bob):
    waiting = make.case(by=alice, status="AWAITING_APPROVAL", title="Sign me")
    told = text_of(browse(bob).get("/mine/"))
    assert "Sign me" in told.partition("Waiting for a signature")[2].partition("Mentions")[0]
    assert "Waiting for a signature" not in text_of(browse(alice).get("/mine/"))
    make.approval(waiting, by=bob)
    assert "No case that you may sign waits now." in text_of(browse(bob).get("/mine/"))


def test_my_work_says_what_to_do_where_there_is_nothing(browse, alice, bob):
    assert "Take one from those nobody has" in text_of(browse(alice).get("/mine/"))
    assert "Take one from" not in text_of(browse(bob).get("/mine/"))


def test_my_work_takes_a_fixed_number_of_queries(browse, alice, bob, django_assert_max_num_queries):
    client = browse(alice)
    for _ in range(4):
        case = make.case(by=alice, status="IN_REVIEW")
        make.task(case, by=alice, owner=alice)
        make.comment(case, by=bob, text="@Alice")
        Following.objects.follow(alice, case=case)
    with django_assert_max_num_queries(13):
        assert client.get("/mine/").status_code == 200


def test_a_departure_from_precedent_is_pointed_out_before_signing(browse, alice, bob, monkeypatch):
    monkeypatch.setattr(
        "riskreview.cases.likeness.departure", lambda ending, found: f"Most ended otherwise than {ending}."
    )
    case = make.case(by=alice, status="AWAITING_APPROVAL")
    assert "Most ended otherwise than Monitor." in text_of(browse(bob).get(f"{case.get_absolute_url()}approve/"))


def test_my_work_tells_an_approver_of_a_postponement_that_waits_for_agreement(browse, alice, bob, carol, case):
    make.decided_with(case, by=alice, approver=bob, effects=[{"target": "The app"}])
    days = {"starts_on": datetime.date(2099, 9, 29), "on": datetime.date(2024, 7, 1)}
    assert "Postponements to agree to" not in text_of(browse(bob).get("/mine/"))
    later = case.postpone_effect(by=carol, effect=case.effects.get(), reason="Updates.", **days)
    told = text_of(browse(bob).get("/mine/"))
    assert "Postponements to agree to Prohibit: The app" in told
    assert "asked for by Carol" in told
    assert "Postponements to agree to" not in text_of(browse(carol).get("/mine/"))
    case.refuse_postponement(by=bob, effect=later, reason="No.")
    assert "Postponements to agree to" not in text_of(browse(bob).get("/mine/"))


def test_my_work_tells_of_events_that_wait_for_a_second_reader(browse, alice, bob, dave, case):
    make.decided_with(case, by=alice, approver=bob)
    event = make.legal_status(case, by=alice)
    assert "Waiting for a second reader Stayed, A court" in text_of(browse(bob).get("/mine/"))
    for person in (alice, dave):
        assert "Waiting for a second reader" not in text_of(browse(person).get("/mine/"))
    event.confirm(by=bob)
    assert "Waiting for a second reader" not in text_of(browse(bob).get("/mine/"))


def test_my_work_takes_as_many_queries_however_much_waits(browse, alice, bob, case):
    make.decided_with(case, by=alice, approver=bob)
    client = browse(bob)

    def statements():
        with CaptureQueriesContext(connection) as found:
            client.get("/mine/")
        return len(found)

    make.legal_status(case, by=alice)
    before = statements()
    make.legal_status(case, by=alice)
    assert statements() == before
