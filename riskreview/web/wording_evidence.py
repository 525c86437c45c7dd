"""Acts on exhibits, findings and claims in words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from riskreview.cases.models import Says

if TYPE_CHECKING:
    from .wording import Teller


def _stand(teller: Teller, private: dict[str, Any]) -> str:
    given = private.get("arguments") or {}
    said = dict(Says.choices).get(given.get("says", ""), "something").lower()
    return f"noted what {given.get('speaker') or 'somebody'} says of a claim: {said}"


WORDS: dict[str, tuple[str, str, Any]] = {
    "case.amend_exhibit": ("link", "note", "judged an exhibit anew"),
    "case.withdraw_exhibit": ("x", "note", "withdrew an exhibit"),
    "case.amend_finding": ("scale", "note", "amended a finding"),
    "case.withdraw_finding": ("x", "note", "withdrew a finding"),
    "case.review_finding": ("eye", "", "reviewed a finding"),
    "allegation.enter": ("quote", "note", "put a claim on the board"),
    "allegation.take_stand": ("message-square", "note", _stand),
}
