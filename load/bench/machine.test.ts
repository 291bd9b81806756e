import { expect, test } from 'vitest';
import { isSameMachine, readMachine } from './machine.ts';

test('readMachine tells the machine, and the versions of what is there', async () => {
  const machine = await readMachine(new Date('2026-11-28T10:00:00.000Z'));
  expect(machine).toMatchObject({ node: process.version, date: '2026-11-28T10:00:00.000Z' });
  expect(machine.cores).toBeGreaterThan(0);
  expect(machine.versions).toMatchObject({ hono: expect.stringMatching(/^\d/), workerd: expect.stringMatching(/^\d/) });
  expect(isSameMachine(machine, { ...machine, load: 40, commit: 'another' })).toBe(true);
  expect(isSameMachine(machine, { ...machine, cores: machine.cores + 1 })).toBe(false);
});
