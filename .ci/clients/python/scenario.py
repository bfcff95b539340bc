"""Goes through a day at the desk with the client of openapi-python-client."""

import os
from typing import Any, TypeVar
from uuid import UUID

from masthead_client import AuthenticatedClient, Client
from masthead_client.api.articles import (
    create_article,
    delete_article,
    get_article,
    list_articles,
    publish_article,
    update_article,
)
from masthead_client.api.auth import create_session, get_me
from masthead_client.api.related_links import create_related_link
from masthead_client.api.tags import create_tag, delete_tag
from masthead_client.models import (
    ArticleInput,
    ArticlePage,
    ArticlePatch,
    ArticleType,
    CollectedLink,
    Draft,
    ListArticlesCount,
    ListArticlesSort,
    Login,
    Me,
    Problem,
    Rel,
    RelatedLinkInput,
    Status,
    Tag,
    TagInput,
    TokenPair,
    View,
)
from masthead_client.types import UNSET, Response, Unset

URL = os.environ["MASTHEAD_URL"]
EMAIL = os.environ["MASTHEAD_EMAIL"]


def ok(step: str) -> None:
    print("ok", step, flush=True)


T = TypeVar("T")


def right(kind: type[T], answer: Response[Any]) -> T:
    """What a call answered, if it is of the kind that was expected."""
    assert isinstance(answer.parsed, kind), f"{answer.status_code} {answer.content!r}"
    return answer.parsed


def problem(answer: Response[Any], status: int) -> Problem:
    """The problem that a call was answered with."""
    assert answer.status_code == status, f"{answer.status_code} {answer.content!r}"
    return right(Problem, answer)


def main() -> None:
    signed_in = create_session.sync_detailed(
        client=Client(base_url=URL), body=Login(email=EMAIL, password=os.environ["MASTHEAD_PASSWORD"])
    )
    pair = right(TokenPair, signed_in)
    api = AuthenticatedClient(base_url=URL, token=pair.access_token)
    ok("sign in")

    me = right(Me, get_me.sync_detailed(client=api))
    assert me.email == EMAIL, me.email
    ok("who am I")

    tag = right(Tag, create_tag.sync_detailed(client=api, body=TagInput(name="Quay (openapi-python-client)")))
    ok("make a tag")

    body = ArticleInput(
        title="The quay at five (openapi-python-client)",
        type_=ArticleType.FEATURE,
        body="The first boat is *always* the same.",
        tags=[tag.slug],
    )
    key = f"openapi-python-client-{tag.id}"
    draft = right(Draft, create_article.sync_detailed(client=api, body=body, idempotency_key=key))
    assert draft.status is Status.DRAFT, draft.status
    ok("create an article")

    again = create_article.sync_detailed(client=api, body=body, idempotency_key=key)
    assert right(Draft, again).id == draft.id
    assert again.headers["Idempotent-Replayed"] == "true"
    ok("create it again with the same key")

    to = RelatedLinkInput(rel=Rel.BACKGROUND, title="Tides of the week", url="https://example.org/tides")
    link = right(CollectedLink, create_related_link.sync_detailed(draft.id, client=api, body=to))
    assert link.article is None, link.article
    ok("add a related link")

    fresh = get_article.sync_detailed(str(draft.id), client=api, view=View.DRAFT)
    live = right(Draft, publish_article.sync_detailed(draft.id, client=api, if_match=fresh.headers["ETag"]))
    assert live.status is Status.PUBLISHED, live.status
    ok("publish")

    # One value in each list: this generator repeats the parameter for a second one, whatever the specification says.
    listed = right(
        ArticlePage,
        list_articles.sync_detailed(
            client=api, tag=[tag.slug], type_=[ArticleType.FEATURE], sort=ListArticlesSort("-published_at"), limit=5
        ),
    )
    assert [row.id for row in listed.data] == [draft.id], listed.data
    ok("list with filters")

    seen: set[UUID] = set()
    cursor: str | Unset = UNSET
    while True:
        answer = list_articles.sync_detailed(client=api, limit=7, count=ListArticlesCount.EXACT, cursor=cursor)
        page = right(ArticlePage, answer)
        seen.update(row.id for row in page.data)
        if page.page.next_ is None:
            break
        cursor = page.page.next_
    assert len(seen) > 7, f"{len(seen)} articles are too few to page through"
    assert len(seen) == page.page.total, (len(seen), page.page.total)
    ok("page to the end")

    etag = get_article.sync_detailed(draft.slug, client=api).headers["ETag"]
    same = get_article.sync_detailed(
        draft.slug, client=AuthenticatedClient(base_url=URL, token=pair.access_token, headers={"If-None-Match": etag})
    )
    assert same.status_code == 304, same.status_code
    ok("conditional read")

    late = update_article.sync_detailed(draft.id, client=api, body=ArticlePatch(kicker="On the quay"), if_match='"1"')
    assert problem(late, 412).type_ == "/problems/version-mismatch"
    ok("conflict")

    # The types do not let a title be left out; one without a character is as good as none.
    untitled = problem(create_article.sync_detailed(client=api, body=ArticleInput(title="")), 422)
    assert untitled.errors and untitled.errors[0].pointer == "/title", untitled.errors
    ok("refused body")

    nowhere = get_article.sync_detailed("there-is-no-such-slug", client=api)
    assert problem(nowhere, 404).type_ == "/problems/not-found"
    ok("unknown address")

    assert delete_article.sync_detailed(draft.id, client=api, if_match="*").status_code == 204
    assert delete_tag.sync_detailed(tag.id, client=api).status_code == 204
    ok("clean up")


if __name__ == "__main__":
    main()
