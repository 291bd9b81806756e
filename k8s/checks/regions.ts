/** Names of regions that a rendered region's manifests hold beside its own. */
export function otherRegions(text: string, { own, all }: { own: string; all: readonly string[] }): string[] {
  return all
    .filter((region) => region !== own && new RegExp(`\\b${region}\\b`).test(text))
    .map((region) => `the manifests of ${own} name the region ${region}`);
}
