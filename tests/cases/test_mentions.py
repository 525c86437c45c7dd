"""Whom a text mentions."""

from dataclasses import dataclass

import pytest

from riskreview.cases.mentions import mentioned


@dataclass(frozen=True)
class Somebody:
    name: str
    email: str


ANN, ANNA, BO = (
    Somebody("Ann Lee", "ann@example.org"),
    Somebody("Anna Lee", "anna@example.org"),
    Somebody("Bo", "bo@example.org"),
)
BO_TOO = Somebody("Bo Chen", "chen@example.org")


@pytest.mark.parametrize(
    ("text", "people"),
    [
        ("Nobody is meant.", []),
        ("@Ann Lee, please look.", [ANN]),
        ("See what @ann lee wrote.", [ANN]),
        ("@Anna, and @Ann", [ANNA, ANN]),
        ("(@anna@example.org)", [ANNA]),
        ("@ANN@example.ORG.", [ANN]),
        ("Write to ann@example.org", []),
        ("@Annabel is somebody else", []),
        ("@Bo @Bo @Bo", [BO]),
        ("@Bo Chen knows", [BO_TOO]),
        ("an @ alone, and @nobody", []),
    ],
)
def test_a_name_or_an_address_after_the_sign_means_its_person(text, people):
    told = mentioned(text, [ANN, ANNA, BO, BO_TOO])
    assert (told.people, told.unclear) == (people, [])


def test_a_name_that_fits_several_is_nobodys():
    told = mentioned("@Bo!", [BO_TOO, Somebody("Bo Diaz", "diaz@example.org")])
    assert (told.people, told.unclear) == ([], ["Bo"])
