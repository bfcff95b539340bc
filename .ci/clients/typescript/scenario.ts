// Goes through a day at the desk with the client of openapi-typescript and openapi-fetch.
import assert from "node:assert/strict";
import createClient from "openapi-fetch";
import type { paths } from "./api.js";

const { MASTHEAD_URL = "", MASTHEAD_EMAIL = "", MASTHEAD_PASSWORD = "" } = process.env;
// No call here asks for fields=, so answers in part are left out of the types.
type Whole = "application/json" | "application/problem+json";
const api = createClient<paths, Whole>({ baseUrl: MASTHEAD_URL, querySerializer: { array: { style: "form", explode: false } } });
const ok = (step: string) => console.log(`ok ${step}`);

// right gives what a call answered, or fails with its problem.
function right<T>(answer: { data?: T; error?: unknown; response: Response }): T {
  assert.ok(answer.error === undefined && answer.data !== undefined, `${answer.response.status} ${JSON.stringify(answer.error)}`);
  return answer.data;
}

const pair = right(await api.POST("/v1/auth/login", { body: { email: MASTHEAD_EMAIL, password: MASTHEAD_PASSWORD } }));
api.use({ onRequest: ({ request }) => request.headers.set("Authorization", `${pair.token_type} ${pair.access_token}`) });
ok("sign in");

const me = right(await api.GET("/v1/auth/me"));
assert.equal(me.email, MASTHEAD_EMAIL);
ok("who am I");

const tag = right(await api.POST("/v1/tags", { body: { name: "Quay (openapi-fetch)" } }));
ok("make a tag");

const params = { header: { "Idempotency-Key": `openapi-fetch-${tag.id}` } };
const body = { title: "The quay at five (openapi-fetch)", type: "feature" as const, body: "The first boat is *always* the same.", tags: [tag.slug] };
const draft = right(await api.POST("/v1/articles", { params, body }));
assert.equal(draft.status, "draft");
ok("create an article");

const again = await api.POST("/v1/articles", { params, body });
assert.equal(right(again).id, draft.id);
assert.equal(again.response.headers.get("Idempotent-Replayed"), "true");
ok("create it again with the same key");

const link = right(
  await api.POST("/v1/articles/{id}/related-links", {
    params: { path: { id: draft.id } },
    body: { rel: "background", title: "Tides of the week", url: "https://example.org/tides" },
  }),
);
assert.equal(link.article, null);
ok("add a related link");

const view = { params: { path: { ref: draft.id }, query: { view: "draft" } } } as const;
const fresh = await api.GET("/v1/articles/{ref}", view);
const version = fresh.response.headers.get("ETag") ?? "";
assert.equal(right(fresh).related_links?.[0]?.url, "https://example.org/tides");
const live = right(
  await api.POST("/v1/articles/{id}/publish", { params: { path: { id: draft.id }, header: { "If-Match": version } } }),
);
assert.equal(live.status, "published");
ok("publish");

const listed = right(
  await api.GET("/v1/articles", {
    params: { query: { tag: [tag.slug, "no-such-tag"], type: ["feature", "news"], sort: "-published_at", limit: 5 } },
  }),
);
assert.deepEqual(listed.data.map((row) => row.id), [draft.id]);
ok("list with filters");

const seen = new Set<string>();
for (let cursor: string | null | undefined; ; ) {
  const query = { limit: 7, count: "exact" as const, ...(cursor ? { cursor } : {}) };
  const { data, page } = right(await api.GET("/v1/articles", { params: { query } }));
  for (const row of data) seen.add(row.id);
  cursor = page.next;
  if (cursor) continue;
  assert.ok(seen.size > 7, `${seen.size} articles are too few to page through`);
  assert.equal(seen.size, page.total);
  break;
}
ok("page to the end");

const slug = { params: { path: { ref: draft.slug } } };
const etag = (await api.GET("/v1/articles/{ref}", slug)).response.headers.get("ETag") ?? "";
const same = await api.GET("/v1/articles/{ref}", { ...slug, headers: { "If-None-Match": etag } });
assert.equal(same.response.status, 304);
ok("conditional read");

const late = await api.PATCH("/v1/articles/{ref}", {
  params: { path: { ref: draft.id }, header: { "If-Match": '"1"' } },
  headers: { "Content-Type": "application/merge-patch+json" },
  body: { kicker: "On the quay" },
});
assert.equal(late.response.status, 412);
assert.equal(late.error?.type, "/problems/version-mismatch");
ok("conflict");

// @ts-expect-error: the types know that a title is needed; what is asked here is what the server says.
const untitled = await api.POST("/v1/articles", { body: {} });
assert.equal(untitled.response.status, 422);
assert.equal(untitled.error?.errors?.[0]?.pointer, "/title");
ok("refused body");

const nowhere = await api.GET("/v1/articles/{ref}", { params: { path: { ref: "there-is-no-such-slug" } } });
assert.equal(nowhere.response.status, 404);
assert.equal(nowhere.error?.type, "/problems/not-found");
ok("unknown address");

const trashed = await api.DELETE("/v1/articles/{ref}", { params: { path: { ref: draft.id }, header: { "If-Match": "*" } } });
assert.equal(trashed.response.status, 204);
const untagged = await api.DELETE("/v1/tags/{ref}", { params: { path: { ref: tag.id }, header: { "If-Match": "*" } } });
assert.equal(untagged.response.status, 204);
ok("clean up");
