import assert from "node:assert/strict";
import { before, test } from "node:test";
import { isProblem, unwrap } from "@masthead-cms/client";
import type { MastheadClient } from "@masthead-cms/client";
import { editor, publishUpTo, reader, serverUrl, write } from "./newsroom.js";

let desk: MastheadClient;

before(async () => {
  desk = await editor();
  await publishUpTo(desk, 25);
});

test("every article is met once, however small the pages", async () => {
  const site = reader();
  const { page } = await site.articles({ count: "exact", limit: 1 }).page();
  const ids: string[] = [];
  for await (const row of site.articles({ limit: 7, fields: ["id"] })) ids.push(row.id);
  assert.ok(ids.length >= 25);
  assert.equal(ids.length, page.total);
  assert.equal(new Set(ids).size, ids.length);
});

test("rows have the fields that were asked for and no others", async () => {
  const { data } = await reader().articles({ tag: ["water", "history"], fields: ["title", "tags"], limit: 100 }).page();
  assert.ok(data.length > 0);
  for (const row of data) {
    assert.deepEqual(Object.keys(row).sort(), ["tags", "title"]);
    assert.ok(row.tags.some((tag) => tag.slug === "water" || tag.slug === "history"), row.title);
  }
});

test("one request has all that paints an article", async () => {
  const article = await reader().article("what-a-glacier-gives-a-river");
  assert.match(article.body_html, /^<p>/);
  assert.ok(article.outline.length > 0 && article.related_links.length > 0 && article.tags.length > 0);
});

test("articles of any script are read by their slugs", async () => {
  const { data } = await reader().articles({ locale: ["ar"], limit: 1 }).page();
  const slug = data[0]?.slug ?? assert.fail("there is no Arabic article");
  const article = await reader().article(slug);
  assert.deepEqual([article.slug, article.direction], [slug, "rtl"]);
});

test("tags are listed with their counts", async () => {
  const counts: number[] = [];
  for await (const tag of reader().tags({ sort: "-article_count", limit: 5 })) counts.push(tag.article_count);
  assert.ok(counts.length > 5);
  assert.deepEqual(counts, [...counts].sort((a, b) => b - a));
});

test("a question in words is answered with highlights and facets", async () => {
  const { data, facets } = await reader()
    .articles({ q: "water", highlight: true, facets: ["tag"], fields: ["id"], limit: 5 }).page();
  assert.match(data[0]?.highlight?.snippet ?? "", /<mark>water<\/mark>/i);
  assert.ok(facets?.tag?.some(({ value, count }) => value === "water" && count > 0));
});

test("related articles come with what they have in common", async () => {
  const rows = await reader().related("what-a-glacier-gives-a-river", { limit: 3, fields: ["title", "reasons"] });
  assert.equal(rows.length, 3);
  for (const row of rows) assert.ok(row.reasons.length > 0, row.title);
});

test("an address of the site leads to where its page is", async () => {
  const found = await reader().resolve("/water");
  assert.deepEqual([found.status, found.kind, found.slug], [301, "tag", "water"]);
});

test("tags, sections and articles are suggested while somebody types", async () => {
  const found = await reader().suggest("wat", { limit: 5 });
  const water = found.filter((one) => one.slug === "water").map((one) => one.kind);
  assert.deepEqual(water.sort(), ["section", "tag"]);
  assert.ok(found.some((one) => one.kind === "article"));
});

test("an unknown article is not found", async () => {
  await assert.rejects(reader().article("no-such-article"), (error) => isProblem(error, "not-found") && error.requestId !== "");
});

test("what is wrong with a call is named", async () => {
  const error = await reader().articles({ limit: 500 }).page().catch((error: unknown) => error);
  assert.ok(isProblem(error, "invalid-parameter"));
  assert.deepEqual(error.errors.map((part) => [part.parameter, part.code]), [["limit", "out_of_range"]]);

  const refused = await write(desk, { title: "" }).catch((error: unknown) => error);
  assert.ok(isProblem(refused, "validation-failed"));
  assert.equal(refused.errors[0]?.pointer, "/title");
});

test("what is remembered is answered by 304 and read from memory", async () => {
  const statuses: number[] = [];
  const site = reader({
    remember: 10,
    fetch: async (request) => {
      const answer = await fetch(request);
      statuses.push(answer.status);
      return answer;
    },
  });
  const first = await site.article("bread-and-the-basket");
  assert.deepEqual(await site.article("bread-and-the-basket"), first);
  assert.deepEqual(statuses, [200, 304]);
});

test("an article is written, changed, published, and changed under a colleague's hands", async () => {
  const title = "The harbour wakes early";
  const draft = await write(desk, { title, body: "## Five o’clock\n\nIce is on the quay.", tags: ["Harbour"] });
  assert.equal(draft.status, "draft");
  await assert.rejects(reader().article(draft.id), (error) => isProblem(error, "not-found"));

  const changed = await desk.update(draft, { kicker: "On the quay" });
  const published = await desk.publish(changed);
  assert.equal(published.status, "published");
  const seen = await reader().article(draft.slug);
  assert.deepEqual([seen.title, seen.kicker, seen.edition], [title, "On the quay", 1]);

  const conflict = await desk.update(draft, { summary: "Before six." }).catch((error: unknown) => error);
  assert.ok(isProblem(conflict, "version-mismatch"));
  assert.deepEqual(conflict.problem.changed_fields, ["edition", "kicker", "published_at", "status"]);
  assert.equal(conflict.headers.get("ETag"), `"${published.version}"`);

  const now = await desk.draft(draft.slug);
  assert.equal(now.version, published.version);
  assert.equal((await desk.update({ id: draft.id, version: "*" }, { summary: "Before six." })).has_unpublished_changes, true);
});

test("an old slug leads to the article, which tells its present one", async () => {
  const draft = await desk.publish(await write(desk, { title: "Tide table for spring" }));
  const moved = await desk.publish(await desk.update(draft, { slug: "tide-table" }));
  assert.equal((await reader().article(draft.slug)).slug, moved.slug);
  assert.notEqual(draft.slug, moved.slug);
});

test("a session is renewed, resumed and ended", async () => {
  const kept: string[] = [];
  const first = await editor({ onTokens: (pair) => void (pair && kept.push(pair.refresh_token)) });
  const me = await unwrap(first.api.GET("/v1/auth/me"));

  const second = reader({ onTokens: (pair) => void (pair && kept.push(pair.refresh_token)) });
  assert.equal(await second.resume(kept[0] ?? ""), true);
  assert.notEqual(kept[1], kept[0]);
  assert.deepEqual(await unwrap(second.api.GET("/v1/auth/me")), me);

  await second.signOut();
  assert.equal(await reader().resume(kept[1] ?? ""), false);
  await assert.rejects(unwrap(second.api.GET("/v1/auth/me")), (error) => isProblem(error) && error.status === 401);
});

test("a wrong password is a problem, and nobody is signed in", async () => {
  const site = reader();
  await assert.rejects(site.signIn("nobody@example.org", "not the password"), (error) => isProblem(error) && error.status === 401);
  assert.equal((await fetch(`${serverUrl()}/v1/articles?view=draft`)).status, 401);
  await assert.rejects(site.draft("bread-and-the-basket"), (error) => isProblem(error) && error.status === 401);
});
