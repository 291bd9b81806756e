/** The methods of RFC 9110 and PATCH, as the semantic conventions of OpenTelemetry for HTTP name them. */
const METHODS: ReadonlySet<string> = new Set([
  'GET',
  'HEAD',
  'POST',
  'PUT',
  'PATCH',
  'DELETE',
  'OPTIONS',
  'TRACE',
  'CONNECT',
]);

/** The method, or `_OTHER`: whatever a client writes, labels and names of spans stay few. */
export const knownMethod = (method: string): string => (METHODS.has(method) ? method : '_OTHER');
