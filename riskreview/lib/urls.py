"""Web addresses: one spelling per page, and which of them may be shown or fetched at all."""

import re
from ipaddress import IPv6Address
from urllib.parse import SplitResult, quote, urljoin, urlsplit

import idna

URL_MAX = 2_048
_DEFAULT_PORTS = {"http": 80, "https": 443}
_UNRESERVED = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
_PERCENT = re.compile("%([0-9A-Fa-f]{2})")
_FORBIDDEN = re.compile("[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff\\\\]")
_KEPT_IN_PATH = "/:@!$&'()*+,;=%-._~"
_TRACKER_NAMES = "fbclid gclid msclkid yclid mc_cid mc_eid igshid _hsenc _hsmi ref_src cmpid ocid smid spm"
_TRACKERS = frozenset(_TRACKER_NAMES.split())


def canonical_url(url: str) -> str:
    """One spelling for all addresses of one page, used as an identity, never fetched.

    Host in lower case and IDNA, `http` written as `https`, default port and fragment dropped, dot segments resolved,
    percent codes of plain characters decoded, query sorted without campaign parameters, no trailing slash but at the
    root. Applying it twice changes nothing. Raises ValueError for anything that is not a web address.
    """
    parts = urlsplit(url.strip())
    if parts.scheme.lower() not in _DEFAULT_PORTS or not parts.hostname:
        raise ValueError(f"not a web address: {url[:200]!r}")
    path = _without_dots(_percent(parts.path))
    path = path.rstrip("/") or "/"
    query = "&".join(sorted(_percent(p, "?/") for p in parts.query.split("&") if p and not _is_tracker(p)))
    return f"https://{_authority(parts)}{path}" + (f"?{query}" if query else "")


def safe_url(url: str, base: str = "") -> str | None:
    """The absolute address when it is one a page may link to, else None.

    Only http and https, without user name or password, without control, bidirectional or backslash characters, at most
    2,048 characters. A relative address is resolved against `base`; what follows the host is percent-encoded to ASCII.
    """
    url = url.strip(" \t\r\n")
    if not url or len(url) > URL_MAX or _FORBIDDEN.search(url):
        return None
    try:
        parts = urlsplit(urljoin(base, url))
        allowed = parts.scheme.lower() in _DEFAULT_PORTS and "@" not in parts.netloc and parts.port != 0
        ascii_host(parts.hostname or "")
    except ValueError:
        return None
    path, query, fragment = (
        quote(part, safe=_KEPT_IN_PATH + "?") for part in (parts.path, parts.query, parts.fragment)
    )
    whole = parts._replace(path=path, query=query, fragment=fragment).geturl()
    return whole if allowed and len(whole) <= URL_MAX else None


def ascii_host(host: str) -> str:
    """The host name as DNS knows it: lower case, IDNA; an IPv6 address without brackets. Raises ValueError."""
    host = host.lower().rstrip(".")
    if not host:
        raise ValueError("an address without a host")
    if ":" in host:
        return str(IPv6Address(host.split("%")[0]))
    if host.isascii() and re.fullmatch(r"[a-z0-9._\-]{1,253}", host):
        return host
    try:
        return idna.encode(host, uts46=True).decode("ascii")
    except idna.IDNAError as error:
        raise ValueError(f"not a host name: {host[:100]!r}") from error


def same_site(one: str, other: str) -> bool:
    """True when both addresses have the same host, or one's host lies below the other's (`www.` set aside)."""
    a, b = (urlsplit(url).hostname or "" for url in (one, other))
    a, b = a.removeprefix("www."), b.removeprefix("www.")
    return bool(a and b) and (a == b or a.endswith("." + b) or b.endswith("." + a))


def host_of(url: str) -> str:
    """The host of an address as manners know it: its name, and the port where it is not the usual one. Empty for what
    has none, such as a folder."""
    parts = urlsplit(url)
    name, port = parts.hostname or "", parts.port
    return name if port in (None, 80, 443) else f"{name}:{port}"


def _authority(parts: SplitResult) -> str:
    host = ascii_host(parts.hostname or "")
    host = f"[{host}]" if ":" in host else host
    port = parts.port
    return host if port in (None, 80, 443) else f"{host}:{port}"


def _percent(part: str, also_safe: str = "") -> str:
    part = _PERCENT.sub(lambda m: _decoded(m.group(1)), part)
    return quote(part, safe=_KEPT_IN_PATH + also_safe)


def _decoded(code: str) -> str:
    character = chr(int(code, 16))
    return character if character in _UNRESERVED else f"%{code.upper()}"


def _without_dots(path: str) -> str:
    kept: list[str] = []
    segments = path.split("/")
    for segment in segments:
        if segment == "..":
            kept = kept[:-1] if len(kept) > 1 else kept
        elif segment != ".":
            kept.append(segment)
    ends_in_folder = segments[-1] in (".", "..")
    return "/".join(kept) + ("/" if ends_in_folder else "")


def _is_tracker(parameter: str) -> bool:
    name = parameter.partition("=")[0].lower()
    return name.startswith("utm_") or name in _TRACKERS
