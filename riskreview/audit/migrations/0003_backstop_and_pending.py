"""Entries wait for the log; they stay as they are; and no protected row changes without one."""

from django.db import migrations

from riskreview.audit.backstop import NO_REQUIRE, REQUIRE, append_only

QUEUE = """
CREATE FUNCTION audit_queue_entry() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
  INSERT INTO audit_pending (entry_id) VALUES (NEW.id);
  RETURN NULL;
END $$;
CREATE TRIGGER queued AFTER INSERT ON audit_entry FOR EACH ROW EXECUTE FUNCTION audit_queue_entry();
INSERT INTO audit_pending (entry_id) SELECT id FROM audit_entry ORDER BY id;

CREATE FUNCTION audit_sequenced() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM audit_leaf WHERE entry_id = OLD.entry_id) THEN
    RAISE EXCEPTION 'audit: entry % leaves the queue without a place in the log', OLD.entry_id
      USING ERRCODE = 'RR002', TABLE = TG_TABLE_NAME, HINT = 'Only the notary takes entries, and gives each a leaf.';
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER sequenced AFTER DELETE ON audit_pending DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW EXECUTE FUNCTION audit_sequenced();
CREATE TRIGGER untouched BEFORE TRUNCATE ON audit_pending
  EXECUTE FUNCTION audit_refuse('Entries wait here for the log.');
CREATE TRIGGER kept BEFORE UPDATE ON audit_pending
  FOR EACH ROW EXECUTE FUNCTION audit_refuse('Entries wait here for the log.');
"""
NO_QUEUE = """
DROP TRIGGER kept ON audit_pending;
DROP TRIGGER untouched ON audit_pending;
DROP TRIGGER sequenced ON audit_pending;
DROP FUNCTION audit_sequenced();
DROP TRIGGER queued ON audit_entry;
DROP FUNCTION audit_queue_entry();
"""

# What was recorded goes only by an act on the record in the same transaction, and that act names it.
REMOVE = """
CREATE FUNCTION audit_removed_by_act() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
  gone bigint := (to_jsonb(OLD) ->> TG_ARGV[0])::bigint;
BEGIN
  IF NOT EXISTS (SELECT FROM audit_removal r JOIN audit_entry e
                   ON e.subject_type = 'ledger' AND e.seq = r.ledger_seq AND e.xact = pg_current_xact_id()
                  WHERE r.entry_id = gone AND r.what = TG_ARGV[1] AND e.verb IN ('ledger.erase', 'ledger.prune')) THEN
    RAISE EXCEPTION 'audit: DELETE on % without an act on the record that names it', TG_TABLE_NAME
      USING ERRCODE = 'RR002', TABLE = TG_TABLE_NAME,
            HINT = 'Erase with "manage.py erase"; retention drops what is due by itself.';
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER removed AFTER DELETE ON audit_entry DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW EXECUTE FUNCTION audit_removed_by_act('id', 'ENTRY');
CREATE CONSTRAINT TRIGGER removed AFTER DELETE ON audit_body DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW EXECUTE FUNCTION audit_removed_by_act('entry_id', 'BODY');
CREATE CONSTRAINT TRIGGER removed AFTER DELETE ON audit_trace DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW EXECUTE FUNCTION audit_removed_by_act('entry_id', 'TRACE');
"""
NO_REMOVE = """
DROP TRIGGER removed ON audit_trace;
DROP TRIGGER removed ON audit_body;
DROP TRIGGER removed ON audit_entry;
DROP FUNCTION audit_removed_by_act();
"""

GROW = """
CREATE FUNCTION audit_log_grows() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
  IF NEW.number <> OLD.number OR NEW.origin <> OLD.origin OR (NEW.open AND NOT OLD.open) THEN
    RAISE EXCEPTION 'audit: log % only grows', OLD.origin
      USING ERRCODE = 'RR002', TABLE = TG_TABLE_NAME, HINT = 'A log that cannot go on is followed by a new one.';
  END IF;
  RETURN NEW;
END $$;

-- What a log never signed may be placed again in the next one, by the two people who begin it, and by nobody else.
CREATE FUNCTION audit_only_by_epoch() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM audit_entry WHERE xact = pg_current_xact_id() AND kind = 'act'
                   AND subject_type = 'ledger' AND verb = 'ledger.begin_epoch') THEN
    RAISE EXCEPTION 'audit: % on % is refused', TG_OP, TG_TABLE_NAME
      USING ERRCODE = 'RR002', TABLE = TG_TABLE_NAME, HINT = 'A log only grows. One that cannot go on is followed.';
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER shrinks AFTER UPDATE ON audit_log DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
  WHEN (NEW.size < OLD.size) EXECUTE FUNCTION audit_only_by_epoch();
CREATE CONSTRAINT TRIGGER kept_leaf AFTER DELETE ON audit_leaf DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW EXECUTE FUNCTION audit_only_by_epoch();
CREATE CONSTRAINT TRIGGER kept_tile AFTER DELETE ON audit_tile DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW EXECUTE FUNCTION audit_only_by_epoch();
CREATE TRIGGER grows BEFORE UPDATE ON audit_log FOR EACH ROW EXECUTE FUNCTION audit_log_grows();
CREATE TRIGGER kept BEFORE DELETE ON audit_log FOR EACH ROW EXECUTE FUNCTION audit_refuse('Logs are kept for ever.');
CREATE TRIGGER untouched BEFORE TRUNCATE ON audit_log EXECUTE FUNCTION audit_refuse('Logs are kept for ever.');
"""
NO_GROW = """
DROP TRIGGER shrinks ON audit_log;
DROP TRIGGER kept_leaf ON audit_leaf;
DROP TRIGGER kept_tile ON audit_tile;
DROP FUNCTION audit_only_by_epoch();
DROP TRIGGER untouched ON audit_log;
DROP TRIGGER kept ON audit_log;
DROP TRIGGER grows ON audit_log;
DROP FUNCTION audit_log_grows();
"""
STAYS = "What was written down stays as it is. A correction is another act."


class Migration(migrations.Migration):
    dependencies = [("audit", "0002_log_and_ledger")]

    operations = [
        migrations.RunSQL(REQUIRE, NO_REQUIRE),
        migrations.RunSQL(QUEUE, NO_QUEUE),
        migrations.RunSQL(REMOVE, NO_REMOVE),
        migrations.RunSQL(GROW, NO_GROW),
        append_only("audit_entry", "UPDATE", why=STAYS),
        append_only("audit_body", "UPDATE", why=STAYS),
        append_only("audit_trace", "UPDATE", why=STAYS),
        *(
            append_only(f"audit_{table}", "UPDATE", "DELETE", why=STAYS)
            for table in ("checkpoint", "cosignature", "removal")
        ),
        append_only("audit_leaf", "UPDATE", why=STAYS),
        append_only("audit_tile", "UPDATE", why=STAYS),
    ]
