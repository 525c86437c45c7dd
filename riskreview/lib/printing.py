"""A page as a tagged PDF (PDF/UA-1), printed by a process of its own: it has little time, and fetches nothing.

Run as a program it reads HTML from its input and writes the PDF. The same page printed with the same program and fonts
is the same file: its times come from the page itself, and those of the fonts in it from `SOURCE_DATE_EPOCH`.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

SECONDS = 30
LARGEST = 4_000_000  # characters of HTML
MEMORY = 1_500_000_000  # bytes of address space beyond what starting takes
NO_PANGO = 3
FONT = "font:///"


class NotPrinted(Exception):
    """No PDF could be made; the message says why, in words for staff."""


def pdf(html: str, *, fonts: Path, epoch: int) -> bytes:
    """Print a page. `fonts` is a folder it may take fonts from, as `font:///NAME`; `epoch` are the seconds that stand
    for now.

    Raises `NotPrinted`.
    """
    if len(html) > LARGEST:
        raise NotPrinted(f"The page is too long to be printed: {len(html):,} of at most {LARGEST:,} characters.")
    environment = {"PATH": os.environ.get("PATH", ""), "LANG": "C.UTF-8", "SOURCE_DATE_EPOCH": str(max(epoch, 0))}
    environment |= {name: os.environ[name] for name in ("HOME", "FONTCONFIG_FILE") if name in os.environ}
    program = [sys.executable, "-I", str(Path(__file__)), str(fonts)]
    try:
        done = subprocess.run(  # noqa: S603 - our own file
            program, input=html.encode(), capture_output=True, timeout=SECONDS, env=environment, check=False
        )
    except subprocess.TimeoutExpired:
        raise NotPrinted(f"Printing takes longer than {SECONDS} seconds.") from None
    if done.returncode == NO_PANGO:
        raise NotPrinted("This server cannot print PDF: the library Pango is not installed. HTML and DOCX work.")
    if done.returncode or not done.stdout.startswith(b"%PDF"):
        raise NotPrinted("The page could not be printed.")
    return done.stdout


def main(fonts: Path) -> int:
    """Print what comes in."""
    try:
        import weasyprint
        from weasyprint.urls import URLFetcherResponse
    except OSError:
        return NO_PANGO
    _limit()

    class OnlyOurFonts(weasyprint.URLFetcher):  # type: ignore[misc]
        """Gives the fonts of one folder, and nothing else of anywhere."""

        def fetch(self, url: str, headers: Any = None) -> Any:
            name = url.removeprefix(FONT)
            if not url.startswith(FONT) or Path(name).name != name:
                raise ValueError("nothing is fetched")
            return URLFetcherResponse(url, (fonts / name).read_bytes(), {"Content-Type": "font/woff2"})

    page = weasyprint.HTML(string=sys.stdin.buffer.read().decode(), url_fetcher=OnlyOurFonts(), base_url=None)
    sys.stdout.buffer.write(page.write_pdf(pdf_variant="pdf/ua-1"))
    return 0


def _limit() -> None:
    """Bound the address space, where the system tells how much is taken already."""
    import resource

    taken = Path("/proc/self/statm")
    if taken.exists():
        size = int(taken.read_text(encoding="ascii").split()[0]) * resource.getpagesize()
        resource.setrlimit(resource.RLIMIT_AS, (size + MEMORY, size + MEMORY))


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
