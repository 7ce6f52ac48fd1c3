// Looks at the gallery in headless Chromium: `node browse.mjs axe URL` fails on a violation of WCAG 2.2 AA, a message of
// the console, a breach of the content security policy or sideways scrolling; `node browse.mjs shots URL FOLDER` takes pictures.
import puppeteer from 'puppeteer-core';
import { readFile, writeFile, mkdir } from 'node:fs/promises';

const [mode, base, folder, only] = process.argv.slice(2);
const axe = await readFile(new URL('./node_modules/axe-core/axe.min.js', import.meta.url), 'utf8');
const browser = await puppeteer.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox', '--disable-dev-shm-usage', '--disable-lcd-text'] });
const pages = ['/design', '/design/report', '/design/workspace', '/design/workspace/empty'];
let bad = 0;

async function open(path, width, query = '', height = 900) {
  const page = await browser.newPage();
  page.on('console', (m) => { if (['error', 'warn'].includes(m.type()) && !/WebGL|GPU|GroupMarker|map |status of 4(15|22)/i.test(m.text())) { bad++; console.log('console', path, m.text()); } });
  page.on('pageerror', (e) => { bad++; console.log('error', path, e.message); });
  await page.setViewport({ width, height });
  await page.goto(base + path + query, { waitUntil: 'networkidle0' });
  await page.evaluate(() => document.fonts.ready);
  return page;
}

async function check(page, what) {
  const session = await page.createCDPSession();
  await session.send('Runtime.evaluate', { expression: axe });
  const result = await session.send('Runtime.evaluate', {
    expression: `axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] }).then((r) => JSON.stringify(r.violations.map((v) => ({ id: v.id, tags: v.tags, help: v.help, nodes: v.nodes.map((n) => n.target.join(' ') + ' ' + n.failureSummary.replace(/\\s+/g, ' ').slice(0, 240)) }))))`,
    awaitPromise: true, returnByValue: true,
  });
  for (const v of JSON.parse(result.result.value)) {
    const wcag = v.tags.some((t) => t.startsWith('wcag'));
    if (wcag) bad++;
    console.log(wcag ? 'VIOLATION' : 'advice', what, v.id, v.help, '\n   ' + v.nodes.slice(0, 6).join('\n   '));
  }
  const sideways = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  if (sideways > 0) {
    bad++;
    const who = await page.evaluate(() => [...document.querySelectorAll('body *')].filter((e) => e.getBoundingClientRect().right > document.documentElement.clientWidth + 1 && !e.closest('.scroll,.sr,.tabs')).slice(0, 5).map((e) => e.outerHTML.slice(0, 120)));
    console.log('SIDEWAYS', what, sideways, who);
  }
}

if (mode === 'axe') {
  for (const path of pages) {
    for (const [width, query] of [[1280, '?theme=light'], [1280, '?theme=dark'], [390, '?lang=en'], [1280, '?contrast=high&theme=dark'], [320, '?spacing=wide'], [640, '?size=200&pictures=off']]) {
      const page = await open(path, width, query);
      await check(page, `${path}${query} ${width}`);
      await page.close();
    }
  }
  let page = await open('/design', 1280);
  await page.type('#g-addr', 'Рыб');
  await page.waitForSelector('.options:not([hidden])', { timeout: 3000 });
  await page.keyboard.press('ArrowDown');
  await check(page, 'combobox open');
  await page.keyboard.press('Enter');
  const chosen = await page.$eval('#g-addr', (e) => e.value + '|' + e.parentElement.querySelector('[data-value]').value);
  if (!chosen.endsWith('14|1')) { bad++; console.log('combobox chose', chosen); }
  await page.click('[data-dialog="g-dialog"]');
  await page.waitForSelector('#g-dialog[open]', { timeout: 3000 });
  await check(page, 'dialog open');
  await page.keyboard.press('Escape');
  await page.close();
  page = await open('/design/workspace', 1280);
  await page.keyboard.press('KeyJ');
  await page.keyboard.press('KeyJ');
  await page.keyboard.press('KeyX');
  const text = await page.$eval('[data-chosen]', (e) => e.textContent);
  if (!/2$/.test(text)) { bad++; console.log('keys j, j, x chose', text); }
  await page.keyboard.type('?');
  await page.waitForSelector('#keys[open]', { timeout: 3000 });
  await check(page, 'keys open');
  await page.keyboard.press('Escape');
  await page.keyboard.press('Slash');
  if (await page.evaluate(() => document.activeElement.id) !== 'find') { bad++; console.log('/ does not lead to the search'); }
  await page.close();

  // A form: too long a text is told, a draft is kept, files go at once, one too big and one refused stay visible, a
  // refused form keeps what was typed, a sent one forgets its draft.
  await writeFile('/tmp/okno-a.txt', 'x'.repeat(300));
  await writeFile('/tmp/okno-b.exe', 'x');
  await writeFile('/tmp/okno-c.txt', 'x'.repeat(900));
  const expect = (what, got, want) => { if (!want.test(String(got))) { bad++; console.log(`${what}: ${got}, want ${want}`); } };
  page = await open('/design/form', 1280);
  await page.type('#text', 'Яма во дворе');
  await new Promise((r) => setTimeout(r, 700));
  await page.reload({ waitUntil: 'networkidle0' });
  expect('draft', await page.$eval('#text', (e) => e.value), /^Яма во дворе$/);
  await (await page.$('#files')).uploadFile('/tmp/okno-a.txt', '/tmp/okno-b.exe', '/tmp/okno-c.txt');
  await page.waitForSelector('input[name="attachment"]', { timeout: 3000 });
  await new Promise((r) => setTimeout(r, 300));
  expect('files', await page.$eval('.files', (e) => e.innerText.replace(/\s+/g, ' ')), /okno-a\.txt.*300 Б, загружено.*okno-b\.exe.*не принимаем.*okno-c\.txt.*можно 1 КБ/);
  await check(page, 'form with files');
  await page.type('#text', ' и ещё длиннее');
  expect('limit', await page.$eval('.left', (e) => e.textContent), /Лишних знаков: 6/);
  await page.$eval('#text', (e) => { e.value = ''; });
  await Promise.all([page.waitForNavigation({ waitUntil: 'networkidle0' }), page.click('main button.btn:not([type="button"])')]);
  expect('focus after a refusal', await page.evaluate(() => document.activeElement.className), /errors/);
  await check(page, 'refused form');
  await page.type('#text', 'Люк');
  await new Promise((r) => setTimeout(r, 600));
  await Promise.all([page.waitForNavigation({ waitUntil: 'networkidle0' }), page.click('main button.btn:not([type="button"])')]);
  expect('sent', decodeURIComponent(page.url()), /got=Люк\|/);
  expect('draft after sending', await page.evaluate(() => Object.keys(localStorage).join()), /^$/);
  await page.close();
  console.log(bad ? `${bad} failures` : 'no violations');
} else {
  await mkdir(folder, { recursive: true });
  for (const [name, path, width, query] of [
    ['gallery-1280', '/design', 1280, '?theme=light'], ['gallery-390', '/design', 390, '?theme=light'], ['gallery-1280-dark', '/design', 1280, '?theme=dark'], ['gallery-1280-high', '/design', 1280, '?contrast=high&theme=light'],
    ['gallery-1280-en', '/design', 1280, '?lang=en'], ['report-1280', '/design/report', 1280, '?theme=light'], ['report-390-dark', '/design/report', 390, '?theme=dark'], ['report-390', '/design/report', 390, ''], ['out-390', '/design/form', 390, '?out=1'], ['out-320', '/design/form', 320, '?out=1'], ['report-320-size200', '/design/report', 640, '?size=200&spacing=wide'],
    ['workspace-1280', '/design/workspace', 1280, ''], ['workspace-1280-dark', '/design/workspace', 1280, '?theme=dark'], ['workspace-390', '/design/workspace', 390, ''], ['workspace-800', '/design/workspace', 800, ''], ['workspace-1600-high', '/design/workspace', 1600, '?contrast=high'], ['empty-1280', '/design/workspace/empty', 1280, ''], ['empty-390', '/design/workspace/empty', 390, ''],
    ['workspace-1280-size200', '/design/workspace', 1280, '?size=200'],
  ]) {
    if (only && !name.startsWith(only)) continue;
    const page = await open(path, width, query);
    await new Promise((r) => setTimeout(r, 300));
    const high = await page.evaluate(() => document.documentElement.scrollHeight);
    const step = 2200; // a long page in pieces that can be looked at
    for (let y = 0, n = 1; y < high; y += step, n++) {
      await page.screenshot({ path: `${folder}/${name}${high > step ? '-' + n : ''}.png`, captureBeyondViewport: true, clip: { x: 0, y, width, height: Math.min(step, high - y) } });
    }
    await page.close();
  }
}
await browser.close();
process.exit(bad && mode === 'axe' ? 1 : 0);
