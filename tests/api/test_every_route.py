"""Whatever a token that may do everything sends to whatever route: nothing breaks, and every answer is described."""

from __future__ import annotations

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase, given, seed, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from riskreview.accounts.roles import Role
from riskreview.api.schema import drawn
from riskreview.wsgi import application
from tests import make

CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
OPERATIONS = [(path, method) for path, methods in drawn()["paths"].items() for method in methods]
BOUNDED = settings(
    max_examples=6, deadline=None, database=None, phases=[Phase.generate], suppress_health_check=[*HealthCheck]
)


@pytest.fixture
def rows(invite):
    """Somebody with every role that works, and one row of each kind for the addresses."""
    frank = invite("Frank", *[role for role in Role if role != Role.ADMINISTRATOR])
    case = make.case(by=frank, status="IN_REVIEW")
    document = make.document(source=make.source(by=frank))
    guided = make.case(by=frank, playbook="icts_transaction_review")
    return {
        "person": frank,
        "cases": case.ref,
        "documents": document.pk,
        "snapshot": document.newest.pk,
        "sources": document.source.pk,
        "suggestions": make.suggestion(case, document).pk,
        "weights": make.weights().pk,
        "flags": make.flag(make.exhibit(case, by=frank)).pk,
        "incidents": make.incident(by=frank).ref,
        "consultations": make.consultation(guided, by=frank).pk,
        "submissions": make.heard(guided, by=frank).pk,
        "vendors": "deepseek",
        "playbooks": "internal_review",
    }


@pytest.fixture
def one_connection():
    """Requests of a bare WSGI client would close the connection that holds the test's transaction."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.mark.usefixtures("one_connection")
@pytest.mark.parametrize(("path", "method"), OPERATIONS)
def test_nothing_breaks(path, method, rows, api):
    described = schemathesis.openapi.from_wsgi("/api/v1/schema/", application)[path][method.upper()]
    headers = {"Authorization": api(rows["person"])._credentials["HTTP_AUTHORIZATION"]}
    resource = path.removeprefix("/api/v1/").partition("/")[0]

    @seed(1)
    @BOUNDED
    @given(request=described.as_strategy())
    def send(request):
        for name, made_up in (request.path_parameters or {}).items():
            request.path_parameters[name] = rows.get("snapshot" if name == "snapshot" else resource, made_up)
        if "If-Match" in request.headers:
            request.headers["If-Match"] = '"2"'
        request.validate_response(request.call(headers=headers), checks=CHECKS)

    send()
