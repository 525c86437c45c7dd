"""An approval by an author is refused by the database itself, whatever program tries it."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION cases_refuse_author_approval() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
  IF NEW.approved_by_id IS NOT NULL AND EXISTS (
      SELECT FROM cases_authorship WHERE decision_id = NEW.id AND user_id = NEW.approved_by_id) THEN
    RAISE EXCEPTION 'four eyes: an author of decision % cannot approve it', NEW.id
      USING ERRCODE = 'check_violation', CONSTRAINT = 'four_eyes_authors';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER four_eyes_authors BEFORE INSERT OR UPDATE ON cases_decision
  FOR EACH ROW EXECUTE FUNCTION cases_refuse_author_approval();

CREATE FUNCTION cases_keep_authorship() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
  RAISE EXCEPTION 'four eyes: authorship is never changed or taken back'
    USING ERRCODE = 'check_violation', CONSTRAINT = 'authorship_stays';
END $$;
CREATE TRIGGER authorship_stays BEFORE UPDATE OR DELETE ON cases_authorship
  FOR EACH ROW EXECUTE FUNCTION cases_keep_authorship();

CREATE FUNCTION cases_decided_is_signed() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
  IF NEW.status = 'DECIDED' AND NOT EXISTS (
      SELECT FROM cases_decision WHERE id = NEW.decision_id AND case_id = NEW.id AND approved_by_id IS NOT NULL) THEN
    RAISE EXCEPTION 'decided_is_signed: case % needs a recommendation of its own with two signatures', NEW.id
      USING ERRCODE = 'check_violation', CONSTRAINT = 'decided_is_signed';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER decided_is_signed BEFORE INSERT OR UPDATE ON cases_case
  FOR EACH ROW EXECUTE FUNCTION cases_decided_is_signed();
"""

BACKWARD = """
DROP TRIGGER decided_is_signed ON cases_case;
DROP FUNCTION cases_decided_is_signed();
DROP TRIGGER authorship_stays ON cases_authorship;
DROP FUNCTION cases_keep_authorship();
DROP TRIGGER four_eyes_authors ON cases_decision;
DROP FUNCTION cases_refuse_author_approval();
"""


class Migration(migrations.Migration):
    dependencies = [("cases", "0001_first_light")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
