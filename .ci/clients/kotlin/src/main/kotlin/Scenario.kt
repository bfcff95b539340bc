import java.util.UUID
import masthead.api.ArticlesApi
import masthead.api.AuthApi
import masthead.api.RelatedLinksApi
import masthead.api.TagsApi
import masthead.infrastructure.ApiClient
import masthead.infrastructure.ApiResponse
import masthead.infrastructure.ClientError
import masthead.infrastructure.Serializer
import masthead.infrastructure.Success
import masthead.model.ArticleInput
import masthead.model.ArticlePatch
import masthead.model.ArticleType
import masthead.model.Draft
import masthead.model.Login
import masthead.model.Problem
import masthead.model.Rel
import masthead.model.RelatedLinkInput
import masthead.model.Status
import masthead.model.Tag
import masthead.model.TagInput
import masthead.model.View

private val url = System.getenv("MASTHEAD_URL")
private val email = System.getenv("MASTHEAD_EMAIL")
private val articles = ArticlesApi(url)
private val tags = TagsApi(url)

private fun ok(step: String) = println("ok $step")

private fun <T> same(got: T, want: T) = check(got == want) { "$got, not $want" }

private fun header(answer: ApiResponse<*>, name: String): String =
    answer.headers.entries.first { it.key.equals(name, ignoreCase = true) }.value.first()

/** What a call was answered, if it succeeded. */
private fun <T : Any> done(answer: ApiResponse<T?>): T =
    checkNotNull((answer as? Success<T?>)?.data) { "answered ${answer.statusCode}" }

/** What a call was refused with, if it was, and with this status. */
private fun refused(status: Int, answer: ApiResponse<*>): Problem {
    same(answer.statusCode, status)
    return Serializer.jacksonObjectMapper.readValue((answer as ClientError<*>).body.toString(), Problem::class.java)
}

private fun write(tag: Tag): ApiResponse<Draft?> = articles.createArticleWithHttpInfo(
    ArticleInput(
        title = "The quay at five (openapi-generator, Kotlin)", type = ArticleType.FEATURE,
        body = "The first boat is *always* the same.", tags = listOf(tag.slug),
    ),
    createTags = null, idempotencyKey = "kotlin-${tag.id}",
)

fun main() {
    val auth = AuthApi(url)
    ApiClient.accessToken = auth.createSession(Login(email, System.getenv("MASTHEAD_PASSWORD"))).accessToken
    ok("sign in")

    same(auth.getMe().email, email)
    ok("who am I")

    val tag = tags.createTag(TagInput(name = "Quay (openapi-generator, Kotlin)"))
    ok("make a tag")

    val draft = done(write(tag))
    same(draft.status, Status.DRAFT)
    ok("create an article")

    val again = write(tag)
    same(done(again).id, draft.id)
    same(header(again, "Idempotent-Replayed"), "true")
    ok("create it again with the same key")

    val to = RelatedLinkInput(rel = Rel.BACKGROUND, title = "Tides of the week", url = "https://example.org/tides")
    same(RelatedLinksApi(url).createRelatedLink(draft.id, to).article, null)
    ok("add a related link")

    val fresh = articles.getArticleWithHttpInfo(draft.id.toString(), View.DRAFT, fields = null, include = null, ifNoneMatch = null)
    same(articles.publishArticle(draft.id, header(fresh, "ETag")).status, Status.PUBLISHED)
    ok("publish")

    val listed = articles.listArticles(
        tag = listOf(tag.slug, "no-such-tag"), type = listOf(ArticleType.FEATURE, ArticleType.NEWS),
        sort = ArticlesApi.SortListArticles.PublishedAtDescending, limit = 5,
    )
    same(listed.data.map { it.id }, listOf(draft.id))
    val ids = articles.listArticles(tag = listOf(tag.slug), fields = listOf(ArticlesApi.FieldsListArticles.ID))
    same(ids.data.map { it.id to it.title }, listOf(draft.id to null))
    ok("list with filters")

    pageThrough()
    ok("page to the end")

    conditions(draft)
    cleanUp(draft.id, tag.id)
}

private fun pageThrough() {
    val seen = mutableSetOf<UUID>()
    var cursor: String? = null
    do {
        val page = articles.listArticles(limit = 7, count = ArticlesApi.CountListArticles.EXACT, cursor = cursor)
        seen += page.data.mapNotNull { it.id }
        cursor = page.page.next
        if (cursor == null) same(seen.size.toLong(), page.page.total)
    } while (cursor != null)
}

private fun conditions(draft: Draft) {
    val live = articles.getArticleWithHttpInfo(draft.slug, view = null, fields = null, include = null, ifNoneMatch = null)
    same(articles.getArticleWithHttpInfo(draft.slug, null, null, null, ifNoneMatch = header(live, "ETag")).statusCode, 304)
    ok("conditional read")

    val late = articles.updateArticleWithHttpInfo(draft.id, "\"1\"", ArticlePatch(kicker = "On the quay"), null, null, null)
    same(refused(412, late).type.value, "/problems/version-mismatch")
    ok("conflict")

    val untitled = articles.createArticleWithHttpInfo(ArticleInput(title = ""), null, null)
    same(refused(422, untitled).errors?.first()?.pointer, "/title")
    ok("refused body")

    val nowhere = articles.getArticleWithHttpInfo("there-is-no-such-slug", null, null, null, null)
    same(refused(404, nowhere).type.value, "/problems/not-found")
    ok("unknown address")
}

private fun cleanUp(article: UUID, tag: UUID) {
    articles.deleteArticle(article, "*")
    tags.deleteTag(tag, "*")
    ok("clean up")
}
