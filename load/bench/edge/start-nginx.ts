import { chmod, mkdtemp, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { freePort } from '../../../local/free-port.ts';
import { CPU, type Running, startProgram } from './start-program.ts';

interface Proxy {
  /** Where the answers come from that it keeps. */
  readonly origin: string;
  /** Where a folder of its own is made. */
  readonly folder: string;
  readonly signal: AbortSignal;
  /** Requests a second and key, beyond which it answers 429; without, it limits nobody. */
  readonly limit?: number;
}

/** Of a second's requests, so many may come at once. */
const BURST_SHARE = 0.1;

function configOf({ origin, folder, limit }: Proxy, port: number): string {
  const zone = `limit_req_zone $http_authorization zone=partners:10m rate=${limit}r/s;`;
  const rule = `limit_req zone=partners burst=${Math.ceil((limit ?? 0) * BURST_SHARE)} nodelay; limit_req_status 429;`;
  return `daemon off;
pid ${folder}/nginx.pid;
error_log stderr error;
worker_processes 1;
events { worker_connections 1024; }
http {
  access_log off;
  sendfile on;
  tcp_nopush on;
  keepalive_requests 1000000000;
  open_file_cache max=1000 inactive=1h;
  client_body_temp_path ${folder}/body;
  fastcgi_temp_path ${folder}/fastcgi;
  uwsgi_temp_path ${folder}/uwsgi;
  scgi_temp_path ${folder}/scgi;
  proxy_temp_path ${folder}/proxy;
  proxy_cache_path ${folder}/cache keys_zone=quotes:10m inactive=1h;
  ${limit === undefined ? '' : zone}
  upstream origin { server ${origin.replace('http://', '')}; keepalive 8; }
  server {
    listen 127.0.0.1:${port};
    location / {
      ${limit === undefined ? '' : rule}
      proxy_pass http://origin;
      proxy_http_version 1.1;
      proxy_set_header Connection "";
      proxy_cache quotes;
      proxy_cache_key $request_uri;
      proxy_cache_valid 200 1h;
      # A private answer that varies by its key would not be kept: the edge does that by checking the key itself.
      proxy_ignore_headers Cache-Control Expires Vary;
      proxy_hide_header Connection;
    }
  }
}
`;
}

/** nginx with one worker process and a cache in front of an origin. */
export async function startNginx(proxy: Proxy): Promise<Running & { url: string }> {
  const port = await freePort();
  const folder = await mkdtemp(join(proxy.folder, 'nginx-'));
  // As root, its worker runs as another user.
  await chmod(folder, 0o777);
  const file = join(folder, 'nginx.conf');
  await writeFile(file, configOf({ ...proxy, folder }, port));
  const url = `http://127.0.0.1:${port}`;
  const running = await startProgram({
    name: 'nginx',
    command: 'nginx',
    args: ['-p', folder, '-c', file],
    cpu: CPU.measured,
    readyUrl: url,
    signal: proxy.signal,
  });
  return { ...running, url };
}
