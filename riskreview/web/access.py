"""Who a page is for. Without a mark it is for people who may read the record: closed unless opened."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

V = TypeVar("V", bound=Callable[..., Any])
EVERYONE, SIGNED_IN, READERS = "everyone", "signed in", "readers"


def public(view: V) -> V:
    """For everyone, signed in or not."""
    view.audience = EVERYONE  # type: ignore[attr-defined]
    return view


def signed_in(view: V) -> V:
    """For everybody who is signed in, whatever their roles."""
    view.audience = SIGNED_IN  # type: ignore[attr-defined]
    return view


def audience(view: object) -> str:
    """Whom a view is for."""
    return getattr(view, "audience", READERS)
