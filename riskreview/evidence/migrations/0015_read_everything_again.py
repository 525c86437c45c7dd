"""What was read before readings were kept is due to be read again: by and by, behind what is new."""

from django.db import migrations

FORWARD = """
INSERT INTO evidence_reading (snapshot_id, pipeline_version, gazetteer_version, sha256, counts, not_analysed,
                              milliseconds)
SELECT DISTINCT ON (document_id) id, '', '', '', '{}', '', 0 FROM evidence_snapshot
 WHERE text IS NOT NULL ORDER BY document_id, fetched_at DESC, id DESC
ON CONFLICT DO NOTHING;
"""


class Migration(migrations.Migration):
    dependencies = [("evidence", "0014_search_text")]

    operations = [migrations.RunSQL(FORWARD, migrations.RunSQL.noop)]
