import * as z from 'zod/mini';

const ALLOWED =
  'must be origins separated by commas, as browsers write them: https://shop.example or http://localhost:5173, lower case, ' +
  'no path, no default port, no *';

/** The pages that may read answers, as a variable names them. */
export const AllowedOrigins = z.pipe(
  z.string().check(z.refine((list) => originsOf(list).every(isOrigin), ALLOWED)),
  z.transform(originsOf),
);

function originsOf(list: string): readonly string[] {
  return list.split(',').map((origin) => origin.trim());
}

/** Compared with the Origin of a request byte by byte, so only what a browser would send can ever match. */
function isOrigin(text: string): boolean {
  return /^https?:\/\/[^*]+$/.test(text) && URL.canParse(text) && new URL(text).origin === text;
}
