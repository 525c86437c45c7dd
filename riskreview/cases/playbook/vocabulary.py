"""The closed vocabularies of a playbook. A playbook only names what stands here; it has no expressions."""

from __future__ import annotations

from riskreview.lib.workdays import NAMES

GRAMMAR = 1
PHASES = ("intake", "review", "decision", "after")
ROLES = (
    *("intake_officer", "case_officer", "analyst", "legal_counsel", "consultee", "vendor_contact"),
    *("second_reviewer", "deciding_official", "records_officer", "auditor"),
)
# Seats that others than staff may hold, and the one that only looks: none of them moves a case on.
LOOKING_ON = ("consultee", "vendor_contact", "auditor")
WORKING = tuple(role for role in ROLES if role not in LOOKING_ON)
SIGNING = ("second_reviewer", "deciding_official")
# From low to high: an objection counts from the rank that the consultation names.
RANKS = (
    *("staff", "deputy_assistant_secretary", "assistant_secretary"),
    *("under_secretary", "deputy_secretary", "secretary"),
)
SUBJECTS = ("vendor", "product", "model", "service", "open_weights")
CALENDARS = NAMES

PER = ("case", "party", "consultee")
CLOCK_KINDS = ("within", "not_before", "presumed_after", "recurring", "retain")
UNITS = ("cal_day", "bus_day", "month", "hour")
COUNTS = ("after", "on", "clear")
ROLLS = ("none", "next_business_day")
FROM_MANY = ("each", "first", "last")
ANCHORS = ("fixed", "last_done")
BASES = ("law", "self_set", "contract")
TOLLS = ("lapse_in_appropriations", "court_order")
FORMS = ("written_determination", "written_notice", "court_order")
# A name of another row follows the colon, `escalate:` excepted: there a role.
FROM = ("milestone:", "consultation:", "approved")
UNTIL = ("left:", "milestone:", "answered", "replied", "approved")
ON_EXPIRY = ("flag", "escalate:", "lapse", "offer_presumption", "presume")

RESPONSES = (
    *("concur", "concur_with_comment", "object", "no_position"),
    *("comment", "no_comment", "acknowledged"),
)
SILENCES = ("none", "may_presume", "presumed")
# What a clock does at its end where silence means something.
PRESUMING = {"may_presume": "offer_presumption", "presumed": "presume"}
PARTIES = ("vendor", "parent", "authority")
CONTENTS = (
    *("argument", "evidence", "proposed_mitigation", "meeting_request"),
    *("information", "questionnaire", "corrective_action"),
)
GROUPS = ("adverse", "conditional", "favourable", "none")

# What a stage asks for before it is left. After the colon: `key` a name that the playbook gives, `number` at least so
# many, else the table that a row of that name must stand in.
REQUIRES = {
    "milestone": "milestone",
    "field": "key",
    "output": "key",
    "exhibits": "number",
    "exhibits_sourced": "",
    "findings": "number",
    "findings_reviewed": "",
    "key_judgments": "",
    "checklist": "checklist",
    "consultations_sent": "consultation",
    "consultations": "consultation",
    "replies": "reply",
    "submissions_addressed": "",
    "disposition": "",
    "followups_assigned": "",
    "published_or_reason": "",
}
# Requirements that nothing can meet in another phase: they would hold a case for ever.
ONLY_IN = {"disposition": "decision", "followups_assigned": "after", "published_or_reason": "after"}
NEEDS = {"effect": "", "condition": "", "watch": "", "referral": "", "reason": "", "checklist": "checklist"}
EXTERNAL = "external:"
