"""`/api/v1/docs/`: the reference page, drawn on the server from the OpenAPI description. No script, no CDN."""

from __future__ import annotations

import functools
import json
from collections.abc import Iterator, Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.views import View

from .errors import KINDS
from .schema import drawn

Schema = Mapping[str, Any]
HOST = "https://risk.example.org"


class Reference(View):
    """Every operation with its parameters, body, answers and a curl line; open to everyone, like the schema."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """The page."""
        return render(request, "api/reference.html", {"sections": sections(), "shapes": shapes(), "problems": KINDS})


@functools.cache
def sections() -> list[dict[str, Any]]:
    """The operations, by resource."""
    found: dict[str, list[dict[str, Any]]] = {}
    for path, methods in drawn()["paths"].items():
        for method, operation in methods.items():
            found.setdefault(operation["tags"][0], []).append(described(method.upper(), path, operation))
    return [{"name": name, "operations": operations} for name, operations in found.items()]


@functools.cache
def shapes() -> list[dict[str, Any]]:
    """The schemas that answers and bodies are made of."""
    components = drawn()["components"]["schemas"]
    return [
        {
            "name": name,
            "description": coded(schema.get("description", "")),
            "fields": list(fields(schema)),
            "enum": words(schema),
        }
        for name, schema in components.items()
        if not name.startswith("Paginated")
    ]


def described(method: str, path: str, operation: Schema) -> dict[str, Any]:
    """One operation as the page shows it."""
    body = operation.get("requestBody", {}).get("content", {})
    media_type = next(iter(body), "")
    inputs = list(fields(resolved(body[media_type]["schema"]))) if body else []
    return {
        "id": operation["operationId"],
        "method": method,
        "path": path,
        "summary": coded(operation.get("summary", "")),
        "description": coded(rest(operation.get("description", ""))),
        "scope": "".join(operation["security"][0].get("token", [])),
        "parameters": [parameter(each) for each in operation.get("parameters", [])],
        "media_type": media_type,
        "fields": inputs,
        "answers": [answer(status, each) for status, each in operation["responses"].items()],
        "curl": curl(method, path, operation, media_type, inputs),
    }


def rest(description: str) -> str:
    """A description without its first line, which is the summary."""
    return description.partition("\n")[2].strip()


def coded(text: str) -> SafeString:
    """A text with `these` as code elements, everything escaped."""
    pieces = enumerate(text.split("`"))
    return format_html_join(
        "", "{}", ((format_html("<code>{}</code>", piece) if odd % 2 else piece,) for odd, piece in pieces)
    )


def parameter(given: Schema) -> dict[str, Any]:
    """A parameter as the page shows it."""
    schema = given["schema"]
    return {
        "name": given["name"],
        "place": given["in"],
        "required": given.get("required", False),
        "type": kind(schema),
        "description": coded(given.get("description", "")),
        "enum": words(resolved(schema)),
    }


def fields(schema: Schema) -> Iterator[dict[str, Any]]:
    """The fields of an object schema."""
    for name, inner in schema.get("properties", {}).items():
        yield {
            "name": name,
            "type": kind(inner),
            "shape": shape(inner),
            "required": name in schema.get("required", []),
            "description": coded(inner.get("description", "")),
            "enum": words(resolved(inner)),
        }


def answer(status: str, response: Schema) -> dict[str, Any]:
    """An answer as the page shows it."""
    whole = resolved(response)
    content: Schema = next(iter(whole.get("content", {}).values()), {})
    return {
        "status": status,
        "description": coded(whole.get("description", "")),
        "shape": shape(content.get("schema", {})).removeprefix("Paginated").removesuffix("List"),
    }


def resolved(schema: Schema) -> Schema:
    """A schema, followed through one reference."""
    name = target(schema)
    if not name:
        return schema
    room, _, key = name.partition("/")
    found: Schema = drawn()["components"][room][key]
    return found


def target(schema: Schema) -> str:
    """`schemas/CaseDetail` for a reference (also in a list, or with null beside it), else the empty text."""
    for each in (schema, schema.get("items", {}), *schema.get("allOf", ()), *schema.get("oneOf", ())):
        if "$ref" in each:
            return str(each["$ref"]).removeprefix("#/components/")
    return ""


def shape(schema: Schema) -> str:
    """The name of the schema referred to."""
    return target(schema).partition("/")[2]


def kind(schema: Schema) -> str:
    """The type in words."""
    if "$ref" in schema or "allOf" in schema or "oneOf" in schema:
        return str(resolved(schema).get("type", "object"))
    given = schema.get("type", "any")
    name = " or ".join(given) if isinstance(given, list) else str(given)
    return f"{name} ({schema['format']})" if "format" in schema else name


def words(schema: Schema) -> list[str]:
    """The values of an enumeration."""
    return [str(value) for value in schema.get("enum", []) if value not in ("", None)]


def curl(method: str, path: str, operation: Schema, media_type: str, inputs: list[dict[str, Any]]) -> str:
    """A command line that calls the operation."""
    lines = [f"curl {'-X POST ' if method == 'POST' else ''}{HOST}{path}", '-H "Authorization: Bearer $TOKEN"']
    if any(each["name"] == "If-Match" for each in operation.get("parameters", [])):
        lines.append("-H 'If-Match: \"7\"'")
    if media_type == "application/json":
        lines += ["-H 'Content-Type: application/json'", f"-d '{json.dumps(example(inputs), ensure_ascii=False)}'"]
    elif media_type:
        lines += ["-F headline='A title'", "-F 'file=@article.html;type=text/html'"]
    return " \\\n  ".join(lines)


def example(inputs: list[dict[str, Any]]) -> dict[str, Any]:
    """The smallest body with the required fields."""
    return {field["name"]: sample(field) for field in inputs if field["required"]}


def sample(field: Schema) -> Any:
    """A value of the field's type."""
    if field["enum"]:
        return int(field["enum"][0]) if field["enum"][0].isdigit() else field["enum"][0]
    match field["type"].partition(" ")[0]:
        case "integer":
            return 1
        case "boolean":
            return True
        case "array":
            return [1]
    return {"string (date)": "2025-01-28", "string (date-time)": "2025-01-28T12:00:00Z"}.get(field["type"], "…")
