"""On a document's page: what was read in it, why, and what people say of that."""

from __future__ import annotations

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from riskreview.enrichment import pipeline
from riskreview.enrichment.categories import CATEGORIES
from riskreview.evidence.models import Document, Judgement
from riskreview.web.layers import Layers, Over, layered
from riskreview.web.understood import who
from tests import make
from tests.enrichment.pages import REVIEW, html, read

from .conftest import text_of

pytestmark = pytest.mark.django_db
TOLD = (
    *REVIEW,
    "“We stopped new registrations after a cyberattack,” DeepSeek said on Monday, as 40 million users waited.",
    "Italy’s data protection authority, the Garante, wants to ban DeepSeek over privacy concerns.",
)


@pytest.fixture
def document(alice):
    make.case(by=alice, title="DeepSeek: national security review of its expansion")
    return read(html(*TOLD), "a")


def address(document, row=None):
    return document.get_absolute_url() + (f"?judge={row.fingerprint}" if row else "")


def fields(kind, row, verdict="WRONG", **more):
    return {"target_kind": kind, "fingerprint": row.fingerprint, "verdict": verdict, "reason": ""} | more


def first(document, kind):
    return getattr(document.newest, kind).order_by("start").first()


def test_the_page_tells_what_was_read_and_why(document, browse, dave):
    response = browse(dave).get(address(document))
    told, body = text_of(response), response.content.decode()
    newest = document.newest
    for row in (*newest.claims.all(), *newest.signals.all(), *newest.mentions.all()):
        assert " ".join(row.reasons[0].split()) in told, row
    for words in ("Who says what", "Kinds of risk", "Public bodies", "Named here"):
        assert words in told, words
    ids = re.findall(r'\bid="([^"]+)"', body)
    assert len(ids) == len(set(ids))
    targets = {each[1:] for each in re.findall(r'href="(#[^"]+)"', body)}
    assert targets <= set(ids) | {"main"}, "every mark leads to its item and back"
    assert ">Judge<" not in body, "dave only reads"


def test_the_text_reads_as_it_is_stored(document, browse, alice):
    body = browse(alice).get(address(document)).content.decode()
    article = body[body.index('<article class="archived') : body.index("</article>")]
    article = re.sub(r'<a class="ref[^>]*>.*?</a>', "", article)
    words = re.sub(r"<[^>]+>", "", article.replace("</p>", "\n")).replace("&#x27;", "'")
    assert "".join(words.split()[3:]).endswith("".join(document.newest.text.split()[3:]))


@pytest.mark.parametrize("kind", ["mentions", "claims", "signals"])
def test_it_is_judged_in_place_and_taken_back(kind, document, browse, post, alice):
    row, name = first(document, kind), kind[:-1].upper()
    page = browse(alice).get(address(document, row))
    assert f'action="/evidence/{document.pk}/judge/#{name.lower()}-1"' in page.content.decode()
    answer = post(alice, f"/evidence/{document.pk}/judge/", **fields(name, row, reason="Another company."))
    assert (answer.status_code, answer["Location"]) == (303, f"{document.get_absolute_url()}#{name.lower()}-1")
    made = Judgement.objects.get()
    page = browse(alice).get(address(document))
    assert re.search(rf'<li id="{name.lower()}-1" tabindex="-1" class="is-rejected">', page.content.decode())
    told = text_of(page)
    assert "said by Alice : Another company." in told or "said by Alice: Another company." in told
    assert pipeline.digest_now(Document.objects.get(pk=document.pk))
    assert "Rejected" in text_of(browse(alice).get(address(document)))
    assert "Another company." in text_of(browse(alice).get(f"{address(document)}?tab=judgements"))
    assert post(alice, f"/judgements/{made.pk}/withdraw/", made).status_code == 303
    assert "Taken back" in text_of(browse(alice).get(f"{address(document)}?tab=judgements"))


def test_a_status_is_given_to_a_signal(document, post, alice):
    row = first(document, "signals")
    answer = post(alice, f"/evidence/{document.pk}/judge/", **fields("SIGNAL", row, "RIGHT", value="DENIED"))
    assert answer.status_code == 303
    assert Judgement.objects.get().value == "DENIED"


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"verdict": ""}, "Choose what you say of it."),
        ({"verdict": "DISPUTED"}, "Select a valid choice."),
        ({"fingerprint": "x"}, ""),
    ],
)
def test_a_form_with_problems_comes_back(changed, told, document, post, alice):
    answer = post(alice, f"/evidence/{document.pk}/judge/", **(fields("SIGNAL", first(document, "signals")) | changed))
    assert answer.status_code == 422
    assert told in text_of(answer)
    assert not Judgement.objects.exists()


def part_of(answer, anchor):
    """One item of the page."""
    body = answer.content.decode()
    return re.split(r'<li id="|</section>', body[body.index(f'<li id="{anchor}"') + 8 :])[0]


@pytest.mark.parametrize(
    ("kind", "verdict", "more", "told"),
    [
        ("mentions", "WRONG", {}, "Recorded: the name “DeepSeek” does not mean DeepSeek. The document is read again."),
        ("claims", "DISPUTED", {}, "Recorded: C1 was read rightly, but is disputed. The document is read again."),
        ("signals", "WRONG", {}, "Recorded: S1 was read wrongly. The document is read again."),
        ("signals", "RIGHT", {"value": "DENIED"}, "Recorded: S1 was read rightly, and its status is “denied”."),
    ],
)
def test_the_item_judged_says_what_is_on_record(kind, verdict, more, told, document, browse, alice):
    row, name = first(document, kind), kind[:-1].upper()
    client = browse(alice)
    answer = client.post(f"/evidence/{document.pk}/judge/", fields(name, row, verdict, **more))
    page = client.get(answer["Location"].partition("#")[0])
    assert told in part_of(page, answer["Location"].partition("#")[2])
    assert page.content.decode().count(told) == 1


def test_a_form_with_problems_stands_at_its_item(document, browse, alice):
    row = document.newest.signals.order_by("-start").first()
    answer = browse(alice).post(f"/evidence/{document.pk}/judge/", fields("SIGNAL", row, ""))
    anchor = f"signal-{document.newest.signals.count()}"
    part = part_of(answer, anchor)
    assert "Choose what you say of it." in part
    assert f'action="/evidence/{document.pk}/judge/#{anchor}"' in part


@pytest.mark.parametrize("kind", ["mentions", "claims", "signals"])
def test_the_form_says_what_is_judged_and_chooses_nothing(kind, document, browse, alice):
    row = first(document, kind)
    part = part_of(browse(alice).get(address(document, row)), f"{kind[:-1]}-1")
    words = {
        "mentions": ("Name", "DeepSeek"),
        "claims": ("Statement", "Said by"),
        "signals": ("Kind of risk", "Status"),
    }
    told = text_of_part(part)
    assert [each for each in words[kind] if each not in told] == []
    assert '<option value="" selected>Choose</option>' in part


def text_of_part(part):
    return " ".join(re.sub(r"<[^>]+>", " ", part).split())


def test_a_signal_read_wrongly_takes_no_status_along(document, post, alice):
    sent = fields("SIGNAL", first(document, "signals"), "WRONG", value="DENIED")
    assert post(alice, f"/evidence/{document.pk}/judge/", **sent).status_code == 303
    assert (Judgement.objects.get().verdict, Judgement.objects.get().value) == ("WRONG", "")


def test_a_judgement_sent_twice_is_made_once(document, post, alice, carol):
    sent = fields("CLAIM", first(document, "claims"))
    answers = [post(who, f"/evidence/{document.pk}/judge/", **sent) for who in (alice, alice, carol)]
    assert [answer.status_code for answer in answers] == [303, 303, 409]
    assert answers[0]["Location"] == answers[1]["Location"]
    assert Judgement.objects.count() == 1


def test_the_tab_counts_and_says_what_was_judged(document, browse, alice):
    for kind in ("mentions", "claims", "signals"):
        row, name = first(document, kind), kind[:-1].upper()
        Judgement.objects.judge(by=alice, document=document, **fields(name, row))
    signal = first(document, "signals")
    told = text_of(browse(alice).get(f"{address(document)}?tab=judgements"))
    assert "Judgements 3" in told
    assert "Name of DeepSeek" in told
    claim = first(document, "claims")
    assert f"Statement of {who(claim)}, {claim.get_kind_display().lower()} Wrong".lower() in told.lower()
    category = CATEGORIES[signal.category].label
    assert f"Kind of risk: {category}, {signal.get_status_display().lower()} Wrong" in told


def test_what_is_gone_is_told_in_words(document, post, alice):
    row = first(document, "claims")
    sent = fields("CLAIM", row) | {"fingerprint": "0" * 64}
    answer = post(alice, f"/evidence/{document.pk}/judge/", **sent)
    assert answer.status_code == 409
    assert "does not have this any more" in text_of(answer)


def test_who_may_not(document, post, browse, dave, erin, alice):
    row = first(document, "mentions")
    assert post(dave, f"/evidence/{document.pk}/judge/", **fields("MENTION", row)).status_code == 403
    assert post(erin, f"/evidence/{document.pk}/judge/", **fields("MENTION", row)).status_code == 403
    assert b"/judge/" not in browse(dave).get(address(document, row)).content
    post(alice, f"/evidence/{document.pk}/judge/", **fields("MENTION", row))
    made = Judgement.objects.get()
    assert post(dave, f"/judgements/{made.pk}/withdraw/", made).status_code == 403
    assert post(alice, f"/judgements/{made.pk + 999}/withdraw/").status_code == 404


def test_an_orphan_is_listed_and_says_why(document, browse, alice):
    Judgement.objects.judge(by=alice, document=document, **fields("MENTION", first(document, "mentions")))
    Judgement.objects.update(state=Judgement.State.ORPHANED)
    told = text_of(browse(alice).get(f"{address(document)}?tab=judgements"))
    assert "Orphaned" in told
    assert "holds again if it comes back" in told


def test_the_number_of_queries_does_not_grow_with_what_was_read(document, browse, alice):
    client = browse(alice)
    longer = read(html(*(f"{line} So it was told in part {n}." for n in range(12) for line in TOLD)), "long")
    counts = []
    for each in (document, longer):
        client.get(address(each))
        with CaptureQueriesContext(connection) as queries:
            client.get(address(each))
        counts.append(len(queries))
    assert longer.newest.mentions.count() > 5 * document.newest.mentions.count()
    assert counts[1] <= counts[0] < 30


# -- marks over marks --------------------------------------------------------------------------------------------------


def test_marks_lie_over_each_other_and_the_text_stays_whole():
    text = "Alpha beta gamma.\nDelta epsilon."
    layers = Layers(
        [Over(6, 10, "beta"), Over(8, 16, "overlap")], [Over(0, 26, "claim")], [Over(6, 16, "risk"), Over(18, 23, "d")]
    )
    one, two = layered(text, layers, [])
    assert "".join(piece.text for piece in one.pieces) == "Alpha beta gamma."
    assert [(piece.text, piece.name, piece.signals, piece.opens) for piece in one.pieces] == [
        ("Alpha ", None, (), ("claim",)),
        ("beta", "beta", ("risk",), ("risk",)),
        (" gamma", None, ("risk",), ()),
        (".", None, (), ()),
    ]
    assert [piece.claims for piece in two.pieces] == [("claim",), ("claim",), ()]
    assert [piece.opens for piece in two.pieces] == [("d",), (), ()]


@pytest.mark.parametrize(
    ("said", "asked"),
    [
        (
            "DeepSeek denied that it suffered a data breach in which chat logs were leaked.",
            "One text says so, another denies it",
        ),
        ("DeepSeek suffered a data breach in which chat logs of 9 million users were leaked.", "or “9 million"),
    ],
)
def test_what_another_document_says_otherwise_is_asked_about_on_both(said, asked, alice, browse):
    make.vendor(by=alice)
    earlier = "DeepSeek suffered a data breach in which chat logs of 2 million users were leaked."
    one = read(html(earlier, *REVIEW[2:]), "says")
    other = read(html(said, "Italy asked who knew of it."), "later", days=1)
    told = text_of(browse(alice).get(address(other)))
    assert "Others say otherwise" in told
    assert asked in told
    assert earlier in told
    assert "Others say otherwise" in text_of(browse(alice).get(address(one)))
