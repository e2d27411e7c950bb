// What a server was asked, so that tests can count. Knows HTTP and the form of RFC 6749 token requests, but no library.
import { answer } from './serve.mjs';

const tokenRequests = [];
const apiStatuses = [];

// How many token requests of a client are being answered, and how many were at most.
const underWay = {};
const atOnce = {};

// How the client showed who it is: { client, authentication }, authentication being the name that RFC 7591 §2 has for
// the method. `decode` undoes what the server wants Basic credentials to be encoded with.
export function presentedClient(request, form, decode) {
  const basic = /^basic +(\S+)$/i.exec(request.headers.authorization ?? '');
  if (basic) {
    const credentials = Buffer.from(basic[1], 'base64').toString('utf8');
    return { client: decode(credentials.split(':', 1)[0]), authentication: 'client_secret_basic' };
  }
  if (form.has('client_assertion')) {
    return { client: claimOf(form.get('client_assertion'), 'sub'), authentication: 'private_key_jwt' };
  }
  const authentication = form.has('client_secret') ? 'client_secret_post' : 'none';
  return { client: form.get('client_id'), authentication };
}

// The claim as it stands, unverified; null if the token is none.
export function claimOf(token, claim) {
  try {
    return JSON.parse(Buffer.from(token.split('.')[1], 'base64url').toString('utf8'))[claim] ?? null;
  } catch {
    return null;
  }
}

// Adds the token request to the journal when its answer goes out.
export function recordTokenRequest(request, response, form, presented) {
  const client = presented.client ?? '';
  underWay[client] = (underWay[client] ?? 0) + 1;
  atOnce[client] = Math.max(atOnce[client] ?? 0, underWay[client]);
  const end = response.end;
  response.end = function (chunk, ...rest) {
    underWay[client] -= 1;
    tokenRequests.push({
      ...presented,
      grant_type: form.get('grant_type'),
      form: [...form],
      headers: request.headers,
      status: response.statusCode,
      error: errorOf(chunk),
    });
    return end.call(this, chunk, ...rest);
  };
}

function errorOf(body) {
  try {
    return JSON.parse(body).error ?? null;
  } catch {
    return null;
  }
}

export function recordApiRequest(status) {
  apiStatuses.push(status);
}

// The endpoints under /test/ that read the journal; false for any other path.
export function answerFromJournal(path, response) {
  if (path === '/test/counts') {
    answer(response, 200, {
      token_requests: tokenRequests.length,
      token_requests_by_status: count(tokenRequests.map((each) => each.status)),
      token_requests_by_client: count(tokenRequests.map((each) => each.client ?? '')),
      token_requests_at_once: atOnce,
      api_requests: apiStatuses.length,
      api_requests_by_status: count(apiStatuses),
    });
    return true;
  }
  if (path === '/test/token_requests') {
    answer(response, 200, tokenRequests);
    return true;
  }
  return false;
}

function count(values) {
  const counts = {};
  for (const value of values) counts[value] = (counts[value] ?? 0) + 1;
  return counts;
}
