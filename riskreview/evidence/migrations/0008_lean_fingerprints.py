"""Kept hashes are found by the index that keeps them unique: a second one only makes each document dearer."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("evidence", "0007_story_newest")]

    operations = [migrations.RemoveIndex(model_name="fingerprint", name="fingerprint_lookup")]
