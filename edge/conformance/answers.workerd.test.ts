import { exports } from 'cloudflare:workers';
import { beforeAll, describe, expect, inject, it } from 'vitest';
import { CONVERSATION } from './conversation.testing.ts';
import { converse } from './converse.testing.ts';
import type { Answer, Asked } from './exchange.testing.ts';
import { expectAnswers } from './expect-answers.testing.ts';
import { maskAnswer } from './mask-answer.testing.ts';

let answers: Record<string, Answer[]>;

async function send({ target, method = 'GET', headers = {}, body, chunked }: Asked): Promise<Answer> {
  const sent = chunked ? new Response(body).body : body;
  const init = { method, headers, redirect: 'manual', ...(sent != null && { body: sent }) } as const;
  const response = await exports.default.fetch(`http://edge.test${target}`, init);
  return maskAnswer({ status: response.status, headers: response.headers, body: await response.text() });
}

const happen = async (happening: string) => {
  await fetch(inject('happenUrl'), { method: 'POST', body: happening });
};

beforeAll(async () => {
  answers = await converse({ send, happen });
});

describe('the worker inside workerd', () => {
  it.each(CONVERSATION)('$name is answered as it must be', (exchange) => {
    expectAnswers(exchange, answers[exchange.name]);
  });

  it.each(CONVERSATION)('$name is answered as by Node, to the byte', ({ name }) => {
    expect(answers[name]).toEqual(inject('reference')[name]);
  });
});
