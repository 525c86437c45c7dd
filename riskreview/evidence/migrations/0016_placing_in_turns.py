"""Documents wait to be placed in rows of their own; what people said of origins is carried out as other work is."""

import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models

from riskreview.audit.backstop import protect

WORK = ("not_before", "attempts", "lease", "lease_until", "last_error", "dead_at")
TABLE = ("evidence_originjudgement", "originjudgement", "id")
old = protect(*TABLE, ignoring=("settled_at",))


class Migration(migrations.Migration):
    dependencies = [
        ("evidence", "0015_read_everything_again"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RunSQL(old.reverse_sql, old.sql),
        migrations.RemoveIndex(
            model_name="originjudgement",
            name="origin_judgement_unsettled",
        ),
        migrations.AddField(
            model_name="originjudgement",
            name="attempts",
            field=models.PositiveSmallIntegerField(default=0, editable=False),
        ),
        migrations.AddField(
            model_name="originjudgement",
            name="begun_at",
            field=models.DateTimeField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name="originjudgement",
            name="dead_at",
            field=models.DateTimeField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name="originjudgement",
            name="last_error",
            field=models.CharField(blank=True, default="", editable=False, max_length=500),
        ),
        migrations.AddField(
            model_name="originjudgement",
            name="lease",
            field=models.UUIDField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name="originjudgement",
            name="lease_until",
            field=models.DateTimeField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name="originjudgement",
            name="not_before",
            field=models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
        ),
        migrations.AddField(
            model_name="wording",
            name="asked_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddIndex(
            model_name="originjudgement",
            index=models.Index(
                condition=models.Q(("settled_at", None), ("dead_at", None)),
                fields=["not_before", "id"],
                name="origin_judgement_due",
            ),
        ),
        migrations.AddIndex(
            model_name="originjudgement",
            index=models.Index(
                condition=models.Q(("lease_until__isnull", False)),
                fields=["lease_until"],
                name="origin_judgement_leased",
            ),
        ),
        migrations.AddIndex(
            model_name="wording",
            index=models.Index(condition=models.Q(("asked_at__isnull", False)), fields=["at"], name="wording_asked"),
        ),
        protect(*TABLE, ignoring=("settled_at", "begun_at", *WORK)),
    ]
