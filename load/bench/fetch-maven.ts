import { execFile } from 'node:child_process';
import { mkdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const GOAL = 'org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies';

/**
 * Fetches what is on Maven Central, `group:artifact:version`, with all that it needs, into a folder of its own, once.
 * Resolves to a class path. Rejects with a sentence when Maven cannot.
 */
export async function fetchMaven(name: string, artifacts: readonly string[]): Promise<string> {
  const folder = resolve('.local/bench/peers', name);
  const found = await stat(folder).catch(() => undefined);
  if (!found) {
    const partial = `${folder}.${process.pid}`;
    await mkdir(partial, { recursive: true });
    const pom = join(partial, 'pom.xml');
    await writeFile(pom, pomOf(name, artifacts));
    const args = ['-q', '-B', '-f', pom, GOAL, '-DincludeScope=runtime', `-DoutputDirectory=${partial}`];
    await run('mvn', args).catch(async (error: { stdout?: string }) => {
      await rm(partial, { recursive: true, force: true });
      throw new Error(`Maven could not fetch ${name}: ${error.stdout?.split('\n')[0] || error}`);
    });
    await rename(partial, folder).catch(() => rm(partial, { recursive: true, force: true }));
  }
  return `${folder}/*`;
}

/** A project that is nothing but what it needs. */
export function pomOf(name: string, artifacts: readonly string[]): string {
  const dependencies = artifacts.map((artifact) => {
    const [groupId, artifactId, version] = artifact.split(':');
    const tags = Object.entries({ groupId, artifactId, version }).map(([tag, text]) => `<${tag}>${text}</${tag}>`);
    return `<dependency>${tags.join('')}</dependency>`;
  });
  return `<project><modelVersion>4.0.0</modelVersion><groupId>insuretech</groupId><artifactId>${name}</artifactId><version>1</version>
<dependencies>${dependencies.join('')}</dependencies></project>`;
}
