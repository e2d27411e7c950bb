// Verifies a JWT as an authorization server must (RFC 7523 §3), by jose.
import { createSecretKey } from 'node:crypto';
import { importSPKI, jwtVerify } from 'jose';

// `keys` maps an algorithm to its key: a public key as PEM, or for HS256 the secret as text.
export async function verifyAssertion(assertion, keys, audience) {
  const keyFor = async ({ alg }) => {
    if (!Object.hasOwn(keys, alg)) throw new Error(`no key for the algorithm ${alg}`);
    return alg === 'HS256' ? createSecretKey(Buffer.from(keys[alg], 'utf8')) : importSPKI(keys[alg], alg);
  };
  const options = { algorithms: Object.keys(keys), audience, requiredClaims: ['iss', 'exp'] };
  const { payload } = await jwtVerify(assertion, keyFor, options);
  return payload;
}
