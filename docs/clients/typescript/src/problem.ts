// Problems: what the server answers when a call fails (RFC 9457), as errors that can be told apart.

import type { Problem, ProblemWord } from "./types.js";

/** A call that the server refused or could not answer. */
export class ProblemError extends Error {
  override readonly name = "ProblemError";

  constructor(
    /** The whole problem, as the server told it. */
    readonly problem: Problem,
    /** The headers of the answer: a 412 has the present `ETag`, a 429 has `Retry-After`. */
    readonly headers: Headers = new Headers(),
  ) {
    super(problem.detail ? `${problem.title}: ${problem.detail}` : problem.title);
  }

  /** The last part of the problem's type, such as `not-found`; `about:blank` if it was not Masthead that answered. */
  get word(): ProblemWord | "about:blank" | (string & {}) {
    return this.problem.type.replace(/^.*\/problems\//, "");
  }

  get status(): number {
    return this.problem.status;
  }

  get detail(): string {
    return this.problem.detail;
  }

  /** The parts of the request that are wrong; empty if the problem is not about its parts. */
  get errors(): NonNullable<Problem["errors"]> {
    return this.problem.errors ?? [];
  }

  /** What to quote when asking the operator: it stands in the server's log. Empty if no server gave one. */
  get requestId(): string {
    return this.problem.request_id;
  }
}

/** Says whether an error is a problem, and one of the words given if there are any: `isProblem(e, "not-found")`. */
export function isProblem(error: unknown, ...words: (ProblemWord | (string & {}))[]): error is ProblemError {
  return error instanceof ProblemError && (words.length === 0 || words.includes(error.word));
}

/**
 * Gives the data of a call to `client.api`, or throws its problem.
 *
 *     const me = await unwrap(client.api.GET("/v1/auth/me"));
 */
export async function unwrap<Data>(
  call: Promise<{ data?: Data; error?: unknown; response: Response }>,
): Promise<Data> {
  const { data, error, response } = await call;
  if (response.ok) return data as Data;
  throw new ProblemError(isProblemDocument(error) ? error : stranger(response), response.headers);
}

function isProblemDocument(value: unknown): value is Problem {
  return typeof value === "object" && value !== null && "type" in value && typeof value.type === "string" && "title" in value;
}

/** Something between here and the server answered, in words of its own. */
function stranger({ status, statusText, url, headers }: Response): Problem {
  return {
    type: "about:blank",
    title: statusText || `Status ${status}`,
    status,
    detail: "The answer did not come from Masthead.",
    instance: url,
    request_id: headers.get("X-Request-Id") ?? "",
  };
}
