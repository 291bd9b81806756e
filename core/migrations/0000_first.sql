CREATE SEQUENCE "core"."policy_number_blocks" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1;--> statement-breakpoint
CREATE TABLE "core"."insurers" (
	"id" text PRIMARY KEY NOT NULL,
	"polled_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "core"."tariffs" (
	"insurer" text NOT NULL,
	"product" text NOT NULL,
	"version" integer NOT NULL,
	"as_of" timestamp with time zone NOT NULL,
	"commission_rate_bps" integer NOT NULL,
	"terms" jsonb NOT NULL,
	CONSTRAINT "tariffs_insurer_product_pk" PRIMARY KEY("insurer","product")
);
--> statement-breakpoint
CREATE TABLE "core"."heartbeat" (
	"only" boolean PRIMARY KEY DEFAULT true NOT NULL,
	"at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "core"."outbox" (
	"xid" "xid8" DEFAULT pg_current_xact_id() NOT NULL,
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "core"."outbox_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
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
CREATE TABLE "core"."outbox_cursor" (
	"partition" smallint PRIMARY KEY NOT NULL,
	"epoch" bigint DEFAULT 0 NOT NULL,
	"sequence" bigint DEFAULT 0 NOT NULL,
	"done" "pg_snapshot" DEFAULT '1:1:' NOT NULL,
	"win" "pg_snapshot",
	"last_id" bigint DEFAULT 0 NOT NULL
);
--> statement-breakpoint
CREATE TABLE "core"."partners" (
	"id" text PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"limit_per_second" integer NOT NULL,
	"commission_rate_bps" integer NOT NULL,
	"key_digests" text[] NOT NULL,
	"changed_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "core"."policies" (
	"id" text PRIMARY KEY NOT NULL,
	"number" text NOT NULL,
	"partner_id" text NOT NULL,
	"idempotency_key" text NOT NULL,
	"body_digest" text NOT NULL,
	"status" text NOT NULL,
	"insurer" text NOT NULL,
	"product" text NOT NULL,
	"tariff_version" integer NOT NULL,
	"premium_minor" bigint NOT NULL,
	"partner_commission_minor" bigint NOT NULL,
	"risk" jsonb NOT NULL,
	"holder" jsonb NOT NULL,
	"starts_on" date NOT NULL,
	"ends_on" date NOT NULL,
	"issued_at" timestamp with time zone NOT NULL,
	CONSTRAINT "policies_number_unique" UNIQUE("number"),
	CONSTRAINT "policies_idempotency" UNIQUE("partner_id","idempotency_key"),
	CONSTRAINT "policies_premium_positive" CHECK ("core"."policies"."premium_minor" > 0)
);
--> statement-breakpoint
CREATE INDEX "outbox_unseen" ON "core"."outbox" USING btree ("partition","xid","id");--> statement-breakpoint
CREATE INDEX "outbox_order" ON "core"."outbox" USING btree ("partition","id");