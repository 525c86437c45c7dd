"""What was said of names changes by verbs only."""

from django.db import migrations

from riskreview.audit.backstop import protect


class Migration(migrations.Migration):
    dependencies = [("vendors", "0003_names_judged"), ("audit", "0003_backstop_and_pending")]

    operations = [
        protect("vendors_namejudgement", "namejudgement", "id"),
        protect("vendors_duplicatejudgement", "duplicatejudgement", "id"),
    ]
