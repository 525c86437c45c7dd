"""Exhibits, findings and claims on the page of their case."""

from __future__ import annotations

import pytest

from riskreview.cases.workflow import Status
from tests import make

from .conftest import text_of

pytestmark = pytest.mark.django_db
STAND = {"says": "DENIED", "speaker": "DeepSeek", "as_of": "2025-01-30", "exhibit": "", "note": ""}


@pytest.fixture
def case(alice):
    return make.case(by=alice, status=Status.IN_REVIEW)


@pytest.fixture
def finding(case, alice):
    return make.finding(case, by=alice)


def page(client, case, query=""):
    return client.get(f"{case.get_absolute_url()}{query}")


@pytest.mark.parametrize(
    ("verb", "part"),
    [
        ("amend-exhibit", "E1"),
        ("withdraw-exhibit", "E1"),
        ("amend-finding", "F1"),
        ("withdraw-finding", "F1"),
        ("review-finding", "F1"),
    ],
)
def test_a_form_opens_in_the_row_it_is_about_and_nowhere_else(browse, carol, case, finding, verb, part):
    address = f'action="{case.get_absolute_url()}{verb}/"'
    client = browse(carol)
    assert address not in page(client, case).content.decode()
    body = page(client, case, f"?open={verb}&part={part}").content.decode()
    assert body.count(address) == 1
    assert f'id="{verb}" open' in body
    assert address not in page(client, case, f"?open={verb}&part={part[0]}9").content.decode()


def test_a_form_to_amend_starts_from_what_is_said(browse, alice, case, finding):
    body = page(browse(alice), case, "?open=amend-finding&part=F1").content.decode()
    assert finding.judgment in body[body.index('id="amend-finding"') :]
    assert 'value="LIKELY" selected' in body[body.index('id="amend-finding"') :]


def test_what_was_withdrawn_stays_on_the_page_struck_at_the_end(browse, alice, case, finding):
    make.finding(case, by=alice, exhibits=list(case.exhibits.all()))
    spare = make.exhibit(case, by=alice)
    case.withdraw_finding(by=alice, finding=finding, reason="The source was misread.")
    case.withdraw_exhibit(by=alice, exhibit=spare, reason="A hoax.")
    answer = page(browse(alice), case)
    told, body = text_of(answer), answer.content.decode()
    assert "withdrawn by Alice" in told
    assert "The source was misread." in told
    assert "A hoax." in told
    assert body.index('id="F2"') < body.index('id="F1"')
    assert f"<s>{spare.ref} " in body


def test_each_act_leads_back_to_its_section(post, alice, carol, case, finding):
    spare, number = make.exhibit(case, by=alice), {"finding": finding.number}
    graded = {"exhibit": spare.number, "stance": "CONTEXT", "credibility": 3, "note": "", "source_class": "PUBLIC"}
    words = {"risk_area": "PRIVACY", "judgment": "Kept.", "likelihood": "LIKELY", "confidence": "LOW"}
    exhibits = [each.pk for each in case.exhibits.all()]
    for person, verb, fields, place in (
        (alice, "amend-exhibit", graded, "evidence"),
        (alice, "withdraw-exhibit", {"exhibit": spare.number, "reason": "A hoax."}, "evidence"),
        (carol, "review-finding", number, "findings"),
        (alice, "amend-finding", number | words | {"exhibits": exhibits[:1]}, "findings"),
        (alice, "withdraw-finding", number | {"reason": "Misread."}, "findings"),
    ):
        case.refresh_from_db()
        answer = post(person, f"{case.get_absolute_url()}{verb}/", case, **fields)
        assert (answer.status_code, answer.headers.get("Location")) == (303, f"{case.get_absolute_url()}#{place}"), verb


def test_a_form_with_a_problem_comes_back_in_its_row(post, alice, case, finding):
    fields = {"finding": finding.number, "judgment": "An hour of work.", "exhibits": []}
    answer = post(alice, f"{case.get_absolute_url()}amend-finding/", case, **fields)
    assert answer.status_code == 422
    assert answer.content.decode().count("An hour of work.") == 1
    assert "Tick at least one exhibit" in text_of(answer)


def test_a_judgement_without_likelihood_must_be_a_fact(post, alice, case):
    fields = {"risk_area": "PRIVACY", "judgment": "A regulator asked.", "likelihood": "", "confidence": "HIGH"}
    fields["exhibits"] = [make.exhibit(case, by=alice).pk]
    case.refresh_from_db()
    answer = post(alice, f"{case.get_absolute_url()}add-finding/", case, **fields)
    assert "mark the finding as a fact" in text_of(answer)
    assert post(alice, f"{case.get_absolute_url()}add-finding/", case, **fields, is_fact="on").status_code == 303


def test_objections_are_told_while_one_writes(browse, alice, case):
    exhibit = make.exhibit(case, by=alice)
    words = {"risk_area": "PRIVACY", "likelihood": "LIKELY", "confidence": "LOW", "exhibits": [exhibit]}
    case.add_finding(by=alice, judgment="It may be kept [E1]. Nobody <b>knows</b> where.", **words)
    answer = page(browse(alice), case)
    told, body = text_of(answer), answer.content.decode()
    assert "Not ready to be submitted: 1 objection." in told
    assert "F1, sentence 2 : “Nobody <b>knows</b> where.” cites nothing." in told
    assert '<a href="#F1">F1, sentence 2</a>' in body
    assert "remarks on the wording" in told
    assert 'It may be kept [<a href="#E1">E1</a>]. Nobody &lt;b&gt;knows&lt;/b&gt; where.' in body


def test_a_decided_case_is_objected_to_no_more(browse, alice, bob):
    case = make.case(by=alice, status="DECIDED", approver=bob)
    case.exhibits.update(passage="X")
    assert "Not ready to be submitted" not in text_of(page(browse(alice), case))


def test_the_matrix_shows_where_findings_were_and_are(browse, alice, case, finding):
    client = browse(alice)
    assert 'class="matrix"' not in page(client, case).content.decode()
    words = {"risk_area": "PRIVACY", "likelihood": "LIKELY", "confidence": "LOW", "judgment": "Kept."}
    placed = {"risk_likelihood": 5, "risk_impact": 5, "residual_likelihood": 2, "residual_impact": 5}
    case.add_finding(by=alice, exhibits=list(case.exhibits.all()), treatment="Block it.", **words, **placed)
    answer = page(client, case)
    body, told = answer.content.decode(), text_of(answer)
    assert '<span class="was"><span class="sr-only">before treatment </span>F2</span>' in body
    assert '<a class="pin" href="#F2">F2</a>' in body
    assert "Residual risk Moderate" in told
    assert "Very high after treatment Moderate" in told


def test_the_board_shows_each_speaker_and_the_vendor_apart(browse, post, alice, case):
    fields = STAND | {"text": "Outputs were used.", "says": "ALLEGED", "speaker": "OpenAI", "fingerprint": ""}
    fields["vendor"] = case.vendors.get().pk
    answer = post(alice, f"{case.get_absolute_url()}allegations/enter/", **fields)
    assert (answer.status_code, answer["Location"]) == (303, f"{case.get_absolute_url()}#claims")
    claim = case.allegations.get()
    told = text_of(page(browse(alice), case))
    assert "Comment not sought" in told
    assert "C1 Outputs were used." in told
    post(alice, f"/allegations/{claim.pk}/take-stand/", claim, **STAND)
    told = text_of(page(browse(alice), case))
    assert "OpenAI : alleged, 30 Jan 2025" in told
    assert "Denied , 30 Jan 2025" in told
    assert "Unverified" in told


def test_a_stand_with_a_problem_keeps_its_words(post, alice, case):
    claim = make.claim(case, by=alice)
    answer = post(alice, f"/allegations/{claim.pk}/take-stand/", claim, **(STAND | {"exhibit": "E9", "note": "Hmm."}))
    assert answer.status_code == 422
    assert "This case has no such exhibit." in text_of(answer)
    assert answer.content.decode().count("Hmm.") == 1


def test_who_only_reads_is_offered_nothing(browse, dave, alice, case, finding):
    make.claim(case, by=alice)
    body = page(browse(dave), case, "?open=amend-finding&part=F1").content.decode()
    for verb in ("amend-finding", "withdraw-exhibit", "review-finding", "enter", "take-stand"):
        assert f"/{verb}/" not in body
        assert f"#{verb}" not in body
