"""The playbooks that cases were opened with, as they were then."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from ..playbook import Playbook as Rules
from ..playbook import Shipped, from_plain, to_plain

_READ: dict[str, Rules] = {}  # by the digest of the file: there are as many as released files


class PlaybookQuerySet(models.QuerySet["Playbook"]):
    """Frozen playbooks."""

    def frozen(self, shipped: Shipped) -> Playbook:
        """The row that holds this file's content, made the first time a case is opened with it."""
        told = {"key": shipped.playbook.key, "version": shipped.playbook.version, "content": to_plain(shipped.playbook)}
        return self.get_or_create(sha256=shipped.sha256, defaults=told)[0]


class Playbook(models.Model):
    """What one file says, as data, under the SHA-256 of its bytes. Never changed: cases point at it."""

    key = models.CharField(max_length=60)
    version = models.PositiveSmallIntegerField()
    sha256 = models.CharField(max_length=64, unique=True)
    content = models.JSONField()
    frozen_at = models.DateTimeField(db_default=Now(), editable=False)

    objects: ClassVar[Any] = PlaybookQuerySet.as_manager()

    class Meta:
        constraints = [models.CheckConstraint(name="playbook_digest", condition=Q(sha256__regex=r"^[0-9a-f]{64}$"))]

    def __str__(self) -> str:
        return f"{self.key}-{self.version}"

    @property
    def rules(self) -> Rules:
        """The playbook as rows that can be asked, read once for each content."""
        if self.sha256 not in _READ:
            _READ[self.sha256] = from_plain(self.content)
        return _READ[self.sha256]
