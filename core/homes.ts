/**
 * Base URLs of regions: those listed by name, else the pattern `*` with the region's name put in. A pattern lets a region
 * answer for another's address without its configuration naming that region.
 */
export function createHomeOf(urls: ReadonlyMap<string, string>): (region: string) => string | undefined {
  return (region) => urls.get(region) ?? urls.get('*')?.replace('{region}', region);
}
