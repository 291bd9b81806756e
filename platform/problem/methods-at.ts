/** A route as Hono lists it: `/v1/policies/:id`, or `:id{[a-z]+}` where not any text is one. */
export interface RouteName {
  readonly method: string;
  readonly path: string;
}

/** The methods that a path has, sorted; none when it has no route. What answers GET answers HEAD. */
export function methodsAt(routes: readonly RouteName[], path: string): string[] {
  const segments = path.split('/');
  const methods = routes.filter((route) => isOf(route, segments)).map(({ method }) => method);
  return [...new Set(methods.flatMap((method) => (method === 'GET' ? ['GET', 'HEAD'] : [method])))].sort();
}

/** Middleware is for all methods, and what ends in a star is many paths at once: neither says what one of them has. */
function isOf({ method, path }: RouteName, segments: readonly string[]): boolean {
  if (method === 'ALL' || path.includes('*')) return false;
  const pattern = path.split('/');
  return pattern.length === segments.length && pattern.every((part, at) => isPart(part, segments[at] ?? ''));
}

function isPart(part: string, segment: string): boolean {
  if (!part.startsWith(':')) return part === segment;
  const allowed = /\{(.*)\}$/.exec(part)?.[1] ?? '.+';
  return new RegExp(`^(?:${allowed})$`).test(segment);
}
