"""Run the newsroom in the foreground: `python -m riskreview.web.demo.newsroom --port 8901`."""

import argparse
import signal
import sys

from riskreview.web.demo.newsroom.corpus import CorpusError
from riskreview.web.demo.newsroom.server import Newsroom


def main(arguments: list[str] | None = None) -> int:
    """Serve until Ctrl-C or SIGTERM. Returns the exit status: 1 when the port or the corpus cannot be used."""
    options = _parser().parse_args(arguments)
    try:
        newsroom = Newsroom(port=options.port, corrected=options.corrected)
    except (CorpusError, OSError, OverflowError) as error:
        sys.stderr.write(f"The newsroom cannot start on port {options.port}: {error}\n")
        return 1
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    sys.stdout.write(_greeting(newsroom))
    sys.stdout.flush()
    newsroom.serve()
    return 0


def _greeting(newsroom: Newsroom) -> str:
    corpus = newsroom.site.corpus
    counts = f"{len(corpus.outlets)} outlets, {len(corpus.articles)} documents"
    return f"Newsroom at {newsroom.url}: {counts}. Ctrl-C stops it.\n"


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="newsroom", description="Serve the feeds and pages of the demonstration.")
    parser.add_argument("--port", type=int, default=8901, help="port on 127.0.0.1; 0 takes a free one (default 8901)")
    parser.add_argument("--corrected", action="store_true", help="serve the corrected revision from the start")
    return parser


if __name__ == "__main__":
    sys.exit(main())
