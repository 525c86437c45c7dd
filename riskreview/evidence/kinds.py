"""The kinds of source this installation reads. Each connector announces itself at start."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from riskreview.audit.refusals import NotNow
from riskreview.lib.urls import safe_url

FOLDER = "folder:"
_FOLDER_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,59}")
_CREDENTIAL = re.compile(r"[a-z0-9][a-z0-9_-]{0,59}")
_VALUE_MAX = 2_000


@dataclass(frozen=True, slots=True)
class Setting:
    """One thing a person sets for a source of a kind, such as a query. Values are texts."""

    name: str
    label: str
    hint: str = ""
    required: bool = False


@dataclass(frozen=True, slots=True)
class About:
    """What there is to know of a kind before a source of it exists.

    `address` is the service's own, when there is only one, and the default of a new source. `gap` is the least number
    of seconds between two requests to its host, where the service names one. `road` FOLDER means files below the
    operator's drop folder instead of an address. `retention` EXCERPT: the terms of the service do not let its texts be
    kept, so a new source keeps an excerpt and the hash of the rest. `robots` False: an interface made for programs,
    which robots.txt is not about. `parts`: an answer that broke off can be read as far as it came.
    """

    key: str
    label: str
    hint: str
    address: str = ""
    settings: tuple[Setting, ...] = ()
    secret: Literal["", "OPTIONAL", "REQUIRED"] = ""
    gap: float = 0.0
    road: Literal["WEB", "FOLDER"] = "WEB"
    retention: Literal["FULL", "EXCERPT"] = "FULL"
    robots: bool = True
    parts: bool = False


_known: dict[str, About] = {}


def announce(about: About) -> None:
    """Make a kind known to the register."""
    _known[about.key] = about


def every() -> tuple[About, ...]:
    """The kinds known, in the order of their labels."""
    return tuple(sorted(_known.values(), key=lambda about: about.label))


def choices() -> list[tuple[str, str]]:
    """The kinds known as (key, label), for forms and the API."""
    return [(about.key, about.label) for about in every()]


def about(key: str) -> About:
    """What is known of a kind. Raises `NotNow` for one that nobody announced."""
    if key not in _known:
        raise NotNow(f"This installation reads no source of the kind {key}.")
    return _known[key]


def label(key: str) -> str:
    """What people call a kind; its key when it is known no more."""
    return _known[key].label if key in _known else key


def addressed(key: str, url: str) -> str:
    """The address of a source of this kind, checked; the service's own when none is given. Raises `NotNow`."""
    kind = about(key)
    url = url.strip() or kind.address
    if kind.road == "FOLDER":
        if not url.startswith(FOLDER) or not _FOLDER_NAME.fullmatch(url.removeprefix(FOLDER)):
            raise NotNow(f"Give the name of a folder below the drop folder, as {FOLDER}newsletters.")
        return url
    if safe_url(url) is None:
        raise NotNow("Give a plain http or https address, without a user name or password in it.")
    return url


def configured(key: str, config: Mapping[str, str]) -> dict[str, str]:
    """What a person set for a source of this kind, checked; empty values are left out. Raises `NotNow`."""
    kind = about(key)
    settings = {setting.name: setting for setting in kind.settings}
    given = {name: str(value).strip() for name, value in config.items() if str(value).strip()}
    if strange := sorted(given.keys() - settings.keys()):
        raise NotNow(f"{kind.label} has no setting called {strange[0][:60]}.")
    if long := [name for name, value in given.items() if len(value) > _VALUE_MAX]:
        raise NotNow(f"{settings[long[0]].label} has at most {_VALUE_MAX:,} characters.")
    if missing := [each.label for each in kind.settings if each.required and each.name not in given]:
        raise NotNow(f"{kind.label} needs this as well: {missing[0]}.")
    return given


def credited(key: str, credential: str) -> str:
    """The name of the credential a source of this kind uses, checked. Raises `NotNow`."""
    kind, credential = about(key), credential.strip()
    if kind.secret == "REQUIRED" and not credential:  # noqa: S105 - the word says whether one is needed
        raise NotNow(f"{kind.label} needs a credential: give its name, as the operator called it.")
    if credential and not kind.secret:
        raise NotNow(f"{kind.label} takes no credential.")
    if credential and not _CREDENTIAL.fullmatch(credential):
        raise NotNow("The name of a credential has lower-case letters, digits, - and _ only. It is not the secret.")
    return credential
