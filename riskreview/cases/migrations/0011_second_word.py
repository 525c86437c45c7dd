"""A second person for what courts did and for postponements; since when a finding is not reviewed any more."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0010_case_work_backstop"),
        ("evidence", "0016_placing_in_turns"),
        ("vendors", "0004_judgements_backstop"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="effect",
            name="agreed_by",
            field=models.ForeignKey(
                blank=True,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="effect",
            name="is_asked",
            field=models.BooleanField(default=False, editable=False),
        ),
        migrations.AddField(
            model_name="effect",
            name="is_refused",
            field=models.BooleanField(default=False, editable=False),
        ),
        migrations.AddField(
            model_name="finding",
            name="review_cleared_at",
            field=models.DateTimeField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name="legalstatus",
            name="judged_at",
            field=models.DateTimeField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name="legalstatus",
            name="judged_by",
            field=models.ForeignKey(
                blank=True,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="legalstatus",
            name="passage",
            field=models.TextField(blank=True),
        ),
        migrations.AddField(
            model_name="legalstatus",
            name="snapshot",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="evidence.snapshot",
            ),
        ),
        migrations.AddField(
            model_name="legalstatus",
            name="why_struck",
            field=models.TextField(blank=True),
        ),
        migrations.AddField(
            model_name="legalstatus",
            name="word",
            field=models.CharField(
                choices=[
                    ("RECORDED", "Recorded, not confirmed"),
                    ("CONFIRMED", "Confirmed"),
                    ("STRUCK", "Struck: it does not count"),
                ],
                default="RECORDED",
                editable=False,
                max_length=9,
            ),
        ),
        migrations.AddConstraint(
            model_name="effect",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("agreed_by", None),
                    models.Q(
                        ("is_asked", False),
                        ("supersedes__isnull", False),
                        models.Q(("agreed_by", models.F("written_by")), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="effect_postponed_by_two",
            ),
        ),
        migrations.AddConstraint(
            model_name="effect",
            constraint=models.CheckConstraint(
                condition=models.Q(("is_asked", False), ("supersedes__isnull", False), _connector="OR"),
                name="effect_asked_is_a_postponement",
            ),
        ),
        migrations.AddConstraint(
            model_name="effect",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("is_refused", False),
                    models.Q(("agreed_by", None), ("is_asked", False), ("supersedes__isnull", False)),
                    _connector="OR",
                ),
                name="effect_refused_is_a_postponement",
            ),
        ),
        migrations.AddConstraint(
            model_name="legalstatus",
            constraint=models.CheckConstraint(
                condition=models.Q(("word__in", ["RECORDED", "CONFIRMED", "STRUCK"])), name="legalstatus_word_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="legalstatus",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("word", "CONFIRMED"), _negated=True),
                    models.Q(
                        ("judged_by__isnull", False),
                        ("snapshot__isnull", False),
                        models.Q(("judged_by", models.F("recorded_by")), _negated=True),
                        models.Q(("passage", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="legalstatus_two_people",
            ),
        ),
        migrations.AddConstraint(
            model_name="legalstatus",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("word", "STRUCK"), _negated=True),
                    models.Q(("judged_by__isnull", False), models.Q(("why_struck", ""), _negated=True)),
                    _connector="OR",
                ),
                name="legalstatus_struck_with_reason",
            ),
        ),
    ]
