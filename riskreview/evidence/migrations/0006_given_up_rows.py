"""Every page tells overseers how many rows were given up, so finding them must not read the whole table."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("evidence", "0005_collection_backstop")]

    operations = [
        migrations.AddIndex(
            model_name="document",
            index=models.Index(
                fields=["dead_at"], name="document_dead", condition=models.Q(("dead_at__isnull", False))
            ),
        ),
        migrations.AddIndex(
            model_name="visit",
            index=models.Index(fields=["dead_at"], name="visit_dead", condition=models.Q(("dead_at__isnull", False))),
        ),
    ]
