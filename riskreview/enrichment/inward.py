"""Addresses that say by themselves that they lead inside: refused in words before a worker ever asks for them."""

import re
from urllib.parse import urlsplit

from django.conf import settings

from riskreview.lib.addresses import is_public

_NUMBER = re.compile(r"(?:0x[0-9a-f]{0,40}|[0-9]{1,40})")


def leads_inside(url: str) -> bool:
    """Whether an address says by itself that it leads to this machine or into a private network, and no exception of
    the operator lets it be fetched. The guarded fetcher looks closer: at what a name resolves to."""
    parts = urlsplit(url)
    host = (parts.hostname or "").rstrip(".").lower()
    port = parts.port or (443 if parts.scheme == "https" else 80)
    if f"{host}:{port}" in settings.FETCH_ALLOW or f"[{host}]:{port}" in settings.FETCH_ALLOW:
        return False
    if host == "localhost" or host.endswith(".localhost"):
        return True
    is_number = ":" in host or bool(_NUMBER.fullmatch(host.rpartition(".")[2]))  # "127.1" and "0x7f000001" are numbers
    return is_number and not is_public(host)
