import { expect, test } from 'vitest';
import { docsPage } from './docs-page.ts';

const EVIL = '<script>alert(1)</script>';
const evil = {
  info: { title: EVIL, description: EVIL },
  paths: {
    [`/v1/"><b>`]: {
      get: {
        summary: EVIL,
        parameters: [{ name: EVIL, in: EVIL, required: true, description: EVIL }],
        requestBody: { description: EVIL },
        responses: { 200: { description: EVIL } },
      },
    },
  },
  components: { schemas: { [EVIL]: { description: EVIL } } },
};

test('nothing of the document becomes markup', async () => {
  const page = String(await docsPage(evil));
  expect(page).not.toMatch(/<script|<b>/);
  expect(page.match(/&lt;script&gt;/g)).toHaveLength(12);
});

test('works offline: no script, and nothing loaded from anywhere', async () => {
  const page = String(await docsPage(evil));
  expect(page).not.toMatch(/\b(src|srcset|action)=|@import|url\(/);
  expect([...page.matchAll(/href="([^"#][^"]*)"/g)].map(([, href]) => href)).toEqual(['openapi.json']);
});

test('shows every operation with its parameters and answers', async () => {
  const operation = {
    summary: 'Poll an insurer now',
    parameters: [{ name: 'id', in: 'path', required: true }],
    responses: { 200: { description: 'What became of it' }, 404: { description: 'no such insurer' } },
  };
  const page = String(await docsPage({ info: { title: 'aggregator' }, paths: { '/v1/x/{id}': { post: operation } } }));
  for (const part of ['<h1>aggregator</h1>', 'POST /v1/x/{id}', 'Poll an insurer now', 'no such insurer'])
    expect(page).toContain(part);
  expect(page).toContain('<td><code>id</code></td><td>path</td><td>yes</td>');
});
