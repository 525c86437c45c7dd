"""Where a bucket of an S3-compatible object store is, read from one address."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import parse_qsl, unquote, urlsplit

FORM = "s3://bucket/prefix?endpoint=https://host:port&region=eu-central-1&addressing=path"
_NAME = re.compile(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")
_PREFIX = re.compile(r"(?!.*(?:^|/)\.{0,2}(?:/|$))[A-Za-z0-9._/-]{1,512}")
_REGION = re.compile(r"[a-z0-9-]{1,40}")
_PARAMETERS = ("endpoint", "region", "addressing")
_ADDRESSING = ("auto", "path", "virtual")


@dataclass(frozen=True, slots=True)
class Bucket:
    """A bucket, and the folder in it (`prefix`, may be empty). Without an endpoint it is Amazon's.

    `addressing` says where a request names the bucket: in the path, in the host name ("virtual"), or as the client
    thinks best ("auto").
    """

    name: str
    prefix: str = ""
    endpoint: str = ""
    region: str = ""
    addressing: str = "auto"

    @classmethod
    def parse(cls, address: str) -> Bucket:
        """Read `s3://bucket/prefix?endpoint=…&region=…&addressing=…`. Raises `ValueError`, in words that repeat nothing
        of the address but names: somebody may have put a key into it."""
        parts = urlsplit(address.strip())
        if parts.scheme != "s3" or not parts.netloc:
            raise ValueError(f"An object store is written as {FORM}.")
        if "@" in parts.netloc or "@" in parts.query:
            raise ValueError("Keys do not belong into the address; they come from the variables AWS_… .")
        given = _parameters(parts.query)
        return cls(
            name=_fitting(_NAME, parts.netloc, "The bucket's name: 3 to 63 of a-z, 0-9, dot and dash."),
            prefix=_prefix(unquote(parts.path)),
            endpoint=_endpoint(given.get("endpoint", "")),
            region=_fitting(_REGION, given["region"], "The region is a name such as eu-central-1.")
            if "region" in given
            else "",
            addressing=_addressing(given.get("addressing", "auto")),
        )


def _parameters(query: str) -> dict[str, str]:
    pairs = parse_qsl(query, keep_blank_values=True)
    given = dict(pairs)
    if len(given) < len(pairs) or given.keys() - set(_PARAMETERS):
        raise ValueError(f"Of an object store one may say {', '.join(_PARAMETERS)}, each once.")
    return given


def _fitting(form: re.Pattern[str], text: str, otherwise: str) -> str:
    if not form.fullmatch(text):
        raise ValueError(otherwise)
    return text


def _prefix(path: str) -> str:
    prefix = path.strip("/")
    return _fitting(_PREFIX, prefix, "The folder in the bucket: letters, digits, . _ - and /.") if prefix else ""


def _endpoint(url: str) -> str:
    parts = urlsplit(url)
    try:
        whole = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
    except ValueError:
        whole = False
    if url and (not whole or parts.path.strip("/") or parts.query or parts.fragment):
        raise ValueError("The endpoint is https://host or https://host:port and nothing more.")
    return url.rstrip("/")


def _addressing(word: str) -> str:
    if word not in _ADDRESSING:
        raise ValueError(f"The addressing is one of {', '.join(_ADDRESSING)}.")
    return word
