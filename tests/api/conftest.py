"""Helpers every API test may use."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from riskreview.audit.models import Recorded


@pytest.fixture
def post(api: Callable[..., Any]) -> Callable[..., Any]:
    """Post an act as somebody: the version seen is the row's own unless `seen` says otherwise."""

    def act(user: Any, path: str, row: Recorded | None = None, body: Any = None, *, seen: str | None = None) -> Any:
        tag = seen or (f'"{type(row)._base_manager.get(pk=row.pk).entry_seq}"' if row is not None else None)
        headers = {"HTTP_IF_MATCH": tag} if tag else {}
        return api(user).post(f"/api/v1/{path}", {} if body is None else body, **headers)

    return act
