"""What came with a message is known from both sides; what was given up can be left as it is, on the record."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from riskreview.audit.backstop import protect

JUDGED = "ROW.entry_seq > 0 OR ROW.kind = 'UPLOAD'"
LEFT = ("set_aside_at", "set_aside_by_id", "set_aside_why")

document = protect("evidence_document", "document", "id", only=("kind", "key", "entry_seq"), judged=JUDGED)
visit = protect("evidence_visit", "visit", "id", only=("entry_seq",), judged="ROW.entry_seq > 0")


class Migration(migrations.Migration):
    dependencies = [
        ("evidence", "0008_lean_fingerprints"),
        ("audit", "0003_backstop_and_pending"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="document",
            name="set_aside_at",
            field=models.DateTimeField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name="document",
            name="set_aside_by",
            field=models.ForeignKey(
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="document",
            name="set_aside_why",
            field=models.CharField(blank=True, editable=False, max_length=500),
        ),
        migrations.AddField(
            model_name="visit",
            name="set_aside_at",
            field=models.DateTimeField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name="visit",
            name="set_aside_by",
            field=models.ForeignKey(
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="visit",
            name="set_aside_why",
            field=models.CharField(blank=True, editable=False, max_length=500),
        ),
        migrations.CreateModel(
            name="Companion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "document",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="carriers", to="evidence.document"
                    ),
                ),
                (
                    "message",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="companions", to="evidence.document"
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("message", "document"), name="companion_once")],
            },
        ),
        migrations.RunSQL(document.reverse_sql, document.sql),
        protect("evidence_document", "document", "id", only=("kind", "key", "entry_seq", *LEFT), judged=JUDGED),
        migrations.RunSQL(visit.reverse_sql, visit.sql),
        protect("evidence_visit", "visit", "id", only=("entry_seq", *LEFT), judged="ROW.entry_seq > 0"),
    ]
