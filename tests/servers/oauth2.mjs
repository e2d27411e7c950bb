// @node-oauth/oauth2-server on express, and its quirks: it takes ids and secrets in Basic as they are, without
// form-decoding; it answers a client that shows itself in the wrong way with 403 and nothing else.
//
//   POST /token                       the token endpoint
//   *    /api/whoami                  whose token was sent; 401 without a live one
//   GET  /test/counts                 what came so far, as numbers
//   GET  /test/token_requests         every token request so far, as it came
//   POST /test/revoke_access_tokens   no access token given out so far is good any longer
import { answer, listen, pause, readBody, ready, settings } from './serve.mjs';
import { answerFromJournal, presentedClient, recordApiRequest, recordTokenRequest } from './journal.mjs';
import OAuth2Server from '@node-oauth/oauth2-server';
import express from 'express';

const accessTokens = new Map();
const refreshTokens = new Map();

const oauth = new OAuth2Server({
  model: {
    getClient(id, secret) {
      const client = settings.clients.find((each) => each.id === id && each.secret === (secret || null));
      return client && { id: client.id, grants: client.grant_types };
    },
    getUser(username, password) {
      return settings.users.find((each) => each.username === username && each.password === password);
    },
    getUserFromClient: (client) => ({ username: client.id }),
    validateScope(_user, _client, scope = []) {
      return scope.every((each) => settings.scopes.includes(each)) && scope;
    },
    saveToken(token, client, user) {
      const saved = { ...token, client, user };
      accessTokens.set(token.accessToken, saved);
      if (token.refreshToken) refreshTokens.set(token.refreshToken, saved);
      return saved;
    },
    getAccessToken: (token) => accessTokens.get(token),
    getRefreshToken: (token) => refreshTokens.get(token),
    revokeToken: (token) => refreshTokens.delete(token.refreshToken),
  },
});

const app = express();
app.disable('x-powered-by');

app.post('/token', caught(async (request, response) => {
  const form = new URLSearchParams(await readBody(request));
  const presented = presentedClient(request, form, (text) => text);
  recordTokenRequest(request, response, form, presented);
  await pause(settings.token_delay_milliseconds);

  const client = settings.clients.find((each) => each.id === presented.client);
  if (client && client.authentication !== presented.authentication) return response.status(403).end();

  request.body = Object.fromEntries(form);
  const oauthResponse = new OAuth2Server.Response(response);
  try {
    await oauth.token(new OAuth2Server.Request(request), oauthResponse, {
      accessTokenLifetime: settings.access_token_seconds,
      refreshTokenLifetime: settings.refresh_token_seconds,
      alwaysIssueNewRefreshToken: client?.rotates_refresh_tokens ?? true,
      requireClientAuthentication: { password: client?.secret !== null, refresh_token: client?.secret !== null },
    });
  } catch (error) {
    if (!(error instanceof OAuth2Server.OAuthError)) throw error;
  }
  return answer(response, oauthResponse.status, oauthResponse.body, oauthResponse.headers);
}));

app.all('/api/whoami', caught(async (request, response) => {
  const body = await readBody(request);
  // The library would also take a token from the query or a form; this API does not.
  request.query = {};
  request.body = {};
  const oauthResponse = new OAuth2Server.Response(response);
  try {
    const { client, user, scope } = await oauth.authenticate(new OAuth2Server.Request(request), oauthResponse);
    recordApiRequest(200);
    const seen = { method: request.method, body };
    return answer(response, 200, { client: client.id, user: user.username, scope: scope?.join(' ') ?? null, ...seen });
  } catch (error) {
    if (!(error instanceof OAuth2Server.OAuthError)) throw error;
    recordApiRequest(error.code);
    return answer(response, error.code, { error: error.name }, oauthResponse.headers);
  }
}));

app.post('/test/revoke_access_tokens', (_request, response) => {
  const revoked = accessTokens.size;
  accessTokens.clear();
  answer(response, 200, { revoked });
});

app.use((request, response, next) => {
  if (!answerFromJournal(request.path, response)) next();
});

ready(await listen(), app);

// Express 4 does not look at what a handler promised.
function caught(handle) {
  return (request, response, next) => handle(request, response).catch(next);
}
