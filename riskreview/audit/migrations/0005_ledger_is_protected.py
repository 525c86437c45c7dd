"""Acts on the record leave entries too."""

from django.db import migrations

from riskreview.audit.backstop import protect


class Migration(migrations.Migration):
    dependencies = [("audit", "0004_the_ledger")]

    operations = [
        protect("audit_ledger", "ledger", "id"),
        protect("audit_legalhold", "ledger", "ledger_id"),
    ]
