"""One word per act: each verb says what it means, who acts, keeps secrets, and has its page, its route and its test."""

import inspect
import re

import pytest
from django.apps import apps
from django.urls import URLPattern, get_resolver

from riskreview.audit.models import Recorded
from tests.house.source import ROOT

SECRETS = {"secret", "password", "token", "key"}
# Acts without a page or a route, and why.
PEOPLE = {"user.invite", "user.grant", "user.revoke", "user.dismiss", "user.change_password", "user.join"}
RECORD = {
    "ledger.begin_log", "ledger.rotate_key", "ledger.propose_epoch", "ledger.begin_epoch", "ledger.place_hold",
    "ledger.lift_hold", "ledger.erase", "ledger.prune", "user.erase", "apitoken.forget",
}  # fmt: skip
BY_THE_OPERATOR = dict.fromkeys(RECORD, "the operator's command line: it changes what is kept, not what is judged")
BY_A_WATCH = {"case.trip": "the product itself does it, when the watch of a condition sees something"}
BY_A_ROW = {
    "case.unseal": "a row of the case does it, when its own verb changes what waits for approval",
    "clock.void": "its case does it, when a new round begins",
}
BY_TIME = dict.fromkeys(("clock.warn", "clock.expire"), "the sweep does it when the time has come, and nobody else may")
NO_PAGE = (
    dict.fromkeys(PEOPLE, "`manage.py invite` and the shell, until people have pages")
    | BY_THE_OPERATOR
    | BY_TIME
    | BY_A_WATCH
    | BY_A_ROW
    | {
        "document.push": "another system sends it; people bring an address or upload a file",
        "document.recapture": "another system sends it; the workers fetch newer texts by themselves",
        "consultation.lapse": "the sweep does it when the time is over",
    }
)
NO_ROUTE = (
    dict.fromkeys(PEOPLE, "people are not managed by programs")
    | BY_THE_OPERATOR
    | BY_TIME
    | BY_A_WATCH
    | BY_A_ROW
    | {
        "apitoken.issue": "a program does not give itself another token",
        "consultation.lapse": "the sweep does it when the time is over",
    }
)
PAGE_NAME = {"apitoken": "token"}


def verbs():
    """Every verb: its name as entries write it, its model, and the function."""
    for model in apps.get_models():
        if issubclass(model, Recorded):
            for owner in (model, model._default_manager._queryset_class):
                for name, function in inspect.getmembers(owner, callable):
                    if getattr(function, "is_verb", False):
                        yield f"{model._meta.model_name}.{name}", model, function


EVERY = sorted(verbs(), key=lambda each: each[0])
NAMES = [name for name, _, _ in EVERY]
each_verb = pytest.mark.parametrize(("name", "model", "verb"), EVERY, ids=NAMES)


def routes(patterns, prefix=""):
    """The names of all addresses."""
    for pattern in patterns:
        if isinstance(pattern, URLPattern):
            yield pattern.name or ""
        else:
            yield from routes(pattern.url_patterns)


def test_the_acts_are_these():
    assert len(NAMES) == len(set(NAMES)) > 35
    assert {"case.open", "case.approve", "vendor.register", "user.invite", "document.upload"} <= set(NAMES)


@each_verb
def test_it_says_what_it_means(name, model, verb):
    told = inspect.getdoc(verb) or ""
    assert re.match(r"[A-Z].{8,}\.", told.replace("\n", " ")), f"{name} needs a sentence"


@each_verb
def test_it_takes_names_only_and_must_know_who_acts(name, model, verb):
    parameters = list(inspect.signature(verb).parameters.values())[1:]
    assert [each.name for each in parameters if each.kind != each.KEYWORD_ONLY] == []
    assert parameters[0].name == "by"
    assert parameters[0].default is inspect.Parameter.empty


@each_verb
def test_it_has_a_guard_that_says_why_it_refuses(name, model, verb):
    assert getattr(verb.guard, "refusal", "").endswith("."), f"the guard of {name} has no sentence"


@each_verb
def test_it_keeps_secrets_out_of_the_entry(name, model, verb):
    omitted = set(inspect.getclosurevars(verb).nonlocals["omit"])
    given = set(inspect.signature(verb).parameters)
    assert {each for each in given if SECRETS & set(each.split("_"))} <= omitted
    assert omitted <= given


@each_verb
def test_it_has_a_page(name, model, verb):
    subject, _, act = name.partition(".")
    page = f"{PAGE_NAME.get(subject, subject)}-{act.replace('_', '-')}"
    assert (page in set(routes(get_resolver().url_patterns))) != (name in NO_PAGE)


@each_verb
def test_it_has_a_route(name, model, verb):
    subject, _, act = name.partition(".")
    pattern = re.compile(rf"api-{PAGE_NAME.get(subject, subject)}\w*-{act.replace('_', '-')}\Z")
    found = [each for each in routes(get_resolver().url_patterns) if pattern.match(each)]
    assert bool(found) != (name in NO_ROUTE)


@each_verb
def test_it_has_a_test(name, model, verb):
    folder = ROOT / "tests" / model._meta.app_label
    told = "\n".join(path.read_text(encoding="utf-8") for path in folder.glob("test_*.py"))
    act = name.partition(".")[2]
    assert re.search(rf"\.{act}\(|\"{act}\"", told), f"no test below {folder.name}/ calls {act}"
