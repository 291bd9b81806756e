import { createHash } from 'node:crypto';

/** Which register, in which form, and from where. */
export interface Wanted {
  readonly url: string;
  readonly token: string;
  readonly type: 'text/csv' | 'application/json';
}

/** What a register that was read says. */
export interface Content {
  readonly seconds: number;
  readonly bytes: number;
  readonly lines: number;
  readonly premiumMinor: number;
  /** SHA-256, hex. */
  readonly digest: string;
}

/** Counts and sums up text as it comes. */
interface Count {
  add(text: string): void;
  end(): { lines: number; premiumMinor: number };
}

/** Reads a register to its end, and keeps none of it. */
export async function readRegister({ url, token, type }: Wanted): Promise<Content> {
  const startedAt = performance.now();
  const response = await fetch(url, { headers: { authorization: `Bearer ${token}`, accept: type } });
  if (response.status !== 200 || !response.body) throw new Error(`${url} answered ${response.status}`);
  const [digest, count, decoder] = [createHash('sha256'), type === 'text/csv' ? ofCsv() : ofJson(), new TextDecoder()];
  let bytes = 0;
  for await (const piece of response.body) {
    bytes += piece.length;
    digest.update(piece);
    count.add(decoder.decode(piece, { stream: true }));
  }
  const seconds = (performance.now() - startedAt) / 1_000;
  return { seconds, bytes, ...count.end(), digest: digest.digest('hex') };
}

/** Of a line, by the header. */
const PREMIUM = 6;

function ofCsv(): Count {
  let [rest, lines, premiumMinor] = ['', -1, 0];
  return {
    add(text) {
      const rows = (rest + text).split('\r\n');
      rest = rows.pop() ?? '';
      for (const row of rows) {
        lines += 1;
        if (lines > 0) premiumMinor += Number(row.split(',')[PREMIUM]?.replace('.', ''));
      }
    },
    end() {
      if (rest !== '') throw new Error('The CSV ends within a line');
      return { lines, premiumMinor };
    },
  };
}

function ofJson(): Count {
  const LINE = '{"line":';
  let [rest, lines, premiumMinor] = ['', 0, 0];
  const take = (text: string) => {
    for (const line of text.split(LINE).slice(1)) {
      lines += 1;
      premiumMinor += Number(/"premium":\{"amountMinor":(-?\d+)/.exec(line)?.[1]);
    }
  };
  return {
    add(text) {
      rest += text;
      const last = rest.lastIndexOf(LINE);
      if (last <= 0) return;
      take(rest.slice(0, last));
      rest = rest.slice(last);
    },
    end() {
      const [line = '', totals = ''] = rest.split('],"totals":');
      take(line);
      const { count, premium } = JSON.parse(totals.slice(0, -1));
      if (count !== lines || premium.amountMinor !== premiumMinor)
        throw new Error('The JSON has other totals than lines');
      return { lines, premiumMinor };
    },
  };
}
