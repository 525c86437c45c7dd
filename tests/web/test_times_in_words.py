"""No page of people shows a time, a reference or a path as programs write them."""

import re

import pytest
from django.utils import timezone

from riskreview.cases.models import Case, Release
from tests import make
from tests.cases.voiding import OBJECTION, filled, recommend
from tests.web.conftest import text_of

pytestmark = pytest.mark.django_db
AS_PROGRAMS = re.compile(r"\d{4}-\d\d-\d\dT\d\d|\b(?:user|vendor|document|snapshot):[0-9a-f]")
PATH = re.compile(r"\b(?:finding|exhibit|effect|condition|submission|consultation)\.\d+\.[a-z_]+")
PAGES = (
    *("/queue/", "/mine/", "/vendors/deepseek/", "/vendors/deepseek/standing/", "/audit/", "/cases/{ref}/"),
    *("/cases/{ref}/?show=activity", "/cases/{ref}/as-of/", "/cases/{ref}/as-of/?at=2030-01-01", "/cases/{ref}/memo/"),
    *("/cases/{ref}/as-of/?decision=1", "/cases/{ref}/timeline/", "/releases/{release}/", "/sheets/{sheet}/"),
)


@pytest.fixture
def told(alice, bob, carol, monkeypatch):
    """A case with something in every part, decided and released."""
    monkeypatch.setattr("riskreview.cases.models.decidable.check_submission", lambda *given, **more: None)
    case = filled(alice)
    case.reschedule(by=carol, priority=2, due_at=timezone.now(), reason="It is urgent.")
    row = case.consultations.get(consultee="Department of Justice")
    row.answer(by=alice, answered_at=row.sent_at, **OBJECTION)
    recommend(case, alice)
    make.approval(Case.objects.get(pk=case.pk), by=bob)
    case = Case.objects.get(pk=case.pk)
    release = Release.objects.prepare(by=alice, case=case, decision=case.decision, audience="The press")
    release.redact(by=alice, path="exhibit.2", ground="Exemption 4")
    return {"ref": case.ref, "release": release.pk, "sheet": case.sheets.get().pk}


def test_times_references_and_paths_are_in_words(told, browse, carol):
    client, found = browse(carol), {}
    for page in PAGES:
        answer = client.get(page.format(**told))
        assert answer.status_code == 200, page
        text = text_of(answer)
        if raw := [each[0] for each in (AS_PROGRAMS.search(text), PATH.search(text)) if each]:
            found[page] = [(each, text[max(text.index(each) - 60, 0) : text.index(each) + 40]) for each in raw]
    assert not found, found
