"""What the page tests share: reading forms back, and addresses."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from html import unescape

import pytest
from django.test import Client
from django.utils import timezone

from riskreview.audit.models import Verification
from riskreview.evidence.models import Answer, Claim, Trial, Visit
from tests import make


@pytest.fixture
def now():
    """The moment of the test."""
    return timezone.now()


@pytest.fixture
def post(browse) -> Callable:
    """Send a form as somebody, with the version that person looked at."""

    def send(user, address: str, row=None, **fields):
        seen = {} if row is None else {"seen": row.entry_seq}
        return browse(user).post(address, seen | fields)

    return send


def text_of(response) -> str:
    """A page's words without its markup."""
    body = re.sub(r"<(script|style)\b.*?</\1>", " ", response.content.decode(), flags=re.DOTALL)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", body)).split())


def statement(document, words: str = "", **told):
    """Something that a machine read somebody to have said in a document: its first words, unless told."""
    words = words or document.newest.text[:20]
    start = document.newest.text.index(words)
    given = {"kind": "INDIRECT", "source_kind": "PERSON", "source_name": "Inês Cordeiro", "reasons": ["said"]}
    place = {"sentence": 0, "start": start, "end": start + len(words), "words": words}
    fingerprint = hashlib.sha256(f"{document.pk} {words}".encode()).hexdigest()
    return Claim.objects.create(snapshot=document.newest, fingerprint=fingerprint, **(given | told), **place)


@pytest.fixture
def everything(alice, bob, carol, sign_log):
    """One of each thing that has a page."""
    case = make.case(by=alice, status="AWAITING_APPROVAL")
    open_case = make.case(by=alice, status="IN_REVIEW", title="Second question")
    source = make.source(by=carol)
    held = make.document(source=source)
    incident = make.incident(by=alice)
    suggestion = make.suggestion(open_case, held)
    flag = make.flag(case.exhibits.get())
    visit = Visit.objects.note(source, Answer(source.url, b"<rss/>"))
    Visit.objects.filter(pk=visit.pk).update(dead_at=timezone.now(), last_error="It was too much.")
    sign_log()
    return {
        "judgement": make.name_judgement(by=carol),
        "pair": make.duplicate_judgement(by=carol),
        "said": make.origin_judgement(by=carol),
        "visit": visit,
        "flag": flag,
        "trial": Trial.objects.ask(kind="RSS", url="https://a.example/", config={}, credential="", asked_by=carol),
        "check": Verification.objects.ask(by=carol),
        "delegation": make.delegation(by=bob),
        "case": case,
        "open_case": open_case,
        "sheet": make.sheet(open_case, by=alice),
        "source": source,
        "document": held,
        "claim": statement(held).fingerprint,
        "incident": incident,
        "suggestion": suggestion,
        "weights": make.weights(),
        "team": make.team(by=carol),
        "release": make.release(by=alice, approver=bob, issued=True),
        "batch": make.batch([open_case], by=alice),
        "vendor": make.vendor(by=carol),
    }


@pytest.fixture
def anonymous() -> Client:
    """A browser in which nobody is signed in."""
    return Client()
