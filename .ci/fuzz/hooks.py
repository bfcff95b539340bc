"""What Schemathesis needs to know of Masthead beyond the specification."""

import re
import uuid

import schemathesis

# Reasons to refuse a request that its schema allows, because no JSON Schema could forbid it: where, and the code there.
UNSAYABLE = [
    # What exists, what is taken and what time it is, only the server knows.
    (r"/(tags|data)/\d+(/id|/article_id)?|/into|/parent|/article_id|/id", "unknown"),
    (r"/into|/parent|/article_id|/data/\d+/article_id", "not_allowed|too_deep"),
    (r"/published_at", "in_future"),
    (r"/tags/\d+|/aliases/\d+|/data/\d+/id", "repeated|invalid"),
    (r"Idempotency-Key", "reused"),
    (r"If-Match", "stale"),
    # The one optional header with a pattern: Schemathesis sends 0 where it has drawn nothing.
    (r"If-Match", "invalid"),
    # Lists of languages, letters of all scripts, what of them can be seen, sizes in bytes.
    (r"/name|/title|/aliases/\d+", "required"),
    (r"/locale|locale", "invalid"),
    (r"/slug", "invalid|too_long"),
    (r"/extra(/.*)?", "too_long|invalid_text"),
    # A link leads to an article or to a page; an email goes with its password.
    (r"(/data/\d+)?/(url|title)", "required|not_allowed"),
    # Parameters that need each other.
    (r"view|sort|highlight|fields|page", "required|not_allowed|too_deep"),
    # A grammar of its own, and a seal.
    (r"filter", ".*"),
    (r"cursor", "invalid_cursor"),
]


@schemathesis.hook
def before_call(ctx, case, **kwargs):
    """A key is for one request: with the same for all, the second one would be refused and nothing else be tried."""
    key = (case.headers or {}).get("Idempotency-Key")
    if isinstance(key, str) and re.fullmatch(r"[!-~]{1,255}", key):
        case.headers["Idempotency-Key"] = (str(uuid.uuid4()) + key)[:255]
    for name, value in (case.query or {}).items():
        if lenient(name, value):
            case.query[name] = "\0"  # which nothing takes


# Parameters that are true or false.
FLAGS = {"highlight", "trashed", "permanent", "create_tags"}


def lenient(name, value):
    """Reports whether the server takes a value that the specification does not have: an empty one is as good as absent,
    and 1 and 0 are true and false."""
    if isinstance(value, (list, tuple)) and len(value) == 1:
        value = value[0]
    return value in ("", []) or name in FLAGS and not isinstance(value, bool) and str(value) in ("0", "1")


@schemathesis.check
def unsayable(ctx, response, case):
    """A request that its schema allows is refused only for what the schema could not say."""
    if case.meta is None or not case.meta.generation.mode.is_positive or response.status_code not in (400, 412, 422):
        return
    for error in response.json().get("errors", []):
        where = error.get("pointer") or error.get("parameter") or error.get("header") or ""
        if not any(re.fullmatch(at, where) and re.fullmatch(code, error["code"]) for at, code in UNSAYABLE):
            raise AssertionError(f"the schema should have said: {where} {error['code']}: {error['detail']}")
    if response.status_code != 412 and not response.json().get("errors"):
        raise AssertionError(f"a refusal without a reason: {response.json().get('detail')}")
