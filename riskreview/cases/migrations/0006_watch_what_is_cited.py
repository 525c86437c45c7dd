"""What open and decided cases cite already is looked at again from now on."""

from django.db import migrations

WATCH = """
UPDATE evidence_document AS d SET checks = 0, check_at = now()
  FROM cases_exhibit e JOIN cases_case c ON c.id = e.case_id
 WHERE e.document_id = d.id AND c.status <> 'WITHDRAWN' AND d.url <> '' AND d.checks IS NULL
"""


class Migration(migrations.Migration):
    dependencies = [("cases", "0005_flags_backstop"), ("evidence", "0006_given_up_rows")]

    operations = [migrations.RunSQL(WATCH, migrations.RunSQL.noop)]
