// Opens pages in Chromium, with and without script, at 360 px: what axe-core finds, what overflows, what is logged, and
// whether a form can be sent by keyboard alone. Arguments: a JSON list of {url, act, shot, headers}; answers with a JSON list.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { chromium } from 'playwright-core';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const tasks = JSON.parse(process.argv[2]);
const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu'] });

async function look(task, options) {
  const context = await browser.newContext({ viewport: { width: 360, height: 740 }, locale: 'fr-FR', extraHTTPHeaders: task.headers, ...options });
  const page = await context.newPage();
  const said = [];
  page.on('console', (message) => message.location().url.endsWith('/favicon.ico') || said.push(message.text()));
  page.on('pageerror', (error) => said.push(String(error)));
  const answer = await page.goto(task.url);
  const found = { url: task.url, status: answer.status(), said };
  if (options.javaScriptEnabled !== false) {
    for (const fold of await page.locator('summary').all()) await fold.click();
    await page.evaluate(axe);
    const { violations } = await page.evaluate(() => globalThis.axe.run());
    found.violations = violations.map((one) => `${one.impact} ${one.id}: ${one.nodes.map((node) => node.target.join(' ')).join(', ')}`);
    found.overflow = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    found.small = await page.evaluate(() => [...document.querySelectorAll('button, summary, input:not([type=hidden])')]
      .filter((one) => one.getBoundingClientRect().height < 20).map((one) => one.outerHTML));
  }
  if (task.shot) await page.screenshot({ path: task.shot, fullPage: true });
  if (task.act) {
    await page.locator(`form:has(input[name=act][value=${task.act}]) button`).focus();
    await Promise.all([page.waitForURL(/done=/), page.keyboard.press('Enter')]);
    found.after = await page.locator('[role=status]').innerText();
  }
  await context.close();
  return found;
}

const answers = [];
for (const task of tasks) answers.push(await look(task, { bypassCSP: true }));
for (const task of tasks) answers.push(await look({ url: task.url, act: task.plain, headers: task.headers }, { javaScriptEnabled: false }));
await browser.close();
console.log(JSON.stringify(answers));
