"""More of a source is a worker's to note; of a visit only what a person asked for is judged; a change stays."""

from django.db import migrations

from riskreview.audit.backstop import append_only, protect

WORK = ("not_before", "attempts", "lease", "lease_until", "last_error", "dead_at")
VISITS = ("etag", "last_modified", "last_fetch_at", "last_success_at", "last_item_at", "items_seen")
COLLECTION = ("cursor", "failures", "silent_since", "usual_gap", "ended_at", "ended_why")

old = protect("evidence_source", "source", "id", ignoring=(*WORK, *VISITS))


class Migration(migrations.Migration):
    dependencies = [("evidence", "0004_collection"), ("audit", "0003_backstop_and_pending")]

    operations = [
        migrations.RunSQL(old.reverse_sql, old.sql),
        protect("evidence_source", "source", "id", ignoring=(*WORK, *VISITS, *COLLECTION)),
        protect("evidence_visit", "visit", "id", only=("entry_seq",), judged="ROW.entry_seq > 0"),
        append_only(
            "evidence_change", "UPDATE", "DELETE", why="A change that was seen stays seen. Settle its flags instead."
        ),
    ]
