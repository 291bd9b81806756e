CREATE TABLE "settlement"."dead_letter_actions" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "settlement"."dead_letter_actions_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"dead_letter_id" bigint NOT NULL,
	"action" text NOT NULL,
	"by" text NOT NULL,
	"reason" text,
	"at" timestamp with time zone NOT NULL,
	"outcome" text NOT NULL,
	"detail" text
);
--> statement-breakpoint
CREATE TABLE "settlement"."core_days" (
	"event_id" uuid PRIMARY KEY NOT NULL,
	"day" date NOT NULL,
	"revision" integer NOT NULL,
	"told_at" timestamp with time zone NOT NULL,
	"insurers" jsonb NOT NULL,
	"differences" integer,
	"checked_at" timestamp with time zone,
	CONSTRAINT "core_days_revision" UNIQUE("day","revision")
);
--> statement-breakpoint
CREATE TABLE "settlement"."register_closings" (
	"insurer" text NOT NULL,
	"period" char(7) NOT NULL,
	"status" text NOT NULL,
	"closed_at" timestamp with time zone NOT NULL,
	"closed_by" text NOT NULL,
	"reason" text,
	"findings" text[] NOT NULL,
	"digest" text,
	"count" integer,
	"premium_minor" bigint,
	"commission_minor" bigint,
	CONSTRAINT "register_closings_insurer_period_pk" PRIMARY KEY("insurer","period"),
	CONSTRAINT "register_closings_whole" CHECK (status in ('closing', 'closed') and num_nulls(digest, count, premium_minor, commission_minor) = case status when 'closed' then 0 else 4 end),
	CONSTRAINT "register_closings_forced" CHECK (cardinality(findings) = 0 or reason is not null)
);
--> statement-breakpoint
ALTER TABLE "settlement"."register_lines" DROP CONSTRAINT "register_lines_event_id_ledger_transactions_event_id_fk";
--> statement-breakpoint
ALTER TABLE "settlement"."dead_letters" ADD COLUMN "status" text DEFAULT 'parked' NOT NULL;--> statement-breakpoint
ALTER TABLE "settlement"."dead_letters" ADD COLUMN "insurer" text;--> statement-breakpoint
ALTER TABLE "settlement"."dead_letters" ADD COLUMN "occurred_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "settlement"."ledger_transactions" ADD COLUMN "accounts" text[];--> statement-breakpoint
ALTER TABLE "settlement"."ledger_transactions" ADD COLUMN "amounts_minor" bigint[];--> statement-breakpoint
ALTER TABLE "settlement"."register_lines" ADD COLUMN "operated_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "settlement"."register_lines" ADD COLUMN "is_late" boolean;--> statement-breakpoint
-- What is booked is written again in its new shape, by its owner and this once: the same sides, in their transaction's row.
ALTER TABLE settlement.ledger_transactions DISABLE TRIGGER ledger_transactions_append_only;--> statement-breakpoint
ALTER TABLE settlement.register_lines DISABLE TRIGGER register_lines_append_only;--> statement-breakpoint
UPDATE settlement.ledger_transactions t SET accounts = coalesce(s.accounts, '{}'), amounts_minor = coalesce(s.amounts, '{}')
FROM settlement.ledger_transactions x
LEFT JOIN (
  SELECT event_id, array_agg(account ORDER BY account) AS accounts, array_agg(amount_minor ORDER BY account) AS amounts
  FROM settlement.ledger_postings GROUP BY event_id
) s USING (event_id)
WHERE x.event_id = t.event_id;--> statement-breakpoint
UPDATE settlement.register_lines l SET is_late = false,
  operated_at = CASE l.operation WHEN 'issued' THEN l.contract_date ELSE t.occurred_at END
FROM settlement.ledger_transactions t WHERE t.event_id = l.event_id;--> statement-breakpoint
ALTER TABLE settlement.register_lines ENABLE TRIGGER register_lines_append_only;--> statement-breakpoint
ALTER TABLE settlement.ledger_transactions ENABLE TRIGGER ledger_transactions_append_only;--> statement-breakpoint
ALTER TABLE "settlement"."ledger_transactions" ALTER COLUMN "accounts" SET NOT NULL;--> statement-breakpoint
ALTER TABLE "settlement"."ledger_transactions" ALTER COLUMN "amounts_minor" SET NOT NULL;--> statement-breakpoint
ALTER TABLE "settlement"."register_lines" ALTER COLUMN "operated_at" SET NOT NULL;--> statement-breakpoint
ALTER TABLE "settlement"."register_lines" ALTER COLUMN "is_late" SET NOT NULL;--> statement-breakpoint
-- With its triggers; those of the transactions looked for their postings in it.
DROP TABLE "settlement"."ledger_postings" CASCADE;--> statement-breakpoint
DROP TRIGGER ledger_transactions_posted ON settlement.ledger_transactions;--> statement-breakpoint
DROP TRIGGER ledger_transactions_cancelled ON settlement.ledger_transactions;--> statement-breakpoint
DROP FUNCTION settlement.refuse_unbalanced, settlement.refuse_empty, settlement.refuse_empty_cancellation;--> statement-breakpoint
ALTER TABLE "settlement"."dead_letter_actions" ADD CONSTRAINT "dead_letter_actions_dead_letter_id_dead_letters_id_fk" FOREIGN KEY ("dead_letter_id") REFERENCES "settlement"."dead_letters"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "dead_letter_actions_of" ON "settlement"."dead_letter_actions" USING btree ("dead_letter_id");--> statement-breakpoint
CREATE INDEX "dead_letters_waiting" ON "settlement"."dead_letters" USING btree ("id") WHERE "settlement"."dead_letters"."status" = 'parked';--> statement-breakpoint
CREATE INDEX "ledger_transactions_day" ON "settlement"."ledger_transactions" USING brin ("occurred_at");--> statement-breakpoint
CREATE INDEX "register_lines_day" ON "settlement"."register_lines" USING btree ("insurer","operated_at") WHERE "settlement"."register_lines"."operation" <> 'issued' or "settlement"."register_lines"."is_late";--> statement-breakpoint
ALTER TABLE "settlement"."dead_letters" ADD CONSTRAINT "dead_letters_status" CHECK ("settlement"."dead_letters"."status" in ('parked', 'booked', 'dismissed'));--> statement-breakpoint
ALTER TABLE "settlement"."ledger_transactions" ADD CONSTRAINT "ledger_transactions_sides" CHECK (cardinality(accounts) = cardinality(amounts_minor) and coalesce(array_ndims(accounts), 1) = 1 and coalesce(array_ndims(amounts_minor), 1) = 1 and coalesce(array_lower(amounts_minor, 1), 1) = 1 and array_position(accounts, null) is null and array_position(amounts_minor, null) is null and 0 <> all (amounts_minor) and (cardinality(amounts_minor) between 2 and 8 or cardinality(amounts_minor) = 0 and type = 'policy.cancelled.v1'));--> statement-breakpoint
ALTER TABLE "settlement"."ledger_transactions" ADD CONSTRAINT "ledger_transactions_balanced" CHECK (coalesce(amounts_minor[1], 0) + coalesce(amounts_minor[2], 0) + coalesce(amounts_minor[3], 0) + coalesce(amounts_minor[4], 0) + coalesce(amounts_minor[5], 0) + coalesce(amounts_minor[6], 0) + coalesce(amounts_minor[7], 0) + coalesce(amounts_minor[8], 0) = 0);