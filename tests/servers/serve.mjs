// What the Node servers have in common: settings come as one JSON argument; the server listens on a loopback port that
// the system gives, says so in one line of JSON on standard output, and ends when its standard input closes, so that it
// never outlives the test that started it.
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createServer as createTlsServer } from 'node:https';

// Standard output belongs to that one line; libraries warn with console.info.
console.log = console.info = console.error;

export const settings = JSON.parse(process.argv[2] ?? '{}');

export async function listen() {
  const { tls } = settings;
  const read = (path) => readFileSync(path, 'utf8');
  // who shows no certificate, or a strange one, is let in and told later
  const certified = { requestCert: true, rejectUnauthorized: false };
  const server = tls
    ? createTlsServer({ cert: read(tls.certificate), key: read(tls.key), ca: read(tls.ca), ...certified })
    : createServer();
  await new Promise((resolve, reject) => server.once('error', reject).listen(0, '127.0.0.1', resolve));
  return { server, baseUrl: `${tls ? 'https' : 'http'}://127.0.0.1:${server.address().port}` };
}

// `handle` is an async (request, response); whatever it throws is our own mistake: a 500 and a trace in the log.
export function ready({ server, baseUrl }, handle) {
  server.on('request', async (request, response) => {
    try {
      await handle(request, response);
    } catch (error) {
      console.error(error);
      if (!response.headersSent) answer(response, 500, { error: 'server_error' });
    }
  });
  process.stdin.on('end', () => process.exit(0)).resume();
  process.stdout.write(`${JSON.stringify({ base_url: baseUrl })}\n`);
}

export async function readBody(request) {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}

export function answer(response, status, body, headers = {}) {
  const text = JSON.stringify(body);
  response.writeHead(status, {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(text),
    ...headers,
  });
  response.end(text);
}

export const pause = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));
