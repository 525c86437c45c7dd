"""Versions of a decision for other eyes: what is hidden is nowhere in them, and what is shown still verifies."""

import json

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from riskreview.accounts.models import User
from riskreview.audit.models import Entry
from riskreview.audit.refusals import NotAllowed, NotNow
from riskreview.cases import releasing, sealing
from riskreview.cases.models import Case, Release
from tests import expect, make
from tests.cases import dossiers

pytestmark = pytest.mark.django_db
SECRET = dossiers.SECRET


@pytest.fixture
def case(alice, bob):
    return dossiers.decided(alice, bob)


@pytest.fixture
def release(case, alice):
    return Release.objects.prepare(by=alice, case=case, decision=case.decision, audience="The vendor")


def test_it_hides_and_shows_and_goes_out_and_verifies(release, case, alice, bob):
    release.redact(by=alice, path="exhibit.2.passage", ground="5 U.S.C. 552(b)(4)")
    release.redact(by=alice, path="case.requester", ground="Not asked for")
    release.restore(by=alice, path="case.requester")
    with expect.one_entry("release.issue", by=bob, about=release):
        release.issue(by=bob)
    data = release.document()
    told = json.loads(data)
    assert (release.issued_by, release.sha256) == (bob, releasing.sha256_of(data))
    assert sealing.root_of(told["lines"]) == told["root"] == case.decision.sealed.root
    assert SECRET.encode() not in data
    assert b"41 cents" not in data
    assert case.requester.encode() in data
    assert Entry.objects.about(release).newest_first()[0].public["meaning"] == "released"


def test_a_part_is_hidden_with_everything_in_it(release, case, alice):
    release.redact(by=alice, path="exhibit.2", ground="CBI")
    hidden = [line for line in json.loads(release.document())["lines"] if "hash" in line]
    assert len(hidden) == len([path for path in case.decision.sealed.content if path.startswith("exhibit.2.")])
    assert b"Letter of the vendor" not in release.document()


def test_neither_who_prepared_it_nor_who_hid_something_lets_it_out(case, invite, alice):
    frank, grace = (invite(name, "REVIEWER", "APPROVER", "LEAD") for name in ("Frank", "Grace"))
    release = Release.objects.prepare(by=frank, case=case, decision=case.decision, audience="The press")
    release.redact(by=grace, path="exhibit.2.passage", ground="CBI")
    for person in (frank, grace, alice):
        with pytest.raises(NotAllowed, match="second person"):
            release.issue(by=person)
    assert release.issued_at is None


def test_who_showed_something_again_does_not_let_it_out(release, alice, carol, bob):
    hidden = release.redact(by=alice, path="exhibit.2", ground="CBI")
    release.restore(by=carol, path="exhibit.2")
    with pytest.raises(NotAllowed, match="second person"):
        release.issue(by=carol)
    hidden.refresh_from_db()
    assert (release.grounds(), hidden.restored_by, bool(hidden.restored_at)) == ({}, carol, True)
    release.redact(by=alice, path="exhibit.2", ground="CBI")
    release.issue(by=bob)
    assert SECRET.encode() not in release.document()


@pytest.mark.parametrize("statement", [SECRET, f"I rely on this:  {SECRET.upper()}"])
def test_what_is_printed_beside_the_dossier_gives_nothing_away(alice, bob, statement):
    case = dossiers.waiting(alice)
    make.approval(case, by=bob, statement=statement)
    case = Case.objects.get(pk=case.pk)
    release = Release.objects.prepare(by=alice, case=case, decision=case.decision, audience="The press")
    release.redact(by=alice, path="exhibit.2", ground="CBI")
    (told,) = release.given_away()
    assert told == (
        "What “Exhibit E2: passage” hides is said in “The names of those who signed, and what they said with it”"
        " as well. Hide that, too."
    )
    with pytest.raises(NotNow, match="Hide that, too"):
        release.issue(by=bob)
    release.redact(by=alice, path="signatures", ground="Exemption 6")
    assert release.given_away() == []
    release.issue(by=bob)


@pytest.mark.parametrize(
    ("audience", "marking", "ground", "says"),
    [
        (f"Those told: {SECRET}", "", "CBI", "“For whom it is” as well. Prepare a version"),
        ("The press", "41 cents in the vendor's letter"[:40], f"It says: {SECRET}", "grounds of what is left out"),
    ],
)
def test_what_no_redaction_mends_is_refused_when_it_is_hidden(case, alice, audience, marking, ground, says):
    release = Release.objects.prepare(by=alice, case=case, decision=case.decision, audience=audience, marking=marking)
    with expect.refusal(NotNow, release, match=says):
        release.redact(by=alice, path="exhibit.2", ground=ground)
    assert not release.redactions.exists()


def test_the_sum_of_what_was_issued_is_on_record(release, bob):
    release.issue(by=bob)
    assert Entry.objects.about(release).newest_first()[0].private["changes"]["sha256"] == ["", release.sha256]


def test_its_number_is_taken_under_the_lock_of_the_case(case, alice):
    with CaptureQueriesContext(connection) as asked:
        Release.objects.prepare(by=alice, case=case, decision=case.decision, audience="The vendor")
    told = [each["sql"] for each in asked]
    locked = next(at for at, sql in enumerate(told) if '"cases_case"' in sql and "FOR NO KEY UPDATE" in sql)
    assert locked < next(at for at, sql in enumerate(told) if "MAX(" in sql)


def test_another_account_of_the_same_person_does_not_let_it_out_either(case, invite):
    frank, other = (invite(name, "REVIEWER", "APPROVER", "LEAD") for name in ("Frank", "Franky"))
    release = Release.objects.prepare(by=frank, case=case, decision=case.decision, audience="The press")
    other.person = frank.human
    with pytest.raises(NotAllowed):
        release.issue(by=other)


def test_what_is_hidden_may_not_be_said_elsewhere(release, case, alice, bob, monkeypatch):
    release.redact(by=alice, path="recommendation.rationale", ground="Deliberative")
    content = dict(release.sealed.content)
    content["case.question"] += f"  As we wrote: {content['recommendation.rationale'].upper()}"
    monkeypatch.setattr(release.sealed, "content", content)
    assert releasing.given_away(content, ["recommendation.rationale"]) == [
        ("recommendation.rationale", "case.question")
    ]
    monkeypatch.setattr(Release, "sealed", release.sealed)
    with pytest.raises(
        NotNow, match="“Recommendation: rationale” hides is said in “Case: question” as well. Hide that, too."
    ):
        release.issue(by=bob)


@pytest.mark.parametrize(
    ("hidden", "shown", "tells"),
    [
        ("The price was 41 cents.", "they said the  PRICE was 41 cents. Really.", True),
        ("SUPPORTS_IT", "SUPPORTS_IT", False),
        ("2025-01-28T15:00:00.000000Z", "2025-01-28T15:00:00.000000Z", False),
        ("ab" * 32, "ab" * 32, False),
        ("short", "a short one", False),
        ({"ref": "user:5e0b0f5a-3c0e"}, "user:5e0b0f5a-3c0e", False),
        (["Known names", "only one"], "It is only one of many.", True),
        (41, "41", False),
        (
            "It is so. Nobody was told of the second audit. More.",
            "Nobody was told of the second audit, it seems.",
            True,
        ),
        ("It is so. It is well known. More of it.", "It is well known.", False),
    ],
)
def test_words_give_a_hidden_value_away_and_the_vocabulary_does_not(hidden, shown, tells):
    content = {"exhibit.1.passage": hidden, "finding.1.basis": shown}
    assert bool(releasing.given_away(content, ["exhibit.1"])) == tells


@pytest.fixture
def cited_twice(alice, bob):
    """A decided case whose exhibits E2 and E3 cite one capture of one document."""
    case = dossiers.waiting(alice)
    case.send_back(by=bob, reason="One more passage.")
    letter = case.exhibits.get(number=2)
    case.add_exhibit(by=alice, snapshot=letter.snapshot, start=0, end=15, stance="SUPPORTS", credibility=3)
    case.submit(by=alice, disposition="MONITOR", rationale="Watch it.")
    make.approval(case, by=bob)
    return Case.objects.get(pk=case.pk)


SAME = "Exhibit E3 cites the same document as E2"


@pytest.mark.parametrize(
    ("paths", "says"),
    [
        (
            ["exhibit.2"],
            f"{SAME}, which is hidden, and shows its headline, SHA-256 of the capture, SHA-256 of its text, address.",
        ),
        (["exhibit.2.url"], f"{SAME} and shows what is hidden there: address. Hide that, too."),
        (["exhibit.2.published_at"], f"{SAME} and shows what is hidden there: published. Hide that, too."),
        (
            ["exhibit.2.publisher", "exhibit.1.publisher"],
            "What “Exhibit E1: publisher” hides is said in “Exhibit E3: publisher” as well. Hide that, too.",
        ),
        (["exhibit.2", "exhibit.3"], None),
        (["exhibit.2.passage"], None),
        (["exhibit.2", *(f"exhibit.3.{each}" for each in ("headline", "url", "raw_sha256", "text_sha256"))], None),
    ],
)
def test_another_exhibit_of_a_hidden_document_says_nothing_of_it(cited_twice, alice, bob, paths, says):
    release = Release.objects.prepare(by=alice, case=cited_twice, decision=cited_twice.decision, audience="The press")
    for path in paths:
        release.redact(by=alice, path=path, ground="CBI")
    if says is None:
        release.issue(by=bob)
    else:
        assert any(each.startswith(says) for each in release.given_away())
        with expect.refusal(NotNow, release, match="Hide that, too"):
            release.issue(by=bob)


def described(number: int, **columns: object) -> dict[str, object]:
    """What a dossier holds of an exhibit."""
    own = {"document": {"ref": f"document:{number}"}, "snapshot": {"ref": f"snapshot:{number}"}}
    return {f"exhibit.{number}.{name}": value for name, value in (own | columns).items()}


ONE = described(1, headline="A long headline", publisher="Harbour Wire", url="https://a.example/1", grade="B2")
DAYS = {"published_at": "2025-01-28T15:00:00.000000Z", "raw_sha256": "ab" * 32}


@pytest.mark.parametrize(
    ("hidden", "shown", "tells"),
    [
        ("exhibit.1", described(2, headline="A long headline"), True),
        ("exhibit.1.headline", described(2, headline="A long headline"), True),
        ("exhibit.1", described(2, headline="Another headline"), False),
        ("exhibit.1", {"finding.1.basis": "It is in A long headline."}, True),
        ("exhibit.1", described(2, url="https://a.example/1"), True),
        ("exhibit.1", described(2, url="https://a.example/12"), False),
        ("exhibit.1", described(2, raw_sha256="ab" * 32), True),
        ("exhibit.1", {"finding.1.basis": f"Its sum is {'ab' * 32}."}, True),
        ("exhibit.1", described(2, grade="B2"), False),
        ("exhibit.1.grade", described(2, grade="B2"), False),
        ("exhibit.1", described(2, published_at=DAYS["published_at"]), False),
        ("exhibit.1.published_at", described(2, published_at=DAYS["published_at"]), False),
        ("exhibit.1.published_at", described(2, document=ONE["exhibit.1.document"], **DAYS), True),
        ("exhibit.1", described(2, publisher="Harbour Wire"), False),
        ("exhibit.1.publisher", described(2, publisher="Harbour Wire"), True),
        ("exhibit.1", {"finding.1.basis": "Harbour Wire says so."}, True),
        ("exhibit.1", described(2, publisher="Harbour Wire") | {"finding.1.basis": "Harbour Wire says so."}, False),
    ],
)
def test_what_identifies_a_document_is_kept_and_what_many_share_is_not(hidden, shown, tells):
    content = ONE | {f"exhibit.1.{name}": value for name, value in DAYS.items()}
    assert bool(releasing.given_away(content | shown, [hidden])) == tells


def test_a_short_publisher_is_kept_as_well_when_it_was_hidden_by_itself():
    content = described(1, publisher="BBC") | described(2, publisher="BBC")
    assert releasing.given_away(content, ["exhibit.1.publisher"]) == [("exhibit.1.publisher", "exhibit.2.publisher")]


@pytest.mark.parametrize(
    ("rationale", "tells"),
    [("As Bo Li told us.", True), ("As BO  LI, who signed, told us.", True), ("The turbo limits it.", False)],
)
def test_a_hidden_name_is_nowhere_in_the_texts(invite, alice, rationale, tells):
    case, signer = dossiers.waiting(alice), invite("Bo Li", "APPROVER")
    case.send_back(by=signer, reason="Say more.")
    case.submit(by=alice, disposition="MONITOR", rationale=rationale)
    make.approval(case, by=signer)
    case.refresh_from_db()
    release = Release.objects.prepare(by=alice, case=case, decision=case.decision, audience="The press")
    release.redact(by=alice, path="signatures", ground="Exemption 6")
    assert any("“Recommendation: rationale”" in each for each in release.given_away()) == tells
    with expect.refusal(NotNow, release, match="other words"):
        release.redact(by=alice, path="case.question", ground="For the sake of Bo Li")


@pytest.mark.parametrize(
    ("path", "ground", "words"),
    [
        ("exhibit.9.passage", "CBI", "holds nothing under"),
        ("exhibit.2.pass", "CBI", "holds nothing under"),
        ("exhibit.2.passage", " ", "on what ground"),
        ("exhibit.1.passage", "CBI", "hidden already"),
    ],
)
def test_hiding_names_what_is_there_with_a_ground_and_once(release, alice, path, ground, words):
    release.redact(by=alice, path="exhibit.1", ground="CBI")
    with pytest.raises(NotNow, match=words):
        release.redact(by=alice, path=path, ground=ground)


def test_what_was_issued_stays(release, alice, bob):
    release.redact(by=alice, path="exhibit.2.passage", ground="CBI")
    release.issue(by=bob)
    for act, given in (
        ("redact", {"path": "exhibit.1.passage", "ground": "CBI"}),
        ("restore", {"path": "exhibit.2.passage"}),
        ("issue", {}),
    ):
        with pytest.raises(NotNow, match="was issued"):
            getattr(release, act)(by=bob if act == "issue" else alice, **given)


def test_only_an_approved_and_sealed_decision_is_released(case, alice, bob):
    waiting = make.case(by=alice, status="AWAITING_APPROVAL")
    for of, decision in ((waiting, waiting.decisions.get()), (waiting, case.decision)):
        with pytest.raises(NotNow, match="approved"):
            Release.objects.prepare(by=alice, case=of, decision=decision, audience="The vendor")
    with pytest.raises(NotNow, match="for whom"):
        Release.objects.prepare(by=alice, case=case, decision=case.decision, audience=" ")


def test_nothing_is_restored_that_is_not_hidden(release, alice):
    with pytest.raises(NotNow, match="Nothing is hidden"):
        release.restore(by=alice, path="exhibit.1.passage")


@pytest.mark.parametrize("person", ["dave", "erin"])
def test_readers_prepare_nothing(request, case, person):
    somebody: User = request.getfixturevalue(person)
    with pytest.raises(NotAllowed):
        Release.objects.prepare(by=somebody, case=case, decision=case.decision, audience="The vendor")


def test_the_database_keeps_the_rules_of_releases_too(release, alice):
    hidden = release.redact(by=alice, path="exhibit.2.passage", ground="CBI")
    rows = Release.objects.filter(pk=release.pk)
    with expect.violation("release_issued_whole"):
        rows.update(issued_at=make.WHEN)
    with expect.violation("release_number_once"):
        Release(**{name: getattr(release, name) for name in ("case", "decision", "number", "prepared_by")}).save()
    with expect.violation("redaction_once"):
        release.redactions.create(path=hidden.path, ground="CBI", redacted_by=alice)
    with expect.violation("redaction_restored_whole"):
        release.redactions.filter(pk=hidden.pk).update(restored_at=make.WHEN)
    with expect.violation("redaction_has_ground"):
        release.redactions.filter(pk=hidden.pk).update(ground="")


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda told: told["lines"][0].update(value="Other."), "it stands for"),
        (lambda told: told.update(root="0" * 64), "it stands for"),
        (lambda told: told["lines"].reverse(), "not in order"),
        (lambda told: told["lines"][0].update(salt="zz"), "non-hexadecimal"),
        (lambda told: told["lines"].append({"path": "a"}), "not in order|line shows"),
        (lambda told: told.update(format="x"), "it is no"),
    ],
)
def test_a_changed_file_does_not_verify(release, change, words):
    told = json.loads(release.document())
    change(told)
    with pytest.raises(ValueError, match=words):
        releasing.verified(told)


def test_the_command_compares_with_the_digest_from_elsewhere(release, case, alice, tmp_path, capsys):
    release.redact(by=alice, path="exhibit.2.passage", ground="CBI")
    file = tmp_path / "release.json"
    file.write_bytes(release.document())
    root = case.decision.dossier_sha256
    call_command("verify_release", str(file), "--root", root)
    assert "1 left out" in capsys.readouterr().out
    with pytest.raises(CommandError, match="not what was signed"):
        call_command("verify_release", str(file), "--root", "0" * 64)
    file.write_bytes(b"{")
    with pytest.raises(CommandError, match="cannot be read"):
        call_command("verify_release", str(file), "--root", root)
