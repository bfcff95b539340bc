// A content loader: the published articles of a Masthead server as a collection of Astro.

import { createClient } from "@masthead-cms/client";
import type { ArticleQuery, ArticleRow, MastheadClient, Options } from "@masthead-cms/client";
import type { Loader, LoaderContext } from "astro/loaders";
import { z } from "astro/zod";

export interface MastheadLoader extends Options {
  /** Which articles; all by default. For example `{ tag: ["water"], locale: ["en"] }`. */
  query?: Pick<ArticleQuery, "tag" | "tag_all" | "tag_none" | "type" | "locale" | "published_from" | "published_until">;
}

// What tells that an article must be read again. New words come as a new edition; a renamed tag or a moved link shows at
// once, without one.
const signs = ["id", "slug", "edition", "updated_at", "tags", "related_links"] as const satisfies (keyof ArticleRow)[];
type Signs = Pick<ArticleRow, (typeof signs)[number]>;

/** Makes a loader. Entries are known by slug; those that have not changed since the last build are not read again. */
export function masthead({ query = {}, ...options }: MastheadLoader): Loader {
  const client = createClient({ remember: 200, ...options }); // in development, a second look is answered by 304s
  return {
    name: "masthead",
    schema: article,
    async load(context) {
      const { store, logger, generateDigest } = context;
      const live = new Map<string, string>();
      const changed = new Map<string, string>();
      const list = client.articles({ ...query, fields: [...signs], include: ["related_links"], limit: 100 });
      for await (const row of list) {
        const digest = generateDigest(row satisfies Signs);
        live.set(row.slug, digest);
        if (store.get(row.slug)?.digest !== digest) changed.set(row.id, digest);
      }
      const gone = store.keys().filter((slug) => !live.has(slug));
      for (const slug of gone) store.delete(slug);
      await read(client, [...changed], context);
      logger.info(`${live.size} articles: ${changed.size} read, ${gone.length} gone, the others as they were`);
    },
  };
}

/** Reads articles by their ids, as many in one call as the server takes, and keeps them under the digests given. */
async function read(client: MastheadClient, wanted: [id: string, digest: string][], { store, parseData }: LoaderContext) {
  for (let from = 0; from < wanted.length; from += 100) {
    const digests = new Map(wanted.slice(from, from + 100));
    const list = client.articles({ id: [...digests.keys()], include: ["body", "related_links"], limit: 100 });
    for await (const { body_html, outline = [], ...rest } of list) {
      const digest = digests.get(rest.id);
      if (digest === undefined) continue;
      store.set({
        id: rest.slug,
        digest,
        data: await parseData({ id: rest.slug, data: rest }),
        rendered: {
          html: body_html ?? "",
          metadata: { headings: outline.map(({ level, id, text }) => ({ depth: level, slug: id, text })) },
        },
      });
    }
  }
}

// The fields that pages of this example use. Add those yours need; the rest is dropped.
const article = z.object({
  id: z.string(),
  title: z.string(),
  kicker: z.string().nullable(),
  summary: z.string().nullable(),
  byline: z.string().nullable(),
  locale: z.string(),
  direction: z.enum(["ltr", "rtl"]),
  published_at: z.coerce.date(),
  tags: z.array(z.object({ slug: z.string(), name: z.string() })),
  related_links: z.array(z.object({
    title: z.string(),
    url: z.string(),
    source: z.string().nullable(),
    article: z.object({ slug: z.string() }).nullable(),
  })),
});
