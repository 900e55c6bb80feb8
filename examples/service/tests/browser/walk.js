// Walks the page in Chromium: `node walk.js SERVICE PICTURES`, the program and a folder for screenshots.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync } from "node:fs";
import { createInterface } from "node:readline";
import { chromium } from "playwright-core";

const [program, pictures] = process.argv.slice(2);
mkdirSync(pictures, { recursive: true });

const service = spawn(program, {
  env: { LISTEN: "127.0.0.1:0", DEVELOPMENT: "1", ACCESS_SECONDS: "120", REFRESH_SECONDS: "600", RUST_LOG: "off" },
  stdio: ["ignore", "pipe", "inherit"],
});
const [line] = await once(createInterface(service.stdout), "line");
// To a browser, localhost is as good as HTTPS: it keeps cookies with Secure.
const url = line.replace("listening on ", "").replace("127.0.0.1", "localhost");

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync"],
});

// A page in a context of its own, and what went wrong in it. That a request is refused is not wrong: the page shows it.
async function open(options) {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  const wrong = [];
  page.on("pageerror", (error) => wrong.push(error.message));
  page.on("console", (message) => {
    if (message.type() === "error" && !message.text().startsWith("Failed to load resource")) wrong.push(message.text());
  });
  await page.goto(url);
  return { context, page, wrong };
}

const newest = (page, text) => page.locator("#log li").first().filter({ hasText: text }).waitFor();

async function press(page, name, answer) {
  await page.getByRole("button", { name, exact: true }).click();
  await newest(page, answer);
}

async function cookies() {
  const { context, page, wrong } = await open({ viewport: { width: 1000, height: 1100 } });
  await page.getByLabel("Password").fill("wrong");
  await press(page, "Log in", "Log in: 401 error: login");
  await page.getByLabel("Password").fill("correct horse");
  await press(page, "Log in", "Log in: 200");

  const kept = new Map((await context.cookies()).map((cookie) => [cookie.name, cookie]));
  const readable = await page.evaluate(() => document.cookie);
  for (const [name, csrf] of [["access_token_cookie", "csrf_access_token"], ["refresh_token_cookie", "csrf_refresh_token"]]) {
    assert.ok(kept.get(name).httpOnly && kept.get(name).secure);
    assert.ok(!readable.includes(name) && !readable.includes(kept.get(name).value), "script reads a token");
    assert.ok(readable.includes(`${csrf}=${kept.get(csrf).value}`));
  }
  assert.equal(await page.locator("#readable").textContent(), readable);

  const full = await page.locator("#access").evaluate((bar) => bar.value);
  await page.waitForFunction((full) => document.getElementById("access").value < full - 0.01, full);
  assert.match(await page.locator("#access-left").textContent(), /^1 min 5\d s left$/);

  await press(page, "Who am I?", "Who am I?: 200 user: alice, fresh: true");
  await press(page, "Transfer (needs a fresh token)", "Transfer: 200 to: bob, amount: 10");
  await press(page, "Refresh", "Refresh: 200");
  await press(page, "Transfer (needs a fresh token)", "Transfer: 401 error: fresh_token_required");
  assert.ok(await page.getByRole("button", { name: "Replay the old refresh token" }).isDisabled());
  await page.screenshot({ path: `${pictures}/desktop.png`, fullPage: true });
  await press(page, "Log out", "Log out: 204");
  assert.deepEqual(await context.cookies(), []);
  await press(page, "Who am I?", "Who am I?: 401 error: missing_token");
  assert.deepEqual(wrong, []);
  await context.close();
}

// With the keyboard alone, on a phone.
async function replay() {
  const { context, page, wrong } = await open({ viewport: { width: 360, height: 740 }, colorScheme: "dark" });
  const focus = async (name) => {
    const focused = () => page.evaluate(() => {
      const { labels, textContent, value } = document.activeElement;
      return labels?.[0]?.textContent.trim() || textContent.trim() || value;
    });
    for (let step = 0; step < 20; step++) {
      await page.keyboard.press("Tab");
      if ((await focused()).startsWith(name)) return;
    }
    assert.fail(`Tab does not lead to ${name}`);
  };
  await focus("Password");
  await page.keyboard.type("correct horse");
  await focus("HttpOnly cookies");
  await page.keyboard.press("ArrowDown");
  await focus("Log in");
  await page.keyboard.press("Enter");
  await newest(page, "Log in: 200");
  assert.deepEqual(await context.cookies(), []);
  await focus("Refresh");
  await page.keyboard.press("Enter");
  await newest(page, "Refresh: 200");
  await focus("Replay");
  await page.keyboard.press("Space");
  await newest(page, "Who am I?: 401 error: revoked_token");
  const answers = await page.locator("#log li").allTextContents();
  assert.ok(answers[2].startsWith("Replay the old refresh token: 401 error: revoked_token"));
  assert.ok(answers[1].startsWith("Refresh with the new one: 401 error: revoked_token"));

  for (const token of ["access", "refresh"]) {
    assert.equal(await page.locator(`#${token}-left`).textContent(), "revoked");
    assert.equal(await page.locator(`#${token}`).evaluate((bar) => bar.value), 0);
  }
  assert.equal(await page.evaluate(() => document.scrollingElement.scrollWidth), 360, "the page scrolls sideways");
  const low = await page.locator("button").evaluateAll((buttons) => buttons.filter((button) => button.offsetHeight < 44).length);
  assert.equal(low, 0, "a button is too small for a finger");
  await page.screenshot({ path: `${pictures}/phone.png`, fullPage: true });
  assert.deepEqual(wrong, []);
  await context.close();
}

try {
  await cookies();
  await replay();
  console.log("the page was walked; script read no token");
} finally {
  await browser.close();
  service.kill();
}
