// Sessions: an access token that is renewed before it ends, with a refresh token that is good once.

import { isProblem } from "./problem.js";
import type { Send } from "./send.js";
import type { TokenPair } from "./types.js";

/** A token, or what gives one; an empty one means none. */
export type Token = string | (() => string | Promise<string>);

/** How early before its end an access token is renewed, in milliseconds. */
const margin = 30_000;

/** Who somebody is signed in as, and until when. One session must be the only user of its refresh token. */
export class Session {
  #pair: TokenPair | null = null;
  #renewAt = 0;
  #renewing: Promise<void> | null = null;

  constructor(
    private readonly renew: (refreshToken: string) => Promise<TokenPair>,
    private readonly onTokens: (pair: TokenPair | null) => void,
  ) {}

  /** Goes on with these tokens, or with none. */
  take(pair: TokenPair | null): void {
    const life = (pair?.expires_in ?? 0) * 1000;
    this.#renewAt = Date.now() + life - Math.min(margin, life / 2);
    this.#pair = pair;
    this.onTokens(pair);
  }

  /** Goes on from a refresh token that was kept. */
  async resume(refreshToken: string): Promise<void> {
    this.#pair = { access_token: "", token_type: "Bearer", expires_in: 1, refresh_token: refreshToken };
    this.#renewAt = 0;
    await this.#renewed();
  }

  /** The access token of now; undefined if nobody is signed in. `refused` is one that the server has just turned down. */
  async access(refused?: string): Promise<string | undefined> {
    if (this.#pair && (Date.now() >= this.#renewAt || this.#pair.access_token === refused)) await this.#renewed();
    return this.#pair?.access_token;
  }

  /** Ends the session here, and gives the refresh token it had. */
  async leave(): Promise<string | undefined> {
    await this.#renewing?.catch(() => {}); // the token that is being spent is not the one to end
    const last = this.#pair?.refresh_token;
    if (last !== undefined) this.take(null);
    return last;
  }

  // A refresh token sent twice ends the session, so all callers wait for the one call.
  #renewed(): Promise<void> {
    this.#renewing ??= this.#renewOnce().finally(() => {
      this.#renewing = null;
    });
    return this.#renewing;
  }

  async #renewOnce(): Promise<void> {
    const old = this.#pair;
    if (!old) return;
    let next: TokenPair | null = null;
    try {
      next = await this.renew(old.refresh_token);
    } catch (error) {
      if (!isProblem(error) || error.status !== 401) throw error;
    }
    if (this.#pair === old) this.take(next); // unless somebody has signed in meanwhile
  }
}

/** Sends with the credential of the session, or else with the token; a read or change refused as 401 is sent once more. */
export function signed(send: Send, session: Session, token: Token | undefined): Send {
  return async (request) => {
    if (request.headers.has("Authorization")) return send(request);
    const access = await session.access();
    const bearer = access ?? (typeof token === "function" ? await token() : token);
    if (!bearer) return send(request);
    const again = access ? request.clone() : null;
    request.headers.set("Authorization", `Bearer ${bearer}`);
    const answer = await send(request);
    if (answer.status !== 401 || !again) return answer;
    const fresh = await session.access(bearer);
    if (!fresh) return answer;
    await answer.body?.cancel();
    again.headers.set("Authorization", `Bearer ${fresh}`);
    return send(again);
  };
}
