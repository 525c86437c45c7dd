"""The block of comments that stands on many pages."""

from __future__ import annotations

from typing import Any

from django import template

from riskreview.accounts.models import User
from riskreview.cases import likeness
from riskreview.cases.guards import colleague
from riskreview.cases.models import Case, Following
from riskreview.web.forms.together import WriteComment
from riskreview.web.sections.together import comments

register = template.Library()


@register.simple_tag
def comments_on(subject: Any, user: User) -> dict[str, Any]:
    """The comments on anything, and the form for one more, if this person may write one: two queries."""
    form = WriteComment(user=user, subject=subject) if colleague(subject, user) else None
    return {"comments": comments(subject, user), "write_comment": form}


@register.simple_tag
def follows(user: User, **subject: Any) -> bool:
    """Whether somebody follows a case or a vendor."""
    return bool(Following.objects.does(user, **subject))


@register.simple_tag
def departure(case: Case, user: User) -> str:
    """A sentence where the recommendation that waits ends otherwise than most decided cases on the same risk did."""
    waiting = case.decisions.filter(approved_at=None, returned_at=None, voided_at=None).first()
    if waiting is None:
        return ""
    return likeness.departure(waiting.get_disposition_display(), likeness.precedents(case, user))
