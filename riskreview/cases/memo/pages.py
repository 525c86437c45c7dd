"""A memo as one HTML file that asks nothing of a network, and as the PDF printed from it."""

from __future__ import annotations

import datetime

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe

from riskreview.audit.state import utc
from riskreview.lib import printing

from .content import Memo


def html(memo: Memo, moment: datetime.datetime, *, printed: bool = False) -> str:
    """The file. `moment` is the time it speaks of, so that it reads the same whenever it is made. What is `printed`
    asks the printer for our font."""
    standing = memo.standing
    signed = [str(each.name) for each in standing.signatures[:1]]
    context = {
        "memo": memo,
        "printed": printed,
        "title": f"{memo.ref}: {memo.title}",
        "author": signed[0] if signed else "riskreview",
        "description": f"Decision memorandum, {standing.status}",
        "moment": utc(moment)[:19] + "Z",
        "css": styles(),
        "marking": as_css(standing.marking),
        "running": as_css(f"{memo.ref}, version {standing.number}, digest {standing.proof.root[:16]}"),
    }
    return render_to_string("memo/memo.html", context)


def pdf(memo: Memo, moment: datetime.datetime) -> bytes:
    """The PDF, tagged for readers of all kinds (PDF/UA-1). Raises `NotPrinted`."""
    fonts = settings.BASE_DIR / "static" / "fonts"
    return printing.pdf(html(memo, moment, printed=True), fonts=fonts, epoch=int(moment.timestamp()))


def styles() -> SafeString:
    """Our own style sheet, as it stands in the file."""
    return mark_safe((settings.BASE_DIR / "static" / "css" / "memo.css").read_text(encoding="utf-8"))  # noqa: S308


def as_css(text: str) -> SafeString:
    """A text inside a string of a style sheet: whatever is no letter, figure or blank by its number."""
    plain = (each if each.isalnum() or each == " " else f"\\{ord(each):06x} " for each in text)
    return mark_safe("".join(plain))  # noqa: S308
