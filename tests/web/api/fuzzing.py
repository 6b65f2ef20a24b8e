"""Calls of every kind, made up by Schemathesis out of the document, as the person of a role."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from functools import partial
from itertools import count
from typing import Any

import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.python.asgi import get_client
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from seawall.casebook import Role
from seawall.web.limits import Limiter
from seawall.workspace import Terms
from tests.web.api.conftest import calling, token_of
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
    """The interface as Schemathesis reads it; the tests bring the tokens, so it makes up none."""
    told = calling(served, None).get("openapi.json").json()
    del told["components"]["securitySchemes"]
    for operations in told["paths"].values():
        for operation in operations.values():
            operation.pop("security")
    read = schemathesis.openapi.from_dict(told)
    read.app = served.app
    return read


def known_ids(served: Served) -> dict[str, str]:
    """Path parameter -> an id of what is there, so that calls find something."""
    lea = served.workspace(Role.LEAD)
    first, second = (row.case_id for row in lea.queue(limit=2).rows)
    campaign = lea.name_campaign("The vote on bed number 7", [second], "The same texts.")
    asked = lea.ask("sanction", [next(iter(lea.messages(["account_id"])["account_id"])).as_py()], "Asked to.")
    listed = lea.indicators.add("domain", "seeds.example", Terms("seeds", "A contest of two clubs."))
    account, channel = (lea.messages([name])[name][0].as_py() for name in ("account_id", "channel_id"))
    return {
        "case_id": first,
        "campaign_id": campaign.campaign_id,
        "request_id": asked.request_id,
        "indicator_id": listed.id,
        "account_id": account,
        "channel_id": channel,
    }


def call_all(served: Served, examples: int, *, everybody: bool) -> Counter[int]:
    """Make up so many calls of each kind; counted by status of the answer.

    Calls about what is there are made as every role; wrong ones as a lead, or right and wrong ones as ``everybody``.

    Raises:
        Exception: a call was answered by a fault, or otherwise than the document says.
    """
    served.console.limiter = Limiter(partial(next, count()))
    ids = known_ids(served)
    tokens = [token_of(served, role) for role in sorted(Role, key=lambda role: role is not Role.LEAD)]
    answered: Counter[int] = Counter()
    with get_client(served.app) as client:
        for found in document_of(served).get_all_operations():
            operation = found.ok()
            there = {name: ids[name] for name in re.findall(r"\{(\w+)\}", operation.path) if name in ids}
            answered += _answers(client, tokens, operation.as_strategy(path_parameters=there or None), examples)
            for mode in GenerationMode if everybody else [GenerationMode.NEGATIVE]:
                callers = tokens if everybody else tokens[:1]
                answered += _answers(client, callers, operation.as_strategy(generation_mode=mode), examples)
    return answered


def _answers(client: Any, tokens: Sequence[str], strategy: Any, examples: int) -> Counter[int]:
    answered: Counter[int] = Counter()

    @seed(7)
    @settings(
        max_examples=examples,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=strategy)
    def called(case: Any) -> None:
        for token in tokens:
            answer = case.call(base_url=ORIGIN, session=client, headers={"authorization": f"Bearer {token}"})
            answered[answer.status_code] += 1
            case.validate_response(answer, checks=CHECKS)

    with suppress(Unsatisfiable):  # nothing can be wrong with a call that takes nothing
        called()
    return answered
