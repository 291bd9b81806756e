import { html, raw } from 'hono/html';

/** The few parts of an OpenAPI 3.1 document that the page shows. */
interface Document {
  info: { title: string; description?: string };
  paths?: Record<string, Record<string, Operation>>;
  components?: { schemas?: Record<string, unknown> };
}
interface Operation {
  summary?: string;
  description?: string;
  parameters?: { name: string; in: string; required?: boolean; description?: string }[];
  requestBody?: unknown;
  responses?: Record<string, { description?: string }>;
}

const STYLE = `body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}
h2{margin-top:2.5rem}table{margin:.75rem 0}code,pre{font:14px/1.4 ui-monospace,monospace}pre{overflow:auto;background:#8881;padding:.75rem;border-radius:.4rem}
table{border-collapse:collapse;width:100%}td,th{text-align:left;border-bottom:1px solid #8884;padding:.3rem .5rem;vertical-align:top}
h2 code{font-size:18px}:root{color-scheme:light dark}`;

/** An API page that needs nothing from outside: rendered here, no scripts, works offline. */
export function docsPage(document: unknown) {
  const { info, paths = {}, components } = document as Document;
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method: method.toUpperCase(), operation })),
  );
  return html`<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>${info.title}</title><style>${raw(STYLE)}</style></head><body><h1>${info.title}</h1><p>${info.description ?? ''}</p>
<p>The same, for machines: <a href="openapi.json">openapi.json</a></p>
<ul>${operations.map(({ path, method }) => html`<li><a href="#${method}${path}"><code>${method} ${path}</code></a></li>`)}</ul>
${operations.map(section)}
<h2>Schemas</h2>${Object.entries(components?.schemas ?? {}).map(
    ([name, schema]) => html`<h3 id="${name}">${name}</h3><pre>${JSON.stringify(schema, null, 2)}</pre>`,
  )}</body></html>`;
}

function section({ path, method, operation }: { path: string; method: string; operation: Operation }) {
  const parameters = operation.parameters ?? [];
  return html`<h2 id="${method}${path}"><code>${method} ${path}</code></h2><p>${operation.summary ?? ''}</p>
${
  parameters.length > 0
    ? html`<table><tr><th>parameter</th><th>in</th><th>required</th><th></th></tr>${parameters.map(
        (p) =>
          html`<tr><td><code>${p.name}</code></td><td>${p.in}</td><td>${p.required ? 'yes' : 'no'}</td><td>${p.description ?? ''}</td></tr>`,
      )}</table>`
    : ''
}${operation.requestBody ? html`<p>Body</p><pre>${JSON.stringify(operation.requestBody, null, 2)}</pre>` : ''}
<table><tr><th>status</th><th></th></tr>${Object.entries(operation.responses ?? {}).map(
    ([status, response]) => html`<tr><td>${status}</td><td>${response.description ?? ''}</td></tr>`,
  )}</table>`;
}
