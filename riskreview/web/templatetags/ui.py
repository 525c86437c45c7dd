"""The components of the pages as template tags. Each is shown on the help page or used by at least two pages."""

from __future__ import annotations

import datetime
from typing import Any

from django import template
from django.forms import BoundField
from django.templatetags.static import static
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from riskreview.accounts.models import User
from riskreview.accounts.roles import reviewer
from riskreview.cases import matrix
from riskreview.cases.models import Case, Credibility, Exhibit, Finding, Likelihood, Priority
from riskreview.cases.tradecraft import marked, says
from riskreview.cases.workflow import OPEN, Status
from riskreview.evidence.models import Reliability
from riskreview.lib.text import without_bidi
from riskreview.web.clock import clock as clock_of
from riskreview.web.corroboration import Corroboration

register = template.Library()

PIE = 12.566  # circumference of the r=2 pie stroke; the dash draws the share done
STATES = {
    Status.NEW: ("intake", 0.0),
    Status.IN_REVIEW: ("evidence", 0.45),
    Status.ON_HOLD: ("paused", 0.0),
    Status.AWAITING_APPROVAL: ("second", 0.8),
    Status.DECIDED: ("closed", 1.0),
    Status.WITHDRAWN: ("withdrawn", 0.0),
}
LIKELIHOODS = [*Likelihood.values]


@register.simple_tag
def icon(name: str, classes: str = "") -> SafeString:
    """One icon of the sprite, hidden from assistive technology: a word stands beside it."""
    return format_html(
        '<svg class="icon {}" aria-hidden="true"><use href="{}#{}"/></svg>', classes, static("icons/sprite.svg"), name
    )


@register.simple_tag
def when(moment: datetime.datetime | None, style: str = "") -> SafeString:
    """A time: the hour today, the date otherwise; both and the zone on hover. `long` shows both."""
    if moment is None:
        return format_html("<span class='muted'>{}</span>", "never")
    moment = moment.astimezone(datetime.UTC)
    date, whole = f"{moment.day} {moment:%b %Y}", f"{moment.day} {moment:%b %Y, %H:%M} UTC"
    shown = whole if style == "long" else f"{moment:%H:%M}" if moment.date() == timezone.now().date() else date
    return format_html('<time datetime="{}" title="{}">{}</time>', moment.isoformat(), whole, shown)


@register.filter
def day(value: datetime.date | None) -> str:
    """A date as "31 Jan 2025"."""
    return f"{value.day} {value:%b %Y}" if value else ""


@register.filter
def number(value: int) -> str:
    """A number as "4,812"."""
    return f"{value:,}"


@register.filter
def plain(value: object) -> str:
    """A text of others without the characters that reorder what a reader sees."""
    return without_bidi(str(value))


@register.filter
def reviews(user: User) -> bool:
    """Whether this person works on cases: opens them, judges suggestions, keeps the registers."""
    return reviewer(None, user)


@register.inclusion_tag("components/person.html")
def person(user: User | None, name: bool = True, size: str = "", short: bool = False) -> dict[str, Any]:
    """Somebody's initials and name, or "Unassigned"."""
    if user is None:
        return {"person": None, "name": name}
    words = user.name.split() or ["?"]
    return {
        "person": user,
        "initials": (words[0][0] + (words[-1][0] if len(words) > 1 else "")).upper(),
        "shown": f"{words[0][0]}. {words[-1]}" if short and len(words) > 1 else user.name,
        "tone": user.pk.int % 4 + 1,
        "name": name,
        "size": size,
    }


@register.inclusion_tag("components/state.html")
def state(case: Case) -> dict[str, Any]:
    """Where a case stands: a dot that fills as the case moves on, and the word."""
    kind, share = STATES[Status(case.status)]
    return {"kind": kind, "dash": f"{PIE * share:.2f} {PIE}", "label": case.get_status_display()}


@register.inclusion_tag("components/level.html")
def level(likelihood: str) -> dict[str, Any]:
    """How likely, in the seven terms of ICD 203: seven steps and the words; a fact has none."""
    if not likelihood:
        return {"steps": (), "label": "A fact"}
    at = LIKELIHOODS.index(likelihood) + 1
    return {"steps": [(index * 8, index < at) for index in range(7)], "label": Likelihood(likelihood).label}


@register.filter
def estimate(finding: Finding) -> str:
    """How likely and how sure in a few words: "likely, 55-80 %; moderate confidence". A term that the sentence has
    itself is not said twice."""
    sure = f"{finding.get_confidence_display().lower()} confidence"
    if finding.is_fact or not finding.likelihood:
        return f"a fact; {sure}" if finding.is_fact else sure
    term, _, share = finding.get_likelihood_display().rstrip(")").partition(" (")
    return f"{share}; {sure}" if says(finding.judgment, finding.likelihood) else f"{term.lower()}, {share}; {sure}"


@register.inclusion_tag("components/risk.html")
def risk(finding: Finding) -> dict[str, Any]:
    """How high the risk of a finding is, of five, before its treatment and after it."""
    return {"was": matrix.before(finding), "now": matrix.after(finding)}


@register.inclusion_tag("components/support.html")
def support(supporting: int, disputing: int) -> dict[str, Any]:
    """Independent sources for and against a claim: a bar of at most six, and the words."""
    shown = max(supporting + disputing, 1)
    width = 120 / max(shown, 6)
    told = {"width": width * supporting, "against": width * disputing, "supporting": supporting, "disputing": disputing}
    return {name: round(value) for name, value in told.items()}


@register.filter
def cites(text: object) -> SafeString:
    """Words of ours, their markers such as [E1, E2] as links to the exhibits on the page."""
    return format_html_join("", "{}", ((_linked(piece),) for piece in marked(without_bidi(str(text)))))


def _linked(piece: str | tuple[int, ...]) -> str:
    if isinstance(piece, str):
        return piece
    links = format_html_join(", ", '<a href="#E{}">E{}</a>', ((number, number) for number in piece))
    return format_html("[{}]", links)


@register.inclusion_tag("components/clock.html")
def clock(case: Case) -> dict[str, Any]:
    """The clock of a case: words first, bar second."""
    over, paused = case.status not in OPEN, case.status == Status.ON_HOLD
    told = clock_of(opened_at=case.opened_at, due_at=case.due_by, now=timezone.now(), paused=paused, over=over)
    return {"clock": told}


@register.inclusion_tag("components/grade.html")
def grade(exhibit: Exhibit) -> dict[str, Any]:
    """The letter of the source and the digit of the item (Admiralty scale, AJP-2.1)."""
    source = exhibit.document.source
    reliability = Reliability(source.reliability if source else Reliability.F)
    return {
        "grade": exhibit.grade,
        "tone": tone_of(reliability, exhibit.credibility),
        "source": reliability.label,
        "item": Credibility(exhibit.credibility).label,
    }


def tone_of(reliability: str, credibility: int) -> str:
    """The colour of a grade: what cannot be judged is dashed, not bad."""
    if reliability == Reliability.F or credibility == Credibility.UNKNOWN:
        return "na"
    worst = max("ABCDE".index(reliability) + 1, credibility)
    return "hi" if worst <= 2 else "mid" if worst == 3 else "lo"


@register.inclusion_tag("components/corr.html")
def corr(corroboration: Corroboration | None) -> dict[str, Any]:
    """Independent origins as filled dots, copies as hollow ones."""
    told = corroboration or Corroboration()
    dots = [{"kind": kind, "x": 5 + index * 11} for index, kind in enumerate(told.dots)]
    return {"corr": told, "dots": dots, "width": max(len(dots), 1) * 11 - 1}


@register.inclusion_tag("components/prio.html")
def prio(case: Case) -> dict[str, Any]:
    """The priority as bars, with the word for those who cannot see them."""
    bars = [{"x": 1 + 4 * i, "y": 10 - 3 * i, "h": 5 + 3 * i, "on": case.priority <= 4 - i} for i in range(4)]
    return {"n": case.priority, "label": Priority(case.priority).label, "bars": bars}


@register.inclusion_tag("components/field.html")
def field(bound: BoundField) -> dict[str, Any]:
    """A form field: label, hint, error above the control."""
    attributes: dict[str, str | bool] = {"class": "input"}
    described = [f"{bound.auto_id}-hint"] * bool(bound.help_text) + [f"{bound.auto_id}-error"] * bool(bound.errors)
    if described and not bound.field.widget.attrs.get("aria-describedby"):
        attributes["aria-describedby"] = " ".join(described)
    if bound.errors:
        attributes["aria-invalid"] = "true"
    kind = bound.field.widget.input_type if hasattr(bound.field.widget, "input_type") else ""
    many = kind == "radio" or (getattr(bound.field.widget, "allow_multiple_selected", False) and kind == "checkbox")
    may_be_empty = getattr(bound.form, "says_optional", True) and getattr(bound.field, "says_optional", True)
    return {
        "bound": bound,
        "optional": not bound.field.required and may_be_empty,
        "control": bound.as_widget(attrs=None if kind in ("checkbox", "radio") else attributes),
        "many": many,
        "one_box": kind == "checkbox" and not many,
    }


@register.inclusion_tag("components/errors.html")
def error_summary(form: Any) -> dict[str, Any]:
    """Every problem of a form, linked to its field."""
    return {"form": form, "fields": [bound for bound in form if bound.errors]}
