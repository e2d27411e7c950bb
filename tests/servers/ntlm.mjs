// NTLM over HTTP: Samba's ntlm_auth decides, one process for each connection, and knows one account.
//
//   *    /whoami        whom the connection belongs to; 401 to one that belongs to nobody
//   GET  /test/counts   how many connections and handshakes there were
import { answer, listen, readBody, ready, settings } from './serve.mjs';
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const folder = mkdtempSync(join(tmpdir(), 'authwire-ntlm-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
const folders = ['private dir', 'lock directory', 'state directory', 'cache directory', 'pid directory'];
writeFileSync(
  join(folder, 'smb.conf'),
  ['[global]', `workgroup = ${settings.domain}`, 'netbios name = SERVER', 'ntlm auth = ntlmv2-only']
    .concat(folders.map((name) => `${name} = ${folder}`))
    .join('\n'),
);

const counts = { connections: 0, handshakes: 0 };
const listening = await listen();
listening.server.on('connection', (socket) => {
  counts.connections += 1;
  socket.on('close', () => socket.samba?.kill());
});

ready(listening, async (request, response) => {
  const url = new URL(request.url, listening.baseUrl);
  if (url.pathname === '/test/counts') return answer(response, 200, counts);
  const body = await readBody(request);
  const { socket } = request;
  const token = /^NTLM (\S+)$/.exec(request.headers.authorization ?? '')?.[1];
  if (token) {
    const [verdict, value] = await judge(socket, token);
    if (verdict === 'TT') return refuse(response, `NTLM ${value}`);
    counts.handshakes += 1;
    // with a password given, ntlm_auth looks at nothing else
    const known = value.toLowerCase() === `${settings.domain}\\${settings.username}`.toLowerCase();
    socket.user = verdict === 'AF' && known ? value : undefined;
  }
  if (!socket.user) return refuse(response, 'NTLM');
  return answer(response, 200, { user: socket.user, method: request.method, body });
});

function refuse(response, challenge) {
  return answer(response, 401, { error: 'unauthorized' }, { 'www-authenticate': challenge });
}

// `YR` begins a handshake, `KK` ends it; the answer is `TT challenge`, `AF user` or `NA reason`.
async function judge(socket, token) {
  const first = Buffer.from(token, 'base64').readUInt32LE(8) === 1;
  if (first) {
    socket.samba?.kill();
    socket.samba = spawn('ntlm_auth', [
      '--helper-protocol=squid-2.5-ntlmssp',
      `--configfile=${join(folder, 'smb.conf')}`,
      `--username=${settings.username}`,
      `--password=${settings.password}`,
      `--domain=${settings.domain}`,
    ]);
    socket.samba.stderr.pipe(process.stderr);
    socket.lines = createInterface({ input: socket.samba.stdout })[Symbol.asyncIterator]();
  }
  socket.samba.stdin.write(`${first ? 'YR' : 'KK'} ${token}\n`);
  const { value: line } = await socket.lines.next();
  const [verdict, ...rest] = line.trim().split(' ');
  return [verdict, rest.join(' ')];
}
