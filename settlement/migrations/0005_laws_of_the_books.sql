-- A row a side, for reading.
CREATE VIEW settlement.ledger_postings AS
  SELECT t.event_id, s.account, s.amount_minor
  FROM settlement.ledger_transactions t, unnest(t.accounts, t.amounts_minor) AS s(account, amount_minor);
--> statement-breakpoint
-- A register line says the same money of the same insurer as its transaction, and comes before the register is closed. Each
-- statement that adds lines takes the lock shared, and a closing takes it alone: it waits for the lines under way, and
-- what comes later sees it.
-- By index whatever the planner knows: a session keeps the plan that it made while the books were empty, and would read a
-- ledger of hundreds of thousands through for each batch, until they are analysed.
CREATE FUNCTION settlement.refuse_line() RETURNS trigger LANGUAGE plpgsql
SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off AS $$
DECLARE
  culprit uuid;
BEGIN
  PERFORM pg_advisory_xact_lock_shared(hashtext('settlement.register_closings'), 0);
  SELECT a.event_id INTO culprit FROM added a JOIN settlement.register_closings c USING (insurer, period) LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'The register line of event % comes into a closed register', culprit USING ERRCODE = 'restrict_violation';
  END IF;
  SELECT a.event_id INTO culprit
  FROM added a LEFT JOIN settlement.ledger_transactions t USING (event_id)
  WHERE t.event_id IS NULL
     OR coalesce(t.amounts_minor[array_position(t.accounts, 'clearing:premiums')], 0) <> a.premium_minor
     OR coalesce(t.amounts_minor[array_position(t.accounts, 'insurer:' || a.insurer || ':payable')], 0)
       <> a.commission_minor - a.premium_minor
  LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'The register line of event % is not of its ledger transaction', culprit USING ERRCODE = 'check_violation';
  END IF;
  RETURN NULL;
END
$$;
--> statement-breakpoint
CREATE TRIGGER register_lines_lawful AFTER INSERT ON settlement.register_lines
  REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION settlement.refuse_line();
--> statement-breakpoint
-- A cancellation that moved nothing has no sides to check a line against: it is booked only with its line.
CREATE FUNCTION settlement.refuse_empty() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM settlement.register_lines l WHERE l.event_id = NEW.event_id AND l.operation = 'cancelled') THEN
    RAISE EXCEPTION 'Ledger transaction % has no postings and no register line', NEW.event_id
      USING ERRCODE = 'check_violation';
  END IF;
  RETURN NULL;
END
$$;
--> statement-breakpoint
CREATE CONSTRAINT TRIGGER ledger_transactions_empty AFTER INSERT ON settlement.ledger_transactions
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (cardinality(NEW.amounts_minor) = 0)
  EXECUTE FUNCTION settlement.refuse_empty();
--> statement-breakpoint
CREATE FUNCTION settlement.close_register() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_advisory_xact_lock(hashtext('settlement.register_closings'), 0);
  RETURN NULL;
END
$$;
--> statement-breakpoint
CREATE TRIGGER register_closings_alone BEFORE INSERT ON settlement.register_closings
  FOR EACH STATEMENT EXECUTE FUNCTION settlement.close_register();
--> statement-breakpoint
-- A closing is finished once; after that it stays as it is.
CREATE FUNCTION settlement.refuse_reopening() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.status = 'closing' AND NEW.status = 'closed' AND (OLD.insurer, OLD.period) = (NEW.insurer, NEW.period) THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION 'The register of % for % is closed', OLD.insurer, OLD.period USING ERRCODE = 'restrict_violation';
END
$$;
--> statement-breakpoint
CREATE TRIGGER register_closings_final BEFORE UPDATE ON settlement.register_closings
  FOR EACH ROW EXECUTE FUNCTION settlement.refuse_reopening();
--> statement-breakpoint
CREATE TRIGGER register_closings_kept BEFORE DELETE OR TRUNCATE ON settlement.register_closings
  FOR EACH STATEMENT EXECUTE FUNCTION settlement.refuse_change();
--> statement-breakpoint
CREATE TRIGGER dead_letter_actions_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON settlement.dead_letter_actions
  FOR EACH STATEMENT EXECUTE FUNCTION settlement.refuse_change();
--> statement-breakpoint
-- Of these rows only the columns named may change.
CREATE FUNCTION settlement.refuse_rewriting() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF to_jsonb(OLD) - TG_ARGV = to_jsonb(NEW) - TG_ARGV THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION 'Rows of % are kept as they came', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END
$$;
--> statement-breakpoint
CREATE TRIGGER dead_letters_kept BEFORE UPDATE ON settlement.dead_letters
  FOR EACH ROW EXECUTE FUNCTION settlement.refuse_rewriting('status');
--> statement-breakpoint
CREATE TRIGGER core_days_kept BEFORE UPDATE ON settlement.core_days
  FOR EACH ROW EXECUTE FUNCTION settlement.refuse_rewriting('differences', 'checked_at');
--> statement-breakpoint
CREATE TRIGGER dead_letters_append_only BEFORE DELETE OR TRUNCATE ON settlement.dead_letters
  FOR EACH STATEMENT EXECUTE FUNCTION settlement.refuse_change();
--> statement-breakpoint
CREATE TRIGGER core_days_append_only BEFORE DELETE OR TRUNCATE ON settlement.core_days
  FOR EACH STATEMENT EXECUTE FUNCTION settlement.refuse_change();
