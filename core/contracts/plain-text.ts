import * as z from 'zod';

/** Text that any database and reader can keep: no control characters but tabs and line ends, no half of a character. */
const isPlain = (text: string): boolean => text.isWellFormed() && !/[^\P{Cc}\t\r\n]/u.test(text);

/** The same, and that there is more than space, as a schema can say it: without halves of characters, which none can. */
const KEPT = '[^\\x00-\\x08\\x0b\\x0c\\x0e-\\x1f\\x7f-\\x9f]*';
const PATTERN = `^${KEPT}[^\\s\\ufeff\\x00-\\x1f\\x7f-\\x9f]${KEPT}$`;

/** So many characters of such text, without the spaces around it. */
export const plainText = ({ least, most }: { least: number; most: number }) =>
  z
    .string()
    .trim()
    .min(least)
    .max(most)
    .refine(isPlain, 'must not have control characters or broken Unicode')
    .meta({ pattern: PATTERN });
