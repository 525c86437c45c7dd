"""The vendor register changes by verbs of the vendor only."""

from django.db import migrations

from riskreview.audit.backstop import protect


class Migration(migrations.Migration):
    dependencies = [("vendors", "0001_first_light"), ("audit", "0003_backstop_and_pending")]

    operations = [
        protect("vendors_vendor", "vendor", "id"),
        *(protect(f"vendors_{part}", "vendor", "vendor_id") for part in ("product", "alias", "relation")),
    ]
