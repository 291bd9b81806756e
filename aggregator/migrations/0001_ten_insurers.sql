CREATE TABLE "aggregator"."quarantine" (
	"insurer" text PRIMARY KEY NOT NULL,
	"since" timestamp with time zone NOT NULL,
	"collected_at" timestamp with time zone NOT NULL,
	"findings" jsonb NOT NULL,
	"collected" jsonb NOT NULL
);
--> statement-breakpoint
CREATE TABLE "aggregator"."releases" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "aggregator"."releases_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"insurer" text NOT NULL,
	"released_at" timestamp with time zone NOT NULL,
	"why" text NOT NULL,
	"findings" jsonb NOT NULL,
	"collected" jsonb NOT NULL
);
--> statement-breakpoint
ALTER TABLE "aggregator"."polls" ADD COLUMN "retry_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "aggregator"."tariffs" ADD COLUMN "withdrawn_at" timestamp with time zone;