"""A visit to the running product over HTTP, the way a browser and a program make it: for the demonstration's own check.

It speaks only to this product's own web server, whose address the caller gives.
"""

from __future__ import annotations

import html
import http.cookiejar
import json
import re
import urllib.error
import urllib.parse
import urllib.request
from dataclasses import dataclass
from typing import Any

TOKEN_FIELD = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
SECONDS = 20


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back; errors are answers too."""

    status: int
    data: bytes
    content_type: str = ""

    @property
    def body(self) -> str:
        """A page or an API answer as text."""
        return self.data.decode("utf-8", "replace")

    @property
    def text(self) -> str:
        """The words of a page: no tags, entities resolved, one blank between words."""
        words = re.sub(r"<[^>]+>", " ", re.sub(r"(?s)<(script|style)\b.*?</\1>", " ", self.body))
        return " ".join(html.unescape(words).split())

    @property
    def json(self) -> Any:
        """The body of an API answer."""
        return json.loads(self.body)


class Visitor:
    """One browser with its cookies, or one program with its token."""

    def __init__(self, base: str, *, token: str = "") -> None:
        self.base, self.token = base.rstrip("/"), token
        cookies = urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
        self.opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), cookies)

    def get(self, path: str) -> Answer:
        """Ask for a page or resource."""
        return self._send(self._request(path))

    def press(self, path: str) -> Answer:
        """Post nothing but the wish."""
        return self._send(self._request(path, b""))

    def sign_in(self, email: str, password: str) -> Answer:
        """Fill in the sign-in form and send it."""
        return self.submit("/login/", "/login/", username=email, password=password)

    def submit(self, page: str, action: str, **fields: str) -> Answer:
        """Open a page with a form and send it with these fields."""
        found = TOKEN_FIELD.search(self.get(page).body)
        fields["csrfmiddlewaretoken"] = found[1] if found else ""
        data = urllib.parse.urlencode(fields).encode()
        return self._send(self._request(action, data, Referer=self.base + page))

    def post(self, path: str, fields: dict[str, Any], *, seen: int) -> Answer:
        """Call a verb of the API on the version last seen."""
        headers = {"Content-Type": "application/json", "If-Match": f'"{seen}"'}
        return self._send(self._request(path, json.dumps(fields).encode(), **headers))

    def _request(self, path: str, data: bytes | None = None, **headers: str) -> urllib.request.Request:
        return urllib.request.Request(self.base + path, data=data, headers=headers)  # noqa: S310 - our own server

    def _send(self, request: urllib.request.Request) -> Answer:
        if self.token:
            request.add_header("Authorization", f"Bearer {self.token}")
        try:
            with self.opener.open(request, timeout=SECONDS) as response:
                return Answer(response.status, response.read(), response.headers.get("Content-Type", ""))
        except urllib.error.HTTPError as error:
            with error:
                return Answer(error.code, error.read(), error.headers.get("Content-Type", ""))
