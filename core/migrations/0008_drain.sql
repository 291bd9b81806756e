CREATE TABLE "core"."drain" (
	"only" boolean PRIMARY KEY DEFAULT true NOT NULL,
	"since" timestamp with time zone NOT NULL,
	"reason" text NOT NULL
);
