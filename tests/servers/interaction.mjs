// What a person sees at oidc-provider: a form for user name and password, which have to be right, and one to agree.
import { readBody, settings } from './serve.mjs';

export const interactionUrl = (uid) => `/interaction/${uid}`;

const FORMS = {
  login: `<label>User <input name="username" autofocus></label> <label>Password <input name="password" type="password"></label>
    <button>Log in</button>`,
  consent: '<button name="agree" value="yes">Agree</button> <button name="agree" value="no">Refuse</button>',
};

export async function interaction(provider, request, response) {
  const { prompt, params, session, grantId } = await provider.interactionDetails(request, response);
  if (request.method !== 'POST') return page(response, 200, prompt.name);
  const form = new URLSearchParams(await readBody(request));
  const finish = (result) => provider.interactionFinished(request, response, result, { mergeWithLastSubmission: true });
  if (prompt.name === 'login') {
    const [username, password] = [form.get('username'), form.get('password')];
    const known = settings.users.some((user) => user.username === username && user.password === password);
    return known ? finish({ login: { accountId: username } }) : page(response, 401, prompt.name, 'wrong user or password');
  }
  if (form.get('agree') !== 'yes') return finish({ error: 'access_denied', error_description: 'the person refused' });
  const { accountId } = session;
  const grant = (grantId && (await provider.Grant.find(grantId))) ?? new provider.Grant({ accountId, clientId: params.client_id });
  grant.addOIDCScope(params.scope);
  return finish({ consent: { grantId: await grant.save() } });
}

function page(response, status, prompt, problem = '') {
  response.writeHead(status, { 'content-type': 'text/html; charset=utf-8' });
  response.end(`<!doctype html><title>${prompt}</title><p>${problem}</p><form method="post">${FORMS[prompt]}</form>`);
}
