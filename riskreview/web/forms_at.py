"""Where the form stands that is sent to an address which shows nothing itself."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import Resolver404, ResolverMatch, resolve, reverse

# What stands on the page of something else: the name before the dash, and the page with it.
ELSEWHERE = {"suggestion": "signals", "originjudgement": "documents", "judgement": "documents", "flag": "queue"} | {
    "visit": "work",
    "duplicatejudgement": "names",
    "matchweights": "weights",
    "task": "mine",
    "comment": "mine",
    "link": "queue",
    "consultation": "queue",
    "submission": "queue",
}


def page_of(address: str) -> str:
    """The address of the page with the form: of the thing it is about, else of the list of such things."""
    sent = found(address)
    noun = sent.url_name.partition("-")[0] if sent and sent.url_name else ""
    if noun == "suggestion" and sent:
        return f"{reverse('signals')}?selected={sent.kwargs['pk']}"
    above = next((each for each in parents(address) if found(each)), "/")
    return above if above != "/" or noun not in ELSEWHERE else reverse(ELSEWHERE[noun])


def parents(address: str) -> Iterator[str]:
    """The addresses above one, the nearest first."""
    parts = address.strip("/").split("/")
    yield from ("/" + "".join(f"{part}/" for part in parts[:length]) for length in range(len(parts) - 1, -1, -1))


def found(address: str) -> ResolverMatch | None:
    """What answers at an address; None for nothing."""
    try:
        return resolve(address)
    except Resolver404:
        return None
