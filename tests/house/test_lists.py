"""Every model is judgement, observation or machinery: decided by people, seen by machines, or neither."""

from django.apps import apps

from riskreview.audit.models import Recorded
from riskreview.audit.state import Stateful

# Written by verbs only, each with an entry about it or about the row that owns it.
JUDGEMENT = {
    "User", "ApiToken", "Team", "Delegation", "CalendarFeed",
    "Ledger", "LegalHold",
    "Vendor", "Product", "Alias", "Relation", "NameJudgement", "DuplicateJudgement", "OriginJudgement",
    "Source",
    "Incident", "Involvement", "Citation",
    "Case", "Exhibit", "Finding", "Decision", "Authorship", "Effect", "Condition", "Signature", "Stage", "Seat",
    "Output", "Sheet", "Answer", "Milestone", "Toll", "Extension", "Closure", "Consultation", "Submission",
    "Consideration",
    "Allegation", "Stand", "Publication", "LegalStatus", "Exemption", "Release", "Redaction", "Task", "Comment", "Link",
    "Batch",
    "Judgement",
}  # fmt: skip
# Seen by machines: append-only, or rebuilt at will. People judge documents and suggestions by verbs.
OBSERVATION = {
    "Document", "Snapshot", "Change", "Companion", "Visit",
    "Reading", "Mention", "Salience", "AgencyMention", "UnknownName", "Claim", "Signal", "Vocabulary", "Term",
    "SearchText",
    "Fingerprint", "Wording", "CommonWording", "Origin", "OriginLink", "Story", "Telling", "TellingTerm",
    "Suggestion", "Flag", "MatchWeights", "Playbook", "Dossier", "Clock",
}  # fmt: skip
# Keeps the product running: the ledger's own tables, ticks, searches, and the framework's.
MACHINERY = {
    "Entry", "Body", "Trace", "Log", "Leaf", "Tile", "Pending", "Checkpoint", "Cosignature", "Removal", "Verification",
    "Witness", "Pulse", "Search", "Host", "Trial", "NameChange", "SpanCheck",
    "WatchCheck", "Following", "Presence", "Draft", "BatchItem",
    "Attempt", "Session", "ContentType", "Permission", "Group",
}  # fmt: skip
JUDGED_OBSERVATIONS = {"Document", "Suggestion", "Flag", "Visit", "MatchWeights", "Clock"}
# Parts that no list of parts names: who wrote a decision is a column of the decision.
THROUGH = {"Authorship"}


def models():
    return {model.__name__: model for model in apps.get_models()}


def test_every_model_is_in_exactly_one_list():
    listed = [*JUDGEMENT, *OBSERVATION, *MACHINERY]
    assert sorted(listed) == sorted(models())
    assert len(listed) == len(set(listed))


def test_names_are_unique_across_apps_because_they_are_subject_types():
    every = [model._meta.model_name for model in apps.get_models()]
    assert len(every) == len(set(every))


def test_what_has_verbs_is_a_judgement_or_a_judged_observation():
    recorded = {name for name, model in models().items() if issubclass(model, Recorded)}
    assert recorded <= JUDGEMENT | JUDGED_OBSERVATIONS
    assert recorded >= JUDGED_OBSERVATIONS


def test_every_judgement_is_recorded_or_part_of_a_recorded_row():
    parts = {
        model._meta.get_field(part).related_model.__name__
        for model in models().values()
        if issubclass(model, Recorded)
        for part in model.recorded_parts
    }
    for name in JUDGEMENT:
        assert issubclass(models()[name], Recorded) or name in parts | THROUGH, name


def test_every_stateful_row_lists_columns_it_has():
    for model in models().values():
        if not issubclass(model, Stateful):
            continue
        versions = model.recorded_columns
        assert sorted(versions) == list(range(1, len(versions) + 1)), model
        for column in versions[max(versions)]:
            assert model._meta.get_field(column)


# The sum of a file that leaves the house is no secret: it is what a reader compares.
OPEN_SUMS = {"Release": {"sha256"}}


def test_no_state_holds_a_secret_or_a_column_that_machines_own():
    machines = {"lease", "lease_until", "attempts", "not_before", "last_error", "last_used_at", "last_login"}
    for model in models().values():
        if issubclass(model, Stateful):
            columns = {name for version in model.recorded_columns.values() for name in version}
            secrets = {"password", "sha256", "secret", "salt"} - OPEN_SUMS.get(model.__name__, set())
            assert not columns & (machines | secrets), model
