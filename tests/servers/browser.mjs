// A person with a browser, headless: opens the URL, logs in, agrees (or refuses), and prints where that led to.
//
//   node browser.mjs '{"url": …, "username": …, "password": …, "agree": true}'   ->   {"url": …, "text": …}
import { chromium } from 'playwright-core';

const { url, username, password, agree } = JSON.parse(process.argv[2]);
const browser = await chromium.launch({
  executablePath: process.env.AUTHWIRE_CHROMIUM ?? '/usr/bin/chromium',
  // nothing but the page that was asked for: no background requests
  args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
    '--disable-component-update', '--disable-sync'],
});
try {
  const page = await browser.newPage();
  page.setDefaultTimeout(30_000);
  // what lies elsewhere is not reached from here, but the browser's address says where it went
  let elsewhere;
  page.on('request', (request) => { if (request.isNavigationRequest() && request.url().startsWith('https://')) elsewhere ??= request.url(); });
  const click = async (button) => {
    const arrived = page.waitForNavigation().catch((error) => { if (!elsewhere) throw error; });
    await Promise.all([arrived, button.click()]);
  };
  await page.goto(url);
  // the pages of a device login ask for the code to be confirmed first
  const confirm = page.getByRole('button', { name: /continue/i });
  if (await confirm.count()) await click(confirm.first());
  await page.fill('[name=username]', username);
  await page.fill('[name=password]', password);
  await click(page.getByRole('button', { name: 'Log in' }));
  const answer = page.getByRole('button', { name: agree ? 'Agree' : 'Refuse' });
  if (await answer.count()) await click(answer);
  const text = elsewhere ? '' : await page.innerText('body');
  console.log(JSON.stringify({ url: elsewhere ?? page.url(), text }));
} finally {
  await browser.close();
}
