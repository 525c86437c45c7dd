"""How common terms are in the archive, counted now and then."""

import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("evidence", "0012_origin_judgements")]

    operations = [
        migrations.CreateModel(
            name="Vocabulary",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("documents", models.PositiveIntegerField()),
                ("counted_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
            options={
                "verbose_name_plural": "vocabularies",
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("documents__gt", 0)), name="vocabulary_of_something")
                ],
            },
        ),
        migrations.CreateModel(
            name="Term",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("term", models.CharField(max_length=100)),
                ("df", models.PositiveIntegerField()),
                (
                    "vocabulary",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="terms", to="evidence.vocabulary"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("vocabulary", "term"), name="term_once"),
                    models.CheckConstraint(condition=models.Q(("df__gt", 0)), name="term_occurs"),
                ],
            },
        ),
    ]
