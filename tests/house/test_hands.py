"""Whoever changes a dossier cannot sign it: each verb that does is in the list of hands, or here with its reason."""

import ast
import dataclasses
import inspect
import textwrap

import pytest

from riskreview.audit.models import Recorded
from riskreview.cases.dossier import HANDS, Gathered
from riskreview.cases.models import Case
from tests.house.test_verbs import EVERY

# Acts on what a dossier is made of that put no words into it, and take none out.
NO_HAND = {
    "case.review_finding": "reads what somebody else wrote, and says that it follows",
    "case.unseal": "a row of the case does it; that row's own verb is the hand",
    "sheet.begin": "an empty sheet says nothing",
    "consultation.lapse": "time does it, and no person",
}
# What a verb calls that changes something of the dossier.
UNSEALING = {"_unseal", "unseal_if_waiting", "unseal"}


def called(verb):
    """The names of the methods that the body of a verb calls."""
    tree = ast.parse(textwrap.dedent(inspect.getsource(inspect.unwrap(verb))))
    return {call.func.attr for call in ast.walk(tree) if isinstance(call, ast.Call) and hasattr(call.func, "attr")}


def rows():
    """The rows of a dossier that have verbs of their own, by the names that entries give them."""
    fields = {field.name: field for field in Case._meta.get_fields()}
    models = (fields[each.name].related_model for each in dataclasses.fields(Gathered) if each.name in fields)
    return {model._meta.model_name for model in models if issubclass(model, Recorded)} - {"vendor"}


def changing():
    """Every verb that changes something of a dossier, by its name in entries."""
    own = rows()
    for name, model, verb in EVERY:
        subject = model._meta.model_name
        if subject in own or (subject == "case" and UNSEALING & called(verb)):
            yield name


LISTED = {f"{subject}.{act}" for subject, acts in HANDS.items() for act in acts}


def test_the_rows_with_verbs_of_their_own_are_these():
    assert rows() == {"sheet", "submission", "consultation"} == HANDS.keys() - {"case"}


def test_every_verb_that_changes_a_dossier_is_a_hand_or_is_none_for_a_reason():
    assert set(changing()) == LISTED | NO_HAND.keys()
    assert not LISTED & NO_HAND.keys()


@pytest.mark.parametrize("name", sorted(LISTED))
def test_every_hand_is_a_verb(name):
    assert name in {each for each, _, _ in EVERY}
