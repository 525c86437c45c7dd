"""How high a risk is: looked up in the table, never multiplied."""

from types import SimpleNamespace

import pytest

from riskreview.cases import matrix
from riskreview.cases.matrix import Level

VL, L, M, H, VH = Level
# NIST SP 800-30 Rev. 1, table I-2, written out once more, very likely first.
TABLE = {
    VH: (VL, L, M, H, VH),
    H: (VL, L, M, H, VH),
    M: (VL, L, M, M, H),
    L: (VL, L, L, L, M),
    VL: (VL, VL, VL, L, L),
}


def finding(number, *placed):
    risk, residual = (*placed, (None, None), (None, None))[:2]
    names = ("risk_likelihood", "risk_impact", "residual_likelihood", "residual_impact")
    return SimpleNamespace(number=number, **dict(zip(names, (*risk, *residual), strict=True)))


@pytest.mark.parametrize("likelihood", Level)
@pytest.mark.parametrize("impact", Level)
def test_it_is_the_published_table(likelihood, impact):
    assert matrix.level(likelihood, impact) == TABLE[likelihood][impact - 1]


def test_the_more_likely_or_graver_is_never_the_lower_risk():
    for one in Level:
        across = [matrix.level(one, two) for two in Level]
        up = [matrix.level(two, one) for two in Level]
        assert across == sorted(across)
        assert up == sorted(up)


@pytest.mark.parametrize("pair", [(0, 1), (6, 1), (1, 0), (1, 6)])
def test_there_are_five_steps(pair):
    with pytest.raises(ValueError, match="is not a valid Level"):
        matrix.level(*pair)


@pytest.mark.parametrize(
    ("placed", "before", "after"),
    [([], None, None), ([(5, 5)], VH, VH), ([(5, 5), (1, 5)], VH, L), ([(4, 4), (4, 4)], H, H)],
)
def test_what_is_left_after_treatment(placed, before, after):
    told = finding(1, *placed)
    assert (matrix.before(told), matrix.after(told)) == (before, after)


def test_a_case_is_as_risky_as_the_worst_that_is_left():
    assert matrix.left([finding(1, (5, 5), (1, 1)), finding(2, (3, 3)), finding(3)]) == M
    assert matrix.left([finding(3)]) is None


def test_findings_stand_where_they_were_and_where_they_are():
    told = matrix.rows([finding(1, (5, 4), (3, 4)), finding(2, (1, 1)), finding(3)])
    assert [row.likelihood for row in told] == [VH, H, M, L, VL]
    placed = {
        (row.likelihood, impact): ([each.number for each in cell.was], [each.number for each in cell.now])
        for row in told
        for impact, cell in zip(Level, row.cells, strict=True)
        if cell.was or cell.now
    }
    assert placed == {(VH, H): ([1], []), (M, H): ([], [1]), (VL, VL): ([], [2])}
