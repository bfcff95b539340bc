// Goes through a day at the desk with the client of hey-api.
import assert from "node:assert/strict";
import { client } from "./client/client.gen.js";
import * as api from "./client/sdk.gen.js";

const { MASTHEAD_URL = "", MASTHEAD_EMAIL = "", MASTHEAD_PASSWORD = "" } = process.env;
client.setConfig({ baseUrl: MASTHEAD_URL });
const ok = (step: string) => console.log(`ok ${step}`);

// right gives what a call answered, or fails with its problem.
function right<T>(answer: { data?: T; error?: unknown; response?: Response }): T {
  assert.ok(answer.error === undefined && answer.data !== undefined, `${answer.response?.status} ${JSON.stringify(answer.error)}`);
  return answer.data;
}

const pair = right(await api.createSession({ body: { email: MASTHEAD_EMAIL, password: MASTHEAD_PASSWORD } }));
client.setConfig({ baseUrl: MASTHEAD_URL, auth: pair.access_token });
ok("sign in");

const me = right(await api.getMe());
assert.equal(me.email, MASTHEAD_EMAIL);
ok("who am I");

const tag = right(await api.createTag({ body: { name: "Quay (hey-api)" } }));
ok("make a tag");

const headers = { "Idempotency-Key": `hey-api-${tag.id}` };
const body = { title: "The quay at five (hey-api)", type: "feature" as const, body: "The first boat is *always* the same.", tags: [tag.slug] };
const draft = right(await api.createArticle({ headers, body }));
assert.equal(draft.status, "draft");
ok("create an article");

const again = await api.createArticle({ headers, body });
assert.equal(right(again).id, draft.id);
assert.equal(again.response?.headers.get("Idempotent-Replayed"), "true");
ok("create it again with the same key");

const link = right(
  await api.createRelatedLink({
    path: { id: draft.id },
    body: { rel: "background", title: "Tides of the week", url: "https://example.org/tides" },
  }),
);
assert.equal(link.article, null);
ok("add a related link");

const fresh = await api.getArticle({ path: { ref: draft.id }, query: { view: "draft" } });
assert.equal(right(fresh).related_links?.[0]?.url, "https://example.org/tides");
const version = fresh.response?.headers.get("ETag") ?? "";
const live = right(await api.publishArticle({ path: { id: draft.id }, headers: { "If-Match": version } }));
assert.equal(live.status, "published");
ok("publish");

const listed = right(
  await api.listArticles({
    query: { tag: [tag.slug, "no-such-tag"], type: ["feature", "news"], sort: "-published_at", limit: 5 },
  }),
);
assert.deepEqual(listed.data.map((row) => row.id), [draft.id]);
ok("list with filters");

const seen = new Set<string>();
for (let cursor: string | null | undefined; ; ) {
  const query = { limit: 7, count: "exact" as const, ...(cursor ? { cursor } : {}) };
  const { data, page } = right(await api.listArticles({ query }));
  for (const row of data) seen.add(row.id);
  cursor = page.next;
  if (cursor) continue;
  assert.ok(seen.size > 7, `${seen.size} articles are too few to page through`);
  assert.equal(seen.size, page.total);
  break;
}
ok("page to the end");

const etag = (await api.getArticle({ path: { ref: draft.slug } })).response?.headers.get("ETag") ?? "";
const same = await api.getArticle({ path: { ref: draft.slug }, headers: { "If-None-Match": etag } });
assert.equal(same.response?.status, 304);
ok("conditional read");

const late = await api.updateArticle({ path: { ref: draft.id }, headers: { "If-Match": '"1"' }, body: { kicker: "On the quay" } });
assert.equal(late.response?.status, 412);
assert.equal(late.error?.type, "/problems/version-mismatch");
ok("conflict");

// @ts-expect-error: the types know that a title is needed; what is asked here is what the server says.
const untitled = await api.createArticle({ body: {} });
assert.equal(untitled.response?.status, 422);
assert.equal(untitled.error?.errors?.[0]?.pointer, "/title");
ok("refused body");

const nowhere = await api.getArticle({ path: { ref: "there-is-no-such-slug" } });
assert.equal(nowhere.response?.status, 404);
assert.equal(nowhere.error?.type, "/problems/not-found");
ok("unknown address");

const trashed = await api.deleteArticle({ path: { ref: draft.id }, headers: { "If-Match": "*" } });
assert.equal(trashed.response?.status, 204);
const untagged = await api.deleteTag({ path: { ref: tag.id }, headers: { "If-Match": "*" } });
assert.equal(untagged.response?.status, 204);
ok("clean up");
