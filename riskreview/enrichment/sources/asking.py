"""Questions put to a service in the address of a request."""

from collections.abc import Iterable
from urllib.parse import parse_qs, urlencode, urlsplit

from riskreview.enrichment.sources.shapes import Misset, SourceState

# An address this long is kept whole with the answer, and read back from there.
_ADDRESS_MAX = 2_000


def question(base: str, asked: Iterable[tuple[str, str]]) -> str:
    """An address with parameters; those without a value are left out. Raises Misset when it gets too long."""
    url = f"{base}{'&' if '?' in base else '?'}{urlencode([(name, value) for name, value in asked if value])}"
    if len(url) > _ADDRESS_MAX:
        raise Misset("What the source asks for is too long to be sent. Make the query shorter.")
    return url


def asked_in(url: str, name: str) -> str:
    """The value of a parameter in an address that was asked; nothing when it is not there."""
    return parse_qs(urlsplit(url).query).get(name, [""])[0]


def setting(source: SourceState, name: str) -> str:
    """What a person set, without blanks at its ends; nothing when not set."""
    return str(source.config.get(name, "")).strip()


def several(source: SourceState, name: str) -> list[str]:
    """What a person set as a list with commas between."""
    return [part.strip() for part in setting(source, name).split(",") if part.strip()]
