CREATE TABLE "aggregator"."outbox_progress" (
	"id" bigint GENERATED ALWAYS AS IDENTITY (sequence name "aggregator"."outbox_progress_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"partition" smallint NOT NULL,
	"epoch" bigint NOT NULL,
	"sequence" bigint DEFAULT 0 NOT NULL,
	"done" "pg_snapshot" DEFAULT '1:1:' NOT NULL,
	"win" "pg_snapshot",
	"last_id" bigint DEFAULT 0 NOT NULL,
	CONSTRAINT "outbox_progress_partition_epoch_id_pk" PRIMARY KEY("partition","epoch","id")
);

--> statement-breakpoint
-- The cursors as they stand: how far the epoch of each has come, or where it began.
CREATE VIEW aggregator.outbox_position AS
SELECT c.partition, c.epoch,
  CASE WHEN p.id IS NULL THEN c.sequence ELSE p.sequence END AS sequence,
  CASE WHEN p.id IS NULL THEN c.done ELSE p.done END AS done,
  CASE WHEN p.id IS NULL THEN c.win ELSE p.win END AS win,
  CASE WHEN p.id IS NULL THEN c.last_id ELSE p.last_id END AS last_id
FROM aggregator.outbox_cursor c
LEFT JOIN LATERAL (
  SELECT * FROM aggregator.outbox_progress q WHERE q.partition = c.partition AND q.epoch = c.epoch ORDER BY q.id DESC LIMIT 1
) p ON true;
