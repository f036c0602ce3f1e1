"""Pages that want to know whether we are a robot. We are one, and say so: such a page is a refusal, never solved."""

from __future__ import annotations

import re
from collections.abc import Mapping

_READ = 100_000  # bytes; what a challenge is made of stands near its beginning
# Headers by which the large gatekeepers (Cloudflare, AWS) name their own pages.
_HEADERS = {"cf-mitigated": ("challenge",), "x-amzn-waf-action": ("captcha", "challenge")}
_SIGNS = re.compile(
    rb"/cdn-cgi/challenge-platform/|cf-chl-|captcha-delivery\.com|px-captcha|/errors/validatecaptcha|g-recaptcha"
    rb"|recaptcha/(?:api|enterprise)\.js|hcaptcha\.com/1/api|challenges\.cloudflare\.com/turnstile"
    rb"|sec-if-cpt-container|_incapsula_resource|awswafintegration|are you a (?:ro)?bot\b|robot check"
    rb"|verify (?:that )?you are (?:a )?human|unusual traffic from your"
    + "|画像認証|ロボットではありません|ロボットではないこと".encode(),
    re.IGNORECASE,
)


def named_challenge(headers: Mapping[str, str]) -> bool:
    """Whether the answer itself says that it is one. Header names are lower-case."""
    return any(headers.get(name, "").lower() in said for name, said in _HEADERS.items())


def looks_like_a_challenge(body: bytes) -> bool:
    """Whether a page in which nothing was found is one. Pages with reviews may hold a captcha in a form of theirs."""
    return _SIGNS.search(body[:_READ]) is not None
