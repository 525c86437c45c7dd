"""What is remembered of wording and of stories; what people said of origins, which changes by verbs only."""

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models

from riskreview.audit.backstop import protect


class Migration(migrations.Migration):
    dependencies = [
        ("evidence", "0011_judgements"),
        ("audit", "0003_backstop_and_pending"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="originlink",
            name="a_end",
            field=models.PositiveIntegerField(null=True),
        ),
        migrations.AddField(
            model_name="originlink",
            name="a_start",
            field=models.PositiveIntegerField(null=True),
        ),
        migrations.AddField(
            model_name="originlink",
            name="adds",
            field=models.PositiveIntegerField(null=True),
        ),
        migrations.AddField(
            model_name="originlink",
            name="b_end",
            field=models.PositiveIntegerField(null=True),
        ),
        migrations.AddField(
            model_name="originlink",
            name="b_start",
            field=models.PositiveIntegerField(null=True),
        ),
        migrations.AddField(
            model_name="originlink",
            name="numbers",
            field=models.PositiveSmallIntegerField(
                default=1000, help_text="thousandths of the figures in the same words"
            ),
        ),
        migrations.AddField(
            model_name="story",
            name="opening",
            field=models.OneToOneField(
                null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="opens", to="evidence.document"
            ),
        ),
        migrations.CreateModel(
            name="CommonWording",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("h", models.BigIntegerField()),
                ("publisher", models.CharField(blank=True, max_length=200)),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("h", "publisher"), name="common_wording_once")],
            },
        ),
        migrations.CreateModel(
            name="Telling",
            fields=[
                (
                    "document",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="telling",
                        serialize=False,
                        to="evidence.document",
                    ),
                ),
                ("at", models.DateTimeField()),
                (
                    "after",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="followed_by",
                        to="evidence.document",
                    ),
                ),
                ("likeness", models.PositiveSmallIntegerField(default=0)),
            ],
        ),
        migrations.CreateModel(
            name="OriginJudgement",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("entry_seq", models.PositiveIntegerField(default=0, editable=False)),
                (
                    "kind",
                    models.CharField(
                        choices=[("SPLIT", "Stands by itself"), ("JOIN", "Rests on the same text")], max_length=5
                    ),
                ),
                (
                    "apart",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.BigIntegerField(), default=list, size=None
                    ),
                ),
                ("reason", models.CharField(max_length=2000)),
                ("judged_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("undone_at", models.DateTimeField(null=True)),
                ("settled_at", models.DateTimeField(editable=False, null=True)),
                (
                    "document",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="origin_judgements",
                        to="evidence.document",
                    ),
                ),
                (
                    "judged_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "other",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="evidence.document"
                    ),
                ),
                (
                    "undone_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["-judged_at", "-id"], name="origin_judgement_newest"),
                    models.Index(
                        condition=models.Q(("settled_at", None)), fields=["id"], name="origin_judgement_unsettled"
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("kind", "SPLIT"), ("undone_at", None)),
                        fields=("document",),
                        name="origin_split_once",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("kind", "JOIN"), ("undone_at", None)),
                        fields=("document", "other"),
                        name="origin_join_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind", "SPLIT"), ("other", None)),
                            models.Q(
                                ("apart", []),
                                ("document__lt", models.F("other")),
                                ("kind", "JOIN"),
                                ("other__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="origin_judgement_of_whom",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="TellingTerm",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("term", models.BigIntegerField()),
                ("at", models.DateTimeField()),
                (
                    "document",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="telling_terms",
                        to="evidence.document",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["term", "at"], include=("document",), name="telling_term")],
            },
        ),
        migrations.CreateModel(
            name="Wording",
            fields=[
                (
                    "document",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="wording",
                        serialize=False,
                        to="evidence.document",
                    ),
                ),
                ("at", models.DateTimeField()),
                ("publisher", models.CharField(blank=True, max_length=200)),
                ("agency", models.CharField(blank=True, max_length=120)),
                ("shingles", models.PositiveIntegerField()),
                ("kept", django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), size=None)),
                ("figures", django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), size=None)),
                ("digest", models.BigIntegerField()),
                ("title", models.BigIntegerField()),
                (
                    "based_on",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=2100), default=list, size=None
                    ),
                ),
                (
                    "after",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="repeated_by",
                        to="evidence.document",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(condition=models.Q(("shingles__lt", 25)), fields=["digest"], name="wording_short"),
                    django.contrib.postgres.indexes.GinIndex(
                        condition=models.Q(("based_on", []), _negated=True),
                        fields=["based_on"],
                        name="wording_based_on",
                    ),
                ],
            },
        ),
        protect("evidence_originjudgement", "originjudgement", "id", ignoring=("settled_at",)),
    ]
