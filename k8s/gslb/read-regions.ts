import { readFile } from 'node:fs/promises';
import { parse } from 'yaml';
import { z } from 'zod';
import { Region } from '#contracts/words.ts';
import { ConfigError } from '#platform/config/parse-env.ts';

/** Letters that need no quotes in a zone or in gdnsd's own language. */
const LABEL = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;
const label = z.string().regex(LABEL, 'must be a label of a domain name in lower case, such as api');
const zone = z
  .string()
  .refine(
    (text) => text.length <= 200 && text.split('.').every((part) => LABEL.test(part)),
    'must be a domain name in lower case without the last dot, such as insuretech.example',
  );
const address = z.ipv4('must be an IPv4 address, such as 203.0.113.10');
const port = z.int().min(1).max(65_534);

const differ = (values: readonly string[]) => new Set(values).size === values.length;

const Gslb = z
  .strictObject({
    zone,
    host: label,
    nameServers: z
      .array(z.strictObject({ name: label, address, port: port.default(53) }))
      .min(1)
      .refine((all) => differ(all.map(({ name }) => name)), 'must have different names'),
    port,
    regions: z
      .array(
        z.strictObject({
          name: Region,
          address,
          // gdnsd's own bound is 2^20.
          weight: z.int().min(1).max(1_000_000).default(1),
          core: z.url({ protocol: /^https?$/, error: 'must be an http or https URL' }),
        }),
      )
      .min(1)
      .max(64)
      .refine((all) => differ(all.map(({ name }) => name)), 'must have different names')
      .refine((all) => differ(all.map((region) => region.address)), 'must have different addresses'),
  })
  .refine(({ host, nameServers, regions }) => {
    const names = [host, ...nameServers.map(({ name }) => name), ...regions.map(({ name }) => name)];
    return differ(names);
  }, 'host, nameServers and regions must have different names: all are names of the zone');

/** The regions and how they are reached, as the global load balancer is told. */
export type Gslb = z.infer<typeof Gslb>;
export type GslbRegion = Gslb['regions'][number];

/** Reads the list of regions. Throws ConfigError with a sentence that names the field and what is allowed. */
export async function readRegions(file: string): Promise<Gslb> {
  const text = await readFile(file, 'utf8').catch(() => {
    throw new ConfigError(`There is no list of regions at "${file}"`);
  });
  return parseRegions(text, file);
}

/** The list as text; `file` is what it is called. Throws ConfigError. */
export function parseRegions(text: string, file: string): Gslb {
  let said: unknown;
  try {
    said = parse(text);
  } catch (error) {
    throw new ConfigError(`"${file}" is no YAML: ${(error as Error).message.split('\n')[0]}`);
  }
  const parsed = Gslb.safeParse(said);
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.map(({ path, message }) => [path.join('.'), message].filter(Boolean).join(': '));
  throw new ConfigError(`"${file}" is no list of regions: ${faults.join('; ')}`);
}
