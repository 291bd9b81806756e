import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { quoted } from './insurer-reply-error.ts';
import { getJson } from './rest.ts';
import { endlessBody, testContext } from './test-context.ts';

const schema = z.object({ rates: z.array(z.object({ price: z.int() })) });
const json = { 'content-type': 'application/json' };
const read = (answer: (url: string, init: RequestInit) => Response) =>
  getJson(testContext(answer), { url: 'http://insurer.test/', schema });

describe('getJson', () => {
  test('asks for JSON by GET, and for redirects to be errors', async () => {
    let asked: RequestInit = {};
    const value = await read((_, init) => {
      asked = init;
      return Response.json({ rates: [{ price: 1 }], more: true });
    });
    expect(value).toEqual({ rates: [{ price: 1 }] });
    expect(asked).toMatchObject({ method: 'GET', redirect: 'error', headers: { accept: 'application/json' } });
  });

  test('names the wrong field, and never quotes the body', async () => {
    const answer = read(() => Response.json({ rates: [{ price: 1 }, { price: 'secret' }, {}] }));
    await expect(answer).rejects.toMatchObject({
      reason: 'schema',
      message: expect.stringMatching(/rates\[1\]\.price: .*number.* \(and 1 more\)$/),
    });
    await expect(answer).rejects.not.toThrow('secret');
  });

  test('refuses what is not JSON without quoting it, even in the cause', async () => {
    const error = await read(() => new Response('secret{', { headers: json })).catch((caught) => caught);
    expect(error).toMatchObject({
      reason: 'malformed',
      message: "Cannot use the insurer's reply: the body is not JSON",
    });
    expect(error.cause).toBeUndefined();
  });

  test.each([
    [500, 'status', 'HTTP status 500'],
    [429, 'status', 'HTTP status 429'],
    [204, 'status', 'HTTP status 204'],
    [302, 'status', 'HTTP status 302'],
  ])('refuses status %i and keeps the number', async (status, reason, message) => {
    const answer = read(() => new Response(null, { status, headers: json }));
    await expect(answer).rejects.toMatchObject({ reason, status, message: expect.stringContaining(message) });
  });

  test('refuses another content type before reading the body', async () => {
    const { body, seen } = endlessBody();
    const answer = read(() => new Response(body, { headers: { 'content-type': 'text/html; charset=utf-8' } }));
    await expect(answer).rejects.toThrow('content type "text/html; charset=utf-8", not application/json');
    expect(seen.cancelled).toBe(true);
    expect(seen.chunks).toBeLessThanOrEqual(1);
  });

  test('refuses a body announced as too long before reading it', async () => {
    const { body, seen } = endlessBody();
    const answer = read(() => new Response(body, { headers: { ...json, 'content-length': '65537' } }));
    await expect(answer).rejects.toMatchObject({ reason: 'too-large' });
    expect(seen.cancelled).toBe(true);
    expect(seen.chunks).toBeLessThanOrEqual(1);
  });

  test('refuses another charset, and bytes that are not UTF-8', async () => {
    const cyrillic = () =>
      new Response('{}', { headers: { 'content-type': 'application/json; charset=windows-1251' } });
    await expect(read(cyrillic)).rejects.toMatchObject({ reason: 'content-type' });
    const broken = () => new Response(new Uint8Array([0x22, 0xcf, 0x22]), { headers: json });
    await expect(read(broken)).rejects.toMatchObject({ reason: 'malformed' });
  });
});

describe('quoted', () => {
  test('keeps an insurer from writing lines or invisible characters into a log', () => {
    expect(quoted('no\r\n{"level":60}\u001b[31m\u202etxt')).toBe('"no {\\"level\\":60} [31m txt"');
    expect(quoted('x'.repeat(100_000))).toBe(`"${'x'.repeat(120)}..."`);
  });
});
