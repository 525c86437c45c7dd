"""Finding a document of the archive by what people know of it: its number, an address, words of it, or the case."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cached_property
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db.models import Q, prefetch_related_objects
from django.http import HttpResponse
from django.http.request import validate_host
from django.shortcuts import render
from django.views.decorators.http import require_GET

from riskreview.accounts.models import User
from riskreview.cases.everything import Everything
from riskreview.cases.models import Case
from riskreview.evidence.models import Document, page_key
from riskreview.evidence.searching import TookTooLong, in_time
from riskreview.lib import asking
from riskreview.lib.text import without_bidi

from .requests import Request

NUMBER = re.compile(r"\s*#?([0-9]{1,18})\s*")
ADDRESS = re.compile(r"\s*https?://", re.IGNORECASE)
PAGE = re.compile(r"/evidence/([0-9]{1,18})(?:[/?#]|$)")
NAME = re.compile(r"[a-z][a-z0-9_-]{0,79}")
SHOWN, QUOTED = 8, 80
GONE = "There is no such document. Look for it by words of its title, or bring it into the archive first."
NOT_THERE = "There is no such document: “{}”. Look for it by words of its title, or bring it into the archive first."
NO_WORDS = "No document fits “{}”. Try other words, or give its number or its address."
STOPPED = "The search for “{}” was stopped: it took too long. Add a rarer word, or give its number or its address."


def is_named(told: str) -> bool:
    """Whether somebody gave a number or an address; else they are words to look for."""
    return bool(NUMBER.fullmatch(told) or ADDRESS.match(told) or PAGE.match(told.strip()))


def named(told: str, user: User) -> Document | None:
    """The document with a number, that was published at an address, or whose page here has it, if this person may see
    it. What somebody published at an address goes before a page of ours."""
    if not is_named(told) or "\x00" in told:
        return None
    number, page = NUMBER.fullmatch(told), page_here(told.strip())
    found: Document | None = None
    if not number:
        found = rows_for(user).filter(published_at(told.strip())).order_by("pk").first()
    if found is None and (number or page):
        found = rows_for(user).filter(pk=int((number or page)[1])).first()  # type: ignore[index]
    return found


def page_here(told: str) -> re.Match[str] | None:
    """The page of a document of this archive: a path, or an address whose host the settings name as our own. Where
    they take any host (`*`) none is known to be ours."""
    if not ADDRESS.match(told):
        return PAGE.match(told)
    try:
        host, path = urlsplit(told).hostname or "", urlsplit(told).path
    except ValueError:
        return None
    own = [each for each in settings.ALLOWED_HOSTS if each != "*"]
    return PAGE.match(path) if validate_host(f"[{host}]" if ":" in host else host, own) else None


def published_at(address: str) -> Q:
    """Documents that were published at an address, in any spelling of it."""
    page = address.partition("#")[0]
    try:
        return Q(url=page) | Q(key=page_key(page))
    except ValueError:
        return Q(url=page)


def with_words(told: str, user: User, cited: Cited | None = None) -> list[Document]:
    """The documents that fit words best: first those with each word in their title, and of them and of the others
    first those of the case. One more than is shown says that there are more. Raises `TookTooLong` where nothing was
    found in time."""
    rows: dict[int, Document] = {}
    stopped: TookTooLong | None = None
    for search in (headed, titled, read_with):
        try:
            with in_time():
                rows |= {each.pk: each for each in search(told, user) if each.pk not in rows}
        except TookTooLong as error:
            stopped = error
    if stopped and not rows:
        raise stopped
    own = {each.pk for each in cited.documents} if cited else set()
    asked = [word.lower() for word in told.split()[:SHOWN]]

    def last(document: Document) -> tuple[bool, bool]:
        title = str(document).lower()
        return not all(word in title for word in asked), document.pk not in own

    return sorted(rows.values(), key=last)[: SHOWN + 1]


def headed(told: str, user: User) -> Iterable[Document]:
    """The newest documents with each of the words in their title, read or not."""
    asked = Q()
    for word in told.split()[:SHOWN]:
        asked &= Q(headline__icontains=word)
    return rows_for(user).filter(asked).order_by("-pk")[: SHOWN + 1]  # type: ignore[no-any-return]


def titled(told: str, user: User) -> Iterable[Document]:
    """The newest documents with each of the words in title, publisher or address, read or not."""
    asked = Q()
    for word in told.split()[:SHOWN]:
        asked &= Q(headline__icontains=word) | Q(publisher__icontains=word) | Q(url__icontains=word)
    return rows_for(user).filter(asked).order_by("-pk")[: SHOWN + 1]  # type: ignore[no-any-return]


def read_with(told: str, user: User) -> Iterable[Document]:
    """The documents whose text fits the words best."""
    best = list(Everything(asking.read(told, typing=True), user).rows("document")[: SHOWN + 1])
    found = rows_for(user).in_bulk(best)
    return [found[each] for each in best if each in found]


def rows_for(user: User) -> Any:
    """What this person may see, with what a choice says of it."""
    return Document.objects.visible_to(user).select_related("source")


class Cited:
    """What a case cites, for the boxes of one form: asked for once, when the first of them wants it."""

    def __init__(self, case: Any) -> None:
        self.case: Case | None = case if isinstance(case, Case) else None

    @cached_property
    def documents(self) -> list[Document]:
        """The documents, the last added first. No question where the page has loaded the exhibits."""
        if self.case is None:
            return []
        standing = (each for each in self.case.exhibits.all() if each.stands)
        rows = sorted(standing, key=lambda each: each.number, reverse=True)[: 4 * SHOWN]
        prefetch_related_objects(rows, "document__source")
        return list({each.document_id: each.document for each in rows}.values())[:SHOWN]


def looked_for(told: str, user: User, cited: Cited | None = None) -> list[Document]:
    """What fits what somebody wrote so far, the best first; see `with_words` for how many. Raises `ValidationError`
    where nothing does, or where nothing was found in time."""
    if is_named(told):
        if (found := named(told, user)) is None:
            raise ValidationError(NOT_THERE.format(quoted(told)))
        return [found]
    try:
        fitting = with_words(told, user, cited)
    except TookTooLong as error:
        raise ValidationError(STOPPED.format(quoted(told))) from error
    if not fitting:
        raise ValidationError(NO_WORDS.format(quoted(told)))
    return fitting


def quoted(told: str) -> str:
    """What somebody wrote as a sentence says it again: cut, and in one direction."""
    words = without_bidi(" ".join(told.split()))
    return words if len(words) <= QUOTED else f"{words[:QUOTED]}…"


@require_GET
def pick(request: Request) -> HttpResponse:
    """The choices for what is written in the box of a form, as a part of its page."""
    name = request.GET.get("field", "")
    told = request.GET.get(name, "")[:2_000].replace("\x00", "").strip() if NAME.fullmatch(name) else ""
    case = Case.objects.visible_to(request.user).filter(ref=request.GET.get("case", "")[:16]).first()
    cited = Cited(case)
    context: dict[str, Any] = {"name": name if NAME.fullmatch(name) else "document", "none": "none" in request.GET}
    try:
        found = looked_for(told, request.user, cited) if told else []
        context |= {"found": found[:SHOWN], "more": len(found) > SHOWN}
        context |= {"looked": bool(told), "chosen": found[0].pk if is_named(told) else None}
    except ValidationError as error:
        context |= {"found": [], "problem": error.messages[0]}
    if not told:
        context["at_hand"] = cited.documents
    return render(request, "components/found.html", context)
