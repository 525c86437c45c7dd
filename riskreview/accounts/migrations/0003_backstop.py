"""People and tokens change by verbs only. Sign-ins, looks and last use are not acts."""

from django.db import migrations

from riskreview.audit.backstop import protect


class Migration(migrations.Migration):
    dependencies = [("accounts", "0002_system_user"), ("audit", "0003_backstop_and_pending")]

    operations = [
        protect("accounts_user", "user", "id", ignoring=("last_login", "theme", "density")),
        protect("accounts_apitoken", "apitoken", "id", ignoring=("last_used_at",)),
    ]
