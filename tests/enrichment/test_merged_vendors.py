"""What bears on a case about a vendor that was merged into another is still suggested for it."""

import pytest

from riskreview.enrichment.watched import profiles
from tests import make

pytestmark = pytest.mark.django_db


def test_a_case_about_a_merged_vendor_looks_for_the_other(alice, carol):
    other, merged = make.vendor("Alibaba", by=alice), make.vendor("Aliyun", by=alice)
    case = make.case(by=alice, vendors=[merged])
    merged.merge_into(by=carol, other=other, reason="One company.")
    assert profiles([case])[0].vendors == {other.pk}
