"""A snapshot never changes and never goes: only its text is filled in, once."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION evidence_keep_snapshot() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
  IF TG_OP = 'DELETE' OR OLD.text IS NOT NULL
     OR (to_jsonb(OLD) - '{title,text,text_sha256,extractor_version}'::text[])
        IS DISTINCT FROM (to_jsonb(NEW) - '{title,text,text_sha256,extractor_version}'::text[]) THEN
    RAISE EXCEPTION 'snapshot % is append-only', OLD.id
      USING ERRCODE = 'check_violation', CONSTRAINT = 'snapshot_stays';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER snapshot_stays BEFORE UPDATE OR DELETE ON evidence_snapshot
  FOR EACH ROW EXECUTE FUNCTION evidence_keep_snapshot();
"""

BACKWARD = """
DROP TRIGGER snapshot_stays ON evidence_snapshot;
DROP FUNCTION evidence_keep_snapshot();
"""


class Migration(migrations.Migration):
    dependencies = [("evidence", "0001_first_light")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
