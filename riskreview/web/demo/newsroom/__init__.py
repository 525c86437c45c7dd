"""A small local newsroom: invented outlets whose feeds and pages the demonstration collects over HTTP."""

from riskreview.web.demo.newsroom.server import Newsroom

__all__ = ["Newsroom"]
