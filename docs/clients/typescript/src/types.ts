// Short names for the types of the specification. Nothing here is written by hand: all of it follows schema.d.ts.

import type { components, operations } from "./schema.js";

type Schemas = components["schemas"];

export type Alert = Schemas["Alert"];
export type Article = Schemas["Article"];
export type ArticleRow = Schemas["ArticleRow"];
export type ArticleInput = Schemas["ArticleInput"];
export type ArticlePatch = Schemas["ArticlePatch"];
export type Author = Schemas["Author"];
export type Clip = Schemas["Clip"];
export type Collection = Schemas["Collection"];
export type Correction = Schemas["Correction"];
export type Draft = Schemas["Draft"];
export type Front = Schemas["FilledFront"];
export type Medium = Schemas["Medium"];
export type MenuEntry = Schemas["MenuEntry"];
export type MenuItem = Schemas["MenuItem"];
export type NounRef = Schemas["NounRef"];
export type Picture = Schemas["Picture"];
/** Why a call failed. Newer servers may know problems that this client does not, and others may answer in their place. */
export type Problem = Omit<Schemas["Problem"], "type"> & { type: Schemas["ProblemType"] | (string & {}) };
/** What a problem is about: the last part of its type. */
export type ProblemWord = Schemas["ProblemType"] extends `/problems/${infer Word}` ? Word : never;
export type RelatedArticle = Schemas["RelatedArticle"];
export type RelatedLink = Schemas["RelatedLink"];
export type Redirect = Schemas["Redirect"];
export type Resolution = Schemas["Resolution"];
export type FrontRow = Schemas["Row"];
export type Section = Schemas["Section"];
export type Site = Schemas["Site"];
export type Suggestion = Schemas["Suggestion"];
export type Tag = Schemas["Tag"];
export type TokenPair = Schemas["TokenPair"];
export type Translation = Schemas["Translation"];

/** One page of a list, with whatever the list carries beside its rows. */
export type ArticlePage<Row = ArticleRow> = Omit<Schemas["ArticlePage"], "data"> & { data: Row[] };
export type TagPage<Row = Tag> = Omit<Schemas["TagPage"], "data"> & { data: Row[] };

/** What may be named in `fields`. */
export type ArticleField = FieldOf<"listArticles">;
export type RelatedField = FieldOf<"listRelatedArticles">;
export type TagField = FieldOf<"listTags">;

/** The parameters of a list; `Field` are the fields asked for. */
export type ArticleQuery<Field extends ArticleField = ArticleField> = Asked<"listArticles", Field>;
export type RelatedQuery<Field extends RelatedField = RelatedField> = Asked<"listRelatedArticles", Field>;
export type SuggestQuery = Omit<Query<"listSuggestions">, "q">;
export type TagQuery<Field extends TagField = TagField> = Asked<"listTags", Field>;

/** A row with only the fields that were asked for; whole if none were named. */
export type Row<Whole, Field> = [Field] extends [never] ? Whole : Pick<Whole, Extract<keyof Whole, Field | Aside>>;

// What a row carries when it is asked for by a parameter of its own.
type Aside = "highlight";

type Query<Operation extends keyof operations> = NonNullable<operations[Operation]["parameters"]["query"]>;
type FieldOf<Operation extends "listArticles" | "listRelatedArticles" | "listTags"> =
  NonNullable<Query<Operation>["fields"]>[number];
type Asked<Operation extends keyof operations, Field> = Omit<Query<Operation>, "fields"> & { fields?: Field[] };
