import { expect, test } from 'vitest';
import { pomOf } from './fetch-maven.ts';

test('pomOf asks for each artifact in its version', () => {
  expect(pomOf('peer', ['org.example:one:1.0', 'org.example:two:2.0.Final'])).toContain(
    '<dependency><groupId>org.example</groupId><artifactId>one</artifactId><version>1.0</version></dependency>' +
      '<dependency><groupId>org.example</groupId><artifactId>two</artifactId><version>2.0.Final</version></dependency>',
  );
});
