"""What stands behind a case, in one sentence."""

import pytest

from riskreview.cases.models import Stance
from riskreview.cases.workflow import Status
from riskreview.enrichment import standing
from tests import make

pytestmark = pytest.mark.django_db
SAYS = {
    (): "0 documents, 0 origins: no independent sources graded C3 or better support this.",
    ("CONTEXT",): ("1 document, 1 origin: no independent sources graded C3 or better support this, 1 gives context."),
    ("SUPPORTS",): "1 document, 1 origin: 1 independent source graded C3 or better supports this.",
    ("SUPPORTS", "CONTRADICTS", "CONTEXT", "CONTEXT"): (
        "4 documents, 4 origins: 1 independent source graded C3 or better supports this, 1 contradicts it,"
        " 2 give context."
    ),
}


@pytest.mark.parametrize(("stances", "sentence"), SAYS.items())
def test_support_and_context_are_counted_apart(alice, stances, sentence):
    case, source = make.case(by=alice, status=Status.IN_REVIEW), make.source(by=alice)
    for stance in stances:
        page = make.document(source=source).newest
        case.add_exhibit(by=alice, snapshot=page, start=0, end=40, stance=Stance(stance), credibility=2)
    exhibits = list(case.exhibits.select_related("document__source").order_by("number"))
    found = standing.of_exhibits(exhibits)
    assert found.sentence == sentence
    assert [len(each) for each in (found.supporting, found.disputing, found.context)] == [
        stances.count(each) for each in ("SUPPORTS", "CONTRADICTS", "CONTEXT")
    ]
