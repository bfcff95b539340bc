import java.net.http.HttpRequest;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Callable;

import masthead.ApiClient;
import masthead.ApiException;
import masthead.ApiResponse;
import masthead.api.ArticlesApi;
import masthead.api.ArticlesApi.APICreateArticleRequest;
import masthead.api.ArticlesApi.APIDeleteArticleRequest;
import masthead.api.ArticlesApi.APIGetArticleRequest;
import masthead.api.ArticlesApi.APIListArticlesRequest;
import masthead.api.ArticlesApi.APIPublishArticleRequest;
import masthead.api.ArticlesApi.APIUpdateArticleRequest;
import masthead.api.AuthApi;
import masthead.api.RelatedLinksApi;
import masthead.api.TagsApi;
import masthead.model.ArticleInput;
import masthead.model.ArticlePatch;
import masthead.model.ArticleType;
import masthead.model.Draft;
import masthead.model.Login;
import masthead.model.PartialArticle;
import masthead.model.PartialArticlePage;
import masthead.model.PartialArticleRow;
import masthead.model.Problem;
import masthead.model.Rel;
import masthead.model.RelatedLinkInput;
import masthead.model.Status;
import masthead.model.Tag;
import masthead.model.TagInput;
import masthead.model.View;

/** Goes through a day at the desk with the client of openapi-generator. */
public final class Scenario {
    private static final String EMAIL = System.getenv("MASTHEAD_EMAIL");

    private final ApiClient client = new ApiClient();
    private final ArticlesApi articles;
    private final TagsApi tags;
    private String token;

    private Scenario() {
        client.updateBaseUri(System.getenv("MASTHEAD_URL"));
        client.setRequestInterceptor(this::authorise);
        articles = new ArticlesApi(client);
        tags = new TagsApi(client);
    }

    private void authorise(HttpRequest.Builder request) {
        if (token != null) {
            request.header("Authorization", "Bearer " + token);
        }
    }

    private static void ok(String step) {
        System.out.println("ok " + step);
    }

    private static void same(Object got, Object want) {
        if (!Objects.equals(got, want)) {
            throw new AssertionError(got + ", not " + want);
        }
    }

    private static String header(ApiResponse<?> answer, String name) {
        return answer.getHeaders().entrySet().stream()
            .filter(h -> h.getKey().equalsIgnoreCase(name)).findFirst().orElseThrow().getValue().get(0);
    }

    /** What a call is refused with; fails if it is not, or with another status. */
    private static ApiException refused(int status, Callable<?> call) throws Exception {
        try {
            call.call();
        } catch (ApiException e) {
            same(e.getCode(), status);
            return e;
        }
        throw new AssertionError("not refused with " + status);
    }

    private Problem problem(ApiException e) throws Exception {
        return client.getObjectMapper().readValue(e.getResponseBody(), Problem.class);
    }

    private ApiResponse<Draft> write(Tag tag) throws ApiException {
        var input = new ArticleInput()
            .title("The quay at five (openapi-generator, Java)").type(ArticleType.FEATURE)
            .body("The first boat is *always* the same.").tags(List.of(tag.getSlug()));
        return articles.createArticleWithHttpInfo(APICreateArticleRequest.newBuilder()
            .articleInput(input).idempotencyKey("java-" + tag.getId()).build());
    }

    private void run() throws Exception {
        var auth = new AuthApi(client);
        token = auth.createSession(new Login().email(EMAIL).password(System.getenv("MASTHEAD_PASSWORD"))).getAccessToken();
        ok("sign in");

        same(auth.getMe().getEmail(), EMAIL);
        ok("who am I");

        Tag tag = tags.createTag(new TagInput().name("Quay (openapi-generator, Java)"), null);
        ok("make a tag");

        Draft draft = write(tag).getData();
        same(draft.getStatus(), Status.DRAFT);
        ok("create an article");

        ApiResponse<Draft> again = write(tag);
        same(again.getData().getId(), draft.getId());
        same(header(again, "Idempotent-Replayed"), "true");
        ok("create it again with the same key");

        var to = new RelatedLinkInput().rel(Rel.BACKGROUND).title("Tides of the week").url("https://example.org/tides");
        same(new RelatedLinksApi(client).createRelatedLink(draft.getId(), to, null, null).getArticle(), null);
        ok("add a related link");

        ApiResponse<PartialArticle> fresh = articles.getArticleWithHttpInfo(
            APIGetArticleRequest.newBuilder().ref(draft.getId().toString()).view(View.DRAFT).build());
        Draft live = articles.publishArticle(
            APIPublishArticleRequest.newBuilder().id(draft.getId()).ifMatch(header(fresh, "ETag")).build());
        same(live.getStatus(), Status.PUBLISHED);
        ok("publish");

        PartialArticlePage listed = articles.listArticles(APIListArticlesRequest.newBuilder()
            .tag(List.of(tag.getSlug(), "no-such-tag")).type(List.of(ArticleType.FEATURE, ArticleType.NEWS))
            .sort("-published_at").limit(5).build());
        same(listed.getData().stream().map(PartialArticleRow::getId).toList(), List.of(draft.getId()));
        ok("list with filters");

        pageThrough();
        ok("page to the end");

        var bySlug = APIGetArticleRequest.newBuilder().ref(draft.getSlug()).build();
        String etag = header(articles.getArticleWithHttpInfo(bySlug), "ETag");
        refused(304, () -> articles.getArticle(bySlug, Map.of("If-None-Match", etag)));
        ok("conditional read");

        ApiException late = refused(412, () -> articles.updateArticle(APIUpdateArticleRequest.newBuilder()
            .ref(draft.getId()).ifMatch("\"1\"").articlePatch(new ArticlePatch().kicker("On the quay")).build()));
        same(problem(late).getType().toString(), "/problems/version-mismatch");
        ok("conflict");

        ApiException untitled = refused(422, () -> articles.createArticle(
            APICreateArticleRequest.newBuilder().articleInput(new ArticleInput()).build()));
        same(problem(untitled).getErrors().get(0).getPointer(), "/title");
        ok("refused body");

        ApiException nowhere = refused(404, () -> articles.getArticle(
            APIGetArticleRequest.newBuilder().ref("there-is-no-such-slug").build()));
        same(problem(nowhere).getType().toString(), "/problems/not-found");
        ok("unknown address");

        articles.deleteArticle(APIDeleteArticleRequest.newBuilder().ref(draft.getId()).ifMatch("*").build());
        tags.deleteTag(tag.getId(), null);
        ok("clean up");
    }

    private void pageThrough() throws ApiException {
        Set<Object> seen = new HashSet<>();
        String cursor = null;
        PartialArticlePage page;
        do {
            page = articles.listArticles(APIListArticlesRequest.newBuilder().limit(7).count("exact").cursor(cursor).build());
            page.getData().forEach(row -> seen.add(row.getId()));
            cursor = page.getPage().getNext();
        } while (cursor != null);
        if (seen.size() <= 7) {
            throw new AssertionError(seen.size() + " articles are too few to page through");
        }
        same((long) seen.size(), page.getPage().getTotal());
    }

    /** Runs the scenario against MASTHEAD_URL. */
    public static void main(String[] args) throws Exception {
        new Scenario().run();
    }
}
