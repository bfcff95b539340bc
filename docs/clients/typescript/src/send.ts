// Sending: what happens between a request and its answer. Each function wraps one way of sending in another.

/** Sends a request; the `fetch` of any runtime is one. */
export type Send = (request: Request) => Promise<Response>;

/** How long to wait for a server that asks for patience. */
export interface Patience {
  /** How many times a read is sent again; 1 by default. */
  times?: number;
  /** The longest wait in seconds; a server that asks for more is not waited for. 30 by default. */
  longest?: number;
  /** Waits; tests give one that does not. */
  sleep?: (milliseconds: number, signal: AbortSignal) => Promise<void>;
}

/** Sends a read again that was answered 429 or 503, after the time its Retry-After names. */
export function patiently(send: Send, { times = 1, longest = 30, sleep = pause }: Patience): Send {
  return async (request) => {
    for (let left = times; ; left--) {
      const answer = await send(request);
      const seconds = retryAfter(answer);
      if (left <= 0 || request.method !== "GET" || seconds === null || seconds > longest) return answer;
      await answer.body?.cancel();
      await sleep(seconds * 1000, request.signal);
    }
  };
}

function retryAfter(answer: Response): number | null {
  const text = answer.headers.get("Retry-After");
  if (text === null || (answer.status !== 429 && answer.status !== 503)) return null;
  const seconds = /^\d+$/.test(text) ? Number(text) : (Date.parse(text) - Date.now()) / 1000;
  return Number.isNaN(seconds) ? null : Math.max(0, seconds);
}

function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = () => {
      clearTimeout(timer);
      reject(signal.reason);
    };
    const timer = setTimeout(() => {
      signal.removeEventListener("abort", stop);
      resolve();
    }, milliseconds);
    if (signal.aborted) stop();
    else signal.addEventListener("abort", stop, { once: true });
  });
}

/** Keeps the last answers that have an ETag, `size` at most, and asks whether they still hold before reading them anew. */
export function remembering(send: Send, size: number): Send {
  const kept = new Map<string, { etag: string; body: string; headers: Headers }>();
  return async (request) => {
    if (request.method !== "GET" || request.headers.has("If-None-Match")) return send(request);
    const known = kept.get(request.url);
    if (known) request.headers.set("If-None-Match", known.etag);
    let answer = await send(request);
    kept.delete(request.url);
    if (answer.status === 304 && known) {
      kept.set(request.url, known); // at the end again: the first to go is the one not asked for longest
      return new Response(known.body, { headers: known.headers });
    }
    const etag = answer.headers.get("ETag");
    if (answer.status === 200 && etag !== null && !/no-store/.test(answer.headers.get("Cache-Control") ?? "")) {
      const body = await answer.text();
      kept.set(request.url, { etag, body, headers: answer.headers });
      const oldest = kept.keys().next();
      if (kept.size > size && !oldest.done) kept.delete(oldest.value);
      answer = new Response(body, { headers: answer.headers });
    }
    return answer;
  };
}
