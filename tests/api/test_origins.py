"""Whose text a document is, through the API, and the same acts through all three faces."""

import pytest

from riskreview.audit.models import Entry
from riskreview.enrichment import settling
from riskreview.evidence.models import OriginJudgement
from tests.cases.test_three_faces import told
from tests.enrichment import wires
from tests.enrichment.wires import Printed

pytestmark = pytest.mark.django_db
WHY = "They had the letter themselves."


@pytest.fixture
def held():
    printed = [
        Printed("wire", wires.FERRY, 0, "Wire"),
        Printed("copy", wires.FERRY, 0.2, "Herald"),
        Printed("other", wires.PORT, 0.4, "Ledger"),
    ]
    return {each.key: wires.placed(each) for each in printed}


def test_the_origin_of_a_document_is_told_with_its_copies(api, alice, held):
    answer = api(alice).get(f"/api/v1/documents/{held['copy'].pk}/origin/")
    assert answer.status_code == 200, answer.content
    shown = answer.json()
    assert shown["origin"] == held["copy"].origin_id
    assert [(each["document"]["id"], each["depth"]) for each in shown["copies"]] == [
        (held["wire"].pk, 0),
        (held["copy"].pk, 1),
    ]
    assert shown["copies"][1]["link"]["relation"] == "COPY"
    assert shown["shared"][0]["words"] in held["copy"].newest.text
    assert (shown["story"]["documents"], shown["story"]["origins"]) == (2, 1)


def test_what_is_not_there_is_404(api, alice, held):
    assert api(alice).get("/api/v1/documents/999999/origin/").status_code == 404
    assert api(alice).get(f"/api/v1/documents/{held['copy'].pk}/origin/?x=1").status_code == 400


def test_a_document_is_split_and_that_is_taken_back(post, api, alice, held):
    answer = post(alice, "originjudgements/split/", body={"document": held["copy"].pk, "reason": WHY})
    assert answer.status_code == 201, answer.content
    made = OriginJudgement.objects.get()
    assert (answer.json()["kind"], answer.json()["apart"], answer.json()["settled_at"]) == (
        "SPLIT",
        [held["wire"].pk],
        None,
    )
    settling.settle()
    assert wires.origins() == [["copy"], ["other"], ["wire"]]
    answer = post(alice, f"originjudgements/{made.pk}/undo/", made)
    assert (answer.status_code, answer.json()["undone_by"]["name"]) == (200, "Alice")
    assert api(alice).get("/api/v1/originjudgements/?in_force=true").json()["count"] == 0


@pytest.mark.parametrize(
    ("act", "body", "status"),
    [
        ("split", {"reason": WHY}, 400),
        ("split", {"document": 0, "reason": WHY}, 400),
        ("split", {"document": "other", "reason": WHY}, 409),
        ("join", {"document": "copy", "other": "wire", "reason": WHY}, 409),
        ("join", {"document": "copy", "other": "other", "reason": WHY}, 201),
        ("join", {"document": "copy", "other": "other", "reason": WHY, "more": 1}, 400),
    ],
)
def test_it_says_what_is_wrong(post, alice, held, act, body, status):
    body = {name: held[value].pk if value in held else value for name, value in body.items()}
    assert post(alice, f"originjudgements/{act}/", body=body).status_code == status


@pytest.mark.parametrize("act", ["split", "join"])
def test_every_face_leaves_the_same_entry(act, browse, api, alice, held):
    fields = {"document": held["copy"].pk, "reason": WHY} | ({"other": held["other"].pk} if act == "join" else {})
    seen = []
    for face in ("web", "api", "shell"):
        if face == "web":
            assert browse(alice).post(f"/origins/{act}/", fields).status_code == 303
        elif face == "api":
            assert api(alice).post(f"/api/v1/originjudgements/{act}/", fields, format="json").status_code == 201
        else:
            rows = {"document": held["copy"]} | ({"other": held["other"]} if act == "join" else {})
            getattr(OriginJudgement.objects, act)(by=alice, reason=WHY, **rows)
        made = OriginJudgement.objects.in_force().get()
        [entry] = Entry.objects.filter(verb=f"originjudgement.{act}", subject_id=str(made.pk))
        assert (entry.actor, entry.public["via"]) == (alice, face)
        said = told(entry)
        said["header"]["subject"].pop("id")
        said["body"]["state"].pop("sha256")
        seen.append(said)
        made.undo(by=alice, now=made.judged_at)
        settling.settle()
    assert seen[0] == seen[1] == seen[2]
