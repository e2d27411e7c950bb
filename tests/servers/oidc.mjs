// oidc-provider with the clients and users of the settings: client credentials, rotating and lasting refresh tokens,
// passwords and JWT assertions, a person's login in a browser or by a device code, and an API that takes only the
// access tokens it gave out.
//
//   GET  /auth                       the authorization endpoint; wants a code challenge (RFC 7636)
//   POST /device/auth                the device authorization endpoint; the person goes to /device
//   POST /token                      the token endpoint; wants ids and secrets form-encoded in Basic (RFC 6749 §2.3.1)
//   *    /api/whoami?scope=NAME      whose token was sent; 401 without a live one, 403 if it lacks the scope
//   GET  /test/counts                what came so far, as numbers
//   GET  /test/token_requests        every token request so far, as it came
//   POST /test/refresh_token?client=ID&user=NAME   a refresh token, as if the user had agreed in a browser
//   POST /test/revoke_access_tokens  no access token given out so far is good any longer
import { answer, listen, pause, readBody, ready, settings } from './serve.mjs';
import { answerFromJournal, claimOf, presentedClient, recordApiRequest, recordTokenRequest } from './journal.mjs';
import { verifyAssertion } from './assertion.mjs';
import { interaction, interactionUrl } from './interaction.mjs';
import { faultOfProof } from './dpop.mjs';
import { createHash, randomBytes } from 'node:crypto';
import Provider, { errors } from 'oidc-provider';
import { exportJWK, importSPKI } from 'jose';

const TOKEN_EXCHANGE = 'urn:ietf:params:oauth:grant-type:token-exchange';
const TOKEN_TYPE = 'urn:ietf:params:oauth:token-type:';
const API_NONCE = randomBytes(9).toString('base64url');
const JWT_BEARER = 'urn:ietf:params:oauth:grant-type:jwt-bearer';

const listening = await listen();
const { baseUrl } = listening;
const keyed = Object.keys(settings.verification_keys).some((algorithm) => algorithm !== 'HS256');
const tokenUrl = `${baseUrl}/token`;

const provider = new Provider(baseUrl, {
  clients: await Promise.all(settings.clients.filter(usable).map(clientMetadata)),
  scopes: ['openid', 'offline_access', ...settings.scopes],
  clientAuthMethods: [
    'client_secret_basic', 'client_secret_post', 'client_secret_jwt', 'private_key_jwt', 'none',
    ...(settings.tls ? ['tls_client_auth'] : []),
  ],
  clockTolerance: 0, // a token dies when it says so
  findAccount: (_ctx, id) => ({ accountId: id, claims: () => ({ sub: id }) }),
  interactions: { url: (_ctx, { uid }) => interactionUrl(uid) },
  issueRefreshToken: (_ctx, client) => client.grantTypeAllowed('refresh_token'),
  pkce: { required: () => true },
  rotateRefreshToken: (ctx) => registered(ctx.oidc.client.clientId).rotates_refresh_tokens,
  ttl: {
    AccessToken: settings.access_token_seconds,
    ClientCredentials: settings.access_token_seconds,
    RefreshToken: settings.refresh_token_seconds,
    Grant: settings.refresh_token_seconds,
  },
  features: {
    clientCredentials: { enabled: true },
    deviceFlow: { enabled: true },
    devInteractions: { enabled: false },
    dPoP: { enabled: true, nonceSecret: randomBytes(32), requireNonce: () => true },
    introspection: { enabled: true },
    mTLS: {
      enabled: Boolean(settings.tls),
      certificateBoundAccessTokens: true,
      tlsClientAuth: true,
      getCertificate: (ctx) => certificateOf(ctx.req)?.toString(),
      certificateAuthorized: (ctx) => ctx.req.socket.authorized,
      certificateSubjectMatches: (ctx, property, expected) =>
        property === 'tls_client_auth_subject_dn' && certificateOf(ctx.req)?.subject === expected,
    },
    revocation: { enabled: true },
  },
});
provider.registerGrantType('password', passwordGrant, ['username', 'password', 'scope']);
provider.registerGrantType(JWT_BEARER, assertionGrant, ['assertion', 'scope']);

provider.registerGrantType(TOKEN_EXCHANGE, exchangeGrant, [
  'subject_token', 'subject_token_type', 'actor_token', 'actor_token_type', 'audience', 'requested_token_type', 'scope',
]);

const accessTokens = new Set();
provider.on('access_token.saved', (token) => accessTokens.add(token));
provider.on('client_credentials.saved', (token) => accessTokens.add(token));

const protocol = provider.callback();

ready(listening, async (request, response) => {
  const url = new URL(request.url, baseUrl);
  if (url.pathname === '/token' && request.method === 'POST') return token(request, response);
  if (url.pathname.startsWith(interactionUrl(''))) return interaction(provider, request, response);
  if (url.pathname === '/api/whoami') return whoami(request, response, url.searchParams.get('scope'));
  if (url.pathname === '/test/refresh_token') return mintRefreshToken(response, url.searchParams);
  if (url.pathname === '/test/revoke_access_tokens') return revokeAccessTokens(response);
  if (answerFromJournal(url.pathname, response)) return undefined;
  return protocol(request, response);
});

// The certificate that the connection of a request showed.
function certificateOf(request) {
  return request.socket.getPeerX509Certificate?.();
}

// A client that signs needs to be known by its keys, one that shows a certificate can do so by TLS alone.
function usable(client) {
  if (client.authentication === 'tls_client_auth') return Boolean(settings.tls);
  return client.authentication !== 'private_key_jwt' || keyed;
}

async function clientMetadata(client) {
  return {
    client_id: client.id,
    client_secret: client.secret ?? undefined,
    token_endpoint_auth_method: client.authentication,
    dpop_bound_access_tokens: client.bound_by === 'dpop',
    ...(settings.tls && { tls_client_certificate_bound_access_tokens: client.bound_by === 'certificate' }),
    ...(client.authentication === 'tls_client_auth' && { tls_client_auth_subject_dn: `CN=${client.id}` }),
    grant_types: client.grant_types,
    application_type: 'native', // its redirects come to loopback addresses, at any port
    redirect_uris: client.redirect_uris,
    response_types: client.redirect_uris.length > 0 ? ['code'] : [],
    jwks: client.authentication === 'private_key_jwt' ? await publicKeys() : undefined,
  };
}

async function publicKeys() {
  const asymmetric = Object.entries(settings.verification_keys).filter(([algorithm]) => algorithm !== 'HS256');
  const keys = asymmetric.map(async ([alg, pem]) => {
    const key = await importSPKI(pem, alg, { extractable: true });
    return { ...(await exportJWK(key)), alg, kid: alg };
  });
  return { keys: await Promise.all(keys) };
}

function registered(id) {
  return settings.clients.find((client) => client.id === id);
}

async function token(request, response) {
  let body = await readBody(request);
  const form = new URLSearchParams(body);
  const presented = presentedClient(request, form, formDecode);
  recordTokenRequest(request, response, form, presented);
  await pause(settings.token_delay_milliseconds);

  // RFC 7523 §2.1 lets an assertion come without a client; the provider does not. The issuer stands for it then.
  if (form.get('grant_type') === JWT_BEARER && !presented.client && !request.headers.authorization) {
    const issuer = claimOf(form.get('assertion') ?? '', 'iss');
    if (issuer) body += `&client_id=${encodeURIComponent(issuer)}`;
  }

  // The provider takes a secret from either place; a client that is registered for one must use that one here.
  const client = registered(presented.client);
  const shown = client?.authentication === 'tls_client_auth' && presented.authentication === 'none';
  const assertion = ['private_key_jwt', 'client_secret_jwt'].includes(client?.authentication) ? client.authentication : null;
  const expected = assertion && presented.authentication === 'private_key_jwt' ? 'private_key_jwt' : client?.authentication;
  if (client && !shown && expected !== presented.authentication) {
    return answer(response, 401, {
      error: 'invalid_client',
      error_description: `this client is registered for ${client.authentication}`,
    });
  }
  request.body = body;
  return protocol(request, response);
}

function formDecode(text) {
  try {
    return decodeURIComponent(text.replaceAll('+', '%20'));
  } catch {
    return null;
  }
}

async function passwordGrant(ctx) {
  const { username, password } = ctx.oidc.params;
  const user = settings.users.find((each) => each.username === username && each.password === password);
  if (!user) throw new errors.InvalidGrant('the username or the password is wrong');
  await issue(ctx, user.username, 'password');
}

async function assertionGrant(ctx) {
  let claims;
  try {
    claims = await verifyAssertion(ctx.oidc.params.assertion, settings.verification_keys, [tokenUrl, baseUrl]);
  } catch (cause) {
    throw new errors.InvalidGrant(`the assertion is refused: ${cause.message}`);
  }
  await issue(ctx, claims.sub ?? claims.iss, 'jwt_bearer');
}

// RFC 8693: a JWT of somebody whom the settings trust, or an access token that is alive, for one of our own.
async function exchangeGrant(ctx) {
  const { subject_token: token, subject_token_type: type, audience } = ctx.oidc.params;
  let account = null;
  if (type === `${TOKEN_TYPE}jwt`) {
    account = await verifyAssertion(token, settings.verification_keys, [tokenUrl, baseUrl]).then(
      (claims) => claims.sub,
      () => null,
    );
  } else if (type === `${TOKEN_TYPE}access_token`) {
    const found = (await provider.AccessToken.find(token)) ?? (await provider.ClientCredentials.find(token));
    account = found && (found.accountId ?? found.clientId);
  }
  if (!account) throw new errors.InvalidRequest('the subject token is refused');
  if (audience !== 'orders') throw new errors.InvalidTarget('nobody here is called so');
  await issue(ctx, account, 'token_exchange');
  ctx.body.issued_token_type = `${TOKEN_TYPE}access_token`;
}

// The answer of a grant that acts for an account.
async function issue(ctx, accountId, gty) {
  const { client } = ctx.oidc;
  const scope = ctx.oidc.params.scope;
  const grantId = await agreement(client.clientId, accountId, scope);
  const accessToken = new provider.AccessToken({ accountId, client, grantId, gty, scope });
  ctx.oidc.entity('AccessToken', accessToken);
  const value = await accessToken.save();
  ctx.body = { access_token: value, token_type: 'Bearer', expires_in: accessToken.expiration, scope };
  if (client.grantTypeAllowed('refresh_token') && gty === 'password') {
    ctx.body.refresh_token = await new provider.RefreshToken({ accountId, client, grantId, gty, scope }).save();
  }
}

async function agreement(clientId, accountId, scope) {
  const grant = new provider.Grant({ accountId, clientId });
  if (scope) grant.addOIDCScope(scope);
  return grant.save();
}

async function mintRefreshToken(response, query) {
  const client = await provider.Client.find(query.get('client'));
  if (!client) return answer(response, 404, { error: 'no such client' });
  const accountId = query.get('user');
  const scope = settings.scopes.join(' ');
  const grantId = await agreement(client.clientId, accountId, scope);
  const refreshToken = new provider.RefreshToken({ accountId, client, grantId, gty: 'authorization_code', scope });
  return answer(response, 200, { refresh_token: await refreshToken.save() });
}

async function revokeAccessTokens(response) {
  await Promise.all([...accessTokens].map((each) => each.destroy()));
  const revoked = accessTokens.size;
  accessTokens.clear();
  return answer(response, 200, { revoked });
}

// RFC 6750 §3.1: which status and which challenge.
async function whoami(request, response, scope) {
  const body = await readBody(request);
  const [, scheme, given] = /^(Bearer|DPoP) +(\S+)$/i.exec(request.headers.authorization ?? '') ?? [];
  const found = given && ((await provider.AccessToken.find(given)) ?? (await provider.ClientCredentials.find(given)));
  const thumbprint = found?.['x5t#S256'];
  if (thumbprint) {
    const raw = certificateOf(request)?.raw;
    const given = raw && createHash('sha256').update(raw).digest('base64url');
    if (given !== thumbprint) {
      recordApiRequest(401);
      return answer(response, 401, { error: 'invalid_token' }, { 'www-authenticate': 'Bearer error="invalid_token"' });
    }
  }
  if (found?.jkt) {
    const url = `${baseUrl}${new URL(request.url, baseUrl).pathname}`;
    const proved = { request, url, token: given, jkt: found.jkt, nonce: API_NONCE };
    const fault = scheme.toLowerCase() === 'dpop' ? await faultOfProof(proved) : 'invalid_token';
    if (fault) {
      recordApiRequest(401);
      const headers = { 'www-authenticate': `DPoP error="${fault}"`, 'dpop-nonce': API_NONCE };
      return answer(response, 401, { error: fault }, headers);
    }
  }
  const status = !found ? 401 : scope && !found.scopes.has(scope) ? 403 : 200;
  recordApiRequest(status);
  if (status === 200) {
    const { clientId, accountId } = found;
    const seen = { method: request.method, body };
    return answer(response, 200, { client: clientId, user: accountId ?? null, scope: found.scope ?? null, ...seen });
  }
  const error = status === 403 ? 'insufficient_scope' : 'invalid_token';
  const challenge = given ? `Bearer error="${error}"` : 'Bearer';
  return answer(response, status, { error }, { 'www-authenticate': challenge });
}
