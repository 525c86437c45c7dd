"""The register as an OPML file; and other people's lists of feeds, shown first and then registered one by one."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from django.core import signing
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_http_methods

from riskreview.accounts.models import User
from riskreview.audit.refusals import NotNow
from riskreview.evidence import kinds, opml
from riskreview.evidence.models import Source
from riskreview.evidence.opml import Outline, Unreadable

from .answers import attachment
from .forms.sources import BringOpml
from .registering import only_reviewers
from .requests import Request

AT_ONCE = 500
SALT = "riskreview.opml"
GOOD_FOR = 24 * 60 * 60
THERE, NEW, REGISTERED, SKIPPED = "There already", "New", "Registered", "Skipped"


@dataclass(frozen=True, slots=True)
class Line:
    """A source of the file, and what becomes of it: `why` says why not."""

    outline: Outline
    word: str
    why: str = ""

    @property
    def kind_label(self) -> str:
        """What people call its kind."""
        return kinds.label(self.outline.kind)

    @property
    def tone(self) -> str:
        """A badge's."""
        return {NEW: "info", REGISTERED: "low", THERE: "", SKIPPED: ""}.get(self.word, "high")


@require_GET
def export(request: Request) -> HttpResponse:
    """The register, as other programs read it. The audit trail notes who took it."""
    return attachment(opml.taken(by=request.user), opml.FILE_NAME)


@require_http_methods(["GET", "POST"])
def bring(request: Request) -> HttpResponse:
    """Take in a list of feeds: the file, then what would be registered, then what was."""
    only_reviewers(request)
    if "lines" in request.POST:
        return register(request)
    form = BringOpml(request.POST or None, request.FILES or None)
    if request.method == "GET" or not form.is_valid():
        return render(request, "sources/import.html", {"form": form}, status=422 if form.is_bound else 200)
    try:
        outlines = opml.read(form.cleaned_data["file"].read(opml.BYTES_MAX + 1))
    except Unreadable as error:
        form.add_error("file", str(error))
        return render(request, "sources/import.html", {"form": form}, status=422)
    return shown(request, looked_at(outlines))


def shown(request: Request, lines: list[Line]) -> HttpResponse:
    """What would be registered; nothing is, until it is sent on."""
    context = {"lines": lines, "new": fresh(lines), "packed": packed(lines), "at_once": AT_ONCE}
    return render(request, "sources/import_preview.html", context)


def fresh(lines: list[Line]) -> int:
    """How many of the lines are to be registered."""
    return sum(line.word == NEW for line in lines)


def packed(lines: list[Line]) -> str:
    """Lines as the form carries them from one step to the next."""
    return signing.dumps([asdict(line) for line in lines], salt=SALT, compress=True)


def unpacked(given: str) -> list[Line]:
    """The lines that a form carried. Raises `BadSignature`."""
    told = signing.loads(given, salt=SALT, max_age=GOOD_FOR)
    return [Line(Outline(**each["outline"]), each["word"], each["why"]) for each in told]


def looked_at(outlines: list[Outline]) -> list[Line]:
    """Each source of the file against the register, and against what comes before it in the file."""
    given = Q(name__in=[each.name for each in outlines]) | Q(url__in=[each.url for each in outlines])
    held = list(Source.objects.filter(given).values_list("name", "url", "config"))
    names, asked = {name for name, _, _ in held}, {question(url, config) for _, url, config in held}
    lines = []
    for outline in outlines:
        lines.append(judged(outline, names, asked))
        if outline.url:
            names.add(outline.name)
            asked.add(question(outline.url, outline.config))
    return lines


def judged(outline: Outline, names: set[str], asked: set[tuple[Any, ...]]) -> Line:
    """What would become of one source of the file."""
    if not outline.url:
        return Line(outline, SKIPPED, "It has no address (xmlUrl).")
    if outline.name in names or question(outline.url, outline.config) in asked:
        return Line(outline, THERE, "The register, or an earlier line, has its name or asks the same of its address.")
    try:
        kinds.addressed(outline.kind, outline.url)
        kinds.configured(outline.kind, outline.config)
        kinds.credited(outline.kind, "")
    except NotNow as refusal:
        return Line(outline, "Cannot be", str(refusal))
    return Line(outline, NEW)


def question(url: str, config: dict[str, str]) -> tuple[Any, ...]:
    """What a source asks of whom, for comparing."""
    return url, *sorted(config.items())


def register(request: Request) -> HttpResponse:
    """Register what was shown, one act each, and name every line; what is too much for one request is offered again."""
    try:
        given = unpacked(request.POST["lines"])
    except signing.BadSignature:
        form = BringOpml()
        return render(request, "sources/import.html", {"form": form, "is_stale": True}, status=422)
    now, rest = portion(given)
    lines = [registered(line.outline, request.user) if line.word == NEW else line for line in now]
    done = sum(1 for line in lines if line.word == REGISTERED)
    context = {"lines": lines, "done": done, "rest": fresh(rest), "packed": packed(rest), "at_once": AT_ONCE}
    return render(request, "sources/import_done.html", context)


def portion(lines: list[Line]) -> tuple[list[Line], list[Line]]:
    """The lines of one request, with as many new ones as it takes, and those after them."""
    news = [index for index, line in enumerate(lines) if line.word == NEW]
    end = news[AT_ONCE] if len(news) > AT_ONCE else len(lines)
    return lines[:end], lines[end:]


def registered(outline: Outline, by: User) -> Line:
    """Register one source, or say why not. Who brings it in looks after it."""
    try:
        with transaction.atomic():
            Source.objects.register(by=by, owner=by, **asdict(outline))
    except NotNow as refusal:
        return Line(outline, "Not registered", str(refusal))
    except IntegrityError:
        return Line(outline, THERE, "Somebody registered it meanwhile.")
    return Line(outline, REGISTERED)
