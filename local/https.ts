import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import { createServer, type Server } from 'node:https';
import { join } from 'node:path';
import { generate } from 'selfsigned';

const certificateDays = 365;

/** A self-signed certificate for this machine, made at the first start and kept in the state folder. */
async function certificateOf(state: string): Promise<{ key: string; cert: string }> {
  const path = join(state, 'localhost-certificate.json');
  if (!existsSync(path)) {
    const { private: key, cert } = await generate([{ name: 'commonName', value: 'localhost' }], {
      keyType: 'ec',
      curve: 'P-256',
      notAfterDate: new Date(Date.now() + certificateDays * 86_400_000),
      extensions: [
        {
          name: 'subjectAltName',
          altNames: [
            { type: 2, value: 'localhost' },
            { type: 7, ip: '127.0.0.1' },
          ],
        },
      ],
    });
    writeFileSync(path, JSON.stringify({ key, cert }), { mode: 0o600 });
  }
  return JSON.parse(readFileSync(path, 'utf8')) as { key: string; cert: string };
}

/**
 * Serves the app over HTTPS on 127.0.0.1, for browsers that refuse Secure cookies on plain http.
 * @param target port of the app's host, which speaks http
 */
export async function startHttps(state: string, port: number, target: number): Promise<Server> {
  const server = createServer(await certificateOf(state), (incoming, outgoing) => {
    const onward = httpRequest(
      {
        host: '127.0.0.1',
        port: target,
        method: incoming.method,
        path: incoming.url,
        headers: incoming.headers,
      },
      (answer) => {
        outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(outgoing);
      },
    );
    onward.on('error', () => outgoing.writeHead(502).end());
    incoming.pipe(onward);
  });
  await new Promise<void>((done, fail) => {
    server.once('error', fail);
    server.listen(port, '127.0.0.1', done);
  });
  return server;
}
