import * as z from 'zod';

/** The header by which core tells of an answer which revision of the catalogue it was made from. */
export const CATALOGUE_REVISION_HEADER = 'catalogue-revision';

export const CATALOGUE_REVISION = /^[0-9a-f]{16}$/;
/** Which tariffs a replica of core sells: the same where they are the same, another after any change. It has no order. */
export const CatalogueRevision = /* @__PURE__ */ z
  .string()
  .regex(CATALOGUE_REVISION)
  .meta({ example: '9f86d081884c7d65' });

/** What `GET /internal/catalogue` answers. */
export const CatalogueState = /* @__PURE__ */ z.object({ revision: CatalogueRevision });
