"""The incident register changes by verbs of the incident only."""

from django.db import migrations

from riskreview.audit.backstop import protect


class Migration(migrations.Migration):
    dependencies = [("incidents", "0001_first_light"), ("audit", "0003_backstop_and_pending")]

    operations = [
        protect("incidents_incident", "incident", "id"),
        protect("incidents_involvement", "incident", "incident_id"),
        protect("incidents_citation", "incident", "incident_id"),
    ]
