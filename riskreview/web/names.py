"""For curators: names that documents use and no register has, and vendors of the register that look like each other."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.contrib import messages
from django.db.models import Count, Q
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from riskreview.accounts.models import User
from riskreview.enrichment import unresolved
from riskreview.enrichment.unresolved import Unresolved
from riskreview.evidence.models import UnknownName
from riskreview.vendors.models import DuplicateJudgement, NameJudgement, Vendor, Verdict

from .acts import perform
from .answers import page_of, see_other
from .forms.base import UNSEEN
from .forms.names import JudgeName, JudgePair, RegisterName, Undo
from .requests import Request
from .twice import A_MOMENT

PAGE = 25
VERDICTS = {"same": Verdict.SAME, "different": Verdict.DIFFERENT, "unsure": Verdict.UNSURE}
TITLES = {
    "": "Waiting",
    "same": "A vendor’s",
    "different": "Not a vendor",
    "unsure": "Unsure",
    "pairs": "Possible duplicates",
    "judged-pairs": "Judged pairs",
}
SAID = {
    Verdict.SAME: "Added to the vendor’s names. The documents that contain it are read again.",
    Verdict.DIFFERENT: "It is not asked again.",
    Verdict.UNSURE: "It is not asked again; it waits under “Unsure”.",
}


def names(request: Request) -> HttpResponse:
    """The list on the left, the chosen name with its passages on the right; or what was said before."""
    return listing(request, request.GET)


def listing(request: Request, query: QueryDict, *, sent: Any = None, status: int = 200) -> HttpResponse:
    """The page for what the address asks for, with the form that was sent and its problems, if there was one."""
    view = query.get("view", "") if query.get("view", "") in TITLES else ""
    shown: dict[str, Any] = {
        "view": view,
        "title": TITLES[view],
        "sent": sent,
        "next": query.urlencode(),
        "undo": undoable(request, query),
        "kinds": UnknownName.Kind.choices,
        "kind": query.get("kind", "") if query.get("kind", "") in UnknownName.Kind else "",
        "q": query.get("q", "").strip()[:200],
    }
    page = LISTS[view](request, query, shown)
    context = shown | {"tabs": tabs(request.user, view, page.paginator.count)}
    return render(request, "names/names.html", context, status=status)


def tabs(user: User, view: str, here: int) -> list[dict[str, Any]]:
    """The views with their counts; the page's own list, narrowed perhaps, was counted already."""
    in_force = NameJudgement.objects.in_force().order_by()
    counts = in_force.aggregate(**{key: Count("pk", filter=Q(verdict=verdict)) for key, verdict in VERDICTS.items()})
    counts |= {"judged-pairs": DuplicateJudgement.objects.in_force().count(), "pairs": len(unresolved.duplicates())}
    counts |= {"": here if view == "" else unresolved.waiting(user).count()}
    return [
        {"key": key, "title": title, "count": here if key == view else counts[key], "here": key == view}
        for key, title in TITLES.items()
    ]


def waiting(request: Request, query: QueryDict, shown: dict[str, Any]) -> Any:
    """The names nobody judged, the most used first, and the chosen one with its forms."""
    page = page_of(request, unresolved.waiting(request.user, kind=shown["kind"], text=shown["q"]), PAGE)
    listed = unresolved.told(page.object_list, request.user)
    chosen = selected(request, query, shown["sent"], listed)
    shown |= {"page": page, "listed": listed, "chosen": chosen}
    if chosen:
        shown |= forms_for(request, chosen, shown["sent"])
    return page


def selected(request: Request, query: QueryDict, sent: Any, listed: list[Unresolved]) -> Unresolved | None:
    """The name the form or the address is about, or the first of the list."""
    asked = sent.data if isinstance(sent, JudgeName | RegisterName) else query
    kind, spelling = asked.get("kind", ""), asked.get("spelling", "")
    named = unresolved.one(kind, spelling, request.user) if kind in UnknownName.Kind and spelling else None
    first = listed[0] if listed else None
    return named or (unresolved.one(first.kind, first.spelling, request.user) if first else None)


def forms_for(request: Request, chosen: Unresolved, sent: Any) -> dict[str, Any]:
    """The form that was sent, and fresh ones for the chosen name."""
    first = {"kind": chosen.kind, "spelling": chosen.spelling}
    judge = JudgeName(user=request.user, initial=first | {"vendor": chosen.likely.pk if chosen.likely else None})
    register = RegisterName(user=request.user, initial=first | {"canonical_name": chosen.surface})
    fresh = {"judge": judge, "register": register}
    return fresh | ({sent.verb: sent} if isinstance(sent, JudgeName | RegisterName) else {})


def judged(request: Request, query: QueryDict, shown: dict[str, Any]) -> Any:
    """The names about which people said one thing, the newest first."""
    rows = NameJudgement.objects.visible_to(request.user).in_force().filter(verdict=VERDICTS[shown["view"]])
    rows = rows.filter(spelling__icontains=shown["q"]) if shown["q"] else rows
    rows = rows.filter(kind=shown["kind"]) if shown["kind"] else rows
    shown["page"] = page_of(request, rows.select_related("vendor", "judged_by").order_by("-judged_at", "-pk"))
    return shown["page"]


def pairs(request: Request, query: QueryDict, shown: dict[str, Any]) -> Any:
    """Vendors that may be one, most alike first."""
    page = page_of(request, unresolved.duplicates(), PAGE)
    wanted = {pk for pair in page.object_list for pk in (pair.vendor, pair.other)}
    vendors = Vendor.objects.visible_to(request.user).in_bulk(wanted)
    shown["page"] = page
    shown["listed"] = [
        {"pair": pair, "vendor": vendors[pair.vendor], "other": vendors[pair.other]}
        for pair in page.object_list
        if {pair.vendor, pair.other} <= vendors.keys()
    ]
    return page


def judged_pairs(request: Request, query: QueryDict, shown: dict[str, Any]) -> Any:
    """What people said of pairs, the newest first."""
    rows = DuplicateJudgement.objects.visible_to(request.user).in_force()
    rows = rows.select_related("vendor", "other", "judged_by").order_by("-judged_at", "-pk")
    shown["page"] = page_of(request, rows)
    return shown["page"]


LISTS = {"": waiting, "pairs": pairs, "judged-pairs": judged_pairs} | dict.fromkeys(VERDICTS, judged)


def undoable(request: Request, query: QueryDict) -> Undo | None:
    """The way back from a judgement just made."""
    model = DuplicateJudgement if query.get("view", "") == "pairs" else NameJudgement
    wanted = query.get("undo", "")
    row = model.objects.visible_to(request.user).in_force().filter(pk=wanted).first() if is_id(wanted) else None
    return Undo(subject=row, user=request.user) if row else None


def is_id(text: str) -> bool:
    """Whether a text can be the id of a row."""
    return text.isascii() and text.isdecimal() and len(text) < 18


def onward(request: Request) -> QueryDict:
    """The list the form came from, without the name it was about."""
    query = QueryDict(request.POST.get("next", ""), mutable=True)
    for name in ("spelling", "undo"):
        query.pop(name, None)
    return query


def act(request: Request, form: Any, verb: Any, said: str = "") -> HttpResponse:
    """Judge with a form; then the next of the same list, with the way back. What this person judged so a moment ago
    is not asked about any more, and is judged once."""
    query = onward(request)

    def done(made: Any) -> HttpResponse:
        messages.success(request, said or SAID[Verdict(made.verdict)])
        after = query.copy()
        after["undo"] = str(made.pk)
        return see_other("names", query=after.urlencode())

    def again() -> HttpResponse:
        made = judged_just_now(form)
        return done(made) if made else listing(request, query, sent=form, status=422)

    return perform(request, form, verb, again=again, done=done, once=True)


def judged_just_now(form: Any) -> NameJudgement | None:
    """What this person said a moment ago of the name that a form is about, if it is what the form says."""
    if not isinstance(form, JudgeName | RegisterName):
        return None
    told = {name: form.data.get(name, "").strip() for name in ("kind", "spelling", "reason", "verdict")}
    if isinstance(form, RegisterName):
        told |= {"verdict": Verdict.SAME, "vendor__canonical_name": form.data.get("canonical_name", "").strip()}
    elif told["verdict"] == Verdict.SAME:
        vendor = form.data.get("vendor", "")
        told |= {"vendor": vendor if is_id(vendor) else "0"}
    rows = NameJudgement.objects.in_force().filter(judged_by=form.user, judged_at__gte=timezone.now() - A_MOMENT)
    found: NameJudgement | None = rows.filter(**told).first()
    return found


@require_POST
def judge(request: Request) -> HttpResponse:
    """Say whether a name is a vendor's."""
    return act(request, JudgeName(request.POST, user=request.user), NameJudgement.objects.judge)


@require_POST
def register(request: Request) -> HttpResponse:
    """Put the vendor on the register that a name is of."""
    form = RegisterName(request.POST, user=request.user)
    return act(request, form, NameJudgement.objects.register, "The vendor is on the register.")


@require_POST
def judge_pair(request: Request) -> HttpResponse:
    """Say whether two vendors are one."""
    form = JudgePair(request.POST, user=request.user)
    return act(request, form, DuplicateJudgement.objects.judge, "Judged. A lead merges vendors that are the same.")


@require_POST
def undo(request: Request, pk: int) -> HttpResponse:
    """Take back what was said of a name."""
    return take_back(request, get_object_or_404(NameJudgement.objects.visible_to(request.user), pk=pk))


@require_POST
def undo_pair(request: Request, pk: int) -> HttpResponse:
    """Take back what was said of two vendors."""
    return take_back(request, get_object_or_404(DuplicateJudgement.objects.visible_to(request.user), pk=pk))


def take_back(request: Request, found: Any) -> HttpResponse:
    """Undo a judgement, and go back to the list."""
    query = onward(request)

    def back(made: Any = None) -> HttpResponse:
        return see_other("names", query=query.urlencode())

    def unseen() -> HttpResponse:
        messages.error(request, UNSEEN)
        return back()

    form = Undo(request.POST, subject=found, user=request.user)
    said = "Taken back. It is asked about again."
    verb = partial(found.undo, now=timezone.now())
    return perform(request, form, verb, again=unseen, done=back, said=said, once=True)
