-- The release before goes on meanwhile: it does not wait for this longer than its own limits allow.
SET LOCAL lock_timeout = '3s';
--> statement-breakpoint
ALTER TABLE "aggregator"."outbox_cursor" ADD COLUMN "timeline" integer DEFAULT ('x' || left(pg_walfile_name(pg_current_wal_lsn()), 8))::bit(32)::integer NOT NULL;
--> statement-breakpoint
ALTER TABLE "aggregator"."tariffs" ADD COLUMN "timeline" integer DEFAULT ('x' || left(pg_walfile_name(pg_current_wal_lsn()), 8))::bit(32)::integer NOT NULL;
