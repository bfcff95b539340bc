// What the tests need of a real server: scripts/with-server.mjs starts one and says where.

import assert from "node:assert/strict";
import { createClient, unwrap } from "@masthead-cms/client";
import type { ArticleInput, Draft, MastheadClient, Medium, Options } from "@masthead-cms/client";

const { MASTHEAD_URL, MASTHEAD_EMAIL = "", MASTHEAD_PASSWORD = "" } = process.env;

/** Where the server answers; the tests that ask for it are run by `npm test`. */
export function serverUrl(): string {
  assert.ok(MASTHEAD_URL, "MASTHEAD_URL is not set: run the tests with npm test");
  return MASTHEAD_URL;
}

/** A client nobody is signed in with. */
export function reader(options: Partial<Options> = {}): MastheadClient {
  return createClient({ baseUrl: serverUrl(), ...options });
}

/** A client signed in as an administrator. */
export async function editor(options: Partial<Options> = {}): Promise<MastheadClient> {
  const client = reader(options);
  await client.signIn(MASTHEAD_EMAIL, MASTHEAD_PASSWORD);
  return client;
}

/** Writes a draft. */
export function write(client: MastheadClient, body: ArticleInput): Promise<Draft> {
  return unwrap(client.api.POST("/v1/articles", { params: { query: { create_tags: true } }, body }));
}

/** Uploads a file, with its fields. */
export function upload(client: MastheadClient, file: File, fields: Record<string, string> = {}): Promise<Medium> {
  const form = new FormData();
  form.set("file", file);
  for (const [name, text] of Object.entries(fields)) form.set(name, text);
  return unwrap(client.api.POST("/v1/media", { body: { file: file.name }, bodySerializer: () => form }));
}

/** Publishes articles until readers have `count` of them. */
export async function publishUpTo(client: MastheadClient, count: number): Promise<void> {
  const { page } = await client.articles({ limit: 1, count: "exact", fields: ["id"] }).page();
  for (let n = page.total ?? 0; n < count; n++) {
    await client.publish(await write(client, { title: `Ferry log, crossing ${n}`, body: "Calm water, and on time." }));
  }
}
