"""People say what was read rightly. That holds through every later reading, and nothing they said is ever lost."""

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.utils import timezone

from riskreview.audit.models import Entry
from riskreview.audit.refusals import NotAllowed, NotNow
from riskreview.cases.models import Suggestion
from riskreview.enrichment import pipeline
from riskreview.evidence.models import Capture, Claim, Document, Judgement, Mention, Signal
from tests import make
from tests.enrichment.pages import RECIPE, REVIEW, html, read

pytestmark = pytest.mark.django_db
CONSTRAINTS = ("judgement_once", "judgement_span", "judgement_disputes_claims", "judgement_status_of_a_signal")
TOLD = (
    *REVIEW,
    "“We stopped new registrations after a cyberattack,” DeepSeek said on Monday, as 40 million users waited.",
    "Lawmakers in Canberra want to ban DeepSeek from all government devices over security concerns.",
)


@pytest.fixture
def case(alice):
    return make.case(
        by=alice,
        title="DeepSeek: national security review of its expansion",
        question="The National Security Council is looking at the implications of DeepSeek. Where do prompts go?",
    )


@pytest.fixture
def document(case):
    return read(html(*TOLD), "a")


def kinds(document):
    newest = document.newest
    return {"MENTION": newest.mentions, "CLAIM": newest.claims, "SIGNAL": newest.signals}


def judge(document, kind, by, verdict="WRONG", row=None, **more):
    row = row or kinds(document)[kind].order_by("start").first()
    given = {"target_kind": Judgement.Kind(kind), "fingerprint": row.fingerprint, "verdict": Judgement.Verdict(verdict)}
    return Judgement.objects.judge(by=by, document=document, **(given | more))


def again(document):
    document.refresh_from_db()
    assert document.digested_at is None, "a judgement has the document read again"
    assert pipeline.digest_now(document), document.last_error


@pytest.mark.parametrize("kind", Judgement.Kind.values)
def test_judging_is_a_verb_with_its_entry_and_has_the_document_read_again(kind, document, alice):
    row = kinds(document)[kind].order_by("start").first()
    made = judge(document, kind, alice, reason="It is another company.")
    entry = Entry.objects.about(made).get()
    assert (entry.verb, entry.actor) == ("judgement.judge", alice)
    assert (made.document, made.verdict, made.state, made.judged_by) == (document, "WRONG", "ATTACHED", alice)
    assert made.words == document.newest.text[slice(*row.judged_span)]
    again(document)
    assert kinds(document)[kind].order_by("start").first().state == "REJECTED"


def test_a_rejected_mention_counts_nowhere(document, case, alice):
    assert Suggestion.objects.exists()
    for row in list(document.newest.mentions.all()):
        judge(document, "MENTION", alice, row=row)
    Document.objects.filter(pk=document.pk).update(headline="Review of a company")
    again(document)
    assert set(document.newest.mentions.values_list("state", flat=True)) == {Mention.State.REJECTED}
    assert not document.salience.exists()
    assert not document.newest.signals.exists()
    assert not document.newest.claims.filter(source_kind="VENDOR").exists()
    assert not Suggestion.objects.filter(band=Suggestion.Band.SUGGESTED).exists()


def test_a_mention_judged_right_counts_however_uncertain_it_looked(alice):
    vendor = make.vendor("Quay Systems", by=alice)
    vendor.add_alias(by=alice, text="Harbour", kind="TRADE", strength="WEAK")
    document = read(html(*RECIPE, "They met Harbour on Monday."), "h", title="Bread")
    unsure = document.newest.mentions.get(surface="Harbour")
    assert (unsure.state, document.salience.exists()) == ("UNCERTAIN", False)
    judge(document, "MENTION", alice, "RIGHT", row=unsure)
    again(document)
    assert document.newest.mentions.get(start=unsure.start).state == "ACCEPTED"
    assert document.salience.get().vendor == vendor


def test_a_rejected_signal_counts_for_no_case_and_stays_to_be_seen(document, alice):
    for row in list(document.newest.signals.all()):
        judge(document, "SIGNAL", alice, row=row)
    before = Suggestion.objects.get().parts["signal"]["v"]
    again(document)
    assert document.newest.signals.exists()
    assert not Signal.objects.counting().exists()
    assert (before > 0, Suggestion.objects.get().parts["signal"]["v"]) == (True, 0)


def test_a_person_says_where_a_matter_stands(document, alice):
    row = document.newest.signals.exclude(status="DENIED").order_by("start").first()
    judge(document, "SIGNAL", alice, "RIGHT", row=row, value="DENIED")
    again(document)
    told = document.newest.signals.get(fingerprint=row.fingerprint)
    assert (told.status, told.state, told.reasons[-1]) == ("DENIED", "ACCEPTED", "A person said so.")


def test_a_disputed_claim_stays_and_says_so(document, alice):
    made = judge(document, "CLAIM", alice, "DISPUTED")
    again(document)
    assert Claim.objects.get(fingerprint=made.fingerprint).state == "DISPUTED"


@pytest.mark.parametrize(
    ("kind", "verdict", "more", "told"),
    [
        ("MENTION", "DISPUTED", {}, "Only a claim can be disputed"),
        ("SIGNAL", "DISPUTED", {}, "Only a claim can be disputed"),
        ("MENTION", "RIGHT", {"value": "DENIED"}, "Only a signal"),
        ("SIGNAL", "WRONG", {"value": "DENIED"}, "Only a signal"),
        ("CLAIM", "RIGHT", {"fingerprint": "0" * 64}, "does not have this any more"),
    ],
)
def test_what_makes_no_sense_is_refused_in_words(kind, verdict, more, told, document, alice):
    with pytest.raises(NotNow, match=told):
        judge(document, kind, alice, verdict, **more)
    assert not Judgement.objects.exists()


def test_nobody_judges_twice_what_stands_judged(document, alice, carol):
    made = judge(document, "MENTION", alice)
    with pytest.raises(NotNow, match="judged this already"):
        judge(document, "MENTION", carol, "RIGHT")
    made.withdraw(by=carol, now=timezone.now())
    assert judge(document, "MENTION", carol, "RIGHT").pk != made.pk


def test_a_judgement_taken_back_holds_no_more(document, alice, carol):
    made = judge(document, "MENTION", alice)
    again(document)
    made.withdraw(by=carol, now=timezone.now())
    again(document)
    assert not document.newest.mentions.filter(state="REJECTED").exists()
    assert Entry.objects.about(made).count() == 2
    with pytest.raises(NotNow):
        made.withdraw(by=carol, now=timezone.now())


@pytest.mark.parametrize("who", ["dave", "erin", "bob"])
def test_only_reviewers_judge(who, document, alice, request):
    by = request.getfixturevalue(who)
    with pytest.raises(NotAllowed):
        judge(document, "MENTION", by)
    made = judge(document, "MENTION", alice)
    with pytest.raises(NotAllowed):
        made.withdraw(by=by, now=timezone.now())


def test_erin_sees_none_of_it(document, alice, dave, erin):
    made = judge(document, "MENTION", alice)
    assert list(Judgement.objects.visible_to(dave)) == [made]
    assert not Judgement.objects.visible_to(erin).exists()


# -- through readings and changes of names -----------------------------------------------------------------------------


def test_it_survives_a_reading_and_a_change_of_names(document, case, alice):
    made = judge(document, "MENTION", alice)
    again(document)
    case.vendors.get().add_alias(by=alice, text="Hangzhou DeepSeek", kind="LEGAL")
    case.vendors.get().add_product(by=alice, name="DeepSeek-R1", kind="MODEL")
    for _ in range(2):
        Document.objects.filter(pk=document.pk).update(digested_at=None)
        again(document)
    made.refresh_from_db()
    assert made.state == "ATTACHED"
    assert document.newest.mentions.get(start=made.start, end=made.end).state == "REJECTED"


def test_it_goes_on_to_hold_when_the_vendor_is_merged_and_taken_apart_again(document, case, alice, carol):
    made = judge(document, "MENTION", alice)
    vendor, other = case.vendors.get(), make.vendor("High-Flyer", by=alice)
    for step in (
        lambda: vendor.merge_into(by=carol, other=other, reason="One group."),
        lambda: vendor.unmerge(by=carol, reason="Two after all."),
    ):
        step()
        vendor.refresh_from_db()
        Document.objects.filter(pk=document.pk).update(digested_at=None)
        again(document)
        made.refresh_from_db()
        assert made.state == "ATTACHED"
        rejected = document.newest.mentions.get(start=made.start, end=made.end)
        assert (rejected.state, rejected.vendor_id) == ("REJECTED", vendor.counts_as)


def test_one_whose_target_is_gone_is_an_orphan_and_is_never_lost(document, case, alice):
    made = judge(document, "MENTION", alice)
    vendor = case.vendors.get()
    for alias in vendor.aliases.filter(valid_to=None):
        vendor.retire_alias(by=alice, alias=alias, reason="Not theirs.", on=timezone.now().date())
    again(document)
    made.refresh_from_db()
    assert made.state == "ORPHANED"
    assert list(Judgement.objects.orphaned()) == [made]
    for alias in vendor.aliases.all():
        vendor.amend_alias(
            by=alice, alias=alias, strength=alias.strength, prior=0, extract=True, valid_from=None, valid_to=None
        )
    Document.objects.filter(pk=document.pk).update(digested_at=None)
    again(document)
    made.refresh_from_db()
    assert made.state == "ATTACHED"


def test_a_newer_text_without_it_makes_it_an_orphan(document, alice):
    made = judge(document, "CLAIM", alice)
    document.capture(Capture(raw=html(*REVIEW, "Nothing else."), content_type="text/html", fetched_at=timezone.now()))
    again(document)
    made.refresh_from_db()
    assert made.state == "ORPHANED"


def test_what_somebody_says_while_the_document_is_read_is_read_next(document, alice):
    Document.objects.filter(pk=document.pk).update(digested_at=None)
    ((row, offer),) = Document.objects.offer()
    with Document.objects.start(row, str(offer)) as running:
        digested = pipeline.digest(running.row)
        judge(document, "MENTION", alice)
        running.finish(pipeline.store, digested, digested_at=timezone.now())
    again(document)
    assert document.newest.mentions.filter(state="REJECTED").count() == 1


# -- the database says it too ------------------------------------------------------------------------------------------


def test_every_constraint_has_its_test():
    assert set(CONSTRAINTS) == {each.name for each in Judgement._meta.constraints}


def test_two_verdicts_on_one_thing_are_refused(document, alice):
    made = judge(document, "MENTION", alice)
    made.pk = None
    with pytest.raises(IntegrityError, match="judgement_once"), transaction.atomic():
        made.save(force_insert=True)


@pytest.mark.parametrize(
    ("changed", "constraint"),
    [
        ({"end": 0}, "judgement_span"),
        ({"verdict": "DISPUTED"}, "judgement_disputes_claims"),
        ({"value": "DENIED"}, "judgement_status_of_a_signal"),
    ],
)
def test_the_database_refuses_what_makes_no_sense(changed, constraint, document, alice):
    made = judge(document, "MENTION", alice)
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        Judgement.objects.filter(pk=made.pk).update(**changed)


@pytest.mark.django_db(transaction=True)
def test_a_verdict_without_an_entry_is_refused_and_its_state_is_the_machines(document, alice):
    made = judge(document, "MENTION", alice)
    Judgement.objects.filter(pk=made.pk).update(state="ORPHANED")
    with pytest.raises(DatabaseError, match="without an entry"):
        Judgement.objects.filter(pk=made.pk).update(verdict="RIGHT")
    with pytest.raises(DatabaseError, match="without an entry"):
        Judgement.objects.filter(pk=made.pk).delete()
    made.refresh_from_db()
    assert made.verdict == "WRONG"


def test_what_was_said_of_a_claim_holds_when_its_speaker_is_merged_into_another(document, alice, carol):
    row = document.newest.claims.filter(source_kind="VENDOR", more_start=None).order_by("start").first()
    judge(document, "CLAIM", alice, row=row)
    again(document)
    other = make.vendor("Other Co", by=alice)
    row.source_vendor.merge_into(by=carol, other=other, reason="One company by its register.")
    Document.objects.filter(pk=document.pk).update(digested_at=None)
    again(document)
    read_again = Claim.objects.get(start=row.start, kind=row.kind)
    assert (read_again.source_vendor, read_again.state) == (other, "REJECTED")
    assert Judgement.objects.get().state == "ATTACHED"
