"""Teams, stand-ins and calendar addresses change by verbs only."""

from django.db import migrations

from riskreview.audit.backstop import protect


class Migration(migrations.Migration):
    dependencies = [("accounts", "0004_teams_and_stand_ins"), ("audit", "0003_backstop_and_pending")]

    operations = [
        protect("accounts_team", "team", "id"),
        protect("accounts_team_members", "team", "team_id"),
        protect("accounts_delegation", "delegation", "id"),
        protect("accounts_calendarfeed", "calendarfeed", "id"),
    ]
