"""What belongs to a case changes by verbs only; a signature is nobody's who had a hand in the dossier."""

from django.db import migrations

from riskreview.audit.backstop import append_only, differs, protect

PARTS = ("stage", "seat", "output", "effect", "condition", "signature")
OWN = (
    *("sheet", "milestone", "consultation", "submission", "allegation", "publication", "legalstatus", "exemption"),
    *("release", "task", "comment", "link"),
)
OF_OTHERS = {
    "answer": "sheet",
    "consideration": "submission",
    "stand": "allegation",
    "redaction": "release",
    "toll": "clock",
    "extension": "clock",
}
LEASE = ("not_before", "attempts", "lease", "lease_until", "last_error", "dead_at")
# What the rule makes of the dated facts, worked out anew whenever one changes.
WORKED_OUT = ("due_on", "due_before", "parts", "next_moment", "satisfied_at")

CASE_UPDATED = (
    "CREATE CONSTRAINT TRIGGER recorded_update AFTER UPDATE ON cases_case DEFERRABLE INITIALLY DEFERRED FOR EACH ROW"
    " WHEN ({condition}) EXECUTE FUNCTION audit_require_entry('case', 'id');"
)
NO_CASE_UPDATED = "DROP TRIGGER recorded_update ON cases_case;"
# Which limit binds a case is worked out like the limits themselves.
CASE_WITHOUT_MACHINE = [
    (NO_CASE_UPDATED, CASE_UPDATED.format(condition=differs((), ()))),
    (CASE_UPDATED.format(condition=differs(("binding_at",), ())), NO_CASE_UPDATED),
]

FORWARD = """
CREATE FUNCTION cases_signer_is_free() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
  signer uuid;
  stood_in_for uuid;
BEGIN
  SELECT coalesce(person, id) INTO signer FROM accounts_user WHERE id = NEW.user_id;
  SELECT coalesce(person, id) INTO stood_in_for FROM accounts_user WHERE id = NEW.on_behalf_of_id;
  IF NEW.person IS DISTINCT FROM signer THEN
    RAISE EXCEPTION 'four eyes: the signature names another person than its account is of'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'signature_of_its_person';
  END IF;
  IF NEW.meaning = 'APPROVED' AND EXISTS (
      SELECT FROM cases_authorship a JOIN accounts_user u ON u.id = a.user_id
      WHERE a.decision_id = NEW.decision_id AND coalesce(u.person, u.id) IN (signer, stood_in_for)) THEN
    RAISE EXCEPTION 'four eyes: an author of decision % cannot sign it', NEW.decision_id
      USING ERRCODE = 'check_violation', CONSTRAINT = 'four_eyes_signature';
  END IF;
  IF EXISTS (
      SELECT FROM cases_signature s JOIN accounts_user a ON a.id = s.user_id
        LEFT JOIN accounts_user u ON u.id = s.on_behalf_of_id
      WHERE s.decision_id = NEW.decision_id AND s.id IS DISTINCT FROM NEW.id
        AND (s.person IN (signer, stood_in_for) OR coalesce(a.person, a.id) IN (signer, stood_in_for)
             OR coalesce(u.person, u.id) IN (signer, stood_in_for))) THEN
    RAISE EXCEPTION 'four eyes: nobody signs decision % twice, nor through somebody else', NEW.decision_id
      USING ERRCODE = 'unique_violation', CONSTRAINT = 'signature_once_a_person';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER signer_is_free BEFORE INSERT OR UPDATE ON cases_signature
  FOR EACH ROW EXECUTE FUNCTION cases_signer_is_free();

CREATE OR REPLACE FUNCTION cases_decided_is_signed() RETURNS trigger LANGUAGE plpgsql
  SET search_path = public, pg_temp AS $$
BEGIN
  IF NEW.status = 'DECIDED' AND NOT EXISTS (
      SELECT FROM cases_decision d WHERE d.id = NEW.decision_id AND d.case_id = NEW.id AND d.approved_by_id IS NOT NULL
        AND (NOT EXISTS (SELECT FROM cases_dossier WHERE decision_id = d.id)
             OR d.approvals_needed <= (SELECT count(DISTINCT coalesce(a.person, a.id)) FROM cases_signature s
                                       JOIN accounts_user a ON a.id = s.user_id
                                       WHERE s.decision_id = d.id AND s.meaning = 'APPROVED'))) THEN
    RAISE EXCEPTION 'decided_is_signed: case % needs a recommendation of its own with all its signatures', NEW.id
      USING ERRCODE = 'check_violation', CONSTRAINT = 'decided_is_signed';
  END IF;
  RETURN NEW;
END $$;
"""

BACKWARD = """
CREATE OR REPLACE FUNCTION cases_decided_is_signed() RETURNS trigger LANGUAGE plpgsql
  SET search_path = public, pg_temp AS $$
BEGIN
  IF NEW.status = 'DECIDED' AND NOT EXISTS (
      SELECT FROM cases_decision WHERE id = NEW.decision_id AND case_id = NEW.id AND approved_by_id IS NOT NULL) THEN
    RAISE EXCEPTION 'decided_is_signed: case % needs a recommendation of its own with two signatures', NEW.id
      USING ERRCODE = 'check_violation', CONSTRAINT = 'decided_is_signed';
  END IF;
  RETURN NEW;
END $$;
DROP TRIGGER signer_is_free ON cases_signature;
DROP FUNCTION cases_signer_is_free();
"""


class Migration(migrations.Migration):
    dependencies = [("cases", "0009_case_work"), ("audit", "0003_backstop_and_pending")]

    operations = [
        migrations.RunSQL(FORWARD, BACKWARD),
        *(protect(f"cases_{part}", "case", "case_id") for part in PARTS),
        *(protect(f"cases_{name}", name, "id") for name in OWN),
        protect("cases_closure", "closure", "id", ignoring=("recount_after",)),
        *(migrations.RunSQL(stop, start) for stop, start in CASE_WITHOUT_MACHINE),
        protect("cases_clock", "clock", "id", ignoring=WORKED_OUT, judged="ROW.entry_seq > 0 OR ROW.settled <> ''"),
        *(protect(f"cases_{part}", owner, f"{owner}_id") for part, owner in OF_OTHERS.items()),
        protect("cases_comment_mentions", "comment", "comment_id"),
        protect("cases_batch", "batch", "id", ignoring=(*LEASE, "done_at")),
        append_only("cases_playbook", "UPDATE", "DELETE", why="Open cases with a new version of the playbook."),
        append_only("cases_dossier", "UPDATE", "DELETE", why="Submit again: that seals another dossier."),
    ]
