"""What was read, and what people say of it, through the API."""

import pytest
from django.utils import timezone

from riskreview.enrichment import pipeline
from riskreview.evidence.models import Document, Judgement
from tests import make
from tests.enrichment.pages import html, read
from tests.web.test_judging import TOLD

pytestmark = pytest.mark.django_db


@pytest.fixture
def document(alice):
    make.case(by=alice)
    return read(html(*TOLD), "a")


@pytest.fixture
def analysis(document, api, dave):
    return api(dave).get(f"/api/v1/documents/{document.pk}/analysis/").json()


def body(document, kind, row, verdict="WRONG", **more):
    given = {"document": document.pk, "target_kind": kind, "fingerprint": row["fingerprint"], "verdict": verdict}
    return given | more


def test_an_analysis_tells_everything_with_places_and_reasons(document, analysis):
    text = document.newest.text
    assert analysis["text_sha256"] == document.newest.text_sha256
    assert analysis["reading"]["counts"]["claims"] == len(analysis["claims"]) > 0
    assert analysis["orphaned"] == 0
    for kind in ("mentions", "agencies", "signals"):
        assert analysis[kind], kind
        assert all(row["surface"] == text[row["start"] : row["end"]] and row["reasons"] for row in analysis[kind])
    assert all(row["words"] == text[row["start"] : row["end"]] for row in analysis["claims"])
    assert analysis["signals"][0]["vendors"][0]["slug"] == "deepseek"


def test_a_document_without_a_text_has_no_analysis(api, alice):
    document = make.document()
    assert api(alice).get(f"/api/v1/documents/{document.pk}/analysis/").status_code == 200
    assert api(alice).get(f"/api/v1/documents/{document.pk + 99}/analysis/").status_code == 404


@pytest.mark.parametrize("kind", ["mentions", "claims", "signals"])
def test_it_is_judged_listed_and_taken_back(kind, document, analysis, post, api, alice):
    row, name = analysis[kind][0], kind[:-1].upper()
    answer = post(alice, "judgements/judge/", body=body(document, name, row, reason="Another one."))
    assert answer.status_code == 201, answer.content
    shown = answer.json()
    assert (shown["state"], shown["verdict"], shown["reason"], shown["version"]) == (
        "ATTACHED", "WRONG", "Another one.", 1,
    )  # fmt: skip
    listed = api(alice).get("/api/v1/judgements/", {"document": document.pk, "in_force": "true"}).json()
    assert [each["id"] for each in listed["results"]] == [shown["id"]]
    assert api(alice).get("/api/v1/judgements/", {"state": "ORPHANED"}).json()["count"] == 0
    made = Judgement.objects.get()
    back = post(alice, f"judgements/{made.pk}/withdraw/", made).json()
    assert (back["withdrawn_by"]["name"], back["state"]) == ("Alice", None)


def test_what_was_taken_back_is_no_orphan(document, analysis, api, alice):
    given = body(document, "SIGNAL", analysis["signals"][0]) | {"document": document}
    made = Judgement.objects.judge(by=alice, **given)
    made.withdraw(by=alice, now=timezone.now())
    pipeline.digest_now(Document.objects.get(pk=document.pk))
    made.refresh_from_db()
    assert made.state == "ATTACHED"
    Judgement.objects.update(state="ORPHANED")  # as earlier versions left it
    assert api(alice).get("/api/v1/judgements/", {"state": "ORPHANED"}).json()["count"] == 0


def test_who_may_not(document, analysis, post, dave):
    sent = body(document, "MENTION", analysis["mentions"][0])
    assert post(dave, "judgements/judge/", body=sent).status_code == 403


def test_who_has_no_access_sees_nothing(document, analysis, alice, api, erin):
    Judgement.objects.judge(by=alice, **(body(document, "MENTION", analysis["mentions"][0]) | {"document": document}))
    erin.roles = ["READER"]
    erin.save()
    client = api(erin)
    assert client.get("/api/v1/judgements/").json()["count"] == 1
    type(erin).objects.filter(pk=erin.pk).update(roles=[])
    assert client.get("/api/v1/judgements/").json()["count"] == 0
    assert client.get(f"/api/v1/documents/{document.pk}/analysis/").status_code == 404


@pytest.mark.parametrize(
    ("changed", "status"),
    [({"verdict": "MAYBE"}, 400), ({"fingerprint": "x"}, 400), ({"document": 999_999}, 400), ({"value": "DENIED"}, 409),
     ({"verdict": "DISPUTED"}, 409), ({"fingerprint": "0" * 64}, 409), ({"who": "me"}, 400)],
)  # fmt: skip
def test_what_makes_no_sense_is_refused(changed, status, document, analysis, post, alice):
    sent = body(document, "MENTION", analysis["mentions"][0]) | changed
    assert post(alice, "judgements/judge/", body=sent).status_code == status
    assert not Judgement.objects.exists()


def test_health_tells_how_far_the_rules_and_the_walk_have_come(document, api, dave):
    told = api(dave).get("/api/v1/health/").json()
    assert (told["rules"]["read"], told["rules"]["of"], told["spans"]) == (1, 1, None)
