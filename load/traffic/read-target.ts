import type { Environment } from './read-settings.ts';
import type { Caller } from './scenarios.ts';
import { SettingError } from './setting-error.ts';

/** An edge to ask. */
export interface Place {
  /** Undefined: told by its first answer. */
  readonly region?: string;
  /** Without a slash at its end. */
  readonly url: string;
}

/** Where to ask, in turns, and with which keys. */
export interface Target {
  readonly places: readonly Place[];
  readonly keys: Readonly<Partial<Record<Caller, string>>>;
}

/** As much of `.local/demo.json` as is needed. */
export interface DemoPlaces {
  readonly regions: readonly { readonly name: string; readonly edge: string }[];
  readonly keys: Readonly<Record<Caller, string>>;
}

/** The variable that holds a caller's key. */
export const keyVariable = (caller: Caller): string => `${caller.toUpperCase()}_KEY`;

/** BASE_URL with keys from the environment, else all regions of a running `npm start`. Throws SettingError. */
export function readTarget(
  env: Environment,
  { callers, readDemo }: { callers: readonly Caller[]; readDemo: () => DemoPlaces },
): Target {
  const { BASE_URL } = env;
  if (!BASE_URL) return targetOfDemo(readDemo);
  const missing = callers.map(keyVariable).filter((name) => !env[name]);
  if (missing.length > 0) {
    const names = missing.join(' and ');
    throw new SettingError(`${names} must be set with BASE_URL: a key of a partner there, ik_..., for each who asks`);
  }
  return {
    places: [{ url: readUrl(BASE_URL) }],
    keys: Object.fromEntries(callers.map((caller) => [caller, env[keyVariable(caller)]])),
  };
}

function targetOfDemo(readDemo: () => DemoPlaces): Target {
  let demo: DemoPlaces;
  try {
    demo = readDemo();
  } catch {
    throw new SettingError(
      'InsureTech does not run here (there is no .local/demo.json): run npm start in another terminal first, or set BASE_URL',
    );
  }
  if (demo.regions.length === 0) throw new SettingError('No region runs here: run npm start again');
  return { places: demo.regions.map(({ name, edge }) => ({ region: name, url: edge })), keys: demo.keys };
}

/** k6 has no URL of its own. */
function readUrl(text: string): string {
  if (/^https?:\/\/[^\s/?#@]+(\/[^\s?#]*)?$/.test(text)) return text.replace(/\/+$/, '');
  throw new SettingError(`BASE_URL is "${text}" but must be an http or https address, such as http://127.0.0.1:8787`);
}
