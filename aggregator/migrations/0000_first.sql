CREATE TABLE "aggregator"."outbox" (
	"xid" "xid8" DEFAULT pg_current_xact_id() NOT NULL,
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "aggregator"."outbox_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"partition" smallint NOT NULL,
	"key" text NOT NULL,
	"event_id" uuid NOT NULL,
	"aggregate_id" text NOT NULL,
	"aggregate_version" integer NOT NULL,
	"type" text NOT NULL,
	"occurred_at" timestamp with time zone NOT NULL,
	"traceparent" text,
	"data" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "aggregator"."outbox_cursor" (
	"partition" smallint PRIMARY KEY NOT NULL,
	"epoch" bigint DEFAULT 0 NOT NULL,
	"sequence" bigint DEFAULT 0 NOT NULL,
	"done" "pg_snapshot" DEFAULT '1:1:' NOT NULL,
	"win" "pg_snapshot",
	"last_id" bigint DEFAULT 0 NOT NULL
);
--> statement-breakpoint
CREATE TABLE "aggregator"."polls" (
	"insurer" text PRIMARY KEY NOT NULL,
	"polled_at" timestamp with time zone NOT NULL,
	"outcome" text NOT NULL,
	"as_of" timestamp with time zone,
	"events" integer DEFAULT 0 NOT NULL
);
--> statement-breakpoint
CREATE TABLE "aggregator"."tariffs" (
	"insurer" text NOT NULL,
	"product" text NOT NULL,
	"version" integer NOT NULL,
	"commission_rate_bps" integer NOT NULL,
	"terms" jsonb NOT NULL,
	"changed_at" timestamp with time zone NOT NULL,
	CONSTRAINT "tariffs_insurer_product_pk" PRIMARY KEY("insurer","product")
);
--> statement-breakpoint
CREATE INDEX "outbox_unseen" ON "aggregator"."outbox" USING btree ("partition","xid","id");--> statement-breakpoint
CREATE INDEX "outbox_order" ON "aggregator"."outbox" USING btree ("partition","id");