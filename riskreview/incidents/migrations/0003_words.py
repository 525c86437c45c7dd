"""The words of incidents, ready to be searched."""

import django.contrib.postgres.indexes
import django.contrib.postgres.search
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("incidents", "0002_backstop"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="incident",
            index=django.contrib.postgres.indexes.GinIndex(
                django.contrib.postgres.search.SearchVector("title", "neutral_summary", config="english"),
                name="incident_words",
            ),
        ),
    ]
