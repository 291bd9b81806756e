ALTER TABLE "settlement"."positions" ADD COLUMN "stopped_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "settlement"."positions" ADD COLUMN "stopped_reason" text;--> statement-breakpoint
ALTER TABLE "settlement"."positions" ADD COLUMN "stopped_sequence" bigint;--> statement-breakpoint
ALTER TABLE "settlement"."positions" ADD CONSTRAINT "positions_stopped_whole" CHECK (num_nulls("settlement"."positions"."stopped_at", "settlement"."positions"."stopped_reason", "settlement"."positions"."stopped_sequence") in (0, 3));