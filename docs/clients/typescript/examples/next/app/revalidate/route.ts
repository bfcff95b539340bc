import { createHash, timingSafeEqual } from "node:crypto";
import { revalidateTag } from "next/cache";

const digest = (text: string) => createHash("sha256").update(text).digest();

/**
 * Forgets what is made of an article, or with no slug all pages: for whatever knows that something was published.
 *
 *     curl -X POST http://localhost:3000/revalidate -H "Authorization: Bearer $REVALIDATE_SECRET" -d '{"slug":"tide-table"}'
 */
export async function POST(request: Request): Promise<Response> {
  const secret = process.env.REVALIDATE_SECRET;
  const given = request.headers.get("Authorization") ?? "";
  if (!secret || !timingSafeEqual(digest(given), digest(`Bearer ${secret}`))) return new Response(null, { status: 401 });

  const body: unknown = await request.json().catch(() => null);
  const slug = typeof body === "object" && body !== null && "slug" in body ? body.slug : undefined;
  const tag = typeof slug === "string" ? `article:${slug}` : "articles";
  revalidateTag(tag, { expire: 0 });
  return Response.json({ forgotten: tag });
}
