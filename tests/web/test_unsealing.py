"""Pages say before an act that it voids what waits for approval."""

import ast
import inspect
import re
import textwrap

import pytest

from riskreview.cases.workflow import Status
from riskreview.web import dossier
from riskreview.web.forms.clocks import Record
from riskreview.web.forms.hearing import NoteSilence, Receive, Send
from riskreview.web.forms.together import AddTask
from riskreview.web.unsealing import VERBS
from tests import make
from tests.house.test_verbs import EVERY

from .conftest import text_of

pytestmark = pytest.mark.django_db
SEAL_ENDS = {"_unseal", "unseal_if_waiting"}


def called(function):
    """The names of the methods that a function calls."""
    tree = ast.parse(textwrap.dedent(inspect.getsource(inspect.unwrap(function))))
    calls = [each.func for each in ast.walk(tree) if isinstance(each, ast.Call)]
    found = {each.attr for each in calls if isinstance(each, ast.Attribute)}
    # `open_decision().void(…)`: another version takes the place of the one that waits.
    voids = any(isinstance(each, ast.Attribute) and each.attr == "void" and "open_decision" in found for each in calls)
    return found | ({"_unseal"} if voids else set())


def unseals(model, function, seen=()):
    """Whether a verb ends a seal: by itself, or by a private method of its row."""
    names = called(function)
    if names & SEAL_ENDS:
        return True
    own = [name for name in names if name.startswith("_") and not name.startswith("__") and name not in seen]
    return any(
        unseals(model, method, (*seen, *own))
        for name in own
        if inspect.isfunction(method := getattr(model, name, None))
    )


@pytest.mark.parametrize(("name", "model", "verb"), EVERY, ids=[name for name, _, _ in EVERY])
def test_the_list_says_which_verbs_end_a_seal(name, model, verb):
    assert (name in VERBS) == unseals(model, verb)


def test_no_verb_is_listed_that_is_none():
    assert {name for name, _, _ in EVERY} >= VERBS


@pytest.fixture
def waiting(alice):
    return make.case(by=alice, status=Status.AWAITING_APPROVAL)


def told(page, case):
    """Of each act of the case that the page has a form for: whether it says that it voids what waits."""
    forms = page.content.decode().split('<form class="act__form')[1:]
    parts = [(re.search(r'action="([^"]*)"', form)[1], form.partition("</form>")[0]) for form in forms]
    own = case.get_absolute_url()
    return {
        action.removeprefix(own).strip("/").replace("-", "_"): "data-voids" in form
        for action, form in parts
        if re.fullmatch(rf"{own}[a-z-]+/", action)
    }


def test_a_form_on_the_page_says_it_exactly_where_its_verb_does_it(browse, alice, waiting):
    said = told(browse(alice).get(f"{waiting.get_absolute_url()}?open=draft-effect"), waiting)
    assert {"add_exhibit", "draft_effect", "revise"} <= said.keys()
    assert said == {verb: f"case.{verb}" in VERBS for verb in said}
    assert not all(said.values())


def test_before_anything_waits_no_form_says_it(browse, alice):
    case = make.case(by=alice, status=Status.IN_REVIEW)
    said = told(browse(alice).get(case.get_absolute_url()), case)
    assert "add_exhibit" in said
    assert not any(said.values())


def test_it_names_the_version_and_who_submitted_it(browse, alice, waiting):
    page = text_of(browse(alice).get(waiting.get_absolute_url()))
    assert "This voids the recommendation that waits for approval (version 1, submitted by Alice on" in page


@pytest.mark.parametrize(
    ("form", "voids"), [(Send, True), (Receive, True), (NoteSilence, True), (Record, False), (AddTask, False)]
)
def test_forms_of_rows_of_a_case_say_it_too(alice, waiting, form, voids):
    decision = waiting.open_decision()
    assert form(user=alice, case=waiting).voids == (decision if voids else None)


def test_a_form_asks_once_what_waits(alice, waiting, django_assert_num_queries):
    form, decision = Send(user=alice, case=waiting), waiting.open_decision()
    with django_assert_num_queries(1):
        assert [form.voids, form.voids] == [decision, decision]


def test_a_page_that_has_loaded_the_recommendations_asks_no_more(alice, waiting, django_assert_num_queries):
    dossier.load(waiting, alice)
    with django_assert_num_queries(0):
        assert all(each(user=alice, case=waiting).voids for each in (Send, NoteSilence))


def test_after_another_version_a_form_warns_of_that_one(alice, waiting):
    first = Send(user=alice, case=waiting).voids
    waiting.revise(by=alice, disposition=first.disposition, rationale="Said better.")
    assert (first.number, Send(user=alice, case=waiting).voids.number) == (1, 2)
