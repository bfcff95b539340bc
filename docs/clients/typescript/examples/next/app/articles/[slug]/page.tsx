import { isProblem } from "@masthead-cms/client";
import type { Metadata } from "next";
import Link from "next/link";
import { notFound, permanentRedirect } from "next/navigation";
import { made, site } from "../../../lib/masthead";

type Props = { params: Promise<{ slug: string }> };

const path = (slug: string) => `/articles/${encodeURIComponent(slug)}`;

/** The newest articles are made when the site is built, all others when somebody first asks for them. */
export async function generateStaticParams() {
  const { data } = await site.articles({ limit: 20, fields: ["slug"] }, made()).page();
  return data.map(({ slug }) => ({ slug }));
}

async function read({ params }: Props) {
  const slug = decodeURIComponent((await params).slug);
  const article = await site.article(slug, {}, made(`article:${slug}`)).catch((error: unknown) => {
    if (isProblem(error, "not-found")) notFound();
    throw error;
  });
  if (article.slug !== slug) permanentRedirect(path(article.slug)); // an old address
  return article;
}

export async function generateMetadata(props: Props): Promise<Metadata> {
  const { title, summary, meta, canonical_url, slug } = await read(props);
  return {
    title: meta.title ?? title,
    description: meta.description ?? summary,
    alternates: { canonical: canonical_url ?? path(slug) },
    robots: { index: !meta.noindex },
  };
}

export default async function Page(props: Props) {
  const article = await read(props);
  return (
    <main>
      <article lang={article.locale} dir={article.direction}>
        {article.kicker && <p>{article.kicker}</p>}
        <h1>{article.title}</h1>
        {article.summary && <p>{article.summary}</p>}
        {/* The server has sanitised it. */}
        <div dangerouslySetInnerHTML={{ __html: article.body_html }} />
        <ul>
          {article.related_links.map((link) => (
            <li key={link.id}>
              {link.article ? <Link href={path(link.article.slug)}>{link.title}</Link> : <a href={link.url}>{link.title}</a>}
            </li>
          ))}
        </ul>
        <p>{article.tags.map((tag) => tag.name).join(" · ")}</p>
      </article>
    </main>
  );
}
