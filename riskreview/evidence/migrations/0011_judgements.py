"""What people say of what machines read, walks that compare excerpts, and the triggers that refuse a false excerpt."""

import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models

from riskreview.audit.backstop import protect

# A statement may bring thousands of rows of one text of megabytes: the text is unpacked once, and cut once for many.
VERBATIM = """
CREATE FUNCTION evidence_verbatim() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
  reach constant int := 50000;
  cited record;
  held bigint := NULL;
  whole text;
  part text;
  origin int;
BEGIN
  FOR cited IN EXECUTE format('SELECT snapshot_id, %1$I AS a, %2$I AS z, %3$I AS words FROM fresh '
                              'WHERE %1$I IS NOT NULL ORDER BY snapshot_id, a', TG_ARGV[0], TG_ARGV[1], TG_ARGV[2]) LOOP
    IF held IS DISTINCT FROM cited.snapshot_id THEN
      SELECT coalesce(text, '') || '' INTO whole FROM evidence_snapshot WHERE id = cited.snapshot_id;
      held := cited.snapshot_id;
      origin := 0;
      part := left(whole, reach);
    END IF;
    IF cited.z > origin + reach THEN
      origin := cited.a;
      part := substring(whole FROM cited.a + 1 FOR greatest(reach, cited.z - cited.a));
    END IF;
    IF cited.z IS NULL
       OR cited.words IS DISTINCT FROM substring(part FROM cited.a - origin + 1 FOR cited.z - cited.a) THEN
      RAISE EXCEPTION 'evidence: % is not what the text of snapshot % says at % to %',
        TG_TABLE_NAME, cited.snapshot_id, cited.a, cited.z
        USING ERRCODE = 'RR003', TABLE = TG_TABLE_NAME, HINT = 'An excerpt equals text[start:end], in code points.';
    END IF;
  END LOOP;
  RETURN NULL;
END $$;

CREATE FUNCTION evidence_within() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
  beyond bigint;
BEGIN
  EXECUTE format('WITH lengths AS MATERIALIZED (SELECT id, char_length(text) AS n FROM evidence_snapshot '
                 'WHERE id IN (SELECT snapshot_id FROM fresh)) SELECT snapshot_id FROM fresh JOIN lengths '
                 'ON lengths.id = snapshot_id WHERE greatest(%s) > n LIMIT 1', TG_ARGV[0]) INTO beyond;
  IF beyond IS NOT NULL THEN
    RAISE EXCEPTION 'evidence: a span of % reaches beyond the text of snapshot %', TG_TABLE_NAME, beyond
      USING ERRCODE = 'RR003', TABLE = TG_TABLE_NAME, HINT = 'Spans lie within the text, in code points.';
  END IF;
  RETURN NULL;
END $$;
"""
NO_VERBATIM = "DROP FUNCTION evidence_verbatim(); DROP FUNCTION evidence_within();"
NAMED = ("start", "end", "surface")
SPANS_OF_A_CLAIM = "cue_end, source_end, anonymous_end, more_end"


def refused(table: str, name: str, function: str, *arguments: str) -> migrations.RunSQL:
    """A trigger after every statement that brings or changes rows of a table."""
    given = ", ".join(f"'{each}'" for each in arguments)
    make = "".join(
        f"CREATE TRIGGER {name}_{act} AFTER {act.upper()} ON {table} REFERENCING NEW TABLE AS fresh "
        f"FOR EACH STATEMENT EXECUTE FUNCTION {function}({given});"
        for act in ("insert", "update")
    )
    drop = "".join(f"DROP TRIGGER {name}_{act} ON {table};" for act in ("insert", "update"))
    return migrations.RunSQL(make, drop)


class Migration(migrations.Migration):
    dependencies = [
        ("evidence", "0010_understood"),
        ("audit", "0003_backstop_and_pending"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterField(
            model_name="mention",
            name="state",
            field=models.CharField(
                choices=[("ACCEPTED", "Accepted"), ("UNCERTAIN", "Uncertain"), ("REJECTED", "Rejected")], max_length=9
            ),
        ),
        migrations.CreateModel(
            name="SpanCheck",
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
                ("begun_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("through", models.BigIntegerField(default=0)),
                ("excerpts", models.PositiveBigIntegerField(default=0)),
                ("wrong", models.PositiveBigIntegerField(default=0)),
                (
                    "examples",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=200), default=list, size=None
                    ),
                ),
                ("ended_at", models.DateTimeField(null=True)),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("ended_at", None), ("dead_at", None)),
                        fields=["not_before", "id"],
                        name="spancheck_due",
                    ),
                    models.Index(
                        condition=models.Q(("lease_until__isnull", False)),
                        fields=["lease_until"],
                        name="spancheck_leased",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Judgement",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("entry_seq", models.PositiveIntegerField(default=0, editable=False)),
                (
                    "target_kind",
                    models.CharField(
                        choices=[("MENTION", "Mention"), ("CLAIM", "Claim"), ("SIGNAL", "Signal")], max_length=7
                    ),
                ),
                ("fingerprint", models.CharField(db_index=True, max_length=64)),
                ("start", models.PositiveIntegerField()),
                ("end", models.PositiveIntegerField()),
                ("words", models.TextField(help_text="verbatim")),
                ("key", models.CharField(max_length=300)),
                (
                    "verdict",
                    models.CharField(
                        choices=[("RIGHT", "Right"), ("WRONG", "Wrong"), ("DISPUTED", "Disputed")], max_length=8
                    ),
                ),
                (
                    "value",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("ASSERTED", "Asserted"),
                            ("ALLEGED", "Alleged"),
                            ("DENIED", "Denied"),
                            ("PROPOSED", "Proposed"),
                        ],
                        max_length=8,
                    ),
                ),
                ("reason", models.CharField(blank=True, max_length=2000)),
                ("judged_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("withdrawn_at", models.DateTimeField(null=True)),
                (
                    "state",
                    models.CharField(
                        choices=[("ATTACHED", "Attached"), ("ORPHANED", "Orphaned")],
                        default="ATTACHED",
                        editable=False,
                        max_length=8,
                    ),
                ),
                (
                    "document",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="judgements", to="evidence.document"
                    ),
                ),
                (
                    "judged_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "withdrawn_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["-judged_at", "-id"], name="judgement_newest")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("withdrawn_at", None)),
                        fields=("document", "target_kind", "fingerprint"),
                        name="judgement_once",
                    ),
                    models.CheckConstraint(condition=models.Q(("end__gt", models.F("start"))), name="judgement_span"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("verdict", "DISPUTED"), _negated=True), ("target_kind", "CLAIM"), _connector="OR"
                        ),
                        name="judgement_disputes_claims",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("value", ""), models.Q(("target_kind", "SIGNAL"), ("verdict", "RIGHT")), _connector="OR"
                        ),
                        name="judgement_status_of_a_signal",
                    ),
                ],
            },
        ),
        protect("evidence_judgement", "judgement", "id", ignoring=("state",)),
        migrations.RunSQL(VERBATIM, NO_VERBATIM),
        refused("evidence_mention", "verbatim", "evidence_verbatim", *NAMED),
        refused("evidence_agencymention", "verbatim", "evidence_verbatim", *NAMED),
        refused("evidence_unknownname", "verbatim", "evidence_verbatim", *NAMED),
        refused("evidence_signal", "verbatim", "evidence_verbatim", *NAMED),
        refused("evidence_signal", "within", "evidence_within", "sentence_end"),
        refused("evidence_claim", "verbatim", "evidence_verbatim", "start", "end", "words"),
        refused("evidence_claim", "more", "evidence_verbatim", "more_start", "more_end", "more_words"),
        refused("evidence_claim", "within", "evidence_within", SPANS_OF_A_CLAIM),
    ]
