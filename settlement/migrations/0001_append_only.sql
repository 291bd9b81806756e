-- What is booked stays: no statement may change or remove it.
CREATE FUNCTION settlement.refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% on % is refused: it is append-only', TG_OP, TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END
$$;
--> statement-breakpoint
CREATE TRIGGER ledger_transactions_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON settlement.ledger_transactions
  FOR EACH STATEMENT EXECUTE FUNCTION settlement.refuse_change();
--> statement-breakpoint
CREATE TRIGGER ledger_postings_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON settlement.ledger_postings
  FOR EACH STATEMENT EXECUTE FUNCTION settlement.refuse_change();
--> statement-breakpoint
CREATE TRIGGER register_lines_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON settlement.register_lines
  FOR EACH STATEMENT EXECUTE FUNCTION settlement.refuse_change();
--> statement-breakpoint
-- The postings of a transaction come in one statement, are all of its postings, and are zero in sum. Checked once a
-- statement over all it added, where a deferred constraint trigger would run once a posting.
CREATE FUNCTION settlement.refuse_unbalanced() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  culprit uuid;
BEGIN
  SELECT a.event_id INTO culprit
  FROM (SELECT event_id, sum(amount_minor) AS total, count(*) AS sides FROM added GROUP BY event_id) a
  WHERE a.total <> 0
     OR a.sides <> (SELECT count(*) FROM settlement.ledger_postings p WHERE p.event_id = a.event_id)
  LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'Ledger transaction % is not balanced by its postings', culprit USING ERRCODE = 'check_violation';
  END IF;
  RETURN NULL;
END
$$;
--> statement-breakpoint
CREATE TRIGGER ledger_postings_balanced AFTER INSERT ON settlement.ledger_postings
  REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION settlement.refuse_unbalanced();
--> statement-breakpoint
-- A transaction without postings would be an event whose money was lost.
CREATE FUNCTION settlement.refuse_empty() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  culprit uuid;
BEGIN
  SELECT a.event_id INTO culprit FROM added a
  WHERE NOT EXISTS (SELECT FROM settlement.ledger_postings p WHERE p.event_id = a.event_id)
  LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'Ledger transaction % has no postings', culprit USING ERRCODE = 'check_violation';
  END IF;
  RETURN NULL;
END
$$;
--> statement-breakpoint
CREATE TRIGGER ledger_transactions_posted AFTER INSERT ON settlement.ledger_transactions
  REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION settlement.refuse_empty();
