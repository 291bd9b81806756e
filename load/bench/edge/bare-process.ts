import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';

/** What a bare server answers, in the file that it is given. */
export interface Fixed {
  readonly headers: Readonly<Record<string, string>>;
  /** base64 */
  readonly body: string;
}

// The least that Node can do: the same bytes to whatever is asked.
const [file = '', port] = process.argv.slice(2);
const fixed = JSON.parse(readFileSync(file, 'utf8')) as Fixed;
const body = Buffer.from(fixed.body, 'base64');
const { headers } = fixed;
const server = createServer({ keepAliveTimeout: 65_000 }, (_request, response) => {
  response.writeHead(200, headers).end(body);
});
server.listen(Number(port), '127.0.0.1');
