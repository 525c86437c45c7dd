"""Whether a form stands on the page of its case, or a link that opens it there."""

from __future__ import annotations

from django import template

from riskreview.web.forms.base import Form
from riskreview.web.opening import is_fetched

register = template.Library()


@register.filter
def fetched(form: Form) -> bool:
    """Whether a form is fetched when somebody opens it."""
    return is_fetched(form)
