"""What goes along with a request to one origin alone, and must not be seen anywhere else."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import quote, unquote, unquote_plus, urlsplit, urlunsplit

Pairs = Sequence[tuple[str, str]]

_NAME = re.compile(r"[!#$%&'*+\-.^_`|~0-9A-Za-z]{1,100}")  # RFC 9110, 5.6.2
_VALUE = re.compile(r"(?:[!-~](?:[ \t!-~]*[!-~])?)?")  # RFC 9110, 5.5, in ASCII
_FRAMING = frozenset({"host", "connection", "content-length", "transfer-encoding", "accept-encoding", "te", "upgrade"})
_SHORT = 6  # characters: what is shorter stands in addresses by chance


@dataclass(frozen=True, slots=True)
class Confidential:
    """Headers and query parameters for the origin of the address `first`: its scheme, host and port."""

    first: str
    headers: Pairs = ()
    query: Pairs = ()

    def is_for(self, url: str) -> bool:
        """Whether the address is of the origin that may see them."""
        return _origin(url) == _origin(self.first)

    def added_to(self, url: str) -> str:
        """The address with the query parameters."""
        parts = urlsplit(url)
        added = [f"{quote(name, safe='')}={quote(value, safe='')}" for name, value in self.query]
        return urlunsplit(parts._replace(query="&".join([*filter(None, [parts.query]), *added]), fragment=""))

    def removed_from(self, url: str) -> str:
        """The address without them, should the server have sent them back in a redirect."""
        if not self.headers and not self.query:
            return url
        parts = urlsplit(url)
        kept = [each for each in parts.query.split("&") if not self._gives_away(each)]
        return urlunsplit(parts._replace(query="&".join(kept)))

    def is_told_by(self, url: str) -> bool:
        """Whether one of them stands in the address, in whatever case and percent-encoded or not."""
        said = {spelling.lower() for spelling in (url, unquote(url), unquote_plus(url))}
        return any(value.lower() in each for value in self._values() for each in said)

    def _gives_away(self, parameter: str) -> bool:
        name = unquote_plus(parameter.partition("=")[0]).lower()
        return name in {each.lower() for each, _ in self.query} or self.is_told_by(parameter)

    def _values(self) -> list[str]:
        return [value for _, value in (*self.headers, *self.query) if len(value) >= _SHORT]


def is_sound(name: str, value: str) -> bool:
    """Whether a header may be sent: nothing in it begins another, and it leaves the framing of the message alone."""
    return bool(_NAME.fullmatch(name) and _VALUE.fullmatch(value)) and name.lower() not in _FRAMING


def _origin(url: str) -> tuple[str, str]:
    parts = urlsplit(url)
    return parts.scheme, parts.netloc.lower()
