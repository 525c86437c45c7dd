"""Messages in a drop folder (Maildir, or loose .eml files), and the articles that newsletters point to."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from riskreview.enrichment import messages, newsletters
from riskreview.enrichment.decoding import NotText
from riskreview.enrichment.intake_types import readable, stem
from riskreview.enrichment.messages import Attachment, Message
from riskreview.enrichment.sources.reading import distinct, told
from riskreview.enrichment.sources.shapes import About, Brought, Bytes, Item, ParseFailed, Request, SourceState
from riskreview.lib.hashing import sha256_hex
from riskreview.lib.text import normalise, without_bidi
from riskreview.lib.urls import canonical_url

ABOUT = About(
    "MAIL",
    "E-mail and newsletters",
    "A folder below the drop folder into which a mail server delivers, or somebody puts .eml files.",
    road="FOLDER",
)
_CLOCKS_DIFFER = timedelta(days=1)
_HEADED_MIN = 2


def request(source: SourceState, *, now: datetime) -> Request:
    """The folder: nothing is asked of anybody."""
    return Request(source.url)


def parse(body: bytes, headers: Mapping[str, str], *, url: str, source: SourceState, now: datetime) -> Brought:
    """One message as one item, with one more for each attachment that can be read, and for each article that a
    newsletter points to.

    Raises ParseFailed for bytes that are no message and for a message over the limits of `messages`.
    """
    try:
        message = messages.read(body)
    except NotText as error:
        raise ParseFailed(error.reason) from error
    at = message.date if message.date and message.date <= now + _CLOCKS_DIFFER else None
    refused = list(message.left_out)
    letter = _item(message, body, at)
    along = [*_attached(message, at, refused), *_linked(message)]
    return Brought(distinct([letter, *(replace(each, came_with=letter.key) for each in along)]), refused=told(refused))


def _item(message: Message, raw: bytes, at: datetime | None) -> Item:
    return Item(
        key=f"mid:{message.id}" if message.id else f"sha256:{sha256_hex(raw)}",
        url="",
        title=message.subject,
        html=message.html,
        text=normalise(message.text).strip(),
        published=at,
        authors=(message.sender,) if message.sender else (),
        publisher=message.sender,
        kind="E_MAIL",
        enclosed=Bytes(raw, "message/rfc822", headers=message.trust),
    )


def _attached(message: Message, at: datetime | None, refused: list[str]) -> Iterator[Item]:
    for attachment in message.attachments:
        try:
            kind = readable(attachment.name, attachment.content, attachment.content_type)
        except NotText as error:
            refused.append(f"Attachment {without_bidi(attachment.name)[:100] or 'without a name'}: {error.reason}")
        else:
            yield _file(message, attachment, kind, at)


def _file(message: Message, attachment: Attachment, kind: str, at: datetime | None) -> Item:
    return Item(
        key=f"sha256:{sha256_hex(attachment.content)}",
        url="",
        title=stem(attachment.name),
        published=at,
        publisher=message.sender,
        enclosed=Bytes(attachment.content, kind, headers={"file-name": attachment.name}),
    )


def _linked(message: Message) -> Iterator[Item]:
    found = newsletters.entries(message.html) if message.html else newsletters.lines(message.text)
    if message.list_id or sum(entry.headed for entry in found) >= _HEADED_MIN:
        for entry in found:
            yield Item(canonical_url(entry.url), entry.url, title=entry.title, summary=entry.summary)
