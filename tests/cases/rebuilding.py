"""A dossier put together from the case as it was: from what entries tell, and from the captures, which never change."""

from __future__ import annotations

from typing import Any

from riskreview.audit.state import TOO_LONG, digest_of_text
from riskreview.cases.asof import Seen
from riskreview.cases.dossier import LEFT_OUT, RECOMMENDED, captured
from riskreview.cases.models import Exhibit, Playbook
from riskreview.vendors.models import Vendor

Columns = dict[str, Any]


def newest(seen: list[Seen]) -> int:
    """The number of the newest recommendation of that time."""
    return max(row["number"] for row in parts_of(seen[0])["decision"].values())


def content(seen: list[Seen], sealed: dict[str, Any]) -> dict[str, Any]:
    """What the newest recommendation of that time stood for.

    A text that is too long for an entry and was changed since is known by its digest: the sealed text of that digest
    takes its place.
    """
    texts = [text for text in sealed.values() if isinstance(text, str) and len(text) > TOO_LONG]
    for each in seen:
        each.texts.update({digest_of_text(text)["sha256"]: text for text in texts})
    case = seen[0]
    parts = parts_of(case)
    number, decision = max(parts["decision"].items(), key=lambda each: each[1]["number"])
    standing = {
        kind: sorted(
            (row for row in parts.get(kind, {}).values() if row["withdrawn_at"] is None), key=lambda row: row["number"]
        )
        for kind in ("finding", "exhibit")
    }
    told = of_case(case) | {f"recommendation.{name}": decision[name] for name in RECOMMENDED}
    for row in standing["finding"]:
        rests = [parts["exhibit"][each["ref"].partition(":")[2]]["number"] for each in row["exhibits"]]
        told |= under(f"finding.{row['number']}", row) | {f"finding.{row['number']}.exhibits": sorted(rests)}
    for row in standing["exhibit"]:
        exhibit = Exhibit.objects.get(pk=row["pk"])
        exhibit.credibility = row["credibility"]
        told |= under(f"exhibit.{row['number']}", row) | dict(captured(f"exhibit.{row['number']}", exhibit))
    for kind in ("effect", "condition"):
        for row in parts.get(kind, {}).values():
            if row["decision"] in (None, {"ref": f"decision:{number}"}):
                told |= under(f"{kind}.{row['number']}", row)
    return told | of_rows(seen)


def of_case(case: Seen) -> dict[str, Any]:
    """The case's own words, its vendors and its playbook."""
    state = whole(case)
    told = {f"case.{name}": state[name] for name in ("ref", "title", "question", "requester")}
    pks = [each["ref"].partition(":")[2] for each in state["vendors"]]
    names = Vendor.objects.filter(pk__in=pks).order_by("canonical_name").values_list("canonical_name", flat=True)
    told["case.vendors"] = list(names)
    if state["playbook"]:
        row = Playbook.objects.get(pk=state["playbook"]["ref"].partition(":")[2])
        told |= {f"playbook.{name}": getattr(row, name) for name in ("key", "version", "sha256")}
    return told


def of_rows(seen: list[Seen]) -> dict[str, Any]:
    """What was heard, asked and answered."""
    told: dict[str, Any] = {}
    for row in (each for each in seen if each.kind == "submission"):
        at = f"submission.{whole(row)['number']}"
        said = sorted(parts_of(row).get("consideration", {}).items(), key=lambda each: int(each[0]))
        told |= under(at, own(row))
        told[f"{at}.consideration"] = "\n\n".join(each["text"] for _, each in said)
        told[f"{at}.changed_outcome"] = any(each["changed_outcome"] for _, each in said)
    for number, row in enumerate((each for each in seen if each.kind == "consultation"), start=1):
        told |= under(f"consultation.{number}", own(row))
    for row in (each for each in seen if each.kind == "sheet"):
        for answer in parts_of(row).get("answer", {}).values():
            told |= under(f"sheet.{own(row)['key']}.{answer['item']}", answer)
    return told


def whole(seen: Seen) -> Columns:
    """What a row said, long texts in full."""
    return {name: seen.shown(value) for name, value in seen.told.state.items()}


def own(seen: Seen) -> Columns:
    """What a row said itself, without its parts."""
    return {name: value for name, value in whole(seen).items() if "." not in name}


def parts_of(seen: Seen) -> dict[str, dict[str, Columns]]:
    """The parts of a row, by kind and id."""
    found: dict[str, dict[str, Columns]] = {}
    for path, value in whole(seen).items():
        part, _, column = path.rpartition(".")
        if part:
            kind, _, pk = part.partition(":")
            found.setdefault(kind, {}).setdefault(pk, {"pk": pk})[column] = value
    return found


def under(path: str, row: Columns) -> dict[str, Any]:
    """The columns of a row that a dossier holds."""
    return {f"{path}.{name}": value for name, value in row.items() if name not in LEFT_OUT | {"pk"}}
