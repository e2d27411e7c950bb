// Signs or verifies one JWT, by a library that nobody here wrote:
//   jwt.mjs sign   {"key": PEM or secret, "header": {"alg": …}, "claims": {…}}   prints the token
//   jwt.mjs verify {"token": …, "keys": {ALGORITHM: PEM or secret}, "audience": […]}   prints its claims
import { createPrivateKey, createSecretKey } from 'node:crypto';
import { SignJWT } from 'jose';
import { verifyAssertion } from './assertion.mjs';

const [action, text] = process.argv.slice(2);
const order = JSON.parse(text);

if (action === 'sign') {
  const secret = order.header.alg.startsWith('HS');
  const key = secret ? createSecretKey(Buffer.from(order.key, 'utf8')) : createPrivateKey(order.key);
  process.stdout.write(await new SignJWT(order.claims).setProtectedHeader(order.header).sign(key));
} else if (action === 'verify') {
  process.stdout.write(JSON.stringify(await verifyAssertion(order.token, order.keys, order.audience)));
} else {
  throw new Error(`no such action: ${action}`);
}
