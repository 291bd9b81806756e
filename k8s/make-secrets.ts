import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runCommand } from '#platform/lifecycle/service.ts';
import { secretFiles, UNKNOWN } from './secret-files.ts';

const overlays = join(import.meta.dirname, 'overlays');
const takesSecrets = (name: string) =>
  existsSync(join(overlays, name, 'kustomization.yaml')) &&
  readFileSync(join(overlays, name, 'kustomization.yaml'), 'utf8').includes('secrets/');

// node k8s/make-secrets.ts REGION
await runCommand('make-secrets', async () => {
  const [region = ''] = process.argv.slice(2);
  const regions = readdirSync(overlays).filter(takesSecrets);
  if (!regions.includes(region)) throw new Error(`region is "${region}" but must be ${regions.join(' or ')}`);
  const folder = join(overlays, region, 'secrets');
  if (existsSync(folder)) throw new Error(`${folder} is there already: other secrets would lock the services out`);
  mkdirSync(folder, { mode: 0o700 });
  const files = Object.entries(secretFiles(() => randomBytes(32).toString('base64url')));
  for (const [name, text] of files) writeFileSync(join(folder, name), text, { mode: 0o600 });
  const unknown = files.filter(([, text]) => text.includes(UNKNOWN)).map(([name]) => name);
  process.stdout.write(
    `${files.length} files are in ${folder}. Replace "${UNKNOWN}" in ${unknown.join(' and ')}, and add tls.crt and tls.key.\n`,
  );
});
