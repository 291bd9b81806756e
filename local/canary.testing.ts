/** What must not be found: a name for it, and the text. */
export type Canaries = Readonly<Record<string, string>>;

/** A text as it may lie in a log, a record or a row. Of base64 what does not depend on where in a longer text it begins. */
function formsOf(text: string): Record<string, string> {
  const json = JSON.stringify(text).slice(1, -1);
  const utf8 = Buffer.from(text);
  const unaligned = [0, 1, 2].map((before) => {
    const encoded = Buffer.concat([Buffer.alloc(before), utf8])
      .toString('base64')
      .replace(/=+$/, '');
    return encoded.slice(before === 0 ? 0 : before + 1, -2);
  });
  return {
    raw: text,
    'in JSON': json,
    'in JSON in JSON': JSON.stringify(json).slice(1, -1),
    'in JSON of ASCII': ascii(json),
    'in a URL': encodeURIComponent(text),
    'in a form': new URLSearchParams([['', text]]).toString().slice(1),
    'in CSV': text.replaceAll('"', '""'),
    'in hex': utf8.toString('hex'),
    ...Object.fromEntries(unaligned.map((form, before) => [`in base64, ${before} after a third`, form])),
    ...Object.fromEntries(unaligned.map((form, before) => [`in base64url, ${before} after a third`, urlSafe(form)])),
  };
}

const ascii = (text: string) =>
  text.replace(/[^\x20-\x7e]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
const urlSafe = (base64: string) => base64.replaceAll('+', '-').replaceAll('/', '_');

/** A canary that was found, and the form it had. */
export interface Found {
  readonly name: string;
  readonly form: string;
}

/** Finds canaries in texts, whatever form they have there. Upper and lower case are one: an address is often written small. */
export function createFinder(canaries: Canaries): (text: string) => Found[] {
  const forms = Object.entries(canaries).flatMap(([name, text]) =>
    Object.entries(formsOf(text)).map(([form, needle]) => ({ name, form, needle: needle.toLowerCase() })),
  );
  return (text) => {
    const hay = text.toLowerCase();
    return forms.filter(({ needle }) => hay.includes(needle)).map(({ name, form }) => ({ name, form }));
  };
}

export interface Holder {
  readonly fullName: string;
  readonly birthDate: string;
  readonly phone: string;
  readonly email: string;
}

/** What is known of a holder, whole and in the pieces that anybody may make of it; `words` are those of the name that nobody else has. */
export function canariesOf(who: string, holder: Holder, words: readonly string[]): Canaries {
  const digits = holder.phone.slice(1);
  const [year, month, day] = holder.birthDate.split('-');
  return {
    [`${who}: name`]: holder.fullName,
    ...Object.fromEntries(words.map((word) => [`${who}: "${word}" of the name`, word])),
    [`${who}: birth date`]: holder.birthDate,
    [`${who}: birth date, the day first`]: `${day}.${month}.${year}`,
    [`${who}: birth date in digits`]: `${year}${month}${day}`,
    [`${who}: phone`]: holder.phone,
    [`${who}: digits of the phone`]: digits,
    [`${who}: digits without the country`]: digits.slice(1),
    [`${who}: email`]: holder.email,
    [`${who}: user of the email`]: holder.email.split('@')[0] ?? '',
  };
}
