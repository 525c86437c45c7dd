"""The user that acts when no person does."""

from typing import Any

from django.db import migrations

SYSTEM = "6f1d4c1e-5a0b-4c55-9c11-0e1b6e3a7d00"


def add_system_user(apps: Any, schema_editor: Any) -> None:
    """Put the system user in place: no password, no role, no sign-in."""
    user = apps.get_model("accounts", "User")
    user.objects.get_or_create(
        pk=SYSTEM,
        defaults={"email": "system@riskreview.invalid", "name": "System", "password": "!", "is_active": False},
    )


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_first_light")]

    operations = [migrations.RunPython(add_system_user, migrations.RunPython.noop)]
