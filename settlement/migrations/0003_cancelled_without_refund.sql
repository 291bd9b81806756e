-- A cancellation without refund moves no money, and is booked all the same: its id and version must be known. Nothing else
-- may be without postings, and that is looked at when the transaction ends, once its register line is written.
CREATE OR REPLACE FUNCTION settlement.refuse_empty() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  culprit uuid;
BEGIN
  SELECT a.event_id INTO culprit FROM added a
  WHERE a.type <> 'policy.cancelled.v1'
    AND NOT EXISTS (SELECT FROM settlement.ledger_postings p WHERE p.event_id = a.event_id)
  LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'Ledger transaction % has no postings', culprit USING ERRCODE = 'check_violation';
  END IF;
  RETURN NULL;
END
$$;
--> statement-breakpoint
CREATE FUNCTION settlement.refuse_empty_cancellation() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM settlement.ledger_postings p WHERE p.event_id = NEW.event_id)
    AND NOT EXISTS (
      SELECT FROM settlement.register_lines l
      WHERE l.event_id = NEW.event_id AND l.operation = 'cancelled' AND l.premium_minor = 0 AND l.commission_minor = 0)
  THEN
    RAISE EXCEPTION 'Ledger transaction % has no postings, and its register line has an amount', NEW.event_id
      USING ERRCODE = 'check_violation';
  END IF;
  RETURN NULL;
END
$$;
--> statement-breakpoint
CREATE CONSTRAINT TRIGGER ledger_transactions_cancelled AFTER INSERT ON settlement.ledger_transactions
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.type = 'policy.cancelled.v1')
  EXECUTE FUNCTION settlement.refuse_empty_cancellation();
