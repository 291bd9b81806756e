import type { PartnersContext } from './context.ts';

/** A key of a partner: `ik_{partner}_{256 random bits}`. */
export const newKey = ({ randomBytes }: Pick<PartnersContext, 'randomBytes'>, partner: string): string =>
  `ik_${partner}_${randomBytes(32).toString('base64url')}`;
