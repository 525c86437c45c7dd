"""Who is told: so far, witnesses that sign what they have seen of the log."""

from __future__ import annotations

from typing import Any, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from riskreview.audit.models import Log
from riskreview.audit.verifier import Key
from riskreview.lib.work import Terms, Work, WorkQuerySet, work_indexes


class WitnessQuerySet(WorkQuerySet["Witness"]):
    """What each witness has seen of each log."""

    def want_newest(self, witnesses: list[tuple[str, str]]) -> None:
        """Note for each witness (key, address) what there is to sign by now."""
        if not witnesses:
            return
        for log in Log.objects.all():
            size = log.checkpoints.order_by("-size").values_list("size", flat=True).first()
            if size is None:
                continue
            for vkey, url in witnesses:
                self.get_or_create(log=log, vkey=vkey, defaults={"url": url})
            known = self.filter(log=log, vkey__in=[vkey for vkey, _ in witnesses])
            known.exclude(wanted=size).update(wanted=size)
        for vkey, url in witnesses:
            self.filter(vkey=vkey).exclude(url=url).update(url=url)

    def configured(self, witnesses: list[tuple[str, str]]) -> Self:
        """The rows of those that are witnesses today."""
        return self.filter(vkey__in=[vkey for vkey, _ in witnesses])


class Witness(Work):
    """One witness of one log: how much it has signed for, and how much there is to sign. A machine's cursor."""

    terms = Terms(
        window=32, offer=settings.OFFER_SECONDS, run=settings.RUN_SECONDS, rest=settings.BACKOFF_SECONDS, attempts=0
    )
    work_left = ~Q(wanted=F("size"))

    log = models.ForeignKey(Log, on_delete=models.PROTECT, related_name="witnesses")
    vkey = models.CharField(max_length=400)
    url = models.CharField(max_length=2000)
    size = models.PositiveBigIntegerField(default=0)
    wanted = models.PositiveBigIntegerField(default=0)
    seen_at = models.DateTimeField(null=True)

    objects: ClassVar[Any] = WitnessQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "witnesses"
        constraints = [models.UniqueConstraint(fields=["log", "vkey"], name="witness_once")]
        indexes = work_indexes("witness", ~Q(wanted=F("size")))

    def __str__(self) -> str:
        return self.key.name

    @property
    def key(self) -> Key:
        """Its public key."""
        return Key.parse(self.vkey)
