// The client: the whole API by its types, and the few things a news site and its desk do most in plain words.

import createApi, { createQuerySerializer } from "openapi-fetch";
import type { Client } from "openapi-fetch";
import { list } from "./list.js";
import type { List } from "./list.js";
import { unwrap } from "./problem.js";
import type { paths } from "./schema.js";
import { patiently, remembering } from "./send.js";
import type { Patience, Send } from "./send.js";
import { Session, signed } from "./session.js";
import type { Token } from "./session.js";
import type {
  Article, ArticleField, ArticlePage, ArticlePatch, ArticleQuery, ArticleRow, Draft, RelatedArticle, RelatedField, RelatedQuery,
  Resolution, Row, Suggestion, SuggestQuery, Tag, TagField, TagPage, TagQuery, TokenPair,
} from "./types.js";

export interface Options {
  /** Where the server is: `https://cms.example.org`. */
  baseUrl: string;
  /** An access token, or a function that gives one. Reading what is published needs none. */
  token?: Token;
  /** Sends the requests; the `fetch` of the runtime by default. */
  fetch?: Send;
  /** Headers for every request. */
  headers?: HeadersInit;
  /** Reads answered 429 or 503 with Retry-After are sent once more, unless this is false or says otherwise. */
  retry?: Patience | false;
  /** How many answers to keep and to ask for conditionally; none by default. Browsers do this by themselves. */
  remember?: number;
  /** Told of each new pair of tokens, and of null when the session ends: keep the refresh token here. */
  onTokens?: (pair: TokenPair | null) => void;
}

/** What `fetch` may be told besides; with Next.js also `next: { revalidate, tags }`. */
export type CallOptions = Omit<RequestInit, "method" | "body" | "headers">;

/** The version of an article a change is based on: a draft as it was read, or `*` for whatever it is now. */
export type Based = Pick<Draft, "id"> & { version: number | "*" };

// Answers to `fields` have a media type of their own, in which every field is optional. It is left out here, or all
// answers would seem to be like that; the plain words below know which fields were asked for.
type Media = "application/json" | "application/problem+json";

/** The client of openapi-fetch for the whole API. */
export type Api = Client<paths, Media>;

export interface MastheadClient {
  /** Every call of the API, typed by the specification: `unwrap(client.api.GET("/v1/auth/me"))`. */
  readonly api: Api;
  /** Articles as readers see them, the newest first. Rows have the fields that are asked for. */
  articles<Field extends ArticleField = never>(query?: ArticleQuery<Field>, options?: CallOptions):
    List<ArticlePage<Row<ArticleRow, Field>>>;
  /** One article as readers see it, by id or slug. An old slug is followed: compare `slug` to redirect your own page. */
  article<Field extends ArticleField = never>(ref: string, query?: { fields?: Field[] }, options?: CallOptions):
    Promise<Row<Article, Field>>;
  /** Articles that have to do with one: those its editors linked it to, then those that are like it. */
  related<Field extends RelatedField = never>(ref: string, query?: RelatedQuery<Field>, options?: CallOptions):
    Promise<Row<RelatedArticle, Field>[]>;
  /** Tags, by name. */
  tags<Field extends TagField = never>(query?: TagQuery<Field>, options?: CallOptions):
    List<TagPage<Row<Tag, Field>>>;
  /** Tags and articles for what somebody has typed so far. */
  suggest(q: string, query?: SuggestQuery, options?: CallOptions): Promise<Suggestion[]>;
  /** Where an address of the site, however old, leads to: ask before you answer 404, and answer with its `status`. */
  resolve(path: string, options?: CallOptions): Promise<Resolution>;

  /** Signs in. From here on calls carry an access token, which is renewed by itself. */
  signIn(email: string, password: string): Promise<void>;
  /** Goes on with the refresh token of an earlier session. False if that session has ended. */
  resume(refreshToken: string): Promise<boolean>;
  /** Ends the session, here and on the server. */
  signOut(): Promise<void>;

  /** The working copy of an article, by id or slug. */
  draft(ref: string, options?: CallOptions): Promise<Draft>;
  /** Changes the working copy it is based on. Refused as `version-mismatch` if a colleague was faster. */
  update(based: Based, patch: ArticlePatch, options?: CallOptions): Promise<Draft>;
  /** Makes the working copy what readers see. */
  publish(based: Based, options?: CallOptions): Promise<Draft>;
}

/** Makes a client. It sends nothing until it is asked something. */
export function createClient(options: Options): MastheadClient {
  const { baseUrl, headers, token, retry = {}, remember = 0, onTokens = () => {} } = options;
  // Looked up at each call: frameworks put their own fetch in place of the runtime's.
  const plain: Send = options.fetch ?? ((request) => globalThis.fetch(request));
  const door = (send: Send) => createApi<paths, Media>({ baseUrl, headers, fetch: send, querySerializer });

  const unsigned = door(plain);
  const renew = (refresh_token: string) => unwrap(unsigned.POST("/v1/auth/refresh", { body: { refresh_token } }));
  const session = new Session(renew, onTokens);

  let send = retry === false ? plain : patiently(plain, retry);
  send = signed(send, session, token);
  if (remember > 0) send = remembering(send, remember);
  const api = door(send);

  return { api, ...reading(api), ...signing(unsigned, session), ...editing(api) };
}

function reading(api: Api): Pick<MastheadClient, "articles" | "article" | "related" | "tags" | "suggest" | "resolve"> {
  // Which fields come is known by what was asked, and the specification cannot say it: hence the casts.
  return {
    articles: <Field extends ArticleField>(query: ArticleQuery<Field> = {}, options?: CallOptions) =>
      list(query, (query) =>
        unwrap(api.GET("/v1/articles", { ...options, params: { query } })) as Promise<ArticlePage<Row<ArticleRow, Field>>>),
    article: <Field extends ArticleField>(ref: string, query: { fields?: Field[] } = {}, options?: CallOptions) =>
      unwrap(api.GET("/v1/articles/{ref}", { ...options, params: { path: { ref }, query } })) as
        Promise<Row<Article, Field>>,
    async related<Field extends RelatedField>(ref: string, query: RelatedQuery<Field> = {}, options?: CallOptions) {
      const call = api.GET("/v1/articles/{ref}/related", { ...options, params: { path: { ref }, query } });
      return (await unwrap(call)).data as Row<RelatedArticle, Field>[];
    },
    tags: <Field extends TagField>(query: TagQuery<Field> = {}, options?: CallOptions) =>
      list(query, (query) =>
        unwrap(api.GET("/v1/tags", { ...options, params: { query } })) as Promise<TagPage<Row<Tag, Field>>>),
    suggest: async (q, query = {}, options) =>
      (await unwrap(api.GET("/v1/suggest", { ...options, params: { query: { ...query, q } } }))).data,
    resolve: (path, options) => unwrap(api.GET("/v1/resolve", { ...options, params: { query: { path } } })),
  };
}

function signing(unsigned: Api, session: Session): Pick<MastheadClient, "signIn" | "resume" | "signOut"> {
  return {
    async signIn(email, password) {
      session.take(await unwrap(unsigned.POST("/v1/auth/login", { body: { email, password } })));
    },
    async resume(refreshToken) {
      await session.resume(refreshToken);
      return (await session.access()) !== undefined;
    },
    async signOut() {
      const refresh_token = await session.leave();
      if (refresh_token !== undefined) await unwrap(unsigned.POST("/v1/auth/logout", { body: { refresh_token } }));
    },
  };
}

function editing(api: Api): Pick<MastheadClient, "draft" | "update" | "publish"> {
  const under = ({ version }: Based) => ({ "If-Match": version === "*" ? version : `"${version}"` });
  return {
    draft: (ref, options) =>
      unwrap(api.GET("/v1/articles/{ref}", { ...options, params: { path: { ref }, query: { view: "draft" } } })) as
        Promise<Draft>,
    update: (based, patch, options) =>
      unwrap(api.PATCH("/v1/articles/{ref}", {
        ...options, params: { path: { ref: based.id }, header: under(based) }, body: patch,
      })),
    publish: (based, options) =>
      unwrap(api.POST("/v1/articles/{id}/publish", {
        ...options, params: { path: { id: based.id }, header: under(based) },
      })),
  };
}

const commas = createQuerySerializer({ array: { style: "form", explode: false } });

/** Writes lists with commas. An empty list would vanish, and a list of no ids would be answered with all articles. */
function querySerializer(query: Record<string, unknown>): string {
  for (const [name, value] of Object.entries(query)) {
    if (Array.isArray(value) && value.length === 0) throw new TypeError(`${name} is an empty list; leave it out instead.`);
  }
  return commas(query);
}
