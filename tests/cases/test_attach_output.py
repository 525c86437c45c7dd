"""The papers and the fields that a playbook asks for."""

import pytest

from riskreview.audit.refusals import NotAllowed, NotNow
from tests import expect, make

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(alice):
    return make.case(by=alice, playbook="interagency_policy_review", status="IN_REVIEW")


def test_a_paper_is_attached(case, mallory):
    paper = make.document()
    with expect.one_entry("case.attach_output", by=mallory, about=case):
        case.attach_output(by=mallory, output="options_paper", document=paper)
    output = case.outputs.get()
    assert (output.key, output.document, output.attached_by) == ("options_paper", paper, mallory)
    assert case.facts().outputs == {"options_paper"}


def test_the_same_document_is_attached_once(case, alice):
    paper = make.document()
    case.attach_output(by=alice, output="options_paper", document=paper)
    with expect.refusal(NotNow, case, match="attached as that paper already"):
        case.attach_output(by=alice, output="options_paper", document=paper)
    case.attach_output(by=alice, output="options_paper", document=make.document())


def test_a_paper_that_nobody_asks_for_is_refused_with_those_there_are(case, alice):
    paper = make.document()
    with expect.refusal(NotNow, case, match="It asks for: terms_of_reference, "):
        case.attach_output(by=alice, output="poem", document=paper)


def test_a_reader_attaches_nothing(case, dave):
    paper = make.document()
    with expect.refusal(NotAllowed, case):
        case.attach_output(by=dave, output="options_paper", document=paper)


def test_a_field_of_the_playbook_is_filled_in_and_filled_in_anew(alice):
    case = make.case(by=alice, playbook="ai_acquisition_high_impact", status="IN_REVIEW")
    with expect.one_entry("case.state_particular", by=alice, about=case):
        case.state_particular(by=alice, field="intended_use", text=" Drafting. ")
    assert case.facts().fields["intended_use"] == "Drafting."
    case.state_particular(by=alice, field="intended_use", text="Drafting letters.")
    assert case.particulars == {"intended_use": "Drafting letters."}


def test_a_field_that_nobody_asks_for_is_refused_with_those_there_are(case, alice):
    with expect.refusal(NotNow, case, match="asks for no field “colour”. It asks for: none"):
        case.state_particular(by=alice, field="colour", text="Blue.")
