// The whole page against the mock: what check.mjs looks at, and sessions, subscriptions, forms and themes.
//   node test.mjs [folder for screenshots]

import assert from "node:assert/strict";
import { join } from "node:path";
import { launch, open, result, run, signIn } from "./check.mjs";
import { start } from "./mock.mjs";

const shots = process.argv[2];
const browser = await launch();
let failed = 0;

async function test(name, { server = {}, context = {} }, body) {
  const mock = await start(server);
  try {
    const { page, wrong } = await open(browser, mock.url, context);
    const shot = (file) => shots && page.screenshot({ path: join(shots, `${file}.png`) });
    const allowed = (await body({ page, mock, shot })) ?? /^$/;
    assert.deepEqual(wrong.filter((line) => !allowed.test(line)), []);
    console.log(`ok    ${name}`);
    await page.context().close();
  } catch (cause) {
    failed += 1;
    console.log(`WRONG ${name}\n${cause.message}`);
  } finally {
    mock.stop();
  }
}

const REFUSED = /HTTP 401|status of 401/;
const RELOAD = /ERR_ABORTED/; // What was still loading when the test reloaded the page.

const tab = (page, name) => page.locator(".graphiql-tab-button", { hasText: name }).click();

await test("the menus, and one click to the persona of an example", {}, async ({ page, mock, shot }) => {
  await shot("first");
  await page.locator("[data-menu=examples] .opener").click();
  await shot("examples");
  await page.locator("[data-menu=examples] .item").nth(1).click();
  await page.locator(".graphiql-tab-active", { hasText: "WhoAmI" }).waitFor();
  await page.locator("[data-menu=account] .opener").click();
  await shot("personas");
  await page.keyboard.press("Escape");
  await page.locator("#bar .offer").click();
  await page.locator("[data-signed-in='university.admin']").waitFor();
  assert.equal(await page.locator("#bar .offer").count(), 0);
  await run(page);
  await result(page, "UNIVERSITY_ADMIN");
  await tab(page, "FrameworkAgreements");
  await page.locator("#bar .offer").waitFor();
  await shot("offer");
  await page.locator("#bar .offer").click();
  await page.locator("[data-signed-in='county.admin']").waitFor();
  await page.waitForTimeout(200);
  assert.equal(mock.seen.ended, 1, "the first session is ended");
  await page.reload();
  await page.locator("[data-signed-in='county.admin']").waitFor();
  await page.locator("[data-menu=account] .opener").click();
  await page.locator("#bar .leave").click();
  await page.locator("#bar .prominent").waitFor();
  assert.equal(await page.evaluate(() => sessionStorage.getItem("hezuo:session")), null);
  return RELOAD;
});

await test("an example that was closed is opened again, with its variables", {}, async ({ page }) => {
  await page.locator(".graphiql-tab-close").first().click();
  await page.locator("[data-menu=examples] .opener").click();
  await page.locator("[data-menu=examples] .item").first().click();
  await page.locator(".graphiql-tab-active", { hasText: "FrameworkAgreements" }).waitFor();
  assert.match(await page.locator(".graphiql-editor-tool .view-lines").first().textContent(), /first/);
});

await test("the tabs and their variables are there after a reload", {}, async ({ page, shot }) => {
  await page.waitForTimeout(800);
  await page.reload();
  await page.locator(".graphiql-editor-tool .view-line", { hasText: "first" }).waitFor();
  assert.equal(await page.locator(".graphiql-tab-button").count(), 3);
  await tab(page, "WhoAmI");
  await page.waitForTimeout(800);
  await page.reload();
  await page.locator(".graphiql-tab-active", { hasText: "WhoAmI" }).waitFor();
  assert.equal(await page.locator(".graphiql-tab-button").count(), 3);
  await page.locator(".graphiql-query-editor .view-line", { hasText: "WhoAmI" }).waitFor();
  await shot("reloaded");
  return RELOAD;
});

await test("a token that the server refuses is renewed once", {}, async ({ page, mock }) => {
  await signIn(page, "county.admin");
  mock.forget();
  await run(page);
  await result(page, '"data"');
  assert.equal(mock.seen.renewals, 1);
  return REFUSED;
});

await test("a session that has ended says so", {}, async ({ page, mock, shot }) => {
  await signIn(page, "county.admin");
  mock.forget();
  await page.evaluate(() => {
    const session = JSON.parse(sessionStorage.getItem("hezuo:session"));
    sessionStorage.setItem("hezuo:session", JSON.stringify({ ...session, refreshToken: "spent" }));
  });
  await page.reload();
  await page.locator(".graphiql-query-editor .view-line").first().waitFor();
  await page.locator("#bar .said", { hasText: "会话已结束" }).waitFor();
  await shot("ended");
  return new RegExp(`${REFUSED.source}|${RELOAD.source}`);
});

await test("a session is renewed before it expires, and a subscription outlives its token", { server: { ttl: 8 } }, async ({ page, mock, shot }) => {
  await signIn(page, "enterprise.admin");
  await tab(page, "AgreementChanges");
  await run(page);
  await result(page, "agreementChanged");
  await shot("subscription");
  await page.waitForTimeout(11_000);
  assert.ok(mock.seen.renewals >= 1, "renewed");
  assert.equal(mock.seen.sockets, 2, "the socket was opened again");
  assert.equal(new Set(mock.seen.tokens.filter((token) => token?.startsWith("Bearer access"))).size >= 2, true);
  await page.locator(".graphiql-execute-button[aria-label^=Stop]").waitFor();
  await run(page);
  await page.locator(".graphiql-execute-button[aria-label^=Execute]").waitFor();
  await tab(page, "WhoAmI");
  await page.waitForTimeout(1500);
  assert.equal(await page.locator(".result-window .view-lines").textContent(), "", "a stopped subscription is silent");
});

await test("a duplicated tab shares the renewed session", { server: { ttl: 12 } }, async ({ page, mock }) => {
  await signIn(page, "county.admin");
  const session = await page.evaluate(() => sessionStorage.getItem("hezuo:session"));
  const twin = await page.context().newPage();
  await twin.addInitScript((value) => sessionStorage.setItem("hezuo:session", value), session);
  await twin.goto(`${mock.url}/graphiql`);
  await twin.locator("[data-signed-in='county.admin']").waitFor();
  await page.waitForTimeout(8_000);
  await page.locator("[data-signed-in='county.admin']").waitFor();
  await twin.locator("[data-signed-in='county.admin']").waitFor();
  assert.ok(mock.seen.renewals <= 2);
});

await test("a header of the editor wins over the session, in HTTP and in the socket", {}, async ({ page, mock }) => {
  await signIn(page, "county.admin");
  await page.getByRole("button", { name: "Headers", exact: true }).click();
  await page.locator(".graphiql-editor-tool .monaco-editor").nth(1).click();
  await page.keyboard.insertText('{"Authorization": "Bearer own"}');
  await page.waitForTimeout(300);
  await run(page);
  await result(page, "UNAUTHENTICATED");
  assert.equal(mock.seen.tokens.at(-1), "Bearer own");
  assert.equal(mock.seen.renewals, 0);
  return REFUSED;
});

await test("not a demo: a form, and a wrong password", { server: { demo: false } }, async ({ page, shot }) => {
  await page.locator("[data-menu=account] .opener").click();
  await page.locator("#bar input[name=login]").fill("county.admin");
  await page.locator("#bar input[name=password]").fill("wrong");
  await page.locator("#bar form button").click();
  await page.locator("#bar [role=alert]", { hasText: "账号或密码错误" }).waitFor();
  await shot("form");
  await page.locator("#bar input[name=password]").fill("hezuo-demo");
  await page.keyboard.press("Enter");
  await page.locator("[data-signed-in='county.admin']").waitFor();
  await run(page);
  await result(page, "__typename");
});

await test("documentation, history, prettify, completion, dark", { context: { colorScheme: "dark" } }, async ({ page, shot }) => {
  await signIn(page, "county.admin");
  await run(page);
  await result(page, '"data"');
  await page.getByRole("button", { name: "Show Documentation Explorer" }).click();
  await page.locator(".graphiql-doc-explorer-content a", { hasText: "Query" }).first().click();
  await page.locator(".graphiql-doc-explorer-content", { hasText: "合作协议列表" }).waitFor();
  await shot("dark-docs");
  await page.getByRole("button", { name: "Show History" }).click();
  await page.locator(".graphiql-history-item", { hasText: "FrameworkAgreements" }).waitFor();
  await page.getByRole("button", { name: /Prettify/ }).click();
  await page.locator(".graphiql-query-editor .view-line", { hasText: "框架协议" }).waitFor();
  await page.locator(".graphiql-query-editor .view-line", { hasText: /^\s*displayName\s*$/ }).waitFor();
  await page.locator(".graphiql-query-editor .view-line", { hasText: "number" }).click();
  await page.keyboard.press("End");
  await page.keyboard.press("Enter");
  await page.keyboard.type("sta");
  await page.locator(".suggest-widget .monaco-list-row", { hasText: "startsOn" }).waitFor();
  await shot("dark-complete");
  await page.keyboard.press("Escape");
  await page.keyboard.press("F1");
  await page.keyboard.type("Run");
  await page.locator(".quick-input-widget", { hasText: "Run Operation" }).waitFor();
  await page.keyboard.press("Escape");
  await page.setViewportSize({ width: 720, height: 900 });
  await page.waitForTimeout(300);
  await shot("dark-narrow");
});

await browser.close();
process.exit(failed ? 1 : 0);
