"""Case work: playbooks and stages, clocks, consultations, effects and conditions, sealed dossiers, colleagues."""

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0004_teams_and_stand_ins"),
        ("cases", "0008_words"),
        ("evidence", "0016_placing_in_turns"),
        ("incidents", "0003_words"),
        ("vendors", "0004_judgements_backstop"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Allegation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("entry_seq", models.PositiveIntegerField(default=0, editable=False)),
                ("number", models.PositiveSmallIntegerField()),
                ("text", models.TextField()),
                ("fingerprint", models.CharField(blank=True, max_length=64)),
                (
                    "entered_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Answer",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("item", models.CharField(max_length=60)),
                (
                    "verdict",
                    models.CharField(
                        choices=[
                            ("YES", "Yes"),
                            ("PARTLY", "Partly"),
                            ("NO", "No"),
                            ("NOT_APPLICABLE", "Does not apply"),
                            ("UNKNOWN", "Not known"),
                            ("ANSWERED", "Answered"),
                        ],
                        max_length=14,
                    ),
                ),
                ("said", models.TextField(blank=True)),
                ("note", models.TextField(blank=True)),
                ("evidence", models.TextField(blank=True)),
                ("answered_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
        ),
        migrations.CreateModel(
            name="Clock",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("entry_seq", models.PositiveIntegerField(default=0, editable=False)),
                ("key", models.CharField(max_length=60)),
                ("round", models.PositiveSmallIntegerField(default=1)),
                ("occurrence", models.PositiveSmallIntegerField(default=1)),
                ("due_on", models.DateField(editable=False, null=True)),
                ("due_before", models.DateTimeField(editable=False, null=True)),
                (
                    "parts",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.TextField(), default=list, editable=False, size=None
                    ),
                ),
                ("next_moment", models.DateTimeField(editable=False, null=True)),
                ("satisfied_at", models.DateTimeField(editable=False, null=True)),
                (
                    "settled",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("VOID", "Void"),
                            ("WAIVED", "Waived"),
                            ("PRESUMED", "Presumed"),
                            ("LAPSED", "Lapsed"),
                            ("MISSED", "Missed"),
                        ],
                        max_length=8,
                    ),
                ),
                ("settled_at", models.DateTimeField(blank=True, null=True)),
                ("settlement", models.TextField(blank=True)),
                (
                    "warned",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=40), blank=True, default=list, size=None
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Closure",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("entry_seq", models.PositiveIntegerField(default=0, editable=False)),
                ("calendar", models.CharField(max_length=40)),
                ("day", models.DateField()),
                ("why", models.CharField(max_length=200)),
                ("revoked_at", models.DateTimeField(blank=True, null=True)),
                ("recount_after", models.BigIntegerField(default=0, editable=False, null=True)),
            ],
        ),
        migrations.CreateModel(
            name="Comment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("entry_seq", models.PositiveIntegerField(default=0, editable=False)),
                ("about", models.CharField(blank=True, max_length=20)),
                ("text", models.TextField()),
                (
                    "written_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                ),
                ("edited_at", models.DateTimeField(blank=True, null=True)),
                ("withdrawn_at", models.DateTimeField(blank=True, null=True)),
            ],
        ),
        migrations.CreateModel(
            name="Condition",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveSmallIntegerField()),
                ("text", models.TextField()),
                ("due_on", models.DateField(blank=True, null=True)),
                (
                    "state",
                    models.CharField(
                        choices=[("OPEN", "Open"), ("MET", "Met"), ("BREACHED", "Breached"), ("WAIVED", "Waived")],
                        default="OPEN",
                        max_length=8,
                    ),
                ),
                ("note", models.TextField(blank=True)),
                (
                    "watch",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("EXPIRY_DATE", "A date passes"),
                            ("LIST_ENTRY", "A name is on a list, or off it"),
                            ("DOCUMENT_CHANGED", "A document changes"),
                            ("OWNERSHIP_CHANGED", "The ownership changes"),
                            ("OFFICIAL_ACTION", "An authority acts"),
                            ("INCIDENT_CONFIRMED", "An incident is confirmed"),
                            ("REPORT_DUE", "A report is due"),
                            ("SOURCE_QUIET", "A source goes quiet"),
                        ],
                        max_length=20,
                    ),
                ),
                ("parameters", models.JSONField(blank=True, default=dict)),
                ("every_days", models.PositiveSmallIntegerField(default=1)),
                (
                    "on_trip",
                    models.CharField(
                        choices=[("REOPEN", "The case opens again"), ("SUGGEST", "A person is asked")],
                        default="REOPEN",
                        max_length=7,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Consideration",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("text", models.TextField()),
                ("changed_outcome", models.BooleanField(default=False)),
                (
                    "considered_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Consultation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("entry_seq", models.PositiveIntegerField(default=0, editable=False)),
                ("key", models.CharField(max_length=60)),
                ("round", models.PositiveSmallIntegerField(default=1)),
                ("consultee", models.CharField(max_length=200)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("DRAFT", "Not sent"),
                            ("OPEN", "Open"),
                            ("ANSWERED", "Answered"),
                            ("PRESUMED", "Presumed to concur"),
                            ("LATE_OBJECTION", "Objected too late"),
                            ("LAPSED", "Time ran out"),
                            ("UNDELIVERABLE", "Could not be delivered"),
                        ],
                        default="DRAFT",
                        max_length=14,
                    ),
                ),
                ("sent_at", models.DateTimeField(blank=True, null=True)),
                ("response", models.CharField(blank=True, max_length=30)),
                ("weight", models.CharField(blank=True, max_length=14)),
                ("responder", models.CharField(blank=True, max_length=200)),
                ("rank", models.CharField(blank=True, max_length=40)),
                ("answered_at", models.DateTimeField(blank=True, null=True)),
                ("answer_text", models.TextField(blank=True)),
                (
                    "asked_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Dossier",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("content", models.JSONField()),
                ("root", models.CharField(max_length=64)),
                ("key", models.CharField(max_length=64)),
                (
                    "sealed_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Draft",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("place", models.CharField(max_length=120)),
                ("fields", models.JSONField()),
                ("saved_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
        ),
        migrations.CreateModel(
            name="Effect",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveSmallIntegerField()),
                (
                    "action",
                    models.CharField(
                        choices=[
                            ("PROHIBIT", "Prohibit"),
                            ("REMOVE", "Remove"),
                            ("EXCLUDE", "Exclude"),
                            ("RESTRICT", "Restrict"),
                            ("PERMIT", "Permit"),
                            ("PERMIT_WITH_CONDITIONS", "Permit with conditions"),
                            ("ADVISE", "Advise"),
                            ("REPORT", "Report"),
                        ],
                        max_length=24,
                    ),
                ),
                (
                    "target_kind",
                    models.CharField(
                        choices=[
                            ("ENTITY", "Entity"),
                            ("PRODUCT", "Product"),
                            ("MODEL", "Model"),
                            ("HOSTED_SERVICE", "Hosted service"),
                            ("OPEN_WEIGHTS", "Open weights"),
                        ],
                        max_length=14,
                    ),
                ),
                ("target", models.CharField(max_length=200)),
                ("population", models.CharField(max_length=200)),
                ("jurisdiction", models.CharField(max_length=200)),
                ("clause", models.TextField(blank=True)),
                ("starts_on", models.DateField(blank=True, null=True)),
                ("ends_on", models.DateField(blank=True, null=True)),
                ("supersedes_on", models.DateField(blank=True, null=True)),
            ],
        ),
        migrations.CreateModel(
            name="Exemption",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("entry_seq", models.PositiveIntegerField(default=0, editable=False)),
                (
                    "kind",
                    models.CharField(
                        choices=[("EXEMPTION", "Exemption"), ("WAIVER", "Waiver")], default="EXEMPTION", max_length=9
                    ),
                ),
                ("holder", models.CharField(max_length=200)),
                ("grounds", models.TextField()),
                ("starts_on", models.DateField()),
                ("expires_on", models.DateField()),
                ("revoked_on", models.DateField(blank=True, null=True)),
            ],
        ),
        migrations.CreateModel(
            name="Extension",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("days", models.PositiveSmallIntegerField(default=0)),
                ("until", models.DateField(blank=True, null=True)),
                ("form", models.CharField(max_length=40)),
                ("decided_at", models.DateTimeField()),
                (
                    "recorded_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Following",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("since", models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
            ],
        ),
        migrations.CreateModel(
            name="LegalStatus",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("entry_seq", models.PositiveIntegerField(default=0, editable=False)),
                ("track", models.CharField(max_length=120)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("STAYED", "Stayed"),
                            ("ENJOINED", "Enjoined"),
                            ("VACATED", "Vacated"),
                            ("REMANDED", "Remanded"),
                            ("UPHELD", "Upheld"),
                            ("POSTPONED", "Postponed"),
                            ("SUPERSEDED", "Superseded"),
                            ("RESCINDED", "Rescinded"),
                            ("EXPIRED", "Expired"),
                        ],
                        max_length=10,
                    ),
                ),
                ("forum", models.CharField(max_length=120)),
                ("as_of", models.DateField()),
                ("until", models.DateField(blank=True, null=True)),
                ("citation", models.CharField(blank=True, max_length=300)),
                (
                    "recorded_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Link",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("entry_seq", models.PositiveIntegerField(default=0, editable=False)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("RELATED", "Related to"),
                            ("FOLLOWS", "Follows"),
                            ("REFERRED_FROM", "Referred from"),
                            ("DUPLICATES", "Asks the same as"),
                            ("PRECEDENT", "Follows the precedent of"),
                        ],
                        default="RELATED",
                        max_length=14,
                    ),
                ),
                ("why", models.TextField(blank=True)),
                ("cut_at", models.DateTimeField(blank=True, null=True)),
            ],
        ),
        migrations.CreateModel(
            name="Milestone",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("entry_seq", models.PositiveIntegerField(default=0, editable=False)),
                ("key", models.CharField(max_length=60)),
                ("round", models.PositiveSmallIntegerField(default=1)),
                ("number", models.PositiveSmallIntegerField(default=1)),
                ("stated_at", models.DateTimeField(blank=True, null=True)),
                ("stated_on", models.DateField(blank=True, null=True)),
                (
                    "moved",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.TextField(), blank=True, default=list, size=None
                    ),
                ),
                (
                    "recorded_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Output",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(max_length=60)),
                (
                    "attached_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Playbook",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(max_length=60)),
                ("version", models.PositiveSmallIntegerField()),
                ("sha256", models.CharField(max_length=64, unique=True)),
                ("content", models.JSONField()),
                (
                    "frozen_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Presence",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("seen_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("looked_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("writing", models.CharField(blank=True, max_length=60)),
            ],
        ),
        migrations.CreateModel(
            name="Publication",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("entry_seq", models.PositiveIntegerField(default=0, editable=False)),
                ("channel", models.CharField(max_length=120)),
                ("reference", models.CharField(blank=True, max_length=200)),
                ("published_on", models.DateField(blank=True, null=True)),
                ("why_not", models.TextField(blank=True)),
                (
                    "recorded_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Redaction",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("path", models.CharField(max_length=120)),
                ("ground", models.CharField(max_length=300)),
                (
                    "redacted_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                ),
                ("restored_at", models.DateTimeField(blank=True, editable=False, null=True)),
            ],
        ),
        migrations.CreateModel(
            name="Release",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("entry_seq", models.PositiveIntegerField(default=0, editable=False)),
                ("number", models.PositiveSmallIntegerField()),
                ("audience", models.CharField(max_length=200)),
                ("marking", models.CharField(blank=True, max_length=40)),
                ("sha256", models.CharField(blank=True, max_length=64)),
                ("issued_at", models.DateTimeField(blank=True, null=True)),
            ],
        ),
        migrations.CreateModel(
            name="Seat",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("role", models.CharField(max_length=30)),
            ],
        ),
        migrations.CreateModel(
            name="Sheet",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("entry_seq", models.PositiveIntegerField(default=0, editable=False)),
                ("key", models.CharField(max_length=60)),
            ],
        ),
        migrations.CreateModel(
            name="Signature",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("person", models.UUIDField()),
                ("role", models.CharField(blank=True, max_length=30)),
                (
                    "meaning",
                    models.CharField(choices=[("APPROVED", "Approved"), ("DISSENTED", "Dissented")], max_length=9),
                ),
                ("statement", models.TextField(blank=True)),
                ("dossier_sha256", models.CharField(max_length=64)),
                ("strength", models.CharField(max_length=20)),
                ("confirmed_at", models.DateTimeField()),
                (
                    "signed_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Stage",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveSmallIntegerField()),
                ("key", models.CharField(max_length=60)),
                ("reason", models.TextField(blank=True)),
                (
                    "entered_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                ),
                ("left_at", models.DateTimeField(editable=False, null=True)),
                ("countersigned_at", models.DateTimeField(editable=False, null=True)),
            ],
        ),
        migrations.CreateModel(
            name="Stand",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "says",
                    models.CharField(
                        choices=[
                            ("ALLEGED", "Alleged"),
                            ("DENIED", "Denied"),
                            ("PARTLY_ADMITTED", "Partly admitted"),
                            ("CONFIRMED_BY_VENDOR", "Confirmed by the vendor"),
                            ("OFFICIAL_FINDING", "Official finding"),
                            ("COURT_FINDING", "Court finding"),
                            ("SETTLED", "Settled"),
                            ("WITHDRAWN", "Withdrawn"),
                            ("RETRACTED", "Retracted"),
                            ("NOT_SOUGHT", "Comment not sought"),
                            ("NO_REPLY", "Asked, no reply"),
                            ("DECLINED", "Declined to comment"),
                        ],
                        max_length=20,
                    ),
                ),
                ("speaker", models.CharField(max_length=200)),
                ("as_of", models.DateField()),
                ("note", models.TextField(blank=True)),
                (
                    "recorded_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Submission",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("entry_seq", models.PositiveIntegerField(default=0, editable=False)),
                ("key", models.CharField(max_length=60)),
                ("round", models.PositiveSmallIntegerField(default=1)),
                ("number", models.PositiveSmallIntegerField()),
                (
                    "state",
                    models.CharField(
                        choices=[("RECEIVED", "Received"), ("NO_REPLY", "No reply"), ("NOT_SOUGHT", "Not sought")],
                        default="RECEIVED",
                        max_length=10,
                    ),
                ),
                ("received_at", models.DateTimeField(blank=True, null=True)),
                ("is_late", models.BooleanField(default=False)),
                ("confidential", models.BooleanField(default=False)),
                (
                    "kinds",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=40), blank=True, default=list, size=None
                    ),
                ),
                ("summary", models.TextField(blank=True)),
                ("why", models.TextField(blank=True)),
                (
                    "recorded_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Task",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("entry_seq", models.PositiveIntegerField(default=0, editable=False)),
                ("number", models.PositiveSmallIntegerField()),
                ("title", models.CharField(max_length=200)),
                ("detail", models.TextField(blank=True)),
                ("about", models.CharField(blank=True, max_length=20)),
                ("due_on", models.DateField(blank=True, null=True)),
                (
                    "state",
                    models.CharField(
                        choices=[("OPEN", "To do"), ("DONE", "Done"), ("DROPPED", "Dropped")],
                        default="OPEN",
                        max_length=7,
                    ),
                ),
                ("settled_at", models.DateTimeField(blank=True, null=True)),
                ("settlement", models.TextField(blank=True)),
                (
                    "added_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Toll",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("first", models.DateField()),
                ("last", models.DateField(blank=True, null=True)),
                ("reason", models.CharField(max_length=60)),
                ("note", models.TextField(blank=True)),
            ],
        ),
        migrations.CreateModel(
            name="WatchCheck",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "not_before",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                ),
                ("attempts", models.PositiveSmallIntegerField(default=0, editable=False)),
                ("lease", models.UUIDField(editable=False, null=True)),
                ("lease_until", models.DateTimeField(editable=False, null=True)),
                ("last_error", models.CharField(blank=True, default="", editable=False, max_length=500)),
                ("dead_at", models.DateTimeField(editable=False, null=True)),
                ("since", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("looked_at", models.DateTimeField(null=True)),
                ("outcome", models.TextField(blank=True)),
                ("seen", models.JSONField(default=dict)),
                ("tripped_at", models.DateTimeField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.RemoveConstraint(
            model_name="decision",
            name="decision_disposition_known",
        ),
        migrations.RemoveConstraint(
            model_name="decision",
            name="decision_one_open_per_case",
        ),
        migrations.RemoveConstraint(
            model_name="exhibit",
            name="exhibit_once",
        ),
        migrations.AddField(
            model_name="case",
            name="binding_at",
            field=models.DateTimeField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name="case",
            name="particulars",
            field=models.JSONField(blank=True, default=dict),
        ),
        migrations.AddField(
            model_name="case",
            name="labels",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(max_length=40), blank=True, default=list, size=None
            ),
        ),
        migrations.AddField(
            model_name="case",
            name="round",
            field=models.PositiveSmallIntegerField(default=1, editable=False),
        ),
        migrations.AddField(
            model_name="case",
            name="snoozed_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="case",
            name="snoozed_until",
            field=models.DateField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="case",
            name="snoozed_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="case",
            name="team",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="cases",
                to="accounts.team",
            ),
        ),
        migrations.AddField(
            model_name="decision",
            name="approvals_needed",
            field=models.PositiveSmallIntegerField(default=1),
        ),
        migrations.AddField(
            model_name="decision",
            name="title",
            field=models.CharField(blank=True, max_length=120),
        ),
        migrations.AddField(
            model_name="decision",
            name="void_cause",
            field=models.CharField(blank=True, max_length=200),
        ),
        migrations.AddField(
            model_name="decision",
            name="voided_at",
            field=models.DateTimeField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name="decision",
            name="voided_by",
            field=models.ForeignKey(
                blank=True,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="exhibit",
            name="edited_at",
            field=models.DateTimeField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name="exhibit",
            name="edited_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="exhibit",
            name="source_class",
            field=models.CharField(
                choices=[
                    ("PUBLIC", "Public"),
                    ("CONFIDENTIAL_BUSINESS", "Confidential business information"),
                    ("CLASSIFIED_OR_CUI", "Classified or controlled"),
                    ("OTHER_GOVERNMENT", "State, local, tribal or foreign government"),
                    ("PARTY_RECORDS", "Records of a party"),
                    ("DEMANDED", "Demanded from a party"),
                    ("SECURITY_BODY", "National security body"),
                    ("OTHER_AGENCY", "Another agency"),
                ],
                default="PUBLIC",
                max_length=24,
            ),
        ),
        migrations.AddField(
            model_name="exhibit",
            name="withdrawal",
            field=models.TextField(blank=True),
        ),
        migrations.AddField(
            model_name="exhibit",
            name="withdrawn_at",
            field=models.DateTimeField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name="exhibit",
            name="withdrawn_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="finding",
            name="alternatives",
            field=models.TextField(blank=True),
        ),
        migrations.AddField(
            model_name="finding",
            name="assumptions",
            field=models.TextField(blank=True),
        ),
        migrations.AddField(
            model_name="finding",
            name="edited_at",
            field=models.DateTimeField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name="finding",
            name="edited_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="finding",
            name="is_fact",
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name="finding",
            name="residual_impact",
            field=models.PositiveSmallIntegerField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="finding",
            name="residual_likelihood",
            field=models.PositiveSmallIntegerField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="finding",
            name="reviewed_at",
            field=models.DateTimeField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name="finding",
            name="reviewed_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="finding",
            name="risk_impact",
            field=models.PositiveSmallIntegerField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="finding",
            name="risk_likelihood",
            field=models.PositiveSmallIntegerField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="finding",
            name="treatment",
            field=models.TextField(blank=True),
        ),
        migrations.AddField(
            model_name="finding",
            name="withdrawal",
            field=models.TextField(blank=True),
        ),
        migrations.AddField(
            model_name="finding",
            name="withdrawn_at",
            field=models.DateTimeField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name="finding",
            name="withdrawn_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AlterField(
            model_name="decision",
            name="disposition",
            field=models.CharField(max_length=60),
        ),
        migrations.AddConstraint(
            model_name="decision",
            constraint=models.CheckConstraint(
                condition=models.Q(("disposition__regex", "^[A-Z][A-Z0-9_]*$")), name="decision_disposition_form"
            ),
        ),
        migrations.AddConstraint(
            model_name="decision",
            constraint=models.UniqueConstraint(
                condition=models.Q(("approved_at", None), ("returned_at", None), ("voided_at", None)),
                fields=("case",),
                name="decision_one_open_per_case",
            ),
        ),
        migrations.AddConstraint(
            model_name="decision",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("voided_at", None), ("voided_by", None)),
                    models.Q(
                        ("approved_at", None),
                        ("returned_at", None),
                        ("voided_at__isnull", False),
                        ("voided_by__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="decision_void_is_whole",
            ),
        ),
        migrations.AddConstraint(
            model_name="exhibit",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "source_class__in",
                        [
                            "PUBLIC",
                            "CONFIDENTIAL_BUSINESS",
                            "CLASSIFIED_OR_CUI",
                            "OTHER_GOVERNMENT",
                            "PARTY_RECORDS",
                            "DEMANDED",
                            "SECURITY_BODY",
                            "OTHER_AGENCY",
                        ],
                    )
                ),
                name="exhibit_source_class_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="exhibit",
            constraint=models.UniqueConstraint(
                condition=models.Q(("withdrawn_at", None)),
                fields=("case", "snapshot", "start", "end"),
                name="exhibit_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="exhibit",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("withdrawn_at", None), ("withdrawn_by", None)),
                    models.Q(("withdrawn_at__isnull", False), ("withdrawn_by__isnull", False)),
                    _connector="OR",
                ),
                name="exhibit_withdrawn_whole",
            ),
        ),
        migrations.AlterField(
            model_name="finding",
            name="likelihood",
            field=models.CharField(
                blank=True,
                choices=[
                    ("ALMOST_NO_CHANCE", "Almost no chance (1-5 %)"),
                    ("VERY_UNLIKELY", "Very unlikely (5-20 %)"),
                    ("UNLIKELY", "Unlikely (20-45 %)"),
                    ("ROUGHLY_EVEN", "Roughly even chance (45-55 %)"),
                    ("LIKELY", "Likely (55-80 %)"),
                    ("VERY_LIKELY", "Very likely (80-95 %)"),
                    ("ALMOST_CERTAIN", "Almost certain (95-99 %)"),
                ],
                max_length=16,
            ),
        ),
        migrations.RemoveConstraint(model_name="finding", name="finding_likelihood_known"),
        migrations.AddConstraint(
            model_name="finding",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "likelihood__in",
                        [
                            "ALMOST_NO_CHANCE",
                            "VERY_UNLIKELY",
                            "UNLIKELY",
                            "ROUGHLY_EVEN",
                            "LIKELY",
                            "VERY_LIKELY",
                            "ALMOST_CERTAIN",
                        ],
                    ),
                    models.Q(("is_fact", True), ("likelihood", "")),
                    _connector="OR",
                ),
                name="finding_likelihood_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="finding",
            constraint=models.CheckConstraint(
                condition=models.Q(("risk_likelihood", None), ("risk_likelihood__range", (1, 5)), _connector="OR"),
                name="finding_risk_likelihood_of_five",
            ),
        ),
        migrations.AddConstraint(
            model_name="finding",
            constraint=models.CheckConstraint(
                condition=models.Q(("risk_impact", None), ("risk_impact__range", (1, 5)), _connector="OR"),
                name="finding_risk_impact_of_five",
            ),
        ),
        migrations.AddConstraint(
            model_name="finding",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("residual_likelihood", None), ("residual_likelihood__range", (1, 5)), _connector="OR"
                ),
                name="finding_residual_likelihood_of_five",
            ),
        ),
        migrations.AddConstraint(
            model_name="finding",
            constraint=models.CheckConstraint(
                condition=models.Q(("residual_impact", None), ("residual_impact__range", (1, 5)), _connector="OR"),
                name="finding_residual_impact_of_five",
            ),
        ),
        migrations.AddConstraint(
            model_name="finding",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("reviewed_by", None), models.Q(("reviewed_by", models.F("author")), _negated=True), _connector="OR"
                ),
                name="finding_reviewed_by_another",
            ),
        ),
        migrations.AddConstraint(
            model_name="finding",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("withdrawn_at", None), ("withdrawn_by", None)),
                    models.Q(("withdrawn_at__isnull", False), ("withdrawn_by__isnull", False)),
                    _connector="OR",
                ),
                name="finding_withdrawn_whole",
            ),
        ),
        migrations.AddField(
            model_name="allegation",
            name="case",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="allegations", to="cases.case"
            ),
        ),
        migrations.AddField(
            model_name="allegation",
            name="entered_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="allegation",
            name="vendor",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="vendors.vendor",
            ),
        ),
        migrations.AddField(
            model_name="answer",
            name="answered_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="answer",
            name="document",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="evidence.document",
            ),
        ),
        migrations.AddField(
            model_name="clock",
            name="case",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="clocks", to="cases.case"
            ),
        ),
        migrations.AddField(
            model_name="clock",
            name="settled_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="closure",
            name="document",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="evidence.document",
            ),
        ),
        migrations.AddField(
            model_name="comment",
            name="author",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="comments", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="comment",
            name="case",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="comments",
                to="cases.case",
            ),
        ),
        migrations.AddField(
            model_name="comment",
            name="document",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="comments",
                to="evidence.document",
            ),
        ),
        migrations.AddField(
            model_name="comment",
            name="incident",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="comments",
                to="incidents.incident",
            ),
        ),
        migrations.AddField(
            model_name="comment",
            name="mentions",
            field=models.ManyToManyField(blank=True, related_name="mentioned_in", to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name="comment",
            name="vendor",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="comments",
                to="vendors.vendor",
            ),
        ),
        migrations.AddField(
            model_name="condition",
            name="case",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="conditions", to="cases.case"
            ),
        ),
        migrations.AddField(
            model_name="condition",
            name="decision",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="conditions",
                to="cases.decision",
            ),
        ),
        migrations.AddField(
            model_name="condition",
            name="owner",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="conditions",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="condition",
            name="written_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="consideration",
            name="considered_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="consultation",
            name="answer_document",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="evidence.document",
            ),
        ),
        migrations.AddField(
            model_name="consultation",
            name="asked_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="consultation",
            name="case",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="consultations", to="cases.case"
            ),
        ),
        migrations.AddField(
            model_name="consultation",
            name="document",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="evidence.document",
            ),
        ),
        migrations.AddField(
            model_name="consultation",
            name="presumed_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="clock",
            name="consultation",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="clocks",
                to="cases.consultation",
            ),
        ),
        migrations.AddField(
            model_name="dossier",
            name="decision",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.PROTECT, related_name="sealed", to="cases.decision"
            ),
        ),
        migrations.AddField(
            model_name="draft",
            name="user",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="drafts", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="effect",
            name="case",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="effects", to="cases.case"
            ),
        ),
        migrations.AddField(
            model_name="effect",
            name="decision",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="effects",
                to="cases.decision",
            ),
        ),
        migrations.AddField(
            model_name="effect",
            name="product",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="effects",
                to="vendors.product",
            ),
        ),
        migrations.AddField(
            model_name="effect",
            name="supersedes",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="superseded_by",
                to="cases.effect",
            ),
        ),
        migrations.AddField(
            model_name="effect",
            name="vendor",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="effects",
                to="vendors.vendor",
            ),
        ),
        migrations.AddField(
            model_name="effect",
            name="written_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="exemption",
            name="case",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="exemptions", to="cases.case"
            ),
        ),
        migrations.AddField(
            model_name="exemption",
            name="decision",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="exemptions", to="cases.decision"
            ),
        ),
        migrations.AddField(
            model_name="exemption",
            name="effect",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="exemptions",
                to="cases.effect",
            ),
        ),
        migrations.AddField(
            model_name="exemption",
            name="granted_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="extension",
            name="clock",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="extensions", to="cases.clock"
            ),
        ),
        migrations.AddField(
            model_name="extension",
            name="decided_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="extension",
            name="document",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="evidence.document"
            ),
        ),
        migrations.AddField(
            model_name="following",
            name="case",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="followings",
                to="cases.case",
            ),
        ),
        migrations.AddField(
            model_name="following",
            name="user",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="following", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="following",
            name="vendor",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="followings",
                to="vendors.vendor",
            ),
        ),
        migrations.AddField(
            model_name="legalstatus",
            name="case",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="legal_statuses", to="cases.case"
            ),
        ),
        migrations.AddField(
            model_name="legalstatus",
            name="decision",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="legal_statuses", to="cases.decision"
            ),
        ),
        migrations.AddField(
            model_name="legalstatus",
            name="document",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="evidence.document",
            ),
        ),
        migrations.AddField(
            model_name="legalstatus",
            name="effect",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="legal_statuses",
                to="cases.effect",
            ),
        ),
        migrations.AddField(
            model_name="legalstatus",
            name="recorded_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="link",
            name="case",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="links", to="cases.case"),
        ),
        migrations.AddField(
            model_name="link",
            name="linked_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="link",
            name="to",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="linked_from", to="cases.case"
            ),
        ),
        migrations.AddField(
            model_name="milestone",
            name="case",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="milestones", to="cases.case"
            ),
        ),
        migrations.AddField(
            model_name="milestone",
            name="document",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="evidence.document",
            ),
        ),
        migrations.AddField(
            model_name="milestone",
            name="party",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="vendors.vendor",
            ),
        ),
        migrations.AddField(
            model_name="milestone",
            name="recorded_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="clock",
            name="milestone",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="clocks",
                to="cases.milestone",
            ),
        ),
        migrations.AddField(
            model_name="output",
            name="attached_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="output",
            name="case",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="outputs", to="cases.case"
            ),
        ),
        migrations.AddField(
            model_name="output",
            name="document",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="evidence.document"
            ),
        ),
        migrations.AddConstraint(
            model_name="playbook",
            constraint=models.CheckConstraint(
                condition=models.Q(("sha256__regex", "^[0-9a-f]{64}$")), name="playbook_digest"
            ),
        ),
        migrations.AddField(
            model_name="case",
            name="playbook",
            field=models.ForeignKey(
                blank=True,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="cases",
                to="cases.playbook",
            ),
        ),
        migrations.AddIndex(
            model_name="case",
            index=django.contrib.postgres.indexes.GinIndex(fields=["labels"], name="case_labels"),
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(fields=["team", "status"], name="case_inbox"),
        ),
        migrations.AddField(
            model_name="presence",
            name="case",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="presences", to="cases.case"
            ),
        ),
        migrations.AddField(
            model_name="presence",
            name="user",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="presences", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="publication",
            name="case",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="publications", to="cases.case"
            ),
        ),
        migrations.AddField(
            model_name="publication",
            name="decision",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="publications", to="cases.decision"
            ),
        ),
        migrations.AddField(
            model_name="publication",
            name="document",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="evidence.document",
            ),
        ),
        migrations.AddField(
            model_name="publication",
            name="recorded_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="redaction",
            name="redacted_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="redaction",
            name="restored_by",
            field=models.ForeignKey(
                blank=True,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="release",
            name="case",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="releases", to="cases.case"
            ),
        ),
        migrations.AddField(
            model_name="release",
            name="decision",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="releases", to="cases.decision"
            ),
        ),
        migrations.AddField(
            model_name="release",
            name="issued_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="release",
            name="prepared_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="redaction",
            name="release",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="redactions", to="cases.release"
            ),
        ),
        migrations.AddField(
            model_name="seat",
            name="case",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="seats", to="cases.case"),
        ),
        migrations.AddField(
            model_name="seat",
            name="seated_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="seat",
            name="user",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="sheet",
            name="case",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="sheets", to="cases.case"
            ),
        ),
        migrations.AddField(
            model_name="answer",
            name="sheet",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="answers", to="cases.sheet"
            ),
        ),
        migrations.AddField(
            model_name="signature",
            name="case",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="signatures", to="cases.case"
            ),
        ),
        migrations.AddField(
            model_name="signature",
            name="decision",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="signatures", to="cases.decision"
            ),
        ),
        migrations.AddField(
            model_name="signature",
            name="on_behalf_of",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="signature",
            name="user",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="stage",
            name="case",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="stages", to="cases.case"
            ),
        ),
        migrations.AddField(
            model_name="stage",
            name="countersigned_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="stage",
            name="entered_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="stand",
            name="allegation",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="stands", to="cases.allegation"
            ),
        ),
        migrations.AddField(
            model_name="stand",
            name="exhibit",
            field=models.ForeignKey(
                blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="cases.exhibit"
            ),
        ),
        migrations.AddField(
            model_name="stand",
            name="recorded_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="submission",
            name="case",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="submissions", to="cases.case"
            ),
        ),
        migrations.AddField(
            model_name="submission",
            name="document",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="evidence.document",
            ),
        ),
        migrations.AddField(
            model_name="submission",
            name="party",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="vendors.vendor"),
        ),
        migrations.AddField(
            model_name="submission",
            name="recorded_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="consideration",
            name="submission",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="considerations", to="cases.submission"
            ),
        ),
        migrations.AddField(
            model_name="task",
            name="added_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="task",
            name="case",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="tasks", to="cases.case"),
        ),
        migrations.AddField(
            model_name="task",
            name="owner",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="tasks",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="toll",
            name="clock",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="tolls", to="cases.clock"
            ),
        ),
        migrations.AddField(
            model_name="toll",
            name="document",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="evidence.document",
            ),
        ),
        migrations.AddField(
            model_name="toll",
            name="stopped_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="watchcheck",
            name="condition",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.CASCADE, related_name="looking", to="cases.condition"
            ),
        ),
        migrations.AddConstraint(
            model_name="allegation",
            constraint=models.UniqueConstraint(fields=("case", "number"), name="allegation_number_once"),
        ),
        migrations.AddConstraint(
            model_name="allegation",
            constraint=models.CheckConstraint(
                condition=models.Q(("text", ""), _negated=True), name="allegation_says_something"
            ),
        ),
        migrations.AddConstraint(
            model_name="closure",
            constraint=models.UniqueConstraint(fields=("calendar", "day"), name="closure_once"),
        ),
        migrations.AddIndex(
            model_name="comment",
            index=models.Index(fields=["case", "written_at"], name="comment_of_case"),
        ),
        migrations.AddConstraint(
            model_name="comment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("case__isnull", False), ("document", None), ("incident", None), ("vendor", None)),
                    models.Q(("case", None), ("document", None), ("incident", None), ("vendor__isnull", False)),
                    models.Q(("case", None), ("document", None), ("incident__isnull", False), ("vendor", None)),
                    models.Q(("case", None), ("document__isnull", False), ("incident", None), ("vendor", None)),
                    _connector="OR",
                ),
                name="comment_on_one_thing",
            ),
        ),
        migrations.AddConstraint(
            model_name="comment",
            constraint=models.CheckConstraint(
                condition=models.Q(("text", ""), _negated=True), name="comment_says_something"
            ),
        ),
        migrations.AddConstraint(
            model_name="condition",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["OPEN", "MET", "BREACHED", "WAIVED"])), name="condition_state_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="condition",
            constraint=models.UniqueConstraint(fields=("case", "number"), name="condition_number_once"),
        ),
        migrations.AddConstraint(
            model_name="condition",
            constraint=models.CheckConstraint(
                condition=models.Q(("text", ""), _negated=True), name="condition_says_something"
            ),
        ),
        migrations.AddConstraint(
            model_name="consultation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "state__in",
                        ["DRAFT", "OPEN", "ANSWERED", "PRESUMED", "LATE_OBJECTION", "LAPSED", "UNDELIVERABLE"],
                    )
                ),
                name="consultation_state_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="consultation",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "UNDELIVERABLE"), _negated=True),
                fields=("case", "key", "round", "consultee"),
                name="consultation_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="consultation",
            constraint=models.CheckConstraint(
                condition=models.Q(("state", "DRAFT"), ("sent_at__isnull", False), _connector="OR"),
                name="consultation_sent_when_open",
            ),
        ),
        migrations.AddConstraint(
            model_name="consultation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "PRESUMED"), _negated=True), ("presumed_by__isnull", False), _connector="OR"
                ),
                name="consultation_presumed_by_somebody",
            ),
        ),
        migrations.AddConstraint(
            model_name="dossier",
            constraint=models.CheckConstraint(
                condition=models.Q(("root__regex", "^[0-9a-f]{64}$")), name="dossier_root"
            ),
        ),
        migrations.AddConstraint(
            model_name="draft",
            constraint=models.UniqueConstraint(fields=("user", "place"), name="draft_once"),
        ),
        migrations.AddIndex(
            model_name="effect",
            index=models.Index(fields=["vendor", "starts_on"], name="effect_of_vendor"),
        ),
        migrations.AddConstraint(
            model_name="effect",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "action__in",
                        [
                            "PROHIBIT",
                            "REMOVE",
                            "EXCLUDE",
                            "RESTRICT",
                            "PERMIT",
                            "PERMIT_WITH_CONDITIONS",
                            "ADVISE",
                            "REPORT",
                        ],
                    )
                ),
                name="effect_action_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="effect",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("target_kind__in", ["ENTITY", "PRODUCT", "MODEL", "HOSTED_SERVICE", "OPEN_WEIGHTS"])
                ),
                name="effect_target_kind_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="effect",
            constraint=models.UniqueConstraint(fields=("case", "number"), name="effect_number_once"),
        ),
        migrations.AddConstraint(
            model_name="effect",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("ends_on", None), ("starts_on", None), ("ends_on__gte", models.F("starts_on")), _connector="OR"
                ),
                name="effect_ends_later",
            ),
        ),
        migrations.AddConstraint(
            model_name="effect",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("supersedes", None), ("supersedes_on", None)),
                    models.Q(("supersedes__isnull", False), ("supersedes_on__isnull", False)),
                    _connector="OR",
                ),
                name="effect_supersedes_from_a_day",
            ),
        ),
        migrations.AddConstraint(
            model_name="exemption",
            constraint=models.CheckConstraint(
                condition=models.Q(("expires_on__gte", models.F("starts_on"))), name="exemption_ends_later"
            ),
        ),
        migrations.AddConstraint(
            model_name="exemption",
            constraint=models.CheckConstraint(
                condition=models.Q(("grounds", ""), _negated=True), name="exemption_has_grounds"
            ),
        ),
        migrations.AddConstraint(
            model_name="extension",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("days", 0), ("until__isnull", False)),
                    models.Q(("days__gt", 0), ("until", None)),
                    _connector="OR",
                ),
                name="extension_gives_days_or_a_date",
            ),
        ),
        migrations.AddConstraint(
            model_name="following",
            constraint=models.UniqueConstraint(
                fields=("user", "case", "vendor"), name="following_once", nulls_distinct=False
            ),
        ),
        migrations.AddConstraint(
            model_name="following",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("case__isnull", False), ("vendor", None)),
                    models.Q(("case", None), ("vendor__isnull", False)),
                    _connector="OR",
                ),
                name="following_one_thing",
            ),
        ),
        migrations.AddConstraint(
            model_name="legalstatus",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "kind__in",
                        [
                            "STAYED",
                            "ENJOINED",
                            "VACATED",
                            "REMANDED",
                            "UPHELD",
                            "POSTPONED",
                            "SUPERSEDED",
                            "RESCINDED",
                            "EXPIRED",
                        ],
                    )
                ),
                name="legalstatus_kind_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="legalstatus",
            constraint=models.CheckConstraint(
                condition=models.Q(("until", None), ("until__gte", models.F("as_of")), _connector="OR"),
                name="legalstatus_ends_later",
            ),
        ),
        migrations.AddConstraint(
            model_name="link",
            constraint=models.UniqueConstraint(
                condition=models.Q(("cut_at", None)), fields=("case", "to", "kind"), name="link_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="link",
            constraint=models.CheckConstraint(
                condition=models.Q(("to", models.F("case")), _negated=True), name="link_to_another"
            ),
        ),
        migrations.AddConstraint(
            model_name="milestone",
            constraint=models.UniqueConstraint(
                fields=("case", "key", "round", "party", "number"), name="milestone_once", nulls_distinct=False
            ),
        ),
        migrations.AddConstraint(
            model_name="milestone",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("stated_at__isnull", True), ("stated_on__isnull", False)),
                    models.Q(("stated_at__isnull", False), ("stated_on__isnull", True)),
                    _connector="OR",
                ),
                name="milestone_has_one_date",
            ),
        ),
        migrations.AddIndex(
            model_name="clock",
            index=models.Index(
                condition=models.Q(("next_moment__isnull", False)), fields=["next_moment"], name="clock_next"
            ),
        ),
        migrations.AddConstraint(
            model_name="clock",
            constraint=models.UniqueConstraint(
                fields=("case", "key", "round", "occurrence", "milestone", "consultation"),
                name="clock_once",
                nulls_distinct=False,
            ),
        ),
        migrations.AddConstraint(
            model_name="clock",
            constraint=models.CheckConstraint(
                condition=models.Q(("settled__in", ["", "VOID", "WAIVED", "PRESUMED", "LAPSED", "MISSED"])),
                name="clock_settled_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="output",
            constraint=models.UniqueConstraint(fields=("case", "key", "document"), name="output_once"),
        ),
        migrations.AddIndex(
            model_name="presence",
            index=models.Index(fields=["case", "seen_at"], name="presence_recent"),
        ),
        migrations.AddConstraint(
            model_name="presence",
            constraint=models.UniqueConstraint(fields=("user", "case"), name="presence_once"),
        ),
        migrations.AddConstraint(
            model_name="publication",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("published_on__isnull", False), models.Q(("why_not", ""), _negated=True), _connector="OR"
                ),
                name="publication_or_reason",
            ),
        ),
        migrations.AddConstraint(
            model_name="release",
            constraint=models.UniqueConstraint(fields=("case", "number"), name="release_number_once"),
        ),
        migrations.AddConstraint(
            model_name="release",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("issued_at", None), ("issued_by", None), ("sha256", "")),
                    models.Q(
                        ("issued_at__isnull", False),
                        ("issued_by__isnull", False),
                        models.Q(("sha256", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="release_issued_whole",
            ),
        ),
        migrations.AddConstraint(
            model_name="redaction",
            constraint=models.UniqueConstraint(
                condition=models.Q(("restored_at", None)), fields=("release", "path"), name="redaction_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="redaction",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("restored_at", None), ("restored_by", None)),
                    models.Q(("restored_at__isnull", False), ("restored_by__isnull", False)),
                    _connector="OR",
                ),
                name="redaction_restored_whole",
            ),
        ),
        migrations.AddConstraint(
            model_name="redaction",
            constraint=models.CheckConstraint(
                condition=models.Q(("ground", ""), _negated=True), name="redaction_has_ground"
            ),
        ),
        migrations.AddConstraint(
            model_name="seat",
            constraint=models.UniqueConstraint(fields=("case", "role", "user"), name="seat_once"),
        ),
        migrations.AddConstraint(
            model_name="sheet",
            constraint=models.UniqueConstraint(fields=("case", "key"), name="sheet_once"),
        ),
        migrations.AddConstraint(
            model_name="answer",
            constraint=models.UniqueConstraint(fields=("sheet", "item"), name="answer_once"),
        ),
        migrations.AddConstraint(
            model_name="answer",
            constraint=models.CheckConstraint(
                condition=models.Q(("verdict__in", ["YES", "PARTLY", "NO", "NOT_APPLICABLE", "UNKNOWN", "ANSWERED"])),
                name="answer_verdict_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="signature",
            constraint=models.CheckConstraint(
                condition=models.Q(("meaning__in", ["APPROVED", "DISSENTED"])), name="signature_meaning_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="signature",
            constraint=models.UniqueConstraint(fields=("decision", "person"), name="signature_once_a_person"),
        ),
        migrations.AddConstraint(
            model_name="signature",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("on_behalf_of", None), models.Q(("on_behalf_of", models.F("user")), _negated=True), _connector="OR"
                ),
                name="signature_not_of_oneself",
            ),
        ),
        migrations.AddConstraint(
            model_name="stage",
            constraint=models.UniqueConstraint(fields=("case", "number"), name="stage_number_once"),
        ),
        migrations.AddConstraint(
            model_name="stage",
            constraint=models.UniqueConstraint(
                condition=models.Q(("left_at", None)), fields=("case",), name="stage_one_at_a_time"
            ),
        ),
        migrations.AddConstraint(
            model_name="stage",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("countersigned_at", None), ("countersigned_by", None)),
                    models.Q(("countersigned_at__isnull", False), ("countersigned_by__isnull", False)),
                    _connector="OR",
                ),
                name="stage_countersigned_whole",
            ),
        ),
        migrations.AddConstraint(
            model_name="stand",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "says__in",
                        [
                            "ALLEGED",
                            "DENIED",
                            "PARTLY_ADMITTED",
                            "CONFIRMED_BY_VENDOR",
                            "OFFICIAL_FINDING",
                            "COURT_FINDING",
                            "SETTLED",
                            "WITHDRAWN",
                            "RETRACTED",
                            "NOT_SOUGHT",
                            "NO_REPLY",
                            "DECLINED",
                        ],
                    )
                ),
                name="stand_says_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="submission",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["RECEIVED", "NO_REPLY", "NOT_SOUGHT"])), name="submission_state_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="submission",
            constraint=models.UniqueConstraint(fields=("case", "number"), name="submission_number_once"),
        ),
        migrations.AddConstraint(
            model_name="submission",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "RECEIVED"), _negated=True), ("received_at__isnull", False), _connector="OR"
                ),
                name="submission_received_when",
            ),
        ),
        migrations.AddConstraint(
            model_name="submission",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "NOT_SOUGHT"), _negated=True),
                    models.Q(("why", ""), _negated=True),
                    _connector="OR",
                ),
                name="submission_silence_has_reason",
            ),
        ),
        migrations.AddConstraint(
            model_name="consideration",
            constraint=models.CheckConstraint(
                condition=models.Q(("text", ""), _negated=True), name="consideration_says_how"
            ),
        ),
        migrations.AddIndex(
            model_name="task",
            index=models.Index(condition=models.Q(("state", "OPEN")), fields=["owner", "due_on"], name="task_open"),
        ),
        migrations.AddConstraint(
            model_name="task",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["OPEN", "DONE", "DROPPED"])), name="task_state_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="task",
            constraint=models.UniqueConstraint(fields=("case", "number"), name="task_number_once"),
        ),
        migrations.AddConstraint(
            model_name="toll",
            constraint=models.CheckConstraint(
                condition=models.Q(("last", None), ("last__gte", models.F("first")), _connector="OR"),
                name="toll_ends_later",
            ),
        ),
        migrations.AddConstraint(
            model_name="toll",
            constraint=models.UniqueConstraint(
                condition=models.Q(("last", None)), fields=("clock", "reason"), name="toll_one_open"
            ),
        ),
        migrations.AddIndex(
            model_name="watchcheck",
            index=models.Index(
                condition=models.Q(("ended_at", None), ("dead_at", None)),
                fields=["not_before", "id"],
                name="watchcheck_due",
            ),
        ),
        migrations.AddIndex(
            model_name="watchcheck",
            index=models.Index(
                condition=models.Q(("lease_until__isnull", False)), fields=["lease_until"], name="watchcheck_leased"
            ),
        ),
        migrations.AddIndex(
            model_name="finding",
            index=models.Index(fields=["risk_area", "case"], name="finding_area"),
        ),
        migrations.CreateModel(
            name="Batch",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("entry_seq", models.PositiveIntegerField(default=0, editable=False)),
                (
                    "not_before",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                ),
                ("attempts", models.PositiveSmallIntegerField(default=0, editable=False)),
                ("lease", models.UUIDField(editable=False, null=True)),
                ("lease_until", models.DateTimeField(editable=False, null=True)),
                ("last_error", models.CharField(blank=True, default="", editable=False, max_length=500)),
                ("dead_at", models.DateTimeField(editable=False, null=True)),
                (
                    "act",
                    models.CharField(
                        choices=[
                            ("ASSIGN", "Assign"),
                            ("PRIORITISE", "Set the priority"),
                            ("LABEL", "Add labels"),
                            ("FILE", "File with a team"),
                        ],
                        max_length=10,
                    ),
                ),
                ("arguments", models.JSONField(default=dict)),
                ("chosen", models.JSONField(default=list)),
                (
                    "asked_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                ),
                ("done_at", models.DateTimeField(editable=False, null=True)),
                (
                    "asked_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "undoes",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="undone_by",
                        to="cases.batch",
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "batches",
                "indexes": [
                    models.Index(
                        condition=models.Q(("done_at", None), ("dead_at", None)),
                        fields=["not_before", "id"],
                        name="batch_due",
                    ),
                    models.Index(
                        condition=models.Q(("lease_until__isnull", False)), fields=["lease_until"], name="batch_leased"
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("act__in", ["ASSIGN", "PRIORITISE", "LABEL", "FILE"])),
                        name="batch_act_known",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="BatchItem",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("seen", models.PositiveIntegerField()),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("WAITING", "Waiting"),
                            ("DONE", "Done"),
                            ("UNCHANGED", "Was so already"),
                            ("REFUSED", "Refused"),
                        ],
                        default="WAITING",
                        max_length=9,
                    ),
                ),
                ("why", models.TextField(blank=True)),
                ("before", models.JSONField(default=dict)),
                ("version", models.PositiveIntegerField(null=True)),
                (
                    "batch",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="items", to="cases.batch"
                    ),
                ),
                (
                    "case",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="cases.case"),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("outcome__in", ["WAITING", "DONE", "UNCHANGED", "REFUSED"])),
                        name="batchitem_outcome_known",
                    ),
                    models.UniqueConstraint(fields=("batch", "case"), name="batchitem_once"),
                ],
            },
        ),
    ]
