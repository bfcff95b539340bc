// Markup as text: what is put into it is words, unless it is markup already.

class Markup {
  constructor(text) { this.text = text; }
  toString() { return this.text; }
}

const escapes = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };

const part = (value) =>
  value instanceof Markup ? value.text
  : Array.isArray(value) ? value.map(part).join("")
  : value === null || value === undefined || value === false ? ""
  : String(value).replace(/[&<>"']/g, (sign) => escapes[sign]);

/** Makes markup of a template. Words in it are escaped, lists are joined, what is null or false is left out. */
export const html = (texts, ...values) =>
  new Markup(texts.reduce((made, text, i) => made + part(values[i - 1]) + text));

/** Markup that the server has sanitised. */
export const sanitised = (text) => new Markup(text);

/** The attributes of a text in a language that may be another than that of what is around it. */
export const inLanguage = ({ locale, direction }) => html`lang="${locale}" dir="${direction}"`;
