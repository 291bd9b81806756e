-- The release before goes on meanwhile: it does not wait for this longer than its own limits allow.
SET LOCAL lock_timeout = '3s';
--> statement-breakpoint
CREATE TABLE "core"."policy_numbering" (
	"only" boolean PRIMARY KEY DEFAULT true NOT NULL,
	"timeline" integer DEFAULT ('x' || left(pg_walfile_name(pg_current_wal_lsn()), 8))::bit(32)::integer NOT NULL,
	"skipped" bigint DEFAULT 0 NOT NULL
);
--> statement-breakpoint
ALTER TABLE "core"."outbox_cursor" ADD COLUMN "timeline" integer DEFAULT ('x' || left(pg_walfile_name(pg_current_wal_lsn()), 8))::bit(32)::integer NOT NULL;
--> statement-breakpoint
-- Numbers go on where they are: nothing was lost on the way here.
INSERT INTO core.policy_numbering DEFAULT VALUES;
