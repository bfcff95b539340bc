// What the tests of pages need: Chromium, and the server of an example.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";
import type { Browser, Page } from "playwright-core";
import { serverUrl } from "./newsroom.js";

const executablePath = process.env.CHROMIUM ?? "/usr/bin/chromium";

/** Why tests of pages are skipped, or false. */
export const skip = existsSync(executablePath) ? false : `there is no Chromium at ${executablePath}; name one in CHROMIUM`;

export function launch(): Promise<Browser> {
  return chromium.launch({
    executablePath,
    args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
  });
}

/** Starts the server of an example; gives its address, and what ends it. */
export async function serveExample(script: string): Promise<{ address: string; stop: () => void }> {
  const path = fileURLToPath(new URL(`../examples/${script}`, import.meta.url));
  const server = spawn(process.execPath, [path], {
    env: { ...process.env, PORT: "0", MASTHEAD_URL: serverUrl() }, stdio: ["ignore", "pipe", "inherit"],
  });
  const address = await new Promise<string>((resolve) => server.stdout.once("data", (line) => resolve(String(line).trim())));
  return { address, stop: () => server.kill() };
}

export const words = async (page: Page, selector: string) => (await page.locator(selector).innerText()).trim();

/** Fails if a page breaks a rule of accessibility. */
export async function assertAccessible(page: Page, what: string): Promise<void> {
  await page.evaluate(await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8"));
  const broken = await page.evaluate("axe.run().then(({ violations }) => violations.map((v) => v.id + ': ' + v.nodes[0].html))");
  assert.deepEqual(broken, [], what);
}
