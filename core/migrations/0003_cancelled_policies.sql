-- The release before goes on meanwhile: it does not wait for this longer than its own limits allow.
SET LOCAL lock_timeout = '3s';
--> statement-breakpoint
ALTER TABLE "core"."policies" ADD COLUMN "commission_rate_bps" integer;--> statement-breakpoint
ALTER TABLE "core"."policies" ADD COLUMN "partner_commission_rate_bps" integer;--> statement-breakpoint
ALTER TABLE "core"."policies" ADD COLUMN "cancelled_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "core"."policies" ADD COLUMN "cancel_key" text;--> statement-breakpoint
ALTER TABLE "core"."policies" ADD COLUMN "cancel_digest" text;--> statement-breakpoint
ALTER TABLE "core"."policies" ADD COLUMN "cancel_reason" text;--> statement-breakpoint
ALTER TABLE "core"."policies" ADD COLUMN "refund_minor" bigint;--> statement-breakpoint
-- What the policies so far were sold at is in their events. Read as json: a policy whose event is gone stays without.
UPDATE "core"."policies" p SET
	"commission_rate_bps" = (o."data"::json #>> '{commission,rateBps}')::integer,
	"partner_commission_rate_bps" = (o."data"::json #>> '{partner,commission,rateBps}')::integer
FROM "core"."outbox" o WHERE o."aggregate_id" = p."id" AND o."type" = 'policy.issued.v1';
--> statement-breakpoint
CREATE UNIQUE INDEX "policies_cancel_idempotency" ON "core"."policies" USING btree ("partner_id","cancel_key") WHERE "core"."policies"."cancel_key" is not null;--> statement-breakpoint
CREATE INDEX "policies_of_partner" ON "core"."policies" USING btree ("partner_id","id");--> statement-breakpoint
ALTER TABLE "core"."policies" ADD CONSTRAINT "policies_cancelled_whole" CHECK ("core"."policies"."status" in ('issued', 'cancelled') and num_nonnulls("core"."policies"."cancelled_at", "core"."policies"."cancel_key", "core"."policies"."cancel_digest", "core"."policies"."cancel_reason", "core"."policies"."refund_minor") = case "core"."policies"."status" when 'cancelled' then 5 else 0 end);--> statement-breakpoint
ALTER TABLE "core"."policies" ADD CONSTRAINT "policies_refund_within_premium" CHECK ("core"."policies"."refund_minor" between 0 and "core"."policies"."premium_minor");
