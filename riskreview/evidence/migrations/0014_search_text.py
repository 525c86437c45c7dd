"""Filled in below."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("evidence", "0013_terms")]

    operations = []
