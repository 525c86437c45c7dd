"""What must be true of a signature and of a sealed dossier, whatever program writes."""

import pytest
from django.db import IntegrityError, connection, transaction

from riskreview.cases.models import Dossier, Signature
from riskreview.cases.workflow import Status
from tests import expect, make

pytestmark = pytest.mark.django_db


@pytest.fixture
def signed(alice, bob):
    return make.case(by=alice, status=Status.DECIDED, approver=bob)


def test_a_signature_means_something(signed):
    with expect.violation("signature_meaning_known"):
        signed.signatures.update(meaning="NODDED")


def test_nobody_stands_in_for_themselves(signed, bob):
    with expect.violation("signature_not_of_oneself"):
        signed.signatures.update(on_behalf_of=bob)


def test_a_person_signs_once_though_no_trigger_looks(signed):
    """The unique constraint stands behind the trigger."""
    signature = signed.signatures.get()
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE cases_signature DISABLE TRIGGER signer_is_free")
        signature.pk = None
        signature._state.adding = True
        with pytest.raises(IntegrityError, match="signature_once_a_person"), transaction.atomic():
            signature.save(force_insert=True)
        cursor.execute("ALTER TABLE cases_signature ENABLE TRIGGER signer_is_free")
    assert Signature.objects.count() == 1


def test_a_dossier_has_a_digest_for_its_name(alice):
    case = make.case(by=alice, status=Status.AWAITING_APPROVAL)
    decision = make.before_sealing(case.open_decision())
    with expect.violation("dossier_root"):
        Dossier.objects.create(decision=decision, content={}, key="00", root="nothing")
