// Verifies proofs of a key as a resource server must (RFC 9449 §4.3, §7), by jose.
import { createHash } from 'node:crypto';
import { EmbeddedJWK, calculateJwkThumbprint, jwtVerify } from 'jose';

const seen = new Set();

// Why the request does not prove that it holds the key of `jkt`; null if it does. `use_dpop_nonce` if it lacks `nonce`.
export async function faultOfProof({ request, url, token, jkt, nonce }) {
  const proof = request.headers.dpop;
  if (!proof) return 'invalid_dpop_proof';
  let verified;
  try {
    verified = await jwtVerify(proof, EmbeddedJWK, { typ: 'dpop+jwt', algorithms: ['ES256'], maxTokenAge: 60 });
  } catch {
    return 'invalid_dpop_proof';
  }
  const { payload, protectedHeader } = verified;
  if (payload.nonce !== nonce) return 'use_dpop_nonce';
  const hash = createHash('sha256').update(token).digest('base64url');
  const right =
    payload.htm === request.method &&
    payload.htu === url &&
    payload.ath === hash &&
    payload.jti &&
    !seen.has(payload.jti) &&
    (await calculateJwkThumbprint(protectedHeader.jwk)) === jkt;
  seen.add(payload.jti);
  return right ? null : 'invalid_dpop_proof';
}
