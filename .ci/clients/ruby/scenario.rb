# Goes through a day at the desk with the Ruby client of openapi-generator, which checks patterns, enums and required
# fields of what it sends and of what it is answered.
require "masthead"
require "uri"

def ok(step) = puts("ok #{step}")

def same(got, want)
  raise "#{got.inspect}, not #{want.inspect}" unless got == want
end

# refused returns the problem that a call is refused with.
def refused(status)
  yield
  raise "was not refused"
rescue Masthead::ApiError => e
  same(e.code, status)
  Masthead::Problem.build_from_hash(JSON.parse(e.response_body, symbolize_names: true)) unless e.response_body.to_s.empty?
end

url = URI(ENV.fetch("MASTHEAD_URL"))
Masthead.configure do |c|
  c.scheme, c.host, c.base_path = url.scheme, "#{url.host}:#{url.port}", ""
end
auth, articles, tags = Masthead::AuthApi.new, Masthead::ArticlesApi.new, Masthead::TagsApi.new

pair = auth.create_session(Masthead::Login.new(email: ENV["MASTHEAD_EMAIL"], password: ENV["MASTHEAD_PASSWORD"]))
Masthead.configure { |c| c.access_token = pair.access_token }
ok("sign in")

same(auth.get_me.email, ENV["MASTHEAD_EMAIL"])
ok("who am I")

tag = tags.create_tag(Masthead::TagInput.new(name: "Quay (openapi-generator, Ruby)"))
ok("make a tag")

article = Masthead::ArticleInput.new(
  title: "The quay at five (openapi-generator, Ruby)", type: "feature", body: "The first boat is *always* the same.",
  canonical_url: "https://example.org/صفحة", tags: [tag.slug]
)
key = { idempotency_key: "ruby-#{tag.id}" }
draft = articles.create_article(article, key)
same([draft.status, draft.canonical_url], ["draft", article.canonical_url])
ok("create an article")

again, _, headers = articles.create_article_with_http_info(article, key)
same([again.id, headers["Idempotent-Replayed"]], [draft.id, "true"])
ok("create it again with the same key")

tides = Masthead::RelatedLinkInput.new(rel: "background", title: "Tides of the week", url: "https://example.org/tides")
same(Masthead::RelatedLinksApi.new.create_related_link(draft.id, tides).article, nil)
ok("add a related link")

fresh, _, headers = articles.get_article_with_http_info(draft.id, view: "draft")
same([fresh.status, fresh.body], ["draft", article.body])
same(articles.publish_article(draft.id, headers["ETag"]).status, "published")
ok("publish")

listed = articles.list_articles(tag: [tag.slug, "no-such-tag"], type: %w[feature news], sort: "-published_at", limit: 5)
same(listed.data.map(&:id), [draft.id])
part = articles.list_articles(tag: [tag.slug], fields: %w[id url])
same(part.data.map { |row| row.to_hash.keys }, [%i[id url]])
ok("list with filters")

seen, page = [], nil
until page && page.page._next.nil?
  query = page ? { cursor: page.page._next } : {}
  page = articles.list_articles(limit: 7, count: "exact", **query)
  seen |= page.data.map(&:id)
end
raise "#{seen.size} articles are too few to page through" if seen.size <= 7
same(seen.size, page.page.total)
ok("page to the end")

_, _, headers = articles.get_article_with_http_info(draft.slug)
refused(304) { articles.get_article(draft.slug, if_none_match: headers["ETag"]) }
ok("conditional read")

late = refused(412) { articles.update_article(draft.id, '"1"', Masthead::ArticlePatch.new(kicker: "On the quay")) }
same(late.type, "/problems/version-mismatch")
ok("conflict")

tomorrow = Masthead::ArticleInput.new(title: "Tomorrow", published_at: Time.now + 86_400)
same(refused(422) { articles.create_article(tomorrow) }.errors.first.pointer, "/published_at")
ok("refused body")

same(refused(404) { articles.get_article("there-is-no-such-slug") }.type, "/problems/not-found")
ok("unknown address")

articles.delete_article(draft.id, "*")
tags.delete_tag(tag.id, if_match: "*")
ok("clean up")
