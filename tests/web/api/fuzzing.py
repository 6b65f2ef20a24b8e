"""Calls of every kind, made up by Schemathesis out of the document, as the person of a role."""

from __future__ import annotations

from functools import partial
from itertools import count
from typing import Any

import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from seawall.casebook import Role
from seawall.web.api import PREFIX
from seawall.web.limits import Limiter
from tests.web.api.conftest import token_of
from tests.web.conftest import ORIGIN, Served

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    negative_data_rejection,
]


def document_of(served: Served) -> Any:
    """The interface as Schemathesis reads it."""
    return schemathesis.openapi.from_asgi(f"{PREFIX}/openapi.json", served.app, base_url=ORIGIN)


def call_all(served: Served, role: Role, examples: int) -> int:
    """Make up so many calls of each kind, right ones and wrong ones; how many were answered.

    Raises:
        schemathesis.errors: a call was answered by a fault, or otherwise than the document says.
    """
    served.console.limiter = Limiter(partial(next, count()))
    headers = {"authorization": f"Bearer {token_of(served, role)}"}
    answered = 0
    for found in document_of(served).get_all_operations():
        operation = found.ok()
        for mode in schemathesis.GenerationMode:

            @seed(7)
            @settings(
                max_examples=examples,
                database=None,
                deadline=None,
                phases=[Phase.explicit, Phase.generate],
                suppress_health_check=list(HealthCheck),
            )
            @given(case=operation.as_strategy(generation_mode=mode))
            def called(case: Any) -> None:
                nonlocal answered
                answer = case.call(headers=headers)
                answered += 1
                case.validate_response(answer, checks=CHECKS)

            called()
    return answered
