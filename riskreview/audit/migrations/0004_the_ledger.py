"""The one row that acts on the record itself are about."""

from typing import Any

from django.db import migrations


def add_ledger(apps: Any, schema_editor: Any) -> None:
    """Put the ledger in place."""
    apps.get_model("audit", "Ledger").objects.get_or_create(pk=1)


class Migration(migrations.Migration):
    dependencies = [("audit", "0003_backstop_and_pending")]

    operations = [migrations.RunPython(add_ledger, migrations.RunPython.noop)]
