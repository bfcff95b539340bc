// The pages of the newspaper, made of answers of Masthead.

import { html, inLanguage, sanitised } from "./html.mjs";
import { body, figure, picture, player } from "./media.mjs";
import { editionOf, editions } from "./words.mjs";

/** An address of the site as a path, any other as it is. */
const here = (site, url) => (site?.url && url?.startsWith(site.url) ? url.slice(site.url.length) || "/" : url);

const day = (time, language, timeZone, dateStyle = "long") =>
  new Intl.DateTimeFormat(language, { dateStyle, timeZone }).format(new Date(time));

/** The address of a list of articles in the language of the page. */
function listed({ site, edition }, url) {
  const path = here(site, url);
  return editionOf(site.locale) === edition || !path?.startsWith("/") ? path : `${path}?lang=${edition}`;
}

/** A field of the site or of a noun in the language of the page, or in its own. */
const said = (edition, noun, field) => noun.localized?.[edition]?.[field] ?? noun[field];

/** A moment, as the people of the site write it. */
const moment = (frame, time) =>
  html`<time datetime="${time}">${day(time, frame.edition, frame.site.time_zone)}</time>`;

const languageOf = (locale) => ({ locale, direction: editions[editionOf(locale)].words.dir });

/** The whole page around its main part. Nothing is painted before that begins: lines that are centred would move while they come. */
function page(frame, { title, description, head, main }) {
  const { site, edition } = frame;
  const { words } = editions[edition];
  return html`<!doctype html>
<html ${inLanguage(languageOf(edition))}>
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title && `${title} – `}${said(edition, site, "name")}</title>
<meta name="description" content="${description ?? site.description ?? site.tagline}">
<link rel="icon" href="${site.icon?.url ?? "data:,"}">
<link rel="stylesheet" href="/style.css">
<link rel="expect" href="#main" blocking="render">
<script type="module" src="/embeds.js"></script>
${head}
</head>
<body>
<a class="skip" href="#main">${words.skip}</a>
${mastheadOf(frame)}
${alerts(frame)}
${ticker(frame)}
<main id="main" tabindex="-1">${main}</main>
${footer(frame)}
</body>
</html>`;
}

function mastheadOf(frame) {
  const { site, edition, now } = frame;
  const { words, other } = editions[edition];
  const front = editions[other].front;
  const elsewhere = frame.list ? `${frame.path}?lang=${other}` : front ? site.paths.front?.replace("{slug}", front) ?? `/?lang=${other}` : "/";
  const name = said(edition, site, "name");
  const language = inLanguage(languageOf(name === site.name ? site.locale : edition));
  return html`<header class="masthead">
<p class="date"><time datetime="${now.toISOString()}">${day(now, edition, site.time_zone, "full")}</time></p>
<p class="name" ${language}><a href="/">${site.logo && picture(site.logo, "logo", "")}${name}</a></p>
<p class="tagline" ${language}>${said(edition, site, "tagline")}</p>
<p class="language"><a href="${elsewhere}" lang="${other}">${words.otherLanguage}</a></p>
<nav class="menu" aria-label="${words.sections}"><ul>${menu({ site, edition }, "main")}</ul></nav>
</header>`;
}

/** The entries of a menu, in the language of the page where they have a label in it. */
function menu({ site, edition }, name, deep = false) {
  const entry = ({ label, labels, url, children }) => {
    const own = labels[edition];
    const attributes = own ? null : inLanguage(languageOf(site.locale));
    return html`<li>${url ? html`<a href="${listed({ site, edition }, url)}" ${attributes}>${own ?? label}</a>` : own ?? label}
${deep && children?.length > 0 && html`<ul>${children.map(entry)}</ul>`}</li>`;
  };
  return (site.menus[name] ?? []).map(entry);
}

function alerts({ site, edition }) {
  const { words } = editions[edition];
  const own = site.alerts.filter(({ locale }) => locale === null || editionOf(locale) === edition);
  if (own.length === 0) return null;
  return html`<section class="alerts" aria-label="${words.alerts}">${own.map(({ level, text, article, url }) => {
    const to = here(site, article?.url ?? url);
    return html`<p class="${level}"><strong>${words.levels[level]}</strong> ${to ? html`<a href="${to}">${text}</a>` : text}</p>`;
  })}</section>`;
}

function ticker({ site, edition }) {
  const rows = site.ticker?.rows ?? [];
  if (rows.length === 0) return null;
  // It scrolls, so the keyboard must reach it; it does not move by itself.
  return html`<nav class="ticker" aria-labelledby="ticker-name">
<h2 id="ticker-name">${editions[edition].words.headlines}</h2>
<div class="strip" tabindex="0" role="group" aria-labelledby="ticker-name"><ol>
${rows.map(({ item, article }) => html`<li><a href="${here(site, item.url)}" ${article && inLanguage(article)}>${item.title}</a></li>`)}
</ol></div>
</nav>`;
}

function footer({ site, edition }) {
  const { words } = editions[edition];
  const { email, phone, address } = site.contact;
  return html`<footer>
<nav aria-label="${words.about}"><ul>${menu({ site, edition }, "footer")}</ul></nav>
<ul>${site.social.map(({ name, url }) => html`<li><a href="${url}" rel="me">${name}</a></li>`)}</ul>
<address aria-label="${words.contact}" dir="ltr">
${email && html`<a href="mailto:${email}">${email}</a>`} ${phone} ${address && html`<span>${address}</span>`}
</address>
<p dir="ltr">${site.publisher.legal_name}${site.publisher.founded && `, ${site.publisher.founded}`}</p>
</footer>`;
}

/** A headline with its summary, as lists and fronts show it. */
function teaser(frame, { item, article }, level = 3, lead = false) {
  const { site, edition } = frame;
  const { words } = editions[edition];
  const language = article ? inLanguage(article) : html`dir="auto"`;
  const title = html`<a href="${here(site, item.url)}">${item.title}</a>`;
  const image = item.image ?? article?.image;
  return html`<article class="teaser${lead && " lead"}" ${language}>
${image && html`<a class="picture" href="${here(site, item.url)}" tabindex="-1" ${!image.alt && html`aria-hidden="true"`}>${picture(image, lead ? "lead" : "row")}</a>`}
${item.kicker && html`<p class="kicker">${item.kicker}</p>`}
${level === 2 ? html`<h2>${title}</h2>` : html`<h3>${title}</h3>`}
${item.summary && html`<p>${item.summary}</p>`}
<p class="facts">${article
    ? html`${article.byline && html`<span>${article.byline}</span>`} <time datetime="${article.published_at}">${day(article.published_at, article.locale, site.time_zone)}</time>`
    : html`<span lang="${edition}" dir="${words.dir}">${words.elsewhere}</span>`}</p>
</article>`;
}

export function frontPage(frame, front) {
  const { words } = editions[frame.edition];
  const slots = front.slots.filter(({ rows }) => rows.length > 0);
  return page(frame, {
    main: html`<h1 class="hidden">${said(frame.edition, frame.site, "name")}</h1>
${slots.length === 0 && html`<p>${words.nothing}</p>`}
${slots.map(({ name, collection, rows }, i) => html`<section class="slot${i === 0 && " top"}" aria-labelledby="slot-${i}">
<h2 id="slot-${i}" dir="auto">${name ?? collection.name}</h2>
<div class="rows">${rows.map((row, n) => teaser(frame, row, 3, i === 0 && n === 0))}</div>
</section>`)}`,
  });
}

/** The page of a section, a subject, an author or a collection. */
export function listPage(given, noun, rows, next) {
  const frame = { ...given, list: true };
  const { site, edition, path } = frame;
  const { words } = editions[edition];
  const name = said(edition, noun, "name");
  const place = "job_title" in noun ? "portrait" : "whole";
  const below = site.sections.filter(({ parent }) => parent?.id === noun.id);
  return page(frame, {
    title: name,
    description: said(edition, noun, "description"),
    main: html`<header class="of">
${noun.parent && html`<p class="kicker" dir="auto"><a href="${listed(frame, noun.parent.url)}">${noun.parent.name}</a></p>`}
${noun.image && html`<div class="picture ${place}">${picture(noun.image, place)}</div>`}
<h1 dir="auto">${name}</h1>
${noun.job_title && html`<p dir="auto">${said(edition, noun, "job_title")}</p>`}
${noun.description && html`<p class="summary" dir="auto">${said(edition, noun, "description")}</p>`}
${noun.bio_html && html`<div dir="auto">${sanitised(said(edition, noun, "bio_html"))}</div>`}
${below.length > 0 && html`<ul class="below">${below.map((section) => html`<li dir="auto"><a href="${listed(frame, section.url)}">${said(edition, section, "name")}</a></li>`)}</ul>`}
</header>
${rows.length === 0 && html`<p>${words.nothing}</p>`}
<div class="rows">${rows.map((row) => teaser(frame, row, 2))}</div>
${next && html`<p class="older"><a href="${path}?${new URLSearchParams({ lang: edition, cursor: next })}" rel="next">${words.older}</a></p>`}`,
  });
}

export function articlePage(frame, article, related) {
  const { site } = frame;
  const edition = editionOf(article.locale);
  const { words } = editions[edition];
  const own = { ...frame, edition };
  const address = article.canonical_url ?? (site.url && article.url);
  return page(own, {
    title: article.meta.title ?? article.title,
    description: article.meta.description ?? article.summary,
    head: html`${address && html`<link rel="canonical" href="${address}">`}
${article.meta.noindex && html`<meta name="robots" content="noindex">`}
${article.translations.map(({ locale, url }) => html`<link rel="alternate" hreflang="${locale}" href="${url}">`)}`,
    main: html`<article class="story" ${inLanguage(article)}>
<header>
${article.sections.length > 0 && html`<p class="sections">${article.sections.map(({ name, url }) => html`<a href="${listed(own, url)}" dir="auto">${name}</a> `)}</p>`}
${article.kicker && html`<p class="kicker">${article.kicker}</p>`}
<h1>${article.title}</h1>
${article.summary && html`<p class="summary">${article.summary}</p>`}
${credits(own, article)}
${translations(own, article)}
</header>
${article.retracted && html`<p class="retracted">${words.retracted}</p>`}
${article.video ? player(own, article.video, article.image) : article.image && figure(article.image)}
${article.audio && player(own, article.audio)}
<div class="body">${body(own, article.body_html)}</div>
${article.source && html`<p class="source">${words.source}: ${article.source.url ? html`<a href="${article.source.url}" dir="auto">${article.source.name}</a>` : article.source.name}${article.source.license && html` <small dir="auto">${article.source.license}</small>`}</p>`}
${corrections(own, article)}
${links(own, article)}
${article.tags.length > 0 && html`<section aria-labelledby="tags"><h2 id="tags">${words.subjects}</h2>
<ul class="tags">${article.tags.map(({ name, url }) => html`<li dir="auto"><a href="${listed(own, url)}">${name}</a></li>`)}</ul></section>`}
</article>
${related.length > 0 && html`<section class="slot" aria-labelledby="related"><h2 id="related">${words.related}</h2>
<div class="rows">${related.map((row) => teaser(own, { item: row, article: row }))}</div></section>`}`,
  });
}

/** Who made an article, where and when. */
function credits(frame, article) {
  const { words } = editions[frame.edition];
  const people = article.authors.map(({ name, url, role, image }) => html`<span>${image && picture(image, "portrait", "")}${words.roles[role] && `${words.roles[role]}: `}<a href="${listed(frame, url)}" dir="auto">${name}</a></span>`);
  const changed = day(article.updated_at, "en") !== day(article.published_at, "en") && article.updated_at > article.published_at;
  return html`<p class="facts">
${people.length > 0 ? people : article.byline && html`<span>${words.by(article.byline)}</span>`}
${article.dateline && html`<span class="dateline">${article.dateline}</span>`}
<span>${moment(frame, article.published_at)}</span>
${changed && html`<span>${words.updated} ${moment(frame, article.updated_at)}</span>`}
<span>${words.minutes(article.reading_minutes)}</span>
</p>`;
}

function translations(frame, { translations: list }) {
  if (list.length === 0) return null;
  const name = (locale) => new Intl.DisplayNames(locale, { type: "language" }).of(locale);
  return html`<p class="translations">${editions[frame.edition].words.alsoIn}:
${list.map(({ locale, url }) => html`<a href="${here(frame.site, url)}" hreflang="${locale}" ${inLanguage(languageOf(locale))}>${name(locale)}</a> `)}</p>`;
}

function corrections(frame, { corrections: list }) {
  const { words } = editions[frame.edition];
  if (list.length === 0) return null;
  return html`<section class="corrections" aria-labelledby="corrections"><h2 id="corrections">${words.corrections}</h2>
${list.map(({ type, text, published_at }) => html`<p><strong>${words.types[type]}</strong>, ${moment(frame, published_at)}: ${text}</p>`)}
</section>`;
}

function links(frame, { related_links: list }) {
  if (list.length === 0) return null;
  return html`<section aria-labelledby="links"><h2 id="links">${editions[frame.edition].words.readOn}</h2>
<ul class="links">${list.map(({ title, url, source, note }) => html`<li><a href="${here(frame.site, url)}" dir="auto">${title}</a>
${source && html` <span class="quiet" dir="auto">${source}</span>`}${note && html`<br><span dir="auto">${note}</span>`}</li>`)}</ul></section>`;
}

/** A page that only says why there is none. Without a frame even the site is not known. */
export function plainPage(frame, status) {
  const { words } = editions[frame?.edition ?? "en"];
  const text = status === 410 ? words.gone : status === 404 ? words.missing : words.trouble;
  if (frame) return page(frame, { title: text, main: html`<h1>${text}</h1>` });
  return html`<!doctype html><html lang="en"><head><meta charset="utf-8"><title>${text}</title></head><body><h1>${text}</h1></body></html>`;
}
