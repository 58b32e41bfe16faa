// Opens the page in a real browser, without a network, and looks whether it works.
//   node check.mjs [base URL, default http://localhost:8080] [screenshot.png]     CHROMIUM=/path/to/chromium

import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";

const FLAGS = [
  "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
  "--disable-component-update", "--disable-sync",
];

export const launch = () => chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: FLAGS });

/** A page that records everything that is wrong with it. */
export async function open(browser, base, options = {}) {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, locale: "zh-CN", ...options });
  const page = await context.newPage();
  const wrong = [];
  const host = new URL(base).host;
  await context.route("**/*", (route) => {
    const url = new URL(route.request().url());
    if (url.host === host || ["data:", "blob:"].includes(url.protocol)) return route.continue();
    wrong.push(`request to another host: ${url}`);
    return route.abort();
  });
  await context.addInitScript(() => {
    addEventListener("securitypolicyviolation", (event) => console.error(`CSP: ${event.violatedDirective} ${event.blockedURI}`));
  });
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) wrong.push(`console ${message.type()}: ${message.text()}`);
  });
  page.on("pageerror", (error) => wrong.push(`uncaught: ${error}`));
  page.on("requestfailed", (request) => wrong.push(`failed: ${request.url()} ${request.failure()?.errorText}`));
  page.on("response", (response) => {
    if (response.status() >= 400) wrong.push(`HTTP ${response.status()}: ${response.url()}`);
  });
  page.on("websocket", (socket) => {
    if (new URL(socket.url()).host !== host) wrong.push(`socket to another host: ${socket.url()}`);
  });
  await page.goto(`${base}/graphiql`);
  await page.locator(".graphiql-query-editor .view-line").first().waitFor();
  return { page, wrong };
}

export const run = (page) => page.locator(".graphiql-execute-button").click();

/** Waits until the result pane shows `text`. (Monaco writes spaces as no-break spaces.) */
export const result = (page, text) =>
  page.waitForFunction(
    (wanted) => document.querySelector(".result-window")?.textContent.replaceAll("\u00a0", " ").includes(wanted),
    text,
    { timeout: 20_000 },
  );

export async function signIn(page, login) {
  await page.locator("[data-menu=account] .opener").click();
  await page.locator(`[data-login="${login}"]`).click();
  await page.locator(`[data-menu=account][data-signed-in="${login}"]`).waitFor();
}

async function check(base, screenshot) {
  const browser = await launch();
  const said = (line) => console.log(`ok    ${line}`);
  try {
    const { page, wrong } = await open(browser, base);
    said("the page opens and its editor is there");

    const config = await page.evaluate(() => fetch("/graphiql/config.json").then((response) => response.json()));
    const [persona] = config.personas;
    if (persona) {
      await signIn(page, persona.login);
      said(`signed in as ${persona.login} in two clicks`);
    } else {
      console.log("--    no personas: not a demo, signing in is not checked");
    }

    await run(page);
    await result(page, '"data"');
    said("the first tab's operation answers with data");

    await page.getByRole("button", { name: /GraphiQL Explorer/ }).click();
    await page.locator(".graphiql-explorer-root input, .graphiql-explorer-root [data-field-name], .graphiql-explorer-node").first().waitFor();
    said("the explorer shows the schema");

    await page.waitForTimeout(1000); // What goes wrong late should be seen too.
    const workers = page.workers().map((worker) => new URL(worker.url()).pathname);
    if (!workers.some((path) => path.endsWith("/graphql.worker.js"))) wrong.push(`no GraphQL worker runs: ${workers}`);
    else said(`workers run: ${[...new Set(workers)].map((path) => path.split("/").pop()).sort().join(", ")}`);

    if (screenshot) await page.screenshot({ path: screenshot });
    for (const line of wrong) console.log(`WRONG ${line}`);
    if (wrong.length === 0) said("no console error or warning, no CSP violation, no failed request, no other host");
    return wrong.length === 0;
  } catch (cause) {
    console.log(`WRONG ${cause.message}`);
    return false;
  } finally {
    await browser.close();
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [base = "http://localhost:8080", screenshot] = process.argv.slice(2);
  process.exit((await check(base.replace(/\/$/, ""), screenshot)) ? 0 : 1);
}
