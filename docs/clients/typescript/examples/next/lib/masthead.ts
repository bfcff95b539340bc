import { createClient } from "@masthead-cms/client";

export const site = createClient({
  baseUrl: process.env.MASTHEAD_URL ?? "http://127.0.0.1:8080",
  token: process.env.MASTHEAD_TOKEN, // only where the operator has closed public reading
});

/**
 * How long a page may be old: a minute, or until the route `/revalidate` hears of a change. Tags say what a page is made of.
 */
export const made = (...tags: string[]) => ({ next: { revalidate: 60, tags: ["articles", ...tags] } });
