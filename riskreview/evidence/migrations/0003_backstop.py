"""Sources change by verbs, but for what workers note on them; of a document only what a person brought in is judged."""

from django.db import migrations

from riskreview.audit.backstop import protect

WORK = ("not_before", "attempts", "lease", "lease_until", "last_error", "dead_at")
VISITS = ("etag", "last_modified", "last_fetch_at", "last_success_at", "last_item_at", "items_seen")

JUDGED = "ROW.entry_seq > 0 OR ROW.kind = 'UPLOAD'"


class Migration(migrations.Migration):
    dependencies = [("evidence", "0002_snapshots_stay"), ("audit", "0003_backstop_and_pending")]

    operations = [
        protect("evidence_source", "source", "id", ignoring=(*WORK, *VISITS)),
        protect("evidence_document", "document", "id", only=("kind", "key", "entry_seq"), judged=JUDGED),
    ]
