"""What vendors ship."""

from __future__ import annotations

from django.db import models

from riskreview.audit.state import Stateful


class Product(Stateful):
    """Something a vendor ships."""

    class Kind(models.TextChoices):
        """In which form it reaches people."""

        MODEL_FAMILY = "MODEL_FAMILY", "Model family"
        MODEL = "MODEL", "Model"
        APP = "APP", "App"
        API = "API", "Hosted API"
        OPEN_WEIGHTS = "OPEN_WEIGHTS", "Open weights"

    vendor = models.ForeignKey("vendors.Vendor", on_delete=models.PROTECT, related_name="products")
    slug = models.SlugField(max_length=80)
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=12, choices=Kind)
    version = models.CharField(max_length=40, blank=True)
    released_on = models.DateField(null=True, blank=True)

    recorded_columns = {1: ("vendor", "slug", "name", "kind", "version", "released_on")}

    class Meta:
        constraints = [models.UniqueConstraint(fields=["vendor", "slug"], name="product_slug_once")]

    def __str__(self) -> str:
        return self.name
