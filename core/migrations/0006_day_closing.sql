-- The release before goes on meanwhile: it does not wait for this longer than its own limits allow.
SET LOCAL lock_timeout = '3s';
--> statement-breakpoint
CREATE TABLE "core"."told_days" (
	"day" date NOT NULL,
	"revision" integer NOT NULL,
	"digest" text NOT NULL,
	"told_at" timestamp with time zone NOT NULL,
	CONSTRAINT "told_days_day_revision_pk" PRIMARY KEY("day","revision")
);
--> statement-breakpoint
CREATE INDEX "policies_issued_at" ON "core"."policies" USING brin ("issued_at" timestamptz_minmax_multi_ops) WITH (autosummarize=true);--> statement-breakpoint
CREATE INDEX "policies_cancelled_at" ON "core"."policies" USING btree ("cancelled_at") WHERE "core"."policies"."cancelled_at" is not null;