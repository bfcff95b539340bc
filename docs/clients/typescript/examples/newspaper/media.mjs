// Pictures, players and what bodies embed, so that nothing moves when they come.

import { html, sanitised } from "./html.mjs";
import { editions } from "./words.mjs";

/** How wide pictures are, by where they stand, as style.css has it; `auto` is what browsers measure of those that load late. */
const sizes = {
  whole: "(min-width: 44rem) 42rem, calc(100vw - 2rem)",
  lead: "(min-width: 72rem) 33.5rem, (min-width: 48rem) calc(50vw - 2.5rem), calc(100vw - 2rem)",
  row: "auto, (min-width: 48rem) 23rem, 8.5rem",
  portrait: "auto, 6rem",
  logo: "4rem",
};

/** Those that stand at the top of a page: they load at once. */
const first = ["whole", "lead", "logo"];

/** A picture in its place, cropped round what it is about; its colour is there until it comes. */
export function picture(image, place, alt = image.alt) {
  const { url, width, height, focal_point: { x, y }, color, srcset } = image;
  // What is transparent, as a PNG may be, would show its colour for ever.
  const background = color && /\.jpe?g$/.test(url) && `; background-color: ${color}`;
  return html`<img src="${url}" srcset="${srcset.map((source) => `${source.url} ${source.width}w`).join(", ")}"
 sizes="${sizes[place]}" width="${width}" height="${height}" alt="${alt}"
 style="object-position: ${100 * x}% ${100 * y}%${background}" ${first.includes(place) ? html`fetchpriority="high"` : html`loading="lazy"`}>`;
}

const credited = (credit) => credit && html` <small class="credit">${credit}</small>`;

/** The picture of an article, with what stands below it. */
export function figure(image) {
  return html`<figure class="picture">${picture(image, "whole")}
${(image.caption || image.credit) && html`<figcaption>${image.caption}${credited(image.credit)}</figcaption>`}</figure>`;
}

/** Seconds as a clock counts them. */
function clock(seconds) {
  const whole = Math.round(seconds);
  const parts = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  return (parts[0] ? parts : parts.slice(1)).map((part, i) => (i ? String(part).padStart(2, "0") : part)).join(":");
}

/** A sound or a film, of which nothing is loaded until somebody plays it. */
export function player({ edition }, clip, poster) {
  const { kind, url, title, caption, credit, duration_seconds: seconds, width, height } = clip;
  const name = title ?? editions[edition].words.players[kind];
  const still = poster && (poster.srcset.find((source) => source.width >= 960)?.url ?? poster.url);
  return html`<figure class="clip">
${kind === "video"
    ? html`<video controls preload="none" src="${url}" width="${width ?? 1280}" height="${height ?? 720}" ${still && html`poster="${still}"`} aria-label="${name}"></video>`
    : html`<audio controls preload="none" src="${url}" aria-label="${name}"></audio>`}
<figcaption><strong>${name}</strong> ${seconds !== null && html`<time datetime="PT${Math.round(seconds)}S" dir="ltr">${clock(seconds)}</time>`}
${caption}${credited(credit)}</figcaption></figure>`;
}

/**
 * A body whose embeds have a button as large as what it loads: of another site nothing is there before. embeds.js makes the
 * frame; without scripts there is the link.
 */
export function body({ edition }, text) {
  return sanitised(text.replace(/<figure (?:[^>]* )?class="embed"[^>]*>/g, (start) => {
    const [src, width, height] = ["src", "width", "height"].map((name) => start.match(` data-${name}="([^"]*)"`)?.[1]);
    if (!src) return start;
    const { host } = new URL(src.replaceAll("&amp;", "&"));
    return start + html`<button type="button" style="--width: ${width ?? 16}; --height: ${height ?? 400}">${editions[edition].words.load} <bdi>${host}</bdi></button>`;
  }));
}
