import { Hono } from 'hono';
import { createBaikal } from './baikal.ts';
import { type Books, demoBooks } from './book.ts';
import { createUral } from './ural.ts';
import { createVolga } from './volga.ts';

/** All simulated insurers, each under its id; they sell what `books` holds at the moment of a request. */
export function createInsurersApp(books: Books = demoBooks()): Hono {
  return new Hono()
    .get('/healthz/live', (c) => c.json({ status: 'ok', insurers: Object.keys(books) }))
    .route('/volga', createVolga(books.volga))
    .route('/ural', createUral(books.ural))
    .route('/baikal', createBaikal(books.baikal));
}
