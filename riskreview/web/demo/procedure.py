"""Does the case with a playbook show the same over HTTP as in the record: its stage, its memo, its seal, its past?"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from typing import Any

from riskreview.audit.models import Entry
from riskreview.cases import sealing
from riskreview.cases.models import Case, Decision, Meaning

from .agreement import decided_case, program, require, signed_in
from .visit import Visitor

STAGE = "follow_up"
DIGEST = re.compile(r'title="Digest of the sealed dossier[^"]*?\b([0-9a-f]{64})"')


def check(web: str) -> Iterator[str]:
    """Visit the decided case as bob, and as his program. Raises `Disagreement`."""
    case, decision = decided_case()
    browser, api = signed_in(web, "bob"), program(web, "bob")
    page, told = browser.get(f"/cases/{case.ref}/"), api.get(f"/api/v1/cases/{case.ref}/").json
    yield check_stage(case, page.text, told)
    yield check_memo(case, decision, browser, api)
    yield check_seal(case, decision, page.body, told)
    yield check_past(case, decision, browser, api)


def check_stage(case: Case, page: str, told: dict[str, Any]) -> str:
    """The case stands where its playbook ends, on its page and in the API, with nothing missing on the way."""
    here = case.stage_now()
    stood = [here and here.key, told["procedure"]["stage"]]
    require(stood == [STAGE, STAGE], f"{case.ref} stands at {stood}, not at “{STAGE}”")
    title = case.rules.stage[-1].title
    require(title in page, f"the page of {case.ref} does not say “{title}”")
    visited = [each["key"] for each in told["procedure"]["stages"]]
    asked = [each["state"] for each in told["consultations"]]
    require(set(asked) == {"ANSWERED"}, f"the consultations of {case.ref} stand at {asked}")
    return f"{case.ref} went through {len(visited)} stages of “{case.rules.title}” and stands at “{title}”"


def check_memo(case: Case, decision: Decision, browser: Visitor, api: Visitor) -> str:
    """The memo comes as a page, as PDF and as Word, to a browser and to a program."""
    road = f"/cases/{case.ref}/memo"
    page = browser.get(f"{road}/")
    require(page.status == 200, f"the memo answers {page.status}")
    require(decision.rationale[:60] in page.text, "the memo lacks the reasons")
    sizes = []
    for form, is_one in (("pdf", is_pdf), ("docx", is_word)):
        for answer in (browser.get(f"{road}.{form}"), api.get(f"/api/v1{road}/?form={form}")):
            require(answer.status == 200, f"the memo as {form} answers {answer.status}: {answer.body[:200]}")
            require(is_one(answer.data), f"the memo as {form} is none")
        sizes.append(f"{form.upper()} of {len(answer.data):,} bytes")
    return f"the memo comes as a page, as {' and as '.join(sizes)}"


def is_pdf(data: bytes) -> bool:
    """Whether these bytes are a PDF, to its end."""
    return data.startswith(b"%PDF-") and b"%%EOF" in data[-1024:]


def is_word(data: bytes) -> bool:
    """Whether these bytes are a Word document."""
    if not data.startswith(b"PK"):
        return False
    with zipfile.ZipFile(io.BytesIO(data)) as parts:
        return "word/document.xml" in parts.namelist()


def check_seal(case: Case, decision: Decision, page: str, told: dict[str, Any]) -> str:
    """What bob signed is what the page and the API show, and what the sealed lines add up to."""
    signed = decision.signatures.get(meaning=Meaning.APPROVED).dossier_sha256
    found = DIGEST.search(page)
    api = next(each["dossier_sha256"] for each in told["decisions"] if each["number"] == decision.number)
    added = sealing.root(decision.sealed.content, decision.sealed.key)
    for where, digest in (("page", found and found[1]), ("API", api), ("seal", added)):
        require(digest == signed, f"bob signed {signed[:12]}…, and the {where} of {case.ref} has {digest}")
    return f"bob signed {signed[:12]}…: the digest of page, API and {len(decision.sealed.content)} sealed lines"


def check_past(case: Case, decision: Decision, browser: Visitor, api: Visitor) -> str:
    """The case as it was when bob approved it: decided, at the stage of the decision, proven by its entry."""
    entry = Entry.objects.about(case).get(verb="case.approve", kind=Entry.Kind.ACT)
    page = browser.get(f"/cases/{case.ref}/as-of/?entry={entry.uuid}")
    require(page.status == 200, f"the page of the past answers {page.status}")
    require(decision.rationale[:60] in page.text, "the page of the past lacks the reasons")
    rows = api.get(f"/api/v1/cases/{case.ref}/as-of/?entry={entry.uuid}").json
    then = next(each for each in rows if each["type"] == "case")
    require(then["agrees"] is True, "the state at the approval is not proven by its entry")
    require(then["state"]["status"] == "DECIDED", f"at its approval the case was {then['state']['status']}")
    wrong = [f"{each['type']} {each['id']}" for each in rows if each["agrees"] is not True]
    require(not wrong, f"the state at the approval is not that of the entries: {', '.join(wrong)}")
    return f"as of its approval: {len(rows)} rows, each proven by its entry, {len(then['since'])} differences today"
