"""The form that adds material by hand: addresses, a text, files, in one go."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile

from riskreview.enrichment.extracted import one_line
from riskreview.enrichment.intake_types import FILE_BYTES, HEADLINE, TYPES

from .base import words

ADDRESSES, FILES = 200, 20
LARGEST_FILE, LARGEST_TOGETHER = FILE_BYTES, 100_000_000  # bytes
LONGEST_TEXT = 500_000  # characters
PUBLISHER = 200


class ManyFiles(forms.ClearableFileInput):
    """A box for several files at once."""

    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Several files, in the order in which the browser sent them."""

    def clean(self, data: Any, initial: Any = None) -> Any:
        """The files, few enough and small enough together. What is wrong with one of them is told beside it."""
        files = [each for each in data or [] if isinstance(each, UploadedFile)]
        if len(files) > FILES:
            raise ValidationError(f"Send at most {FILES} files at a time; these are {len(files)}.")
        if sum(each.size or 0 for each in files) > LARGEST_TOGETHER:
            raise ValidationError("Send at most 100 MB at a time.")
        return files


class AddMaterial(forms.Form):
    """Material for the archive. Anything that is filled in is added; the rest may stay empty."""

    heading, button = "Add material", "Add to the archive"

    addresses = forms.CharField(
        required=False,
        widget=words(4),
        help_text=f"One on each line, at most {ADDRESSES}. Words after an address become its headline.",
    )
    text = forms.CharField(
        required=False,
        strip=False,
        widget=words(6),
        help_text="Word for word, as it was published or sent. It is kept exactly as you paste it.",
    )
    headline = forms.CharField(
        required=False, max_length=HEADLINE, help_text="Of the text. Without one, its first line is taken."
    )
    publisher = forms.CharField(
        required=False,
        max_length=PUBLISHER,
        label="Where the text and the files are from",
        help_text="Who wrote, said or sent them, or an address. A web page at an address needs none.",
    )
    files = FilesField(  # type: ignore[assignment]
        required=False,
        widget=ManyFiles(attrs={"accept": ",".join(TYPES)}),
        help_text=f"PDF, Word, web page, e-mail, text or table: at most {FILES} files of 25 MB, 100 MB together.",
    )
    case = forms.CharField(required=False, max_length=16, widget=forms.HiddenInput)

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **({"auto_id": "add-%s", "label_suffix": ""} | named))

    def clean_addresses(self) -> list[str]:
        """The lines that say something."""
        lines = [" ".join(line.split()) for line in self.cleaned_data["addresses"].splitlines()]
        said = [line for line in lines if line]
        if len(said) > ADDRESSES:
            raise ValidationError(f"Give at most {ADDRESSES} addresses at a time; these are {len(said)}.")
        return said

    def clean_text(self) -> str:
        """The text, unless it is only blanks."""
        text: str = self.cleaned_data["text"]
        if len(text) > LONGEST_TEXT:
            raise ValidationError(f"A pasted text has at most {LONGEST_TEXT:,} characters. Send it as a file.")
        return text if text.strip() else ""

    def clean(self) -> dict[str, Any]:
        """Something is there, and a headline has its text."""
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("headline") and cleaned.get("text") == "":
            self.add_error("text", "Paste the text that belongs to this headline.")
        elif not self.errors and not any(cleaned[name] for name in ("addresses", "text", "files")):
            raise ValidationError("Give an address, a text or a file.")
        return cleaned


def titled(headline: str, text: str) -> str:
    """The headline of a pasted text: the given one, or its first line."""
    first = next((line for line in text.splitlines() if line.strip()), "")
    return one_line(headline or first, HEADLINE)
