"""What came with a message: known from both sides, and told once."""

import pytest

from riskreview.evidence.models import Companion
from tests import expect, make

pytestmark = pytest.mark.django_db


def test_what_came_with_a_message_is_kept_once_and_known_from_both_sides():
    letter, memo = make.document(headline="Letter"), make.document(headline="Memo")
    for _ in range(2):
        Companion.objects.keep([(letter.key, memo.key), (letter.key, letter.key), (letter.key, "not held")])
    assert [each.document for each in letter.companions.all()] == [memo]
    assert [each.message for each in memo.carriers.all()] == [letter]
    with expect.violation("companion_once"):
        Companion.objects.create(message=letter, document=memo)
