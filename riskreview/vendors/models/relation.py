"""Whom vendors belong to."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from riskreview.audit.state import Stateful


class Relation(Stateful):
    """Who owns whom, or stands beside whom, from when to when."""

    class Kind(models.TextChoices):
        """What `other` is to `vendor`."""

        PARENT = "PARENT", "Parent"
        AFFILIATE = "AFFILIATE", "Affiliate"

    vendor = models.ForeignKey("vendors.Vendor", on_delete=models.PROTECT, related_name="relations")
    other = models.ForeignKey("vendors.Vendor", on_delete=models.PROTECT, related_name="related_by")
    kind = models.CharField(max_length=9, choices=Kind)
    share_percent = models.PositiveSmallIntegerField(null=True, blank=True)
    valid_from = models.DateField(null=True, blank=True)
    valid_to = models.DateField(null=True, blank=True)
    source = models.CharField(max_length=300, blank=True)

    recorded_columns = {1: ("vendor", "other", "kind", "share_percent", "valid_from", "valid_to", "source")}

    class Meta:
        constraints = [
            models.CheckConstraint(name="relation_not_itself", condition=~Q(vendor=F("other"))),
            models.CheckConstraint(
                name="relation_share_percent", condition=Q(share_percent=None) | Q(share_percent__range=(0, 100))
            ),
            models.CheckConstraint(
                name="relation_dates_in_order",
                condition=Q(valid_to=None) | Q(valid_from=None) | Q(valid_to__gte=F("valid_from")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.other} is {self.get_kind_display().lower()} of {self.vendor}"
