// The page in a browser: what it shows as the clock moves, by mouse and keyboard, on a narrow screen, in light and dark; and
// that nothing leaves it.
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";
import { serve } from "../page/serve.js";
import { SKIP, withBrowser } from "./chromium.js";

const SECRET = "0123456789abcdef0123456789abcdef";
// {"fresh":false,"iat":1767225600,"jti":"0f3d7e0a-8c2b-4f5e-9d61-2b7c3a9e4f10","type":"access","sub":"alice",
// "nbf":1767225600,"csrf":"7b1e9c42-53da-4b0f-8a7e-6d2f1c0b9a38","exp":1767226500}
const TOKEN =
  "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9." +
  "eyJmcmVzaCI6ZmFsc2UsImlhdCI6MTc2NzIyNTYwMCwianRpIjoiMGYzZDdlMGEtOGMyYi00ZjVlLTlkNjEtMmI3YzNhOWU0ZjEwIiwidHlwZSI6" +
  "ImFjY2VzcyIsInN1YiI6ImFsaWNlIiwibmJmIjoxNzY3MjI1NjAwLCJjc3JmIjoiN2IxZTljNDItNTNkYS00YjBmLThhN2UtNmQyZjFjMGI5YTM4" +
  "IiwiZXhwIjoxNzY3MjI2NTAwfQ." +
  "HL-3pwe-84t4G1u3XG5q6ugbaJl6wZwRMWLCUAGSXr8";

const served = await serve(fileURLToPath(new URL("..", import.meta.url)), 0);
after(() => served.close());
const address = `http://localhost:${served.address().port}/page/`;

/** Opens the page and passes it on with what it has asked the network for. */
function onPage(use) {
  return withBrowser(async (browser) => {
    const page = await browser.newPage();
    const requests = [];
    page.on("request", (request) => requests.push(request));
    page.on("pageerror", (error) => assert.fail(error));
    await page.goto(address);
    await page.getByRole("status").getByText("Fresh", { exact: true }).waitFor();
    await use(page, requests);
  });
}

const verdict = (page) => page.locator("#verdict-word").textContent();
const rule = (page) => page.locator("#verdict-rule").textContent();
const jump = (page, name) => page.getByRole("button", { name, exact: true }).click();

async function paste(page, secret, token) {
  await page.getByLabel("Secret").fill(secret);
  await page.getByRole("textbox", { name: "Token" }).fill(token);
}

test("an issued token's life, by the clock", { skip: SKIP }, () =>
  onPage(async (page) => {
    const seen = [];
    const look = async () => seen.push([await verdict(page), await rule(page)]);
    const slider = page.getByRole("slider", { name: "The time at which the token is verified" });
    await slider.press("Home");
    await look();
    for (const name of ["Issued", "Valid from", "Fresh until"]) {
      await jump(page, name);
      await look();
    }
    await jump(page, "Expires");
    await slider.press("ArrowLeft");
    await look();
    await slider.press("ArrowRight");
    await look();
    assert.deepEqual(seen, [
      ["Not yet valid", "not_yet_valid"],
      ["Not yet valid", "not_yet_valid"],
      ["Fresh", ""],
      ["Valid", ""],
      ["Valid", ""],
      ["Expired", "expired"],
    ]);
    assert.deepEqual(await page.locator(".band").allTextContents(), ["Not yet valid", "Fresh", "Valid", "Expired"]);
    assert.match(await slider.getAttribute("aria-valuetext"), /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC, Expired$/);
  }));

test("a pasted token, and what is wrong with it", { skip: SKIP }, () =>
  onPage(async (page) => {
    await paste(page, SECRET, TOKEN);
    await jump(page, "Valid from");
    assert.equal(await verdict(page), "Valid");
    assert.match(await page.locator("#claims-table").textContent(), /sub"alice".*exp1767226500expires at: 2026-01-01 00:15:00 UTC/);
    assert.match(await page.locator("#header-table").textContent(), /alg"HS256"/);

    await page.getByLabel("that is fresh").check();
    assert.equal(await rule(page), "not_fresh");
    await page.getByLabel("that is fresh").uncheck();
    await page.getByLabel("a refresh token").check();
    assert.equal(await rule(page), "wrong_type");
    await page.getByLabel("an access token").check();
    assert.equal(await rule(page), "");

    await paste(page, `${SECRET}!`, TOKEN);
    assert.equal(await rule(page), "wrong_signature");
    assert.match(await page.locator("#trust").textContent(), /^Refused/);
    await paste(page, "short", TOKEN);
    assert.match(await page.getByRole("status").textContent(), /No key.*5 bytes/s);
    for (const [text, expected] of [
      ["", ""],
      ["a", "not_three_segments"],
      [TOKEN.slice(1), "wrong_signature"],
      [TOKEN.replace(".", ".!"), "wrong_signature"],
    ]) {
      await paste(page, SECRET, text);
      assert.equal(await rule(page), expected);
    }
    assert.match(await page.locator("#claims-table").textContent(), /Can't be read/);
  }));

test("issuing, and what can't be issued", { skip: SKIP }, () =>
  onPage(async (page) => {
    await page.getByLabel("Subject").fill("bob <b>");
    await page.getByLabel("Lifetime, seconds").fill("600");
    await page.getByRole("button", { name: "Issue refresh token" }).click();
    assert.equal(await verdict(page), "Valid");
    assert.match(await page.locator("#claims-table").textContent(), /type"refresh".*sub"bob <b>"/);
    await page.getByLabel("Lifetime, seconds").fill("1.5");
    await page.getByRole("button", { name: "Issue access token" }).click();
    assert.match(await page.getByRole("alert").textContent(), /lifetime must be whole seconds/);
    await page.getByLabel("Lifetime, seconds").fill("");
    await page.getByRole("button", { name: "Issue access token" }).click();
    assert.equal(await page.locator("#issue-error").textContent(), "");
    assert.equal(await verdict(page), "Fresh");
  }));

test("the verdict is announced when it changes, and only then", { skip: SKIP }, () =>
  onPage(async (page) => {
    await paste(page, SECRET, TOKEN);
    await jump(page, "Valid from");
    assert.equal(await page.getByRole("status").getAttribute("aria-live"), "polite");
    const changes = async (keys) => {
      await page.evaluate(() => {
        globalThis.changes = 0;
        globalThis.observer = new MutationObserver((records) => (globalThis.changes += records.length));
        globalThis.observer.observe(document.getElementById("verdict"), { childList: true, subtree: true, characterData: true });
      });
      for (const key of keys) await page.getByRole("slider").press(key);
      return page.evaluate(() => {
        globalThis.observer.disconnect();
        return globalThis.changes;
      });
    };
    assert.equal(await changes(["ArrowRight", "ArrowRight", "PageUp", "ArrowLeft"]), 0);
    assert((await changes(["Home"])) > 0);
  }));

test("everything is reached by keyboard and has a name", { skip: SKIP }, () =>
  onPage(async (page) => {
    const controls = page.locator("input, textarea, button");
    const names = await controls.evaluateAll((all) =>
      all.map((one) => (one.labels?.[0] ?? one).textContent.trim() || `nameless ${one.outerHTML}`),
    );
    assert.deepEqual(names.filter((name) => name.startsWith("nameless")), []);
    await page.evaluate(() => document.body.focus());
    const reached = new Set();
    for (let i = 0; i < names.length + 2; i++) {
      await page.keyboard.press("Tab");
      reached.add(await page.evaluate(() => document.activeElement.id || document.activeElement.textContent));
    }
    for (const id of ["now", "Expires", "secret", "show-secret", "token", "require-fresh", "subject", "issue-access", "issue-refresh"]) {
      assert(reached.has(id), `${id} is not among ${[...reached]}`);
    }
  }));

for (const colorScheme of ["light", "dark"]) {
  test(`narrow and wide, ${colorScheme}: nothing is cut off, and text stands out`, { skip: SKIP }, () =>
    onPage(async (page) => {
      await page.emulateMedia({ colorScheme });
      for (const width of [320, 360, 768, 1440]) {
        await page.setViewportSize({ width, height: 800 });
        const overflow = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
        assert.equal(overflow, 0, `at ${width} px`);
      }
      for (const [secret, token, name] of [
        [SECRET, TOKEN, "Issued"],
        [SECRET, TOKEN, "Expires"],
        [`${SECRET}!`, TOKEN, "Expires"],
      ]) {
        await paste(page, secret, token);
        await jump(page, name === "Issued" ? "Valid from" : name);
        const contrasts = await page.evaluate(() => {
          const numbers = (color) => color.match(/[\d.]+/g).map(Number);
          const luminance = (color) => {
            const [r, g, b] = numbers(color).map((x) => (x / 255 <= 0.03928 ? x / 3294.6 : ((x / 255 + 0.055) / 1.055) ** 2.4));
            return 0.2126 * r + 0.7152 * g + 0.0722 * b;
          };
          const background = (element) => {
            const { backgroundColor } = getComputedStyle(element);
            return numbers(backgroundColor)[3] === 0 ? background(element.parentElement) : backgroundColor;
          };
          const shown = document.querySelectorAll(".band, #verdict strong, #verdict span, #trust, .note, p, label, th, td span, button");
          return [...shown].map((element) => {
            const [one, other] = [getComputedStyle(element).color, background(element)].map(luminance);
            return [(Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05), element.outerHTML.slice(0, 60)];
          });
        });
        assert(contrasts.length > 20);
        // WCAG 2.2, 1.4.3.
        assert.deepEqual(contrasts.filter(([contrast]) => contrast < 4.5), []);
      }
    }));
}

test("neither secret nor token leaves the page", { skip: SKIP }, () =>
  onPage(async (page, requests) => {
    const loaded = requests.length;
    await paste(page, SECRET, TOKEN);
    for (const name of ["Valid from", "Expires", "Issue refresh token", "Issue access token"]) await jump(page, name);
    await page.getByLabel("Secret").press("Enter");
    await page.waitForLoadState("networkidle");
    assert(loaded > 5);
    assert.deepEqual(requests.slice(loaded).map((request) => request.url()), []);
    for (const request of requests) {
      assert.equal(request.method(), "GET");
      assert.equal(new URL(request.url()).origin, new URL(address).origin);
    }
    const stored = await page.evaluate(() => [localStorage.length, sessionStorage.length, document.cookie, location.href]);
    assert.deepEqual(stored, [0, 0, "", address]);
    // The page's own policy: the control is that a request which would carry it away is refused.
    const sent = await page.evaluate(() => fetch("http://127.0.0.1:1/", { mode: "no-cors" }).then(() => "sent", (error) => error.message));
    assert.notEqual(sent, "sent");
    const violation = await page.evaluate(
      () =>
        new Promise((resolve) => {
          document.addEventListener("securitypolicyviolation", (event) => resolve(event.effectiveDirective), { once: true });
          fetch("http://127.0.0.1:1/", { mode: "no-cors" }).catch(() => {});
        }),
    );
    assert.equal(violation, "connect-src");
  }));
