"""The replays go by public verbs: nothing writes a column past them, and no stage is left with something missing."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from riskreview.cases.models import Case
from riskreview.cases.requirements import Unready

from . import walking

HERE = Path(__file__).parent
# What writes past the verbs, or brings a case somewhere without meeting what its playbook asks for.
PAST_VERBS = {
    *("save", "create", "update", "bulk_create", "bulk_update", "get_or_create", "update_or_create", "delete"),
    *("add", "set", "remove", "setattr", "raw", "execute", "cursor", "monkeypatch", "patch"),
    *("at_stage", "guide", "before_sealing", "decided_by_playbook"),
}


def named(tree):
    """Every name and attribute of a module."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute):
            yield node.attr
        elif isinstance(node, ast.Name):
            yield node.id
        elif isinstance(node, ast.arg):
            yield node.arg


@pytest.mark.parametrize("file", sorted(HERE.glob("*.py")), ids=lambda file: file.stem)
def test_a_replay_writes_nothing_past_the_verbs(file):
    if file.name != Path(__file__).name:
        assert set(named(ast.parse(file.read_text(encoding="utf-8")))).isdisjoint(PAST_VERBS)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("playbook", "further"),
    [
        ("fascsa_order", "analysis"),
        ("icts_transaction_review", "review"),
        ("interagency_policy_review", "terms_of_reference"),
        ("covered_procurement_action", "urgent_finding"),
        ("data_protection_measure", "reply"),
    ],
)
def test_the_playbooks_replayed_let_nobody_on_with_empty_hands(playbook, further, alice):
    case = walking.opened(playbook, "Acronis", by=alice, on="2025-01-15")
    with pytest.raises(Unready) as refused:
        case.enter_stage(by=alice, stage=further)
    assert refused.value.unmet
    assert Case.objects.get(pk=case.pk).stages.count() == 1
