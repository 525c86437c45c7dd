"""The words of every document, ready to be searched, and the terms of the archive by likeness.

pg_trgm comes with PostgreSQL, and who owns the database may create it.
"""

import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.db.models.deletion
from django.contrib.postgres.operations import TrigramExtension
from django.db import migrations, models

# The words lie beside the rows, so that the days of a hundred thousand rows are read from few pages.
APART = "ALTER TABLE evidence_searchtext SET (toast_tuple_target = 128)"
TOGETHER = "ALTER TABLE evidence_searchtext RESET (toast_tuple_target)"


class Migration(migrations.Migration):
    dependencies = [("evidence", "0013_terms")]

    operations = [
        TrigramExtension(),
        migrations.CreateModel(
            name="SearchText",
            fields=[
                (
                    "document",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="search_text",
                        serialize=False,
                        to="evidence.document",
                    ),
                ),
                (
                    "published_at",
                    models.DateTimeField(help_text="or, where that is unknown, when it was first seen"),
                ),
                ("stamp", models.CharField(max_length=16)),
                ("version", models.PositiveSmallIntegerField()),
                ("words", django.contrib.postgres.search.SearchVectorField()),
            ],
        ),
        migrations.RunSQL(APART, TOGETHER),
        migrations.AddIndex(
            model_name="term",
            index=django.contrib.postgres.indexes.GinIndex(
                django.contrib.postgres.indexes.OpClass("term", name="gin_trgm_ops"), name="term_alike"
            ),
        ),
        migrations.AddIndex(
            model_name="searchtext",
            index=django.contrib.postgres.indexes.GinIndex(fastupdate=False, fields=["words"], name="searchtext_words"),
        ),
    ]
