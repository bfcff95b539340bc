import Link from "next/link";
import { made, site } from "../lib/masthead";

export default async function Front() {
  const { data } = await site
    .articles({ limit: 50, fields: ["id", "slug", "title", "locale", "direction"] }, made())
    .page();
  return (
    <main>
      <h1>The Tidewater Post</h1>
      <ul>
        {data.map(({ id, slug, title, locale, direction }) => (
          <li key={id} lang={locale} dir={direction}>
            <Link href={`/articles/${encodeURIComponent(slug)}`}>{title}</Link>
          </li>
        ))}
      </ul>
    </main>
  );
}
