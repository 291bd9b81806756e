CREATE TABLE "settlement"."dead_letters" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "settlement"."dead_letters_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"topic" text NOT NULL,
	"partition" smallint NOT NULL,
	"epoch" bigint NOT NULL,
	"sequence" bigint NOT NULL,
	"event_id" uuid,
	"aggregate_id" text,
	"reason" text NOT NULL,
	"detail" text NOT NULL,
	"raw" "bytea" NOT NULL,
	"digest" text NOT NULL,
	"parked_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "settlement"."ledger_accounts" (
	"id" text PRIMARY KEY NOT NULL,
	"balance_minor" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "settlement"."ledger_postings" (
	"event_id" uuid NOT NULL,
	"account" text NOT NULL,
	"amount_minor" bigint NOT NULL,
	CONSTRAINT "ledger_postings_event_id_account_pk" PRIMARY KEY("event_id","account"),
	CONSTRAINT "ledger_postings_not_zero" CHECK ("settlement"."ledger_postings"."amount_minor" <> 0)
);
--> statement-breakpoint
CREATE TABLE "settlement"."ledger_transactions" (
	"event_id" uuid PRIMARY KEY NOT NULL,
	"type" text NOT NULL,
	"aggregate_id" text NOT NULL,
	"aggregate_version" integer NOT NULL,
	"occurred_at" timestamp with time zone NOT NULL,
	"booked_at" timestamp with time zone NOT NULL,
	CONSTRAINT "ledger_transactions_version" UNIQUE("aggregate_id","aggregate_version")
);
--> statement-breakpoint
CREATE TABLE "settlement"."positions" (
	"region" text NOT NULL,
	"topic" text NOT NULL,
	"partition" smallint NOT NULL,
	"epoch" bigint NOT NULL,
	"sequence" bigint NOT NULL,
	"unplaced" integer NOT NULL,
	CONSTRAINT "positions_region_topic_partition_pk" PRIMARY KEY("region","topic","partition")
);
--> statement-breakpoint
CREATE TABLE "settlement"."register_lines" (
	"event_id" uuid PRIMARY KEY NOT NULL,
	"insurer" text NOT NULL,
	"period" char(7) NOT NULL,
	"operation" text NOT NULL,
	"product" text NOT NULL,
	"policy_id" text NOT NULL,
	"policy_number" text NOT NULL,
	"contract_date" timestamp with time zone NOT NULL,
	"starts_on" date NOT NULL,
	"ends_on" date NOT NULL,
	"premium_minor" bigint NOT NULL,
	"commission_rate_bps" integer NOT NULL,
	"commission_minor" bigint NOT NULL,
	"partner" text NOT NULL,
	"tariff_version" integer NOT NULL
);
--> statement-breakpoint
ALTER TABLE "settlement"."ledger_postings" ADD CONSTRAINT "ledger_postings_event_id_ledger_transactions_event_id_fk" FOREIGN KEY ("event_id") REFERENCES "settlement"."ledger_transactions"("event_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "settlement"."register_lines" ADD CONSTRAINT "register_lines_event_id_ledger_transactions_event_id_fk" FOREIGN KEY ("event_id") REFERENCES "settlement"."ledger_transactions"("event_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "dead_letters_event" ON "settlement"."dead_letters" USING btree ("event_id") WHERE "settlement"."dead_letters"."event_id" is not null;--> statement-breakpoint
CREATE INDEX "dead_letters_aggregate" ON "settlement"."dead_letters" USING btree ("aggregate_id");--> statement-breakpoint
CREATE INDEX "dead_letters_unplaced" ON "settlement"."dead_letters" USING btree ("topic","partition","digest") WHERE "settlement"."dead_letters"."event_id" is null;--> statement-breakpoint
CREATE INDEX "register_lines_order" ON "settlement"."register_lines" USING btree ("insurer","period","contract_date");