"""Material by hand: addresses, a text, files. Each is its own act; one that cannot be taken never stops the others."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from riskreview.accounts.models import User
from riskreview.audit.refusals import NotNow
from riskreview.cases.models import Case
from riskreview.enrichment.decoding import NotText
from riskreview.enrichment.extracted import one_line
from riskreview.enrichment.intake_types import HEADLINE, readable, stem
from riskreview.enrichment.inward import leads_inside
from riskreview.evidence.models import Document, page_key
from riskreview.lib.hashing import sha256_hex
from riskreview.lib.text import normalise
from riskreview.lib.urls import safe_url

from .arriving import arrivals, case_of, followed
from .errors import CLASH
from .forms.intake import LARGEST_FILE, PUBLISHER, AddMaterial, titled
from .registering import only_reviewers
from .requests import Request

ADDED, HELD, REFUSED = "Added", "Already in the archive", "Refused"
INSIDE = "This address leads to this machine or into a private network. Nothing is fetched from there; upload the file."
NO_ADDRESS = "An address begins with http:// or https:// and holds no user name and no control character."


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that was given, and what became of it: the document, or `why` not."""

    given: str
    word: str
    document: Document | None = None
    why: str = ""

    @property
    def tone(self) -> str:
        """A badge's."""
        return {ADDED: "low", HELD: "info", REFUSED: "high"}[self.word]


@require_http_methods(["GET", "POST"])
def intake(request: Request) -> HttpResponse:
    """The form, with what the address says filled in; a POST adds what it holds. Sending it again adds nothing."""
    only_reviewers(request)
    if request.method == "GET":
        return page(request, AddMaterial(initial=sent_along(request)))
    form = AddMaterial(request.POST, request.FILES)
    if not form.is_valid():
        return page(request, form, status=422)
    return result(request, taken(form.cleaned_data, request.user), form.cleaned_data)


def page(request: Request, form: AddMaterial, status: int = 200) -> HttpResponse:
    """The form."""
    context = {
        "form": form,
        "case": case_of(request),
        "here": here(request),
        "is_unsafe": is_unsafe(request),
        "unknown_case": request.GET.get("case", "").strip()[:40] if case_of(request) is None else "",
        "had_files": bool(form.files),
    }
    return render(request, "intake/intake.html", context, status=status)


def result(request: Request, lines: list[Line], given: dict[str, Any]) -> HttpResponse:
    """A line for each thing that was given, in its order; the words that were refused wait in the form."""
    ids = [line.document.pk for line in lines if line.document]
    found, case = arrivals(ids, request.user), case_of(request)
    by_id = {each.document.pk: each for each in found}
    context = {
        "rows": [(line, by_id.pop(line.document.pk, None) if line.document else None) for line in lines],
        "counts": [(word, sum(line.word == word for line in lines)) for word in (ADDED, HELD, REFUSED)],
        "refused": any(line.word == REFUSED for line in lines),
        "form": AddMaterial(initial=left_over(lines, given, case)),
        "here": here(request),
        **followed(found, ids, 0, case),
    }
    return render(request, "intake/result.html", context)


def left_over(lines: list[Line], given: dict[str, Any], case: Case | None) -> dict[str, Any]:
    """What was refused, ready to be mended and sent again."""
    refused = {line.given for line in lines if line.word == REFUSED}
    kept = {"addresses": "\n".join(each for each in given["addresses"] if each in refused)}
    if given["text"] and titled(given["headline"], given["text"]) in refused:
        kept |= {name: given[name] for name in ("text", "headline", "publisher")}
    return kept | {"case": case.ref if case else ""}


def sent_along(request: HttpRequest) -> dict[str, str]:
    """What a link from elsewhere asks to add. Nothing is added before somebody presses the button."""
    url = safe_url(request.GET.get("url", "").strip()) or ""
    title = one_line(request.GET.get("title", ""), HEADLINE)
    return {"addresses": f"{url} {title}".strip() if url else "", "case": request.GET.get("case", "")}


def is_unsafe(request: HttpRequest) -> bool:
    """Whether a link from elsewhere named an address that is not taken."""
    return bool(request.GET.get("url", "").strip()) and not sent_along(request)["addresses"]


def here(request: HttpRequest) -> str:
    """The address of this page as other programs call it."""
    return request.build_absolute_uri(reverse("intake"))


def taken(given: dict[str, Any], user: User) -> list[Line]:
    """Add everything that was given, in its order."""
    lines = [address(line, user) for line in given["addresses"]]
    if given["text"]:
        lines.append(text(given, user))
    return lines + [file(each, user, publisher=publisher_of(given)) for each in given["files"]]


def publisher_of(given: dict[str, Any]) -> str:
    """Who wrote, said or sent the text and the files, as it was typed in."""
    return one_line(given["publisher"], PUBLISHER)


def address(line: str, user: User) -> Line:
    """Add one address, with the headline behind it."""
    said, _, title = line.partition(" ")
    url = safe_url(said)
    if url is None:
        return Line(line, REFUSED, why=NO_ADDRESS)
    if leads_inside(url):
        return Line(line, REFUSED, why=INSIDE)
    headline = normalise(title)[:HEADLINE]
    return added(line, page_key(url), Document.objects.bring, by=user, url=url, headline=headline)


def text(given: dict[str, Any], user: User) -> Line:
    """Add a pasted text."""
    headline = titled(given["headline"], given["text"])
    content, kind = given["text"].encode(), "text/plain; charset=utf-8"
    return upload(headline, headline, content, kind, user, publisher=publisher_of(given))


def file(sent: Any, user: User, *, publisher: str) -> Line:
    """Add one file, if its kind and size are taken. It is called by its name until its own title was read."""
    name = one_line(sent.name or "", HEADLINE) or "A file without a name"
    if sent.size > LARGEST_FILE:
        return Line(name, REFUSED, why="A file has at most 25 MB.")
    content = sent.read()
    try:
        kind = readable(sent.name or "", content, sent.content_type or "")
    except NotText as error:
        return Line(name, REFUSED, why=error.reason)
    return upload(name, stem(name), content, kind, user, publisher=publisher, file_name=name)


def upload(given: str, headline: str, content: bytes, kind: str, user: User, **more: str) -> Line:
    """Add bytes, which are their own identity: what came in another way with the same ones is held already."""
    sha256 = sha256_hex(content)
    if held := Document.objects.visible_to(user).filter(snapshots__raw_sha256=sha256).order_by("pk").first():
        return Line(given, HELD, held)
    details = {"headline": headline, "content": content, "content_type": kind, "now": timezone.now()}
    return added(given, f"sha256:{sha256}", Document.objects.upload, by=user, **details, **more)


def added(given: str, key: str, verb: Any, *, by: User, **arguments: Any) -> Line:
    """Call the verb, unless the archive holds the same already; say what became of it."""
    if held := holding(key, by):
        return Line(given, HELD, held)
    try:
        return Line(given, ADDED, verb(by=by, **arguments))
    except (NotNow, IntegrityError) as refusal:
        held = holding(key, by)  # somebody else was quicker
        why = str(refusal) if isinstance(refusal, NotNow) else CLASH
        return Line(given, HELD, held) if held else Line(given, REFUSED, why=why)


def holding(key: str, user: User) -> Document | None:
    """The document of this identity, if we have it."""
    found: Document | None = Document.objects.visible_to(user).filter(key=key).first()
    return found
