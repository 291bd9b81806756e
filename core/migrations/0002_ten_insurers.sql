CREATE TABLE "core"."catalogue_stores" (
	"only" boolean PRIMARY KEY DEFAULT true NOT NULL,
	"id" uuid NOT NULL
);
--> statement-breakpoint
CREATE TABLE "core"."withdrawals" (
	"insurer" text NOT NULL,
	"product" text NOT NULL,
	"version" integer NOT NULL,
	CONSTRAINT "withdrawals_insurer_product_pk" PRIMARY KEY("insurer","product")
);
