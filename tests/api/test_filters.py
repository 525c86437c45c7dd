"""Query parameters: known, once, and of their type."""

import pytest

from riskreview.api.urls import routes

WRONG = [
    ("cases/?colour=red", "colour"),
    ("cases/?status=NEW&status=DECIDED", "status"),
    ("cases/?status=LOST", "status"),
    ("cases/?assigned_to=me", "assigned_to"),
    ("cases/?due_before=tomorrow", "due_before"),
    ("cases/?q=%00", "q"),
    ("documents/?source=99999999999999999999999", "source"),
    ("entries/?actor=x", "actor"),
    ("incidents/?since=2025", "since"),
    ("suggestions/?min_score=101", "min_score"),
    ("tokens/?owner=x", "owner"),
]


@pytest.mark.parametrize(("address", "field"), WRONG)
def test_a_wrong_parameter_is_named(api, alice, address, field):
    answer = api(alice).get(f"/api/v1/{address}")

    assert answer.status_code == 400
    assert answer.json()["errors"][0]["field"] == field


@pytest.mark.parametrize("prefix", [prefix for prefix, _, _ in routes.registry])
def test_every_parameter_of_every_list_can_be_used(api, alice, prefix):
    viewset = next(viewset for name, viewset, _ in routes.registry if name == prefix)
    filters = getattr(viewset, "filterset_class", None)
    client = api(alice)

    for name, each in (filters.base_filters if filters else {}).items():
        choices = each.extra.get("choices")
        kind = type(each).__name__
        value = {
            "NumberFilter": "1",
            "UUIDFilter": str(alice.pk),
            "DateFilter": "2025-01-28",
            "IsoDateTimeFilter": "2025-01-28T12:00:00Z",
            "BooleanFilter": "true",
        }.get(kind, "x")
        given = str(choices[0][0]) if choices else value

        assert client.get(f"/api/v1/{prefix}/", {name: given}).status_code == 200, name
