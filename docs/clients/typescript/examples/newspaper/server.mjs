// Paints a newspaper: its front pages, sections, people, subjects and articles, in English and Arabic.
//
//     MASTHEAD_URL=http://127.0.0.1:8080 node examples/newspaper/server.mjs

import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { createClient, isProblem, unwrap } from "../../dist/index.js";
import { articlePage, frontPage, listPage, plainPage } from "./pages.mjs";
import { editionOf, editions } from "./words.mjs";

const baseUrl = process.env.MASTHEAD_URL ?? "http://127.0.0.1:8080";
const masthead = createClient({ baseUrl, remember: 500 });
const file = (name) => readFile(new URL(name, import.meta.url));
const files = {
  "/style.css": { type: "text/css", text: await file("style.css") },
  "/embeds.js": { type: "text/javascript", text: await file("embeds.js") },
};

// Files of media come from Masthead, or from where its public address is; frames only when a reader asks for one.
const mediaFrom = `'self' https: ${new URL(baseUrl).origin}`;
const policy = [
  "default-src 'self'", `img-src data: ${mediaFrom}`, `media-src ${mediaFrom}`, "frame-src https:",
  "style-src 'self'", "style-src-attr 'unsafe-inline'",
].join("; ");

/** One page: what it asks Masthead for, and how often. */
class Visit {
  requests = 0;

  async ask(call) {
    this.requests++;
    return call;
  }

  get(path, params = {}) {
    return this.ask(unwrap(masthead.api.GET(path, { params })));
  }
}

/** What the patterns of a site say about a path: the kind of its page, and the slug or id of what it shows. */
function find(paths, path) {
  for (const [kind, pattern] of Object.entries(paths)) {
    if (!pattern) continue;
    const form = pattern
      .replace(/[.*+?^$()|[\]\\]/g, "\\$&")
      .replace(/\/\{section\}/g, "(?:/[^/]+)?")
      .replace(/\/\{section_path\}/g, kind === "section" ? "(?:/[^/]+)*?/(?<slug>[^/]+)" : "(?:/[^/]+)*")
      .replace(/\{(slug|id)\}/g, "(?<$1>[^/]+)")
      .replace(/\{\w+\}/g, "[^/]+");
    const found = new RegExp(`^${form}/?$`).exec(path)?.groups;
    if (found) return { kind, ref: found.id ?? found.slug };
  }
  return null;
}

/** The answer of a page: a redirect, if what it shows is at another address now. */
function shown(site, path, own, page) {
  const address = own.url?.startsWith(site.url ?? "") ? own.url.slice((site.url ?? "").length) : own.url;
  return address && decodeURI(address) !== decodeURI(path) ? { status: 301, location: address } : { status: 200, page };
}

const pages = {
  async article(visit, frame, ref) {
    const article = await visit.get("/v1/articles/{ref}", { path: { ref } });
    const related = await visit.get("/v1/articles/{ref}/related", { path: { ref }, query: { limit: 4 } });
    return shown(frame.site, frame.path, article, articlePage(frame, article, related.data));
  },

  async front(visit, frame, ref) {
    const front = await visit.get("/v1/fronts/{ref}", { path: { ref } });
    const edition = Object.keys(editions).find((name) => editions[name].front === front.slug);
    return shown(frame.site, frame.path, front, frontPage({ ...frame, edition: edition ?? frame.edition }, front));
  },

  section: (visit, frame, ref) => {
    const known = frame.site.sections.find((section) => section.slug === ref || section.id === ref);
    return list(visit, frame, "section", known ?? ref);
  },
  author: (visit, frame, ref) => list(visit, frame, "author", ref),
  tag: (visit, frame, ref) => list(visit, frame, "tag", ref),

  async collection(visit, frame, ref) {
    const collection = await visit.get("/v1/collections/{ref}", { path: { ref } });
    const rows = await visit.get("/v1/collections/{ref}/articles", { path: { ref } });
    return shown(frame.site, frame.path, collection, listPage(frame, collection, rows.data, null));
  },
};

/** The page of a noun that articles refer to, with the newest of them. */
async function list(visit, frame, kind, known) {
  const noun = typeof known === "string" ? await visit.get(`/v1/${kind}s/{ref}`, { path: { ref: known } }) : known;
  const query = { [kind]: [noun.slug], limit: 20, locale: [frame.edition], ...(frame.cursor && { cursor: frame.cursor }) };
  const { data, page } = await visit.get("/v1/articles", { query });
  const rows = data.map((article) => ({ item: article, article }));
  return shown(frame.site, frame.path, noun, listPage(frame, noun, rows, page.next));
}

/** Where a path leads that shows nothing itself: elsewhere, to what is gone, or nowhere. */
async function moved(visit, frame) {
  if (decoded(frame.path) === null) return { status: 404 };
  const { status, location } = await visit.get("/v1/resolve", { query: { path: frame.path } });
  return location && status !== 200 ? { status, location } : { status: status === 410 ? 410 : 404 };
}

/** What stands behind the percent signs of a part of an address; null if nothing does. */
function decoded(part) {
  try {
    return decodeURIComponent(part);
  } catch {
    return null;
  }
}

async function answer(visit, url) {
  const site = await visit.get("/v1/site", { query: { include: ["alerts", "ticker", "sections"] } });
  const asked = url.searchParams.get("lang");
  const frame = {
    site, path: url.pathname, cursor: url.searchParams.get("cursor"), edition: editionOf(asked ?? site.locale), now: new Date(),
  };
  const found = decoded(url.pathname) === null ? null : url.pathname === "/" && site.home ? { kind: "front", ref: site.home.slug } : find(site.paths, url.pathname);
  try {
    const made = found ? await pages[found.kind](visit, frame, decodeURIComponent(found.ref)) : await moved(visit, frame);
    return made.page || made.location ? made : { ...made, page: plainPage(frame, made.status) };
  } catch (error) {
    if (!isProblem(error, "not-found") && !isProblem(error, "gone")) throw error;
    const made = await moved(visit, frame);
    return made.location ? made : { ...made, page: plainPage(frame, made.status) };
  }
}

const server = createServer(async (request, response) => {
  const visit = new Visit();
  // An address that begins with two slashes would name another host.
  const url = new URL(request.url.replace(/^\/+/, "/"), "http://newspaper");
  const own = files[url.pathname];
  if (own) return response.writeHead(200, { "Content-Type": own.type, "Cache-Control": "max-age=60" }).end(own.text);
  // A server that does not know where it is reached gives media addresses without a host.
  if (/^\/media\/[\da-f-]{36}\//.test(url.pathname)) {
    return response.writeHead(307, { Location: new URL(url.pathname + url.search, baseUrl).href }).end();
  }
  let made;
  try {
    made = await answer(visit, url);
  } catch (error) {
    console.error(error);
    made = { status: 503, page: plainPage(null, 503) };
  }
  response.writeHead(made.status, {
    ...(made.location ? { Location: made.location } : { "Content-Type": "text/html; charset=utf-8" }),
    "Cache-Control": "no-cache",
    "Content-Security-Policy": policy,
    "Server-Timing": `masthead;desc="${visit.requests} requests"`,
  }).end(made.page?.toString());
});

server.listen(Number(process.env.PORT ?? 4174), "127.0.0.1", () => {
  console.log(`http://127.0.0.1:${server.address().port}/`);
});
