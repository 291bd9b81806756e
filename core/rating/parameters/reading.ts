/** What became of a parameter's text: the canonical value, or what is wrong with it. */
export type Reading<T> = { readonly value: T } | { readonly error: string };
