"""What Schemathesis needs to know of Masthead beyond the specification."""

import base64
import json
import re
import uuid

import schemathesis
from hypothesis import strategies
from schemathesis.transport.serialization import Binary

# Bytes in pieces (tus) are bytes.
schemathesis.serializer.alias("application/offset+octet-stream", "application/octet-stream")

# Bytes of a file are those of a picture of one pixel: others would be refused for that alone.
PICTURE = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGNgYGAAAAAEAAH2FzhVAAAAAElFTkSuQmCC"
)
schemathesis.openapi.format("binary", strategies.just(Binary(PICTURE)))

# Reasons to refuse a request that its schema allows, because no JSON Schema could forbid it: where, and the code there.
UNSAYABLE = [
    # What exists, what is taken and what time it is, only the server knows.
    (r"/(tags|sections|data)/\d+(/id|/article_id|/article)?|/into|/parent|/article_id|/article|/user|/id", "unknown"),
    (r"/authors/\d+(/author)?|/slots/\d+/collection|/time_zone|/paths/\w+|/rules/lengths(/.*)?", "unknown"),
    (r"/into|/parent|/article_id|/data/\d+/article_id", "not_allowed|too_deep"),
    (r"/translation_of", "unknown|too_many"),
    (r"/published_at", "in_future"),
    (r"/ends_at|/until|/data/\d+/until", "out_of_order"),
    # A collection's rule has the grammar of a list's parameters, an item or an alert leads to one place, a front has a bound
    # for all slots together; paths and what a site asks have grammars of their own.
    (r"/rule(/.*)?|/localized(/.*)?", ".*"),
    (r"(/data/\d+)?/(article|url)", "required|not_allowed|repeated"),
    (r"/slots", "too_many"),
    (r"/paths/\w+|/preview_url|/publisher/founded", "invalid|taken|too_long"),
    (r"/rules/lengths(/.*)?", "out_of_range"),
    # An entry of a menu leads to one thing that exists; menus are counted with what stands below others.
    (r"/home|/ticker|/menus(/.*)?", ".*"),
    (r"/url", "invalid_url"),
    # Redirects: addresses, which do not lead round in a circle, and bytes.
    (r"/from", "invalid|too_long"),
    (r"/status", "not_allowed"),
    (r"/to", "invalid|invalid_url|required|not_allowed|loop|too_deep"),
    (r"path", "invalid|elsewhere"),
    (r"/tags/\d+|/aliases/\d+|/data/\d+/id", "repeated|invalid"),
    (r"/(sections|authors|locales|data|rules/require)/\d+(/\w+)?|/user", "repeated|invalid"),
    (r"Idempotency-Key", "reused"),
    (r"If-Match", "stale"),
    # The one optional header with a pattern: Schemathesis sends 0 where it has drawn nothing.
    (r"If-Match", "invalid"),
    # Lists of languages, letters of all scripts, what of them can be seen, sizes in bytes.
    (r"/name|/title|/text|/aliases/\d+", "required"),
    (r"/locale|locale", "invalid"),
    (r"/slug", "invalid|too_long"),
    (r"/extra(/.*)?", "too_long|invalid_text"),
    # A link leads to an article or to a page; an email goes with its password.
    (r"(/data/\d+)?/(url|title)", "required|not_allowed"),
    # Parameters that need each other.
    (r"view|sort|highlight|fallback|fields|page", "required|not_allowed|too_deep"),
    # Media: what is in a file, what is on the open web, the type of a part of a form, the fields in base64 in a header.
    (r"/file|/url", "not_fetched|invalid|required|not_allowed"),
    (r"/(focal_point|people|localized|extra|decorative|expires_at)(/.*)?", "wrong_type|invalid|invalid_type"),
    (r"/source_url", "invalid_url|invalid"),
    (r"Upload-Metadata|Upload-Length|Upload-Offset", ".*"),
    # Once is enough; a medium that exists, is of the kind, and has words or needs none.
    (r"include", "repeated"),
    (r"(/data/\d+)?/(image|audio|video|logo|icon)|/body", "unknown|wrong_type|no_alt"),
    (r"/alt", "not_allowed|no_alt"),
    # A grammar of its own, and a seal.
    (r"filter", ".*"),
    (r"cursor", "invalid_cursor"),
]

# White space, controls and the like beyond ASCII, which the patterns do not name: not all languages could read them.
BEYOND_PATTERNS = re.compile("[\x80-\xa0\xad\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufffd]")


@schemathesis.hook
def before_call(ctx, case, **kwargs):
    """A key is for one request: with the same for all, the second one would be refused and nothing else be tried."""
    key = (case.headers or {}).get("Idempotency-Key")
    if isinstance(key, str) and re.fullmatch(r"[!-~]{1,255}", key):
        case.headers["Idempotency-Key"] = (str(uuid.uuid4()) + key)[:255]
    # Words in base64, which no pattern could draw.
    positive = case.meta is None or case.meta.generation.mode.is_positive
    if positive and "Upload-Metadata" in (case.headers or {}):
        case.headers["Upload-Metadata"] = "filename YS5qcGc="
    for name, value in (case.query or {}).items():
        if lenient(name, value):
            case.query[name] = "\0"  # which nothing takes


# Parameters that are true or false.
FLAGS = {"highlight", "fallback", "trashed", "permanent", "create_tags"}


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
    if BEYOND_PATTERNS.search(json.dumps([case.query, case.body], ensure_ascii=False, default=str)):
        return
    for error in response.json().get("errors", []):
        where = error.get("pointer") or error.get("parameter") or error.get("header") or ""
        if not any(re.fullmatch(at, where) and re.fullmatch(code, error["code"]) for at, code in UNSAYABLE):
            raise AssertionError(f"the schema should have said: {where} {error['code']}: {error['detail']}")
    if response.status_code != 412 and not response.json().get("errors"):
        raise AssertionError(f"a refusal without a reason: {response.json().get('detail')}")
