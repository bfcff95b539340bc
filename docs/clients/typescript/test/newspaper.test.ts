import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import type { Browser, Page } from "playwright-core";
import { unwrap } from "@masthead-cms/client";
import { assertAccessible, launch, serveExample, skip, words } from "./browser.js";
import { editor, publishUpTo, reader, serverUrl, upload, write } from "./newsroom.js";

const site = () => unwrap(reader().api.GET("/v1/site", { params: { query: { include: ["alerts", "ticker", "sections"] } } }));
const pictures = fileURLToPath(new URL("../examples/newspaper/screenshots/", import.meta.url));
const widths = { phone: 390, desktop: 1280 };
const english = "what-a-glacier-gives-a-river";
const arabic = "كيف-تقاس-قوة-الزلازل";
const illustrated = "نخلة-التمر-شجرة-تصنع-واحة";

let browser: Browser | undefined;
let address = "";
let stop = () => {};

before(async () => {
  if (skip) return;
  ({ address, stop } = await serveExample("newspaper/server.mjs"));
  browser = await launch();
});

after(async () => {
  await browser?.close();
  stop();
});

interface Opened { page: Page; requests: number; status: number; asked: string[]; wrong: string[] }

/** Opens a page; tells how many requests to Masthead it took, what it asks for itself, and what goes wrong in it. */
async function open(path: string, width = widths.desktop, colorScheme: "light" | "dark" = "light"): Promise<Opened> {
  assert.ok(browser);
  const page = await browser.newPage({ colorScheme, viewport: { width, height: 900 } });
  const [asked, wrong]: [string[], string[]] = [[], []];
  page.on("pageerror", (error) => wrong.push(String(error)));
  page.on("request", (request) => {
    const own = [address, `${serverUrl()}/media/`, "data:"];
    asked.push(request.url());
    if (!own.some((start) => request.url().startsWith(start))) wrong.push(`asks ${request.url()}`);
  });
  await page.addInitScript(`globalThis.shift = 0;
    new PerformanceObserver((list) => list.getEntries().forEach(({ value }) => { shift += value; })).observe({ type: "layout-shift", buffered: true });`);
  const answer = await page.goto(new URL(path, address).href, { waitUntil: "load" });
  const [, requests] = /desc="(\d+) requests"/.exec(answer?.headers()["server-timing"] ?? "") ?? [];
  return { page, requests: Number(requests), status: answer?.status() ?? 0, asked, wrong };
}

const pages = {
  front: "/", "front-ar": "/fronts/home-ar",
  article: `/articles/${english}`, "article-ar": `/articles/${encodeURIComponent(illustrated)}`,
  section: "/sections/world", "section-ar": "/sections/world?lang=ar",
  gallery: "/articles/high-pass-reopens-as-it-happened", factbox: `/articles/${english}`,
  "aside-ar": `/articles/${encodeURIComponent(illustrated)}`,
};

/** Where the pictures of pages begin that are not those of their tops. */
const parts: Record<string, string> = { gallery: ".gallery", factbox: ".factbox", "aside-ar": ".body aside" };

// The pictures of the README are those that this test takes: npm run screenshots keeps them.
test("every page is painted at both widths, in three requests, without a shift, and by the rules", { skip }, async () => {
  for (const [name, path] of Object.entries(pages)) {
    for (const [device, width] of Object.entries(widths)) {
      for (const scheme of ["light", "dark"] as const) {
        const what = `${name}, ${device}, ${scheme}`;
        const { page, requests, status, wrong } = await open(path, width, scheme);
        assert.deepEqual([status, wrong], [200, []], what);
        assert.ok(requests > 0 && requests <= 3, `${what}: ${requests} requests`);
        if (name in parts) assert.equal(await page.locator(parts[name] ?? "").count(), 1, what);
        assert.equal(await page.evaluate("shift"), 0, what);
        assert.equal(await page.evaluate("document.documentElement.scrollWidth > innerWidth"), false, `${what} is too wide`);
        assert.equal(await page.getAttribute("html", "dir"), name.endsWith("-ar") ? "rtl" : "ltr", what);
        await assertAccessible(page, what);
        if (process.env.npm_lifecycle_event === "screenshots" && scheme === "light") {
          await page.locator(parts[name] ?? "html").evaluate((part) => part.scrollIntoView());
          await page.waitForLoadState("networkidle");
          await page.screenshot({ path: `${pictures}${name}-${device}.jpg`, type: "jpeg", quality: 60 });
        }
        await page.close();
      }
    }
  }
});

test("the front has the masthead, the day, the menu, the alert and what its slots show", { skip }, async () => {
  const { name, tagline, home, alerts, menus, time_zone } = await site();
  assert.ok(home);
  const front = await unwrap(reader().api.GET("/v1/fronts/{ref}", { params: { path: { ref: home.slug } } }));
  const { page } = await open("/");
  assert.equal(await words(page, ".name"), name);
  assert.equal(await words(page, ".tagline"), tagline);
  const today = new Intl.DateTimeFormat("en", { dateStyle: "full", timeZone: time_zone }).format(new Date());
  assert.equal(await words(page, ".date"), today);
  assert.deepEqual(await page.locator(".menu a").allInnerTexts(), menus.main?.map(({ label }) => label));
  const own = alerts?.filter(({ locale }) => locale === "en") ?? [];
  assert.deepEqual(await page.locator(".alerts a").allInnerTexts(), own.map(({ text }) => text));
  for (const { name: own, collection, rows } of front.slots.filter(({ rows }) => rows.length > 0)) {
    const name = own ?? collection.name;
    const slot = page.locator(".slot", { has: page.getByRole("heading", { level: 2, name, exact: true }) });
    assert.deepEqual(await slot.locator("h3").allInnerTexts(), rows.map(({ item }) => item.title), name);
  }
  await page.close();

  const { page: other } = await open(pages["front-ar"]);
  assert.deepEqual(await other.locator(".menu a").allInnerTexts(), menus.main?.map(({ labels }) => labels.ar));
  assert.equal(await words(other, ".name"), (await site()).localized.ar?.name);
  assert.equal(await words(other, ".alerts a"), alerts?.find(({ locale }) => locale === "ar")?.text);
  await other.close();
});

test("an article has its words, its credits, its subjects and what is related to it", { skip }, async () => {
  for (const slug of [english, arabic]) {
    const article = await reader().article(slug);
    const related = await reader().related(slug, { limit: 4 });
    const { page } = await open(`/articles/${encodeURIComponent(slug)}`);
    assert.equal(await words(page, "h1"), article.title);
    assert.equal(await words(page, ".story .summary"), article.summary);
    assert.equal(await page.locator(".body h2").count(), article.outline.filter(({ level }) => level === 2).length);
    assert.deepEqual(await page.locator(".story header .facts a").allInnerTexts(), article.authors.map(({ name }) => name));
    assert.equal(await words(page, ".source a"), article.source?.name);
    assert.deepEqual(await page.locator(".tags a").allInnerTexts(), article.tags.map(({ name }) => name));
    assert.deepEqual(await page.locator(".links a").allInnerTexts(), article.related_links.map(({ title }) => title));
    assert.deepEqual(await page.locator(".slot h3").allInnerTexts(), related.map(({ title }) => title));
    await page.close();
  }
});

test("a section is read in the language of the page it was reached from", { skip }, async () => {
  const { page } = await open(pages["front-ar"]);
  await page.click(".menu li:nth-child(2) a");
  assert.equal(await words(page, "h1"), "علوم");
  const rows = await reader().articles({ section: ["science"], locale: ["ar"], fields: ["title"] }).page();
  assert.deepEqual(await page.locator(".rows h2").allInnerTexts(), rows.data.map(({ title }) => title));
  await page.click(".language a");
  assert.equal(await words(page, "h1"), "Science");
  await page.close();
});

test("corrections and translations are shown where there are any", { skip }, async () => {
  const [correction] = (await unwrap(reader().api.GET("/v1/corrections"))).data;
  assert.ok(correction);
  const corrected = await open(correction.article.url ?? "");
  assert.match(await words(corrected.page, ".corrections"), new RegExp(correction.text.slice(0, 20)));
  await corrected.page.close();

  for await (const { slug } of reader().articles({ fields: ["slug"] })) {
    const article = await reader().article(slug);
    const [translation] = article.translations;
    if (!translation) continue;
    const { page } = await open(article.url ?? "");
    await page.click(`.translations a[hreflang="${translation.locale}"]`);
    assert.equal(await words(page, "h1"), translation.title);
    assert.equal(await page.locator("link[rel=alternate]").count(), article.translations.length);
    return page.close();
  }
  assert.fail("no article of the demonstration has a translation");
});

test("the ticker has fifty headlines, and the words of articles are no markup", { skip }, async () => {
  const desk = await editor();
  await publishUpTo(desk, 60);
  await desk.publish(await write(desk, { title: "Tea & <b>toast</b>", body: "Warm." }));
  const { page, wrong } = await open("/");
  assert.equal(await page.locator(".ticker li").count(), 50);
  assert.deepEqual(await page.locator(".ticker a").allTextContents(), (await site()).ticker?.rows?.map(({ item }) => item.title));
  assert.equal(await page.locator(".ticker b").count(), 0);
  assert.equal(await words(page, ".ticker li:first-child"), "Tea & <b>toast</b>");
  assert.deepEqual(wrong, []);
  await page.close();
});

test("pages that moved lead on, and there is a page for those that never were", { skip }, async () => {
  const desk = await editor();
  const draft = await desk.publish(await write(desk, { title: "Fog on the lower road", body: "Slow." }));
  await desk.publish(await desk.update({ id: draft.id, version: "*" }, { slug: "fog-lifted" }));
  const moved = await fetch(new URL(`/articles/${draft.slug}`, address), { redirect: "manual" });
  assert.deepEqual([moved.status, moved.headers.get("Location")], [301, "/articles/fog-lifted"]);
  const missing = await open("/never/was");
  assert.deepEqual([missing.status, await words(missing.page, "h1")], [404, "There is no such page."]);
  for (const odd of ["/articles/%zz", "/%zz", "//", "//x", "/articles/%E0%A4%A"]) {
    const { status } = await fetch(`${address.replace(/\/$/, "")}${odd}`, { redirect: "manual" });
    assert.ok(status === 404 || status === 200 || status === 301, `${odd}: ${status}`);
  }
  await assertAccessible(missing.page, "404");
  await missing.page.close();
});

/** Files that the browser makes: pictures of two shapes, each in other colours, and a film of a moment. */
async function recordings(pictures: number): Promise<{ photographs: File[]; film: File }> {
  assert.ok(browser);
  const page = await browser.newPage();
  const made = await page.evaluate(async (pictures) => {
    const paint = (canvas: HTMLCanvasElement, n: number) => {
      const context = canvas.getContext("2d")!;
      const light = context.createLinearGradient(0, 0, canvas.width, canvas.height);
      light.addColorStop(0, `hsl(${n * 17} 70% 30%)`);
      light.addColorStop(1, `hsl(${n * 17 + 90} 60% 80%)`);
      context.fillStyle = light;
      context.fillRect(0, 0, canvas.width, canvas.height);
    };
    const written = (file: Blob) => new Promise<string>((resolve) => {
      const reader = new FileReader();
      reader.onload = () => resolve(String(reader.result));
      reader.readAsDataURL(file);
    });
    const photographs = [];
    for (let n = 0; n < pictures; n++) {
      const canvas = Object.assign(document.createElement("canvas"), n % 4 === 3 ? { width: 1200, height: 1600 } : { width: 1800, height: 1200 });
      paint(canvas, n);
      photographs.push(await written(await new Promise<Blob>((resolve) => canvas.toBlob((file) => resolve(file!), "image/jpeg"))));
    }
    const canvas = Object.assign(document.createElement("canvas"), { width: 320, height: 180 });
    const recorder = new MediaRecorder(canvas.captureStream(10), { mimeType: "video/webm" });
    const film = new Promise<string>((resolve) => recorder.addEventListener("dataavailable", ({ data }) => resolve(written(data))));
    let n = 0;
    const drawing = setInterval(() => {
      paint(canvas, n++);
      if (n === 8) recorder.stop();
    }, 50);
    recorder.addEventListener("stop", () => clearInterval(drawing));
    recorder.start();
    return { photographs, film: await film };
  }, pictures);
  await page.close();
  const file = (url: string, name: string) => new File([Buffer.from(url.slice(url.indexOf(",") + 1), "base64")], name);
  return { photographs: made.photographs.map((url, n) => file(url, `frame-${n}.jpg`)), film: file(made.film, "film.webm") };
}

/** Goes down a page until all its pictures have come; gives how wide each is that came, and would have been wide enough. */
async function scroll(page: Page): Promise<{ came: number[]; fit: number[] }> {
  for (const picture of await page.locator("main img").all()) {
    await picture.scrollIntoViewIfNeeded();
    await picture.evaluate((image: HTMLImageElement) => image.decode());
  }
  const pictures = await page.locator("main img").evaluateAll((images) => (images as HTMLImageElement[]).map((image) => {
    const sources = image.srcset.split(", ").map((source) => source.split(" "));
    const widths = sources.map(([, width]) => parseInt(width!));
    return {
      came: widths[sources.findIndex(([url]) => url === image.currentSrc)]!,
      fit: widths.find((width) => width >= image.clientWidth) ?? widths.at(-1)!,
    };
  }));
  return { came: pictures.map(({ came }) => came), fit: pictures.map(({ fit }) => fit) };
}

/** Fails unless the pictures of a page come in the width that fits, at three widths, and move nothing. */
async function fits(path: string, part: string, count: number): Promise<void> {
  for (const width of [360, 768, 1280]) {
    const what = `${path} at ${width}`;
    const { page, requests, wrong } = await open(path, width);
    const height = await page.evaluate("document.documentElement.scrollHeight");
    const { came, fit } = await scroll(page);
    assert.equal(await page.locator(`${part} img`).count(), count, what);
    assert.deepEqual(came, fit, what);
    assert.equal(await page.evaluate("shift"), 0, what);
    assert.equal(await page.evaluate("document.documentElement.scrollHeight"), height, what);
    assert.equal(await page.evaluate("document.documentElement.scrollWidth > innerWidth"), false, what);
    assert.ok(requests <= 3, what);
    await assertAccessible(page, what);
    assert.deepEqual(wrong, [], what);
    await page.close();
  }
}

test("twenty pictures of an article, or of a list, come in the width that fits, and move nothing", { skip }, async () => {
  const desk = await editor();
  const { photographs } = await recordings(20);
  const media = [];
  for (const [n, photograph] of photographs.entries()) {
    media.push(await upload(desk, photograph, { alt: `Colours, ${n}`, caption: `Sheet ${n}`, credit: "Desk", focal_point: '{"x":0.25,"y":0.75}' }));
  }
  // One that is on a page already comes in the width it has there, so the picture of the article is not in its body as well.
  const [own, ...rest] = media;
  const figures = rest.map(({ id }) => `![](media:${id})`);
  const body = `${figures.slice(0, 12).join("\n\nWords between.\n\n")}\n\n:::gallery{caption="Seven"}\n${figures.slice(12).join("\n")}\n:::`;
  const { slug } = await desk.publish(await write(desk, { title: "All sheets", body, image: own?.id }));
  const article = `/articles/${slug}`;
  await fits(article, ".story", 20);
  for (const [n, { id }] of media.entries()) {
    await desk.publish(await write(desk, { title: `Sheet ${n}`, body: "Colours.", image: id, tags: ["Colour sheets"] }));
  }
  await fits("/tags/colour-sheets", ".rows", 20);

  const { page } = await open(article);
  const picture = page.locator(".story > .picture");
  assert.equal(await words(page, ".story > .picture figcaption"), "Sheet 0 Desk");
  assert.equal(await picture.locator("img").getAttribute("alt"), "Colours, 0");
  const [place, colour] = await picture.locator("img").evaluate((image) => {
    const style = getComputedStyle(image);
    return [style.objectPosition, style.backgroundColor];
  });
  const [red, green, blue] = (own?.color ?? "").match(/\w\w/g)?.map((part) => parseInt(part, 16)) ?? [];
  assert.deepEqual([place, colour], ["25% 75%", `rgb(${red}, ${green}, ${blue})`]);
  await page.close();
});

test("of sound and film nothing is loaded before they are played", { skip }, async () => {
  const desk = await editor();
  const { film: file } = await recordings(0);
  const film = await upload(desk, file, { title: "A film of a moment", alt: "Colours" });
  const { slug } = await desk.publish(await write(desk, { title: "A moment", body: "Colours.", video: film.id }));
  for (const [own, kind] of [[slug, "video"], ["listening-for-falcons", "audio"]] as const) {
    const clip = (await reader().article(own))[kind];
    assert.ok(clip);
    const { page, asked, wrong } = await open(`/articles/${own}`);
    const player = page.locator(`.story > .clip ${kind}`);
    assert.ok(asked.length > 0 && !asked.includes(clip.url), own);
    assert.equal(await words(page, ".story > .clip strong"), clip.title ?? "Listen");
    assert.match(await words(page, ".story > .clip time"), /^0:0[0-6]$/);
    await assertAccessible(page, own);
    await player.evaluate((element: HTMLMediaElement) => {
      element.muted = true;
      return element.play();
    });
    assert.ok(await player.evaluate((element: HTMLMediaElement) => element.duration) > 0, own);
    assert.ok(asked.includes(clip.url), own);
    assert.equal(await page.evaluate("shift"), 0, own);
    assert.deepEqual(wrong, [], own);
    await page.close();
  }
});

test("of what is embedded nothing is loaded before a click makes its frame", { skip }, async () => {
  const { page, wrong } = await open(`/articles/${english}`);
  await page.route(/openstreetmap/, (route) => route.fulfill({ contentType: "text/html", body: "<p>A map</p>" }));
  const embed = page.locator(".embed");
  const src = await embed.getAttribute("data-src");
  await embed.scrollIntoViewIfNeeded();
  assert.equal(await words(page, ".embed button"), `Load this from ${new URL(src ?? "").host}`);
  assert.equal(await page.locator("iframe").count(), 0);
  assert.deepEqual(wrong, []);

  const box = await embed.boundingBox();
  await embed.locator("button").click();
  await page.frameLocator("iframe").getByText("A map").waitFor();
  assert.deepEqual(wrong, [`asks ${src}`]);
  assert.deepEqual(await embed.boundingBox(), box);
  const frame = embed.locator("iframe");
  assert.equal(await frame.getAttribute("title"), "The Pamirs on a map");
  assert.match(await frame.getAttribute("sandbox") ?? "", /^allow-scripts allow-same-origin /);
  assert.notEqual(await frame.getAttribute("allowfullscreen"), null);
  assert.equal(await frame.getAttribute("referrerpolicy"), "strict-origin-when-cross-origin");
  assert.equal(await page.evaluate("document.activeElement.localName"), "iframe");
  assert.match(await embed.locator("a").getAttribute("href") ?? "", /^https:\/\/www\.openstreetmap\.org\//);
  await page.close();
});

test("authors have their portraits, and the site its logo", { skip }, async () => {
  const desk = await editor();
  const { photographs: [file] } = await recordings(1);
  assert.ok(file);
  const portrait = await upload(desk, file, { alt: "A face in colours" });
  const author = await unwrap(desk.api.POST("/v1/authors", { body: { name: "Rowan Colour", image: portrait.id } }));
  const { slug } = await desk.publish(await write(desk, { title: "Signed", body: "By hand.", authors: [{ author: author.id }] }));
  for (const [path, place] of [[`/articles/${slug}`, ".facts img"], [author.url ?? "", ".portrait img"]] as const) {
    const { page, wrong } = await open(path);
    const [picture, logo] = [page.locator(place).first(), page.locator(".masthead img")];
    assert.equal(await picture.getAttribute("src"), portrait.url);
    for (const image of [picture, logo]) await image.evaluate((element: HTMLImageElement) => element.decode());
    assert.equal(await logo.getAttribute("src"), (await site()).logo?.url);
    assert.deepEqual(wrong, []);
    await assertAccessible(page, path);
    await page.close();
  }
});
