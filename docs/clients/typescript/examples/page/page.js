// Paints one article and a strip of headlines. ?slug= names the article, ?tag= a subject; without them it is the newest.

import { createClient, isProblem } from "@masthead-cms/client";

const site = createClient({ baseUrl: document.querySelector("meta[name=masthead]").content });
const asked = new URLSearchParams(location.search);
const $ = (id) => document.getElementById(id);

/** Makes an element. Words are set as text, never as markup. */
function element(name, properties = {}, ...children) {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children.filter((child) => child !== null));
  return made;
}

/** A link to an article, or to the page of a subject, on this page. */
const here = (parameter, slug) => `?${new URLSearchParams({ [parameter]: slug })}`;

const day = (time, locale) => new Intl.DateTimeFormat(locale, { dateStyle: "long" }).format(new Date(time));

async function paintTicker() {
  const tag = asked.get("tag");
  const fields = ["slug", "title", "locale", "direction"];
  const { data } = await site.articles({ limit: 50, fields, ...(tag && { tag: [tag] }) }).page();
  $("ticker").replaceChildren(...data.map((row) =>
    element("li", {}, element("a", { href: here("slug", row.slug), lang: row.locale, dir: row.direction, textContent: row.title })),
  ));
  return data[0]?.slug;
}

function paintArticle(article) {
  const { locale, direction, source } = article;
  Object.assign($("article"), { lang: locale, dir: direction });
  document.title = `${article.meta.title ?? article.title} – The Tidewater Post`;
  document.querySelector("meta[name=description]").content = article.meta.description ?? article.summary ?? "";

  for (const field of ["kicker", "title", "summary"]) {
    $(field).textContent = article[field] ?? "";
    $(field).hidden = article[field] === null;
  }
  const facts = [article.byline, article.dateline].filter(Boolean).map((text) => element("span", { textContent: text }));
  facts.push(element("time", { dateTime: article.published_at, textContent: day(article.published_at, locale) }));
  if (source) {
    facts.push(source.url ? element("a", { href: source.url, textContent: source.name }) : element("span", { textContent: source.name }));
  }
  $("facts").replaceChildren(...facts);

  $("body").innerHTML = article.body_html; // the server has sanitised it

  paintList("links", article.related_links, (link) => [
    element("a", { href: link.article ? here("slug", link.article.slug) : link.url, textContent: link.title, dir: "auto" }),
    link.source && element("span", { className: "source", textContent: link.source, dir: "auto" }),
    link.note && element("p", { textContent: link.note, dir: "auto" }),
  ]);
  paintList("tags", article.tags, (tag) => [element("a", { href: here("tag", tag.slug), textContent: tag.name, dir: "auto" })]);
  $("article").hidden = false;
}

function paintList(id, rows, inside) {
  $(id).querySelector("ul").replaceChildren(...rows.map((row) => element("li", {}, ...inside(row))));
  $(id).hidden = rows.length === 0;
}

function paintTrouble(error) {
  $("trouble").hidden = false;
  $("trouble").textContent = isProblem(error, "not-found") ? "There is no such article."
    : isProblem(error) ? error.message
    : "The news cannot be reached just now.";
  document.title = "The Tidewater Post";
}

try {
  const slug = asked.get("slug");
  const ticker = paintTicker();
  const newest = slug ?? (await ticker);
  if (newest === undefined) $("trouble").textContent = "Nothing has been published yet.";
  else paintArticle(await site.article(newest));
  $("trouble").hidden = newest !== undefined;
  await ticker;
} catch (error) {
  paintTrouble(error);
} finally {
  $("main").removeAttribute("aria-busy");
}
