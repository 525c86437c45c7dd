"""A flag is a machine's until somebody settles it."""

from django.db import migrations

from riskreview.audit.backstop import protect


class Migration(migrations.Migration):
    dependencies = [("cases", "0004_flags"), ("audit", "0003_backstop_and_pending")]

    operations = [
        protect(
            "cases_flag",
            "flag",
            "id",
            only=("entry_seq", "settled_at", "settled_by_id", "still_holds", "settlement"),
            judged="ROW.entry_seq > 0 OR ROW.settled_at IS NOT NULL",
        )
    ]
