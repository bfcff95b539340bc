import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { readFile, rm } from "node:fs/promises";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { unwrap } from "@masthead-cms/client";
import { editor, serverUrl, write } from "./newsroom.js";

const examples = fileURLToPath(new URL("../examples/", import.meta.url));
const env = { ...process.env, MASTHEAD_URL: serverUrl(), ASTRO_TELEMETRY_DISABLED: "1", NEXT_TELEMETRY_DISABLED: "1" };

/** Runs npm in the folder of an example; gives what it said. */
function npm(example: string, ...args: string[]): string {
  const { status, stdout, stderr } = spawnSync("npm", args, { cwd: join(examples, example), env, encoding: "utf8" });
  assert.equal(status, 0, `npm ${args.join(" ")} in ${example}:\n${stdout}${stderr}`);
  return stdout;
}

test("Astro builds every article, and the next build reads only what has changed", async () => {
  const desk = await editor();
  const kept = await desk.publish(await write(desk, { title: "Buoys before breakfast", body: "## Early\n\nThe *launch* leaves at five.", tags: ["Buoys"] }));
  const withdrawn = await desk.publish(await write(desk, { title: "A ferry that never left" }));
  const pages = join(examples, "astro", "dist", "articles");
  const html = (slug: string) => readFile(join(pages, slug, "index.html"), "utf8");

  npm("astro", "ci", "--no-fund", "--no-audit");
  await rm(join(examples, "astro", "node_modules", ".astro"), { recursive: true, force: true });
  npm("astro", "run", "build");
  assert.match(await html(kept.slug), /<h1>Buoys before breakfast<\/h1>[^]*<p>The <em>launch<\/em> leaves at five\.<\/p>[^]*Buoys/);
  assert.match(await html("رغيف-الخبز-وسلة-الأسعار"), /<html lang="ar" dir="rtl">/);
  assert.ok(existsSync(join(pages, withdrawn.slug)));

  await unwrap(desk.api.POST("/v1/articles/{id}/withdraw", { params: { path: { id: withdrawn.id }, header: { "If-Match": "*" } } }));
  const [tag] = kept.tags;
  assert.ok(tag);
  await unwrap(desk.api.PATCH("/v1/tags/{ref}", { params: { path: { ref: tag.id } }, body: { name: "Sea marks" } }));
  assert.match(npm("astro", "run", "build"), /articles: 1 read, 1 gone/);
  assert.match(await html(kept.slug), /Sea marks/);
  assert.ok(!existsSync(join(pages, withdrawn.slug)));
});

test("Next.js builds, keeps its pages, and makes one anew when told", async () => {
  const desk = await editor();
  const draft = await desk.publish(await write(desk, { title: "Salt on the window panes", body: "It came *overnight*." }));
  npm("next", "ci", "--no-fund", "--no-audit");
  npm("next", "run", "build");

  const port = await freePort();
  const server = spawn(process.execPath, ["node_modules/next/dist/bin/next", "start", "-p", `${port}`], {
    cwd: join(examples, "next"), env: { ...env, REVALIDATE_SECRET: "open sesame" }, stdio: ["ignore", "pipe", "inherit"],
  });
  try {
    for await (const said of server.stdout) if (/Ready/.test(String(said))) break;
    server.stdout.resume();
    const site = `http://127.0.0.1:${port}`;
    const page = async (slug: string) => (await fetch(`${site}/articles/${encodeURIComponent(slug)}`)).text();
    const forget = (secret: string) => fetch(`${site}/revalidate`, {
      method: "POST", headers: { Authorization: `Bearer ${secret}` }, body: JSON.stringify({ slug: draft.slug }),
    });

    assert.match(await (await fetch(site)).text(), /Salt on the window panes/);
    assert.match(await page(draft.slug), /<h1>Salt on the window panes<\/h1><div><p>It came <em>overnight<\/em>\.<\/p>/);
    assert.match(await page("رغيف-الخبز-وسلة-الأسعار"), /<article lang="ar" dir="rtl">/);
    assert.equal((await fetch(`${site}/articles/no-such-article`)).status, 404);

    await desk.publish(await desk.update(draft, { title: "Salt on every pane" }));
    assert.match(await page(draft.slug), /<h1>Salt on the window panes</);
    assert.equal((await forget("guess")).status, 401);
    assert.deepEqual(await (await forget("open sesame")).json(), { forgotten: `article:${draft.slug}` });
    assert.match(await page(draft.slug), /<h1>Salt on every pane</);

    const moved = await desk.publish(await desk.update({ id: draft.id, version: "*" }, { slug: "salt-on-panes" }));
    await forget("open sesame");
    const redirected = await fetch(`${site}/articles/${draft.slug}`, { redirect: "manual" });
    const location = new Set(redirected.headers.get("Location")?.split(", ")); // Next.js sends it twice
    assert.deepEqual([redirected.status, [...location]], [308, [`/articles/${moved.slug}`]]);
  } finally {
    server.kill();
    await once(server, "exit");
  }
});

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  return port;
}
