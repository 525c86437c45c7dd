"""A case and everything that belongs to it change by verbs of the case only; of a suggestion, what people judged."""

from django.db import migrations

from riskreview.audit.backstop import protect

MACHINE = ("snapshot_id", "score", "band", "parts", "reasons", "start", "end", "excerpt", "version", "suggested_at")

JUDGED = "ROW.entry_seq > 0 OR ROW.state <> 'OPEN'"


class Migration(migrations.Migration):
    dependencies = [("cases", "0002_four_eyes"), ("audit", "0003_backstop_and_pending")]

    operations = [
        protect("cases_case", "case", "id"),
        *(
            protect(f"cases_{part}", "case", "case_id")
            for part in ("case_vendors", "case_products", "exhibit", "finding", "decision")
        ),
        protect("cases_finding_exhibits", "case", "finding_id", through=("cases_finding", "case_id")),
        protect("cases_authorship", "case", "decision_id", through=("cases_decision", "case_id")),
        protect("cases_suggestion", "suggestion", "id", ignoring=MACHINE, judged=JUDGED),
    ]
