CREATE TABLE "aggregator"."outbox_retired" (
	"below_id" bigint PRIMARY KEY NOT NULL,
	"newest_at" timestamp with time zone,
	"retired_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
-- The release before goes on meanwhile. It waits behind this lock no longer than its own lock_timeout, 5 s, allows.
SET LOCAL lock_timeout = '3s';
--> statement-breakpoint
LOCK TABLE aggregator.outbox IN ACCESS EXCLUSIVE MODE;
--> statement-breakpoint
-- The table as it was becomes the first piece: of all ids up to the million that is under way.
DO $$
DECLARE
  reached bigint;
BEGIN
  SELECT CASE WHEN is_called THEN last_value ELSE last_value - 1 END INTO reached FROM aggregator.outbox_id_seq;
  ALTER TABLE aggregator.outbox ALTER COLUMN id DROP IDENTITY;
  ALTER TABLE aggregator.outbox RENAME TO outbox_from_0;
  ALTER TABLE aggregator.outbox_from_0 RENAME CONSTRAINT outbox_pkey TO outbox_from_0_pkey;
  ALTER INDEX aggregator.outbox_unseen RENAME TO outbox_from_0_unseen;
  ALTER INDEX aggregator.outbox_order RENAME TO outbox_from_0_order;
  CREATE TABLE aggregator.outbox (LIKE aggregator.outbox_from_0 INCLUDING DEFAULTS) PARTITION BY RANGE (id);
  ALTER TABLE aggregator.outbox ADD CONSTRAINT outbox_pkey PRIMARY KEY (id);
  CREATE INDEX outbox_unseen ON aggregator.outbox (partition, xid, id);
  CREATE INDEX outbox_order ON aggregator.outbox (partition, id);
  EXECUTE format(
    'ALTER TABLE aggregator.outbox ATTACH PARTITION aggregator.outbox_from_0 FOR VALUES FROM (0) TO (%s)',
    (reached / 1000000 + 1) * 1000000
  );
  EXECUTE format(
    'ALTER TABLE aggregator.outbox ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (SEQUENCE NAME aggregator.outbox_id_seq START WITH %s)',
    reached + 1
  );
END
$$;
--> statement-breakpoint
-- An id that no piece takes: an insert never fails because a piece is missing, and never comes back to one that went.
CREATE TABLE aggregator.outbox_strays PARTITION OF aggregator.outbox DEFAULT;
--> statement-breakpoint
-- As all tables get from provision.ts, but before anybody can miss it.
GRANT SELECT, INSERT, UPDATE, DELETE ON aggregator.outbox TO aggregator;
--> statement-breakpoint
CREATE FUNCTION aggregator.outbox_pieces() RETURNS TABLE (piece regclass, lower_id bigint, upper_id bigint)
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT c.oid::regclass, bounds[1]::bigint, bounds[2]::bigint
  FROM pg_inherits i
  JOIN pg_class c ON c.oid = i.inhrelid
  CROSS JOIN regexp_match(pg_get_expr(c.relpartbound, c.oid), 'FROM \(''(\d+)''\) TO \(''(\d+)''\)') AS bounds
  WHERE i.inhparent = 'aggregator.outbox'::regclass AND bounds IS NOT NULL
$$;
--> statement-breakpoint
-- Makes the pieces of the next `ahead` millions, and answers how many it made. A million that ids have reached is left to
-- the default piece: a row of it may be there already, or on its way there. Attached rather than created in place, which
-- would lock writers out. Whoever reads the outbox for longer than the lock is waited for only puts it off.
CREATE FUNCTION aggregator.outbox_extend(ahead integer) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET lock_timeout = '50ms' AS $$
DECLARE
  size CONSTANT bigint := 1000000;
  margin CONSTANT bigint := 1000;
  reached bigint;
  lower bigint;
  made integer := 0;
BEGIN
  IF NOT pg_try_advisory_xact_lock(hashtext('outbox pieces'), hashtext('aggregator')) THEN
    RETURN 0;
  END IF;
  SELECT last_value INTO reached FROM aggregator.outbox_id_seq;
  FOR n IN reached / size + 1 .. reached / size + least(ahead, 10) LOOP
    lower := n * size;
    CONTINUE WHEN lower <= reached + margin;
    CONTINUE WHEN EXISTS (SELECT FROM aggregator.outbox_pieces() p WHERE p.lower_id < lower + size AND p.upper_id > lower);
    BEGIN
      EXECUTE format('CREATE TABLE aggregator.outbox_from_%s (LIKE aggregator.outbox INCLUDING ALL EXCLUDING IDENTITY)', lower);
      EXECUTE format(
        'ALTER TABLE aggregator.outbox ATTACH PARTITION aggregator.outbox_from_%s FOR VALUES FROM (%s) TO (%s)',
        lower, lower, lower + size
      );
      made := made + 1;
    EXCEPTION
      -- Somebody reads for long, or a stray has an id of this million.
      WHEN lock_not_available OR check_violation THEN NULL;
    END;
  END LOOP;
  RETURN made;
END
$$;
--> statement-breakpoint
-- Whether every row of a piece that this snapshot sees is behind the cursor of its partition. Rows with an xid that `done`
-- knows to be over are; the others are found by index. A partition without a cursor has sent nothing.
CREATE FUNCTION aggregator.outbox_is_sent(piece regclass) RETURNS boolean
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  answer boolean;
BEGIN
  EXECUTE format($query$
    WITH RECURSIVE present AS (
      SELECT (SELECT min(partition) FROM %1$s) AS partition
      UNION ALL
      SELECT (SELECT min(o.partition) FROM %1$s o WHERE o.partition > p.partition) FROM present p
      WHERE p.partition IS NOT NULL
    )
    SELECT NOT EXISTS (
      SELECT FROM present p LEFT JOIN aggregator.outbox_position c ON c.partition = p.partition
      WHERE p.partition IS NOT NULL AND (c.partition IS NULL OR EXISTS (
        SELECT FROM %1$s o
        WHERE o.partition = p.partition AND o.xid >= pg_snapshot_xmin(c.done)
          AND NOT pg_visible_in_snapshot(o.xid, c.done)
          AND (c.win IS NULL OR o.id > c.last_id OR NOT pg_visible_in_snapshot(o.xid, c.win))
      ))
    )
  $query$, piece) INTO answer;
  RETURN answer;
END
$$;
--> statement-breakpoint
-- Drops the oldest piece if all its ids are taken, its newest event is older than `keep`, all its rows are sent, and no
-- transaction under way can add one. Answers its name, or null: not now. In the order of ids, so that what is kept has no
-- hole. The lock is what no writer under way leaves to us; what a transaction does later with an id of the piece goes to
-- the default piece. Strays are never dropped.
CREATE FUNCTION aggregator.outbox_retire(keep interval) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET lock_timeout = '50ms' AS $$
DECLARE
  oldest record;
  name text;
  recent timestamptz;
  newest timestamptz;
BEGIN
  IF current_setting('transaction_isolation') <> 'read committed' THEN
    RAISE EXCEPTION 'The outbox is retired in a read committed transaction only: an old snapshot does not see what came';
  END IF;
  IF NOT pg_try_advisory_xact_lock(hashtext('outbox pieces'), hashtext('aggregator')) THEN
    RETURN NULL;
  END IF;
  SELECT * INTO oldest FROM aggregator.outbox_pieces() p ORDER BY p.lower_id LIMIT 1;
  IF NOT FOUND OR oldest.upper_id > (SELECT last_value FROM aggregator.outbox_id_seq) THEN
    RETURN NULL;
  END IF;
  -- Cheap questions first: this is asked every minute, and the whole piece is read once.
  EXECUTE format('SELECT max(occurred_at) FROM (SELECT occurred_at FROM %s ORDER BY id DESC LIMIT 1000) o', oldest.piece)
    INTO recent;
  IF recent > now() - keep OR NOT aggregator.outbox_is_sent(oldest.piece) THEN
    RETURN NULL;
  END IF;
  EXECUTE format('SELECT max(occurred_at) FROM %s', oldest.piece) INTO newest;
  IF newest > now() - keep THEN
    RETURN NULL;
  END IF;
  LOCK TABLE ONLY aggregator.outbox IN ACCESS EXCLUSIVE MODE;
  -- Again, now that nobody can write: a transaction may have ended just before.
  IF NOT aggregator.outbox_is_sent(oldest.piece) THEN
    RETURN NULL;
  END IF;
  name := oldest.piece::text;
  EXECUTE format('DROP TABLE %s', name);
  INSERT INTO aggregator.outbox_retired (below_id, newest_at) VALUES (oldest.upper_id, newest);
  RETURN name;
EXCEPTION
  WHEN lock_not_available THEN
    RETURN NULL;
END
$$;
--> statement-breakpoint
REVOKE ALL ON FUNCTION aggregator.outbox_pieces(), aggregator.outbox_extend(integer), aggregator.outbox_is_sent(regclass), aggregator.outbox_retire(interval)
  FROM PUBLIC;
--> statement-breakpoint
GRANT EXECUTE ON FUNCTION aggregator.outbox_pieces(), aggregator.outbox_extend(integer), aggregator.outbox_retire(interval) TO aggregator;
--> statement-breakpoint
SELECT aggregator.outbox_extend(2);
