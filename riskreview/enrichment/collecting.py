"""From a source to its answer, and from an address to a document's bytes: the outside work, then one transaction.

What an answer holds is read elsewhere (`reading`): bytes of unknown make never meet the process that has the network.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from django.conf import settings
from django.utils import timezone

from riskreview.evidence import archive
from riskreview.evidence.kinds import About
from riskreview.evidence.models import Answer, Capture, Change, Document, Source, Trial
from riskreview.evidence.models.document import ONLY_AN_EXCERPT
from riskreview.lib.hashing import sha256_hex
from riskreview.lib.http import BadResponse, FetchFailed, Refused, Response, fetch

from . import folders, watching
from .credentials import secret
from .manners import policy, politely
from .sources import KINDS, Kind, ParseFailed, Request, SourceState
from .sources.shapes import BROKE_OFF

KEPT_HEADERS = ("content-type", "etag", "last-modified", "date", "content-language", "server", BROKE_OFF)
_GONE = frozenset({404, 410, 451})


def kind_of(source: Source | Trial) -> Kind:
    """The connector of a source. Raises `ParseFailed` for a kind this installation reads no more."""
    if source.kind not in KINDS:
        raise ParseFailed(f"This installation reads no source of the kind {source.kind}.")
    return KINDS[source.kind]


def state(source: Source, secret: str = "") -> SourceState:
    """What the connector may know of a source; its secret only where it is asked."""
    return SourceState(
        source.url,
        etag=source.etag,
        last_modified=source.last_modified,
        config=source.config,
        cursor=source.cursor,
        secret=secret,
    )


def visit(source: Source) -> Answer | None:
    """Ask a source what it has; None when nothing changed there.

    Raises `FetchFailed` or `ParseFailed`, both with a reason for staff, which stands on the list of visits as well; and
    `Postponed` when the host is busy.
    """
    try:
        return asked_of(source)
    except (FetchFailed, ParseFailed) as error:
        source.visits.note_failure(source, source.url, error.reason)
        raise


def asked_of(source: Source) -> Answer | None:
    """The answer of a source; None when nothing changed there."""
    kind = kind_of(source)
    if kind.ABOUT.road == "FOLDER":
        return dropped(source)
    asked = kind.request(state(source, secret(source.credential, source.url, kind.ABOUT)), now=timezone.now())
    answer = ask(asked, kind.ABOUT, heed_robots=source.heed_robots)
    if answer.not_modified and (asked.etag or asked.last_modified):
        return None
    refuse_errors(answer, source.credential)
    return replace(answer_of(asked, answer), question=source.question)


def dropped(source: Source) -> Answer | None:
    """The next file of a folder, by its address alone: whoever reads it opens it."""
    for address in folders.waiting(source.url):
        if not source.visits.dead().filter(url=address, at__gt=folders.changed(address)).exists():
            return Answer(address, b"", question=source.question)
        folders.move_aside(address, "failed")
    return None


def ask(asked: Request, about: About, *, heed_robots: bool) -> Response:
    """Send one request of a connector, with manners."""
    with politely(gap=about.gap, heed_robots=heed_robots and about.robots) as manners:
        answer = fetch(
            asked.url,
            policy=policy(asked.max_bytes),
            etag=asked.etag,
            last_modified=asked.last_modified,
            headers=asked.headers,
            secret_query=asked.secret_query,
            part=about.parts,
            admit=manners.admit,
        )
        manners.heard(answer)
    return replace(answer, headers=answer.headers | {BROKE_OFF: "yes"}) if answer.broke_off else answer


def answer_of(asked: Request, answer: Response) -> Answer:
    """An answer as it is kept: without the secrets it was asked with."""
    return Answer(asked.url, answer.body, answer.final_url[:2000], answer.status, kept(answer.headers))


def keep_answer(source: Source, answer: Answer | None) -> None:
    """Keep an answer to be read, unless it is the one we read last."""
    if answer and answer.question != source.question:
        return  # the source was amended while it was asked; it is due again already
    last = source.visits.newest() if answer and answer.body else None
    if answer is None:
        source.unchanged()
    elif last and not source.cursor and (last.url, last.sha256) == (answer.url, sha256_hex(answer.body)):
        same_again(source, last.reason or last.last_error)
    else:
        source.visits.note(source, answer)
        source.unread()


def same_again(source: Source, trouble: str) -> None:
    """Note the same bytes as last time: nothing new if they could be read then, the same trouble if not."""
    if trouble:
        source.could_not_be_read(trouble)
    else:
        source.unchanged()


@dataclass(frozen=True, slots=True)
class Obtained:
    """What a fetch brought, and the stamp of the announcement it answers. No capture: still the same bytes, or `gone`:
    the address gives nothing any more, or `forbidden`: it was not asked, an excerpt is all that may be kept of it."""

    capture: Capture | None
    asked: str
    gone: bool = False
    forbidden: bool = False


def obtain(document: Document) -> Obtained:
    """Fetch a document's bytes. Raises `FetchFailed`, and `Postponed` when the host is busy."""
    newest = document.newest
    if document.is_excerpt:
        return withheld(document)
    known = newest.headers if newest else {}
    heed = document.source.heed_robots if document.source else True
    with politely(heed_robots=heed) as manners:
        answer = fetch(
            document.from_where,
            policy=policy(settings.FETCH_MAX_BYTES),
            etag=known.get("etag", ""),
            last_modified=known.get("last-modified", ""),
            admit=manners.admit,
        )
        manners.heard(answer)
    if answer.not_modified and newest:
        return Obtained(None, document.stamp)
    if newest and (answer.status in _GONE or is_front(document.from_where, answer.final_url)):
        return Obtained(None, document.stamp, gone=True)
    refuse_errors(answer)
    archive.put(answer.body)  # before any transaction: the store may be far away
    return Obtained(capture(answer), document.stamp)


class Withheld(Refused):
    """A page whose terms do not let it be kept is not fetched. Trying again would not help."""

    permanent = True


def withheld(document: Document) -> Obtained:
    """What becomes of the wish to fetch a document of which an excerpt is all that may be kept: it goes, whoever had
    it. Raises `Withheld` where we do not even hold the excerpt."""
    if document.newest is None:
        raise Withheld(f"{ONLY_AN_EXCERPT} So it is not fetched.")
    return Obtained(None, document.stamp, forbidden=True)


def is_front(asked: str, final: str) -> bool:
    """Whether a redirect led from an article to the front page of the site or of one of its sections: what sites do
    instead of saying that an article is gone."""
    before, after = (urlsplit(url).path.strip("/").split("/") for url in (asked, final))
    if before == after or before == [""]:
        return False
    return after == [""] or (len(after) == 1 < len(before) and after[0] == before[0])


def keep_obtained(document: Document, obtained: Obtained) -> None:
    """Keep fetched bytes as a snapshot, unless they are the ones we hold; note an address that gives nothing."""
    if obtained.forbidden:
        document.look_no_more()
    elif not obtained.gone:
        document.answered(obtained.capture, asked=obtained.asked)
    elif document.missed(timezone.now()):
        watching.tell(document, Change.Kind.GONE, "Its address gives nothing any more.", before=document.newest)


def capture(answer: Response) -> Capture:
    """An answer as a capture: exact bytes and the headers that tell where they came from."""
    return Capture(
        raw=answer.body,
        content_type=answer.headers.get("content-type", ""),
        fetched_at=datetime.datetime.now(datetime.UTC),
        final_url=answer.final_url[:2000],
        status=answer.status,
        headers=kept(answer.headers),
        live=True,
    )


def kept(headers: dict[str, str]) -> dict[str, str]:
    """The headers that are evidence; cookies and the rest are dropped."""
    return {name: headers[name][:500] for name in KEPT_HEADERS if name in headers}


def refuse_errors(answer: Response, credential: str = "") -> None:
    """Raise `BadResponse` unless the server gave what was asked for."""
    if credential and answer.status in (401, 403):
        raise BadResponse(f"The service does not accept the credential {credential} (status {answer.status}).")
    if answer.status != 200:
        raise BadResponse(f"The server answered with status {answer.status}.")
    if not answer.body:
        raise BadResponse("The server answered with nothing at all.")
