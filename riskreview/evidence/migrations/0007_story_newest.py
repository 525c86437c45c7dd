"""The newest stories are found without reading all of them."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("evidence", "0006_given_up_rows")]

    operations = [
        migrations.AddIndex(model_name="story", index=models.Index(fields=["-last_at"], name="story_newest")),
    ]
