"""Weights fitted to verdicts; suggestions that are put off, and dismissed ones that come back for a reason."""

import django.db.models.deletion
import django.db.models.expressions
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models

from riskreview.audit.backstop import protect

_WEIGHTS = ("text_weight", "vendor_weight", "signal_weight")
_FITTED = (*_WEIGHTS, "intercept", "slope", "verdicts", "accepted", "brier", "shipped_brier")
_MACHINE = ("snapshot_id", "score", "band", "parts", "reasons", "start", "end", "excerpt", "version", "suggested_at")
_RENEWED = ("renewed_snapshot_id", "renewed_at", "renewal")
_JUDGED = "ROW.entry_seq > 0 OR ROW.state <> 'OPEN'"

before = protect("cases_suggestion", "suggestion", "id", ignoring=_MACHINE, judged=_JUDGED)


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0006_watch_what_is_cited"),
        ("evidence", "0013_terms"),
        ("audit", "0003_backstop_and_pending"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RunSQL(before.reverse_sql, before.sql),
        migrations.CreateModel(
            name="MatchWeights",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("entry_seq", models.PositiveIntegerField(default=0, editable=False)),
                ("text_weight", models.PositiveSmallIntegerField()),
                ("vendor_weight", models.PositiveSmallIntegerField()),
                ("signal_weight", models.PositiveSmallIntegerField()),
                ("intercept", models.IntegerField()),
                ("slope", models.PositiveIntegerField()),
                ("verdicts", models.PositiveIntegerField()),
                ("accepted", models.PositiveIntegerField()),
                ("brier", models.PositiveIntegerField()),
                ("shipped_brier", models.PositiveIntegerField()),
                ("reliability", models.JSONField(default=list)),
                ("fitted_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("adopted_at", models.DateTimeField(null=True)),
                (
                    "adopted_by",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "match weights",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "text_weight",
                                django.db.models.expressions.CombinedExpression(
                                    django.db.models.expressions.CombinedExpression(
                                        models.Value(1000), "-", models.F("vendor_weight")
                                    ),
                                    "-",
                                    models.F("signal_weight"),
                                ),
                            )
                        ),
                        name="match_weights_are_whole",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("verdicts__gte", models.F("accepted"))), name="match_weights_from_verdicts"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("adopted_at", None), ("adopted_by", None)),
                            models.Q(("adopted_at__isnull", False), ("adopted_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="match_weights_adopted_by_somebody",
                    ),
                ],
            },
        ),
        migrations.AddField("suggestion", "snoozed_until", models.DateField(null=True)),
        migrations.AddField("suggestion", "renewed_at", models.DateTimeField(null=True)),
        migrations.AddField("suggestion", "renewal", models.CharField(blank=True, max_length=500)),
        migrations.AddField(
            "suggestion",
            "renewed_snapshot",
            models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="evidence.snapshot"
            ),
        ),
        migrations.AddConstraint(
            "suggestion",
            models.CheckConstraint(
                condition=models.Q(
                    models.Q(("renewal", ""), ("renewed_at", None), ("renewed_snapshot", None)),
                    models.Q(
                        ("renewed_at__isnull", False),
                        ("renewed_snapshot__isnull", False),
                        ("state", "DISMISSED"),
                        models.Q(("renewal", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="suggestion_renewed_says_why",
            ),
        ),
        protect("cases_suggestion", "suggestion", "id", ignoring=(*_MACHINE, *_RENEWED), judged=_JUDGED),
        protect(
            "cases_matchweights",
            "matchweights",
            "id",
            only=("entry_seq", *_FITTED, "adopted_at", "adopted_by_id"),
            judged="ROW.entry_seq > 0 OR ROW.adopted_at IS NOT NULL",
        ),
    ]
