// Lists: one page, all pages, or every row, in whichever form is handiest.

interface Paged {
  data: unknown[];
  page: { next: string | null };
}

/** A list that is asked for only when somebody reads it. `for await (const row of list)` meets every row. */
export interface List<Page extends Paged> extends AsyncIterable<Page["data"][number]> {
  /** The one page that was asked for: the first, unless the query has a cursor or a page number. */
  page(): Promise<Page>;
  /** That page and those after it. */
  pages(): AsyncGenerator<Page, void, undefined>;
}

/** Makes a list of a way to ask for one page of it. */
export function list<Page extends Paged, Query extends { cursor?: string; page?: number }>(
  query: Query,
  ask: (query: Query) => Promise<Page>,
): List<Page> {
  async function* pages() {
    let page = await ask(query);
    yield page;
    const { page: _, ...question } = query; // a cursor knows its place; the server takes one or the other
    while (page.page.next !== null) {
      page = await ask({ ...question, cursor: page.page.next } as Query);
      yield page;
    }
  }
  return {
    page: () => ask(query),
    pages,
    async *[Symbol.asyncIterator]() {
      for await (const page of pages()) yield* page.data;
    },
  };
}
