"""What must be true of stages, seats, papers and checklists is true whatever program writes."""

import pytest

from riskreview.cases.models import Playbook
from riskreview.cases.workflow import Status
from tests import expect, make

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(alice):
    return make.case(by=alice, playbook="icts_transaction_review", status=Status.IN_REVIEW)


def again(row, **changed):
    """The same row once more, with some columns changed."""
    row.pk, row._state.adding = None, True
    for name, value in changed.items():
        setattr(row, name, value)
    return row


def test_a_visit_has_its_number(case):
    with expect.violation("stage_number_once"):
        again(case.stages.get(), left_at=make.WHEN).save()


def test_a_case_is_at_one_stage_at_a_time(case):
    with expect.violation("stage_one_at_a_time"):
        again(case.stages.get(), number=2).save()


@pytest.mark.parametrize("half", ["countersigned_by", "countersigned_at"])
def test_a_second_signature_has_a_name_and_a_time(case, alice, half):
    with expect.violation("stage_countersigned_whole"):
        case.stages.update(**{half: {"countersigned_by": alice, "countersigned_at": make.WHEN}[half]})


def test_a_seat_and_a_paper_are_there_once(case, alice):
    seat = case.seat(by=alice, role="analyst", user=alice)
    paper = case.attach_output(by=alice, output="initial_determination", document=make.document())
    for constraint, row in (("seat_once", seat), ("output_once", paper)):
        with expect.violation(constraint):
            again(row).save()


def test_a_checklist_and_its_lines_are_there_once(case, alice):
    sheet = make.sheet(case, by=alice, name="criteria")
    sheet.answer(by=alice, item="other_factors", verdict="YES")
    with expect.violation("answer_once"):
        again(sheet.answers.get()).save()
    with expect.violation("answer_verdict_known"):
        sheet.answers.update(verdict="PERHAPS")
    with expect.violation("sheet_once"):
        again(sheet).save()


def test_a_playbook_is_known_by_its_digest():
    with expect.violation("playbook_digest"):
        Playbook.objects.create(key="x", version=1, sha256="x", content={})
