import assert from "node:assert/strict";
import { mock, test } from "node:test";
import { createClient, isProblem, ProblemError, unwrap } from "@masthead-cms/client";
import type { ArticleRow, Draft, Options, Problem } from "@masthead-cms/client";

/** What one request is answered with. */
type Answer = (request: Request) => Response | Promise<Response>;

/** A client whose requests are answered in turn; the last answer stands for all that follow. */
function clientOf(answers: Answer[], options: Partial<Options> = {}) {
  const asked: Request[] = [];
  const client = createClient({
    baseUrl: "https://cms.example.org/",
    fetch: async (request) => {
      asked.push(request.clone());
      const answer = answers[Math.min(asked.length, answers.length) - 1];
      assert.ok(answer, "no answer was prepared");
      return answer(request);
    },
    ...options,
  });
  return { client, asked };
}

const json = (body: unknown, headers: Record<string, string> = {}, status = 200): Answer =>
  () => Response.json(body, { status, headers });

const page = (ids: string[], next: string | null): Answer =>
  json({ data: ids.map((id) => ({ id })), page: { limit: 2, next, prev: null } });

const problem = (word: string, status: number, headers: Record<string, string> = {}, more: Partial<Problem> = {}): Answer =>
  json({
    type: `/problems/${word}`, title: "It went wrong", status, detail: "Mend it.", instance: "/v1/articles", request_id: "r-1",
    ...more,
  }, { "Content-Type": "application/problem+json", ...headers }, status);

const pair = (n: number, expires_in = 600): Answer =>
  json({ access_token: `access-${n}`, token_type: "Bearer", expires_in, refresh_token: `refresh-${n}` });

const address = (request: Request | undefined) => request?.url.replace("https://cms.example.org", "");

test("a list is read to its end, each page by the cursor of the one before", async () => {
  const { client, asked } = clientOf([page(["a", "b"], "c1"), page(["c", "d"], "c2"), page(["e"], null)]);
  const ids: string[] = [];
  for await (const row of client.articles({ tag: ["water", "ice"], limit: 2, fields: ["id"] })) ids.push(row.id);
  assert.deepEqual(ids, ["a", "b", "c", "d", "e"]);
  assert.deepEqual(asked.map(address), [
    "/v1/articles?tag=water,ice&limit=2&fields=id",
    "/v1/articles?tag=water,ice&limit=2&fields=id&cursor=c1",
    "/v1/articles?tag=water,ice&limit=2&fields=id&cursor=c2",
  ]);
});

test("a page that nobody reads is not asked for", async () => {
  const { client, asked } = clientOf([page(["a", "b"], "c1")]);
  for await (const row of client.articles()) {
    if (row.id === "b") break;
  }
  assert.equal(asked.length, 1);
});

test("a list that begins at a numbered page goes on by cursor", async () => {
  const { client, asked } = clientOf([page(["a"], "c1"), page(["b"], null)]);
  const pages = [];
  for await (const one of client.articles({ page: 3 }).pages()) pages.push(one.data.length);
  assert.deepEqual(pages, [1, 1]);
  assert.deepEqual(asked.map(address), ["/v1/articles?page=3", "/v1/articles?cursor=c1"]);
});

test("one page is one request, with what stands beside the rows", async () => {
  const { client, asked } = clientOf([json({ data: [], page: { limit: 5, next: "c1", prev: null, total: 12 } })]);
  const { page: place } = await client.tags({ limit: 5, count: "exact" }).page();
  assert.equal(place.total, 12);
  assert.equal(asked.length, 1);
});

test("an empty list in a query is refused instead of meaning everything", async () => {
  const { client, asked } = clientOf([page([], null)]);
  await assert.rejects(client.articles({ id: [] }).page(), /id is an empty list/);
  assert.equal(asked.length, 0);
});

test("slugs of any script are encoded", async () => {
  const { client, asked } = clientOf([json({ slug: "نخلة" })]);
  await client.article("نخلة التمر/؟");
  assert.equal(asked[0]?.url, `https://cms.example.org/v1/articles/${encodeURIComponent("نخلة التمر/؟")}`);
});

test("a refusal is thrown as its problem", async () => {
  const errors = [{ parameter: "tags", code: "unknown", detail: "Did you mean tag?" }];
  const { client } = clientOf([problem("invalid-parameter", 400, { "X-Extra": "1" }, { errors })]);
  const error = await client.article("x").catch((error: unknown) => error);
  assert.ok(isProblem(error));
  assert.ok(error instanceof ProblemError && error instanceof Error);
  assert.deepEqual([error.word, error.status, error.detail, error.requestId], ["invalid-parameter", 400, "Mend it.", "r-1"]);
  assert.deepEqual(error.errors, errors);
  assert.equal(error.message, "It went wrong: Mend it.");
  assert.equal(error.headers.get("X-Extra"), "1");
  assert.ok(isProblem(error, "not-found", "invalid-parameter"));
  assert.ok(!isProblem(error, "not-found"));
  assert.ok(!isProblem(new Error("not-found")));
});

test("an answer that is not Masthead's is a problem too", async () => {
  const { client } = clientOf([() => new Response("<h1>Bad gateway</h1>", { status: 502, statusText: "Bad Gateway" })]);
  const error = await client.article("x").catch((error: unknown) => error);
  assert.ok(isProblem(error, "about:blank"));
  assert.deepEqual([error.status, error.problem.title, error.errors], [502, "Bad Gateway", []]);
});

test("a network that fails is not a problem of the server", async () => {
  const { client } = clientOf([() => Promise.reject(new TypeError("fetch failed"))]);
  await assert.rejects(client.article("x"), TypeError);
});

test("the token is sent, from a text or a function", async () => {
  const fixed = clientOf([json({})], { token: "mh_key" });
  await fixed.client.article("x");
  assert.equal(fixed.asked[0]?.headers.get("Authorization"), "Bearer mh_key");

  let n = 0;
  const made = clientOf([json({})], { token: async () => `t${++n}`, headers: { "X-Request-Id": "abc" } });
  await made.client.article("x");
  await made.client.article("x");
  assert.deepEqual(made.asked.map((r) => r.headers.get("Authorization")), ["Bearer t1", "Bearer t2"]);
  assert.equal(made.asked[0]?.headers.get("X-Request-Id"), "abc");
});

test("a read that is told to wait is sent once more, after that time", async () => {
  const waits: number[] = [];
  const retry = { sleep: async (ms: number) => void waits.push(ms) };
  const { client, asked } = clientOf([problem("too-many-requests", 429, { "Retry-After": "3" }), json({ id: "a" })], { retry });
  assert.equal((await client.article("a")).id, "a");
  assert.deepEqual([asked.length, waits], [2, [3000]]);
});

test("a server that stays unavailable is asked as often as was said, and no more", async () => {
  const retry = { times: 2, sleep: async () => {} };
  const { client, asked } = clientOf([problem("unavailable", 503, { "Retry-After": "1" })], { retry });
  await assert.rejects(client.article("a"), (error) => isProblem(error, "unavailable"));
  assert.equal(asked.length, 3);
});

test("nothing is sent again without Retry-After, for too long a wait, for a change, or when told not to", async () => {
  const sleep = () => assert.fail("it waited");
  const soon = { "Retry-After": "1" };
  const cases: [Answer, Options["retry"]][] = [
    [problem("unavailable", 503), { sleep }],
    [problem("unavailable", 503, { "Retry-After": "31" }), { sleep }],
    [problem("internal", 500, soon), { sleep }],
    [problem("unavailable", 503, soon), false],
  ];
  for (const [answer, retry] of cases) {
    const { client, asked } = clientOf([answer], { retry });
    await assert.rejects(client.article("a"), ProblemError);
    assert.equal(asked.length, 1);
  }
  const { client, asked } = clientOf([problem("unavailable", 503, soon)], { retry: { sleep } });
  await assert.rejects(client.publish({ id: "a", version: "*" }), ProblemError);
  assert.equal(asked.length, 1);
});

test("a date in Retry-After is waited for", async () => {
  const waits: number[] = [];
  const retry = { sleep: async (ms: number) => void waits.push(ms) };
  const date = new Date(Date.now() + 5000).toUTCString();
  const { client } = clientOf([problem("unavailable", 503, { "Retry-After": date }), json({})], { retry });
  await client.article("a");
  assert.ok(waits[0] !== undefined && waits[0] > 3000 && waits[0] <= 5000, `waited ${waits[0]}`);
});

test("a wait ends when the call is given up", async () => {
  const { client } = clientOf([problem("unavailable", 503, { "Retry-After": "20" })]);
  const stop = new AbortController();
  const call = client.article("a", {}, { signal: stop.signal });
  setImmediate(() => stop.abort(new Error("enough")));
  await assert.rejects(call, /enough/);
});

test("what is remembered is asked for conditionally and reused", async () => {
  const { client, asked } = clientOf(
    [json({ id: "a" }, { ETag: '"one"' }), () => new Response(null, { status: 304 }), json({ id: "b" }, { ETag: '"two"' })],
    { remember: 10 },
  );
  assert.equal((await client.article("a")).id, "a");
  assert.equal((await client.article("a")).id, "a");
  assert.equal((await client.article("a")).id, "b");
  assert.deepEqual(asked.map((r) => r.headers.get("If-None-Match")), [null, '"one"', '"one"']);
});

test("the memory keeps what was asked for last, and never what must not be stored", async () => {
  const private_ = { ETag: '"7"', "Cache-Control": "private, no-store" };
  const answers: Answer[] = [(request) =>
    request.headers.has("If-None-Match") ? new Response(null, { status: 304 })
      : Response.json({ id: "x" }, { headers: request.url.includes("draft") ? private_ : { ETag: '"e"' } })];
  const { client, asked } = clientOf(answers, { remember: 2 });
  for (const ref of ["a", "b", "a", "c", "a", "b"]) await client.article(ref);
  await client.draft("d");
  await client.draft("d");
  assert.deepEqual(asked.map((r) => r.headers.has("If-None-Match")), [false, false, true, false, true, false, false, false]);
});

test("without being told to remember, nothing is", async () => {
  const { client, asked } = clientOf([json({}, { ETag: '"e"' })]);
  await client.article("a");
  await client.article("a");
  assert.equal(asked[1]?.headers.get("If-None-Match"), null);
});

test("calls after signing in carry the access token, and those of others do not", async () => {
  const told: (string | undefined)[] = [];
  const { client, asked } = clientOf([pair(1), json({})], { onTokens: (pair) => told.push(pair?.refresh_token) });
  await client.signIn("ada@example.org", "correct horse");
  await client.article("x");
  assert.deepEqual(await asked[0]?.json(), { email: "ada@example.org", password: "correct horse" });
  assert.deepEqual(asked.map((r) => r.headers.get("Authorization")), [null, "Bearer access-1"]);
  assert.deepEqual(told, ["refresh-1"]);
});

test("an access token near its end is renewed once for all who wait", async (t) => {
  t.mock.timers.enable({ apis: ["Date"] });
  const { client, asked } = clientOf([pair(1), pair(2), json({})]);
  await client.signIn("ada@example.org", "correct horse");
  t.mock.timers.tick(571_000);
  await Promise.all([client.article("x"), client.article("y"), client.article("z")]);
  assert.deepEqual(asked.map(address), ["/v1/auth/login", "/v1/auth/refresh", "/v1/articles/x", "/v1/articles/y", "/v1/articles/z"]);
  assert.deepEqual(await asked[1]?.json(), { refresh_token: "refresh-1" });
  assert.equal(asked[4]?.headers.get("Authorization"), "Bearer access-2");
});

test("a refused access token is renewed, and the change sent again with its body", async () => {
  const { client, asked } = clientOf([pair(1), problem("unauthorized", 401), pair(2), json({ version: 2 })]);
  await client.signIn("ada@example.org", "correct horse");
  const draft = await client.update({ id: "a", version: 1 }, { title: "Tide" });
  assert.equal(draft.version, 2);
  assert.deepEqual(asked.map((r) => `${r.method} ${address(r)}`),
    ["POST /v1/auth/login", "PATCH /v1/articles/a", "POST /v1/auth/refresh", "PATCH /v1/articles/a"]);
  assert.deepEqual(await asked[3]?.json(), { title: "Tide" });
  assert.equal(asked[3]?.headers.get("Authorization"), "Bearer access-2");
  assert.equal(asked[3]?.headers.get("If-Match"), '"1"');
});

test("a spent refresh token ends the session and shows the refusal", async () => {
  const told = mock.fn();
  const refused = problem("unauthorized", 401);
  const { client, asked } = clientOf([pair(1), refused, refused, json({})], { onTokens: told });
  await client.signIn("ada@example.org", "correct horse");
  await assert.rejects(client.draft("x"), (error) => isProblem(error, "unauthorized"));
  assert.deepEqual(told.mock.calls.map((call) => call.arguments[0] === null), [false, true]);
  await client.article("x");
  assert.equal(asked.at(-1)?.headers.get("Authorization"), null);
});

test("a session outlives a refresh that the server could not answer", async (t) => {
  t.mock.timers.enable({ apis: ["Date"] });
  const { client, asked } = clientOf([pair(1), problem("unavailable", 503), pair(2), json({})]);
  await client.signIn("ada@example.org", "correct horse");
  t.mock.timers.tick(600_000);
  await assert.rejects(client.article("x"), (error) => isProblem(error, "unavailable"));
  await client.article("x");
  assert.equal(asked.at(-1)?.headers.get("Authorization"), "Bearer access-2");
});

test("a session is resumed from its refresh token, and one that has ended is not", async () => {
  const alive = clientOf([pair(2), json({})]);
  assert.equal(await alive.client.resume("refresh-1"), true);
  await alive.client.article("x");
  assert.equal(alive.asked[1]?.headers.get("Authorization"), "Bearer access-2");

  const ended = clientOf([problem("unauthorized", 401)]);
  assert.equal(await ended.client.resume("refresh-0"), false);
});

test("signing out ends the session here and there", async () => {
  const { client, asked } = clientOf([pair(1), () => new Response(null, { status: 204 }), json({})]);
  await client.signIn("ada@example.org", "correct horse");
  await client.signOut();
  await client.signOut();
  await client.article("x");
  assert.deepEqual(asked.map(address), ["/v1/auth/login", "/v1/auth/logout", "/v1/articles/x"]);
  assert.deepEqual(await asked[1]?.json(), { refresh_token: "refresh-1" });
  assert.equal(asked[2]?.headers.get("Authorization"), null);
});

test("a change names the version it is based on", async () => {
  const { client, asked } = clientOf([json({})]);
  await client.publish({ id: "a", version: 7 });
  await client.publish({ id: "a", version: "*" });
  assert.deepEqual(asked.map((r) => r.headers.get("If-Match")), ['"7"', "*"]);
});

test("what a framework adds to fetch reaches it", async () => {
  let seen: unknown;
  const { client } = clientOf([(request) => {
    seen = (request as Request & { next?: unknown }).next;
    return Response.json({});
  }]);
  const next = { revalidate: 60, tags: ["articles"] };
  await client.article("x", {}, { next } as RequestInit);
  assert.deepEqual(seen, next);
});

test("the types know which fields were asked for", async () => {
  const { client } = clientOf([json({ data: [], page: { limit: 1, next: null, prev: null } })]);
  const { data } = await client.articles({ fields: ["id", "title"] }).page();
  const row = data[0];
  void row?.title;
  // @ts-expect-error: summary was not asked for
  void row?.summary;
  // @ts-expect-error: there is no such field
  void client.articles({ fields: ["headline"] });
  // @ts-expect-error: there is no such kind of piece
  void client.articles({ type: ["poem"] });
  const whole: ArticleRow[] = (await client.articles().page()).data;
  const body: string = (await client.article("x")).body_html;
  const draft: Draft = await unwrap(client.api.POST("/v1/articles/{id}/publish", {
    params: { path: { id: "a" }, header: { "If-Match": "*" } },
  }));
  const { data: first, error } = await client.api.GET("/v1/articles");
  const title: string | undefined = first?.data[0]?.title;
  const refused: Problem | undefined = error;
  const asked: string[] = (await client.related("x", { fields: ["reasons"] })).flatMap((one) => one.reasons);
  void [whole, body, draft, title, refused, asked];
});
