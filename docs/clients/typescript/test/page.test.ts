import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Browser, Page } from "playwright-core";
import { assertAccessible, launch, serveExample, skip, words } from "./browser.js";
import { editor, publishUpTo, reader, serverUrl } from "./newsroom.js";

let browser: Browser | undefined;
let address = "";
let stop = () => {};

before(async () => {
  if (skip) return;
  await publishUpTo(await editor(), 55);
  ({ address, stop } = await serveExample("page/serve.mjs"));
  browser = await launch();
});

after(async () => {
  await browser?.close();
  stop();
});

/** Opens the page; gives it with the addresses it asked for and what went wrong in it. */
async function open(query: Record<string, string>, colorScheme: "light" | "dark" = "light") {
  assert.ok(browser);
  const page = await browser.newPage({ colorScheme });
  const asked: string[] = [];
  const wrong: string[] = [];
  page.on("request", (request) => asked.push(request.url()));
  page.on("pageerror", (error) => wrong.push(String(error)));
  await page.goto(`${address}?${new URLSearchParams(query)}`);
  await page.waitForSelector("main:not([aria-busy])");
  return { page, asked, wrong };
}

test("an article is painted from left to right, with fifty headlines, from this machine alone", { skip }, async () => {
  const article = await reader().article("what-a-glacier-gives-a-river");
  const { page, asked, wrong } = await open({ slug: article.slug });
  assert.deepEqual(wrong, []);
  assert.equal(await words(page, ".masthead"), "The Tidewater Post");
  assert.equal(await words(page, "h1"), article.title);
  assert.equal(await words(page, "#summary"), article.summary);
  assert.equal(await page.getAttribute("#article", "dir"), "ltr");
  assert.equal(await page.locator("#body h2").count(), article.outline.filter((heading) => heading.level === 2).length);
  assert.equal(await page.locator("#body").evaluate((body) => body.innerHTML), await normalised(page, article.body_html));
  assert.deepEqual(await page.locator("#tags a").allInnerTexts(), article.tags.map((tag) => tag.name));
  assert.deepEqual(await page.locator("#links a").allInnerTexts(), article.related_links.map((link) => link.title));

  const { data } = await reader().articles({ limit: 50, fields: ["title"] }).page();
  assert.equal(data.length, 50);
  assert.deepEqual(await page.locator("#ticker a").allTextContents(), data.map((row) => row.title));

  const home = [new URL(address).origin, new URL(serverUrl()).origin];
  assert.deepEqual(asked.filter((url) => !url.startsWith("data:") && !home.includes(new URL(url).origin)), []);
  await page.close();
});

/** The markup as the browser writes it back. */
const normalised = (page: Page, html: string) =>
  page.evaluate((html) => Object.assign(document.createElement("div"), { innerHTML: html }).innerHTML, html);

test("an Arabic article is painted from right to left", { skip }, async () => {
  const [row] = (await reader().articles({ locale: ["ar"], fields: ["slug", "title"], limit: 1 }).page()).data;
  assert.ok(row);
  const { page, wrong } = await open({ slug: row.slug });
  assert.deepEqual(wrong, []);
  assert.equal(await words(page, "h1"), row.title);
  assert.equal(await page.locator("h1").evaluate((title) => getComputedStyle(title).direction), "rtl");
  assert.equal(await page.getAttribute("#article", "lang"), "ar");
  assert.equal(await page.locator(".masthead").evaluate((line) => getComputedStyle(line).direction), "ltr");
  await page.close();
});

test("without a slug the newest article is painted, and a subject narrows the headlines", { skip }, async () => {
  const [newest] = (await reader().articles({ limit: 1, fields: ["title"] }).page()).data;
  const front = await open({});
  assert.equal(await words(front.page, "h1"), newest?.title);

  const { data } = await reader().articles({ tag: ["water"], limit: 50, fields: ["title"] }).page();
  const subject = await open({ tag: "water" });
  assert.deepEqual(await subject.page.locator("#ticker a").allTextContents(), data.map((row) => row.title));
  assert.equal(await words(subject.page, "h1"), data[0]?.title);
});

test("an article that is not there is said to be missing", { skip }, async () => {
  const { page, wrong } = await open({ slug: "no-such-article" });
  assert.equal(await words(page, "[role=alert]"), "There is no such article.");
  assert.equal(await page.locator("#article").isVisible(), false);
  assert.deepEqual(wrong, []);
  await page.close();
});

test("the page follows the light and the dark scheme", { skip }, async () => {
  const paper = async (scheme: "light" | "dark") => {
    const { page } = await open({ slug: "bread-and-the-basket" }, scheme);
    return page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  };
  assert.deepEqual([await paper("light"), await paper("dark")], ["rgb(253, 252, 249)", "rgb(22, 24, 27)"]);
});

test("no rule of accessibility is broken, in either scheme and direction", { skip }, async () => {
  const [arabic] = (await reader().articles({ locale: ["ar"], fields: ["slug"], limit: 1 }).page()).data;
  assert.ok(arabic);
  for (const slug of ["what-a-glacier-gives-a-river", arabic.slug]) {
    for (const scheme of ["light", "dark"] as const) {
      const { page } = await open({ slug }, scheme);
      await assertAccessible(page, `${slug}, ${scheme}`);
      await page.close();
    }
  }
});
