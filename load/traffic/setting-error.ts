/** A setting is wrong or missing: `message` is a sentence that names it and what is allowed. */
export class SettingError extends Error {
  override name = 'SettingError';
}
