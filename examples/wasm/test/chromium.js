// Debian's Chromium, headless.
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium } from "playwright-core";

const PATH = "/usr/bin/chromium";

/** Why the browser's tests are skipped, if they are; with CI=true they fail instead. */
export const SKIP = existsSync(PATH) || process.env.CI === "true" ? false : `SKIPPED: no browser at ${PATH}`;

/** A browser with a profile of its own, passed to `use`. */
export async function withBrowser(use, flags = []) {
  const profile = mkdtempSync(join(tmpdir(), "jotlet-chromium-"));
  const quiet = ["--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run"];
  const args = ["--no-sandbox", "--disable-gpu", "--disable-quic", ...quiet, ...flags];
  const browser = await chromium.launchPersistentContext(profile, { executablePath: PATH, headless: true, args });
  try {
    return await use(browser);
  } finally {
    await browser.close();
    rmSync(profile, { recursive: true });
  }
}
