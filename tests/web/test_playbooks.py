"""The playbooks as pages: all of them in words, with what nobody verified."""

import datetime

import pytest
import time_machine

from riskreview.cases.playbook import every, newest, words

from .conftest import text_of

pytestmark = pytest.mark.django_db
THEN = datetime.datetime(2027, 9, 1, tzinfo=datetime.UTC)


def page(client, address):
    answer = client.get(address)
    assert answer.status_code == 200
    return text_of(answer)


def test_they_are_listed_with_their_doubts(browse, dave):
    told = page(browse(dave), "/playbooks/")
    assert [each.playbook.title for each in every() if each.playbook.title not in told] == []
    assert "2 points" in told
    assert "Over a year ago" not in told


@pytest.mark.parametrize("key", newest())
def test_each_is_told_whole(key, browse, dave):
    made = newest()[key].playbook
    told = page(browse(dave), f"/playbooks/{key}/")
    rows = (
        *made.milestone,
        *made.stage,
        *made.clock,
        *made.consultation,
        *made.reply,
        *made.checklist,
        *made.disposition,
    )
    assert [row.title for row in rows if row.title not in told] == []
    assert [clock.cite for clock in made.clock if clock.cite not in told] == []
    assert [what for _, what in words.unverified(made) if what not in told] == []
    assert [words.sentence(made, clock) for clock in made.clock if words.sentence(made, clock) not in told] == []
    assert newest()[key].sha256 in told


def test_what_is_not_verified_stands_above_the_stages(browse, dave):
    told = page(browse(dave), "/playbooks/icts_transaction_review/")
    assert told.index("The 30 days, and how they may be extended.") < told.index("Before it is left")


def test_a_text_not_read_for_a_year_says_so(browse, dave):
    client = browse(dave)
    assert "Rule text last read" not in page(client, "/playbooks/icts_transaction_review/")
    with time_machine.travel(THEN, tick=False):
        client.force_login(dave)
        assert "Rule text last read 5 April 2026." in page(client, "/playbooks/icts_transaction_review/")
        assert "Over a year ago" in page(client, "/playbooks/")


def test_a_referral_leads_to_its_playbook(browse, dave):
    told = browse(dave).get("/playbooks/interagency_policy_review/").content.decode()
    assert 'href="/playbooks/fascsa_order/"' in told
    assert "Export control (elsewhere)" in told


def test_an_unknown_one_is_not_there(browse, dave):
    assert browse(dave).get("/playbooks/nope/").status_code == 404


def test_no_page_asks_the_database_for_them(browse, dave, django_assert_max_num_queries):
    client = browse(dave)
    client.get("/playbooks/")
    for address in ("/playbooks/", "/playbooks/ai_acquisition_high_impact/"):
        with django_assert_max_num_queries(6):
            client.get(address)


def test_the_help_page_leads_there(browse, dave):
    assert 'href="/playbooks/"' in browse(dave).get("/help/").content.decode()
