"""Made-up requests against the whole document: nothing breaks, and nothing is answered that is not documented."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from fastapi import FastAPI
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kintsugi.app import App
from kintsugi.web.api.assembly import api_app
from kintsugi.web.limits import Limit

if TYPE_CHECKING:
    from schemathesis import Case

QUIET = [
    HealthCheck.function_scoped_fixture,
    HealthCheck.too_slow,
    HealthCheck.filter_too_much,
    HealthCheck.data_too_large,
]


def probe(api: FastAPI, token: str, examples: int, *, every: int = 1) -> int:
    """Asks each operation so often, rightly and wrongly; of a sample one rightly, the next one wrongly.

    `every`: 1 is all, 8 a sample of every eighth one. Returns how many were asked.
    """
    # Here, because it takes a second that only one of the workers has to spend.
    import schemathesis
    from schemathesis.checks import not_a_server_error
    from schemathesis.specs.openapi.checks import (
        content_type_conformance,
        response_schema_conformance,
        status_code_conformance,
    )

    checks = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
    modes = [schemathesis.GenerationMode.POSITIVE, schemathesis.GenerationMode.NEGATIVE]
    config = schemathesis.Config()
    schema = schemathesis.openapi.from_asgi("/openapi.json", api, config=config)
    operations = [found.ok() for found in schema.get_all_operations()][::every]
    for number, operation in enumerate(operations):
        # What takes long is making a strategy.
        chosen = modes if every == 1 else [modes[number % 2]]
        strategy = st.one_of(*(operation.as_strategy(generation_mode=mode) for mode in chosen))

        @settings(derandomize=True, max_examples=examples, deadline=None, suppress_health_check=QUIET, database=None)
        @given(case=strategy)
        def ask(case: Case) -> None:
            case.call_and_validate(headers={"Authorization": f"Bearer {token}"}, checks=checks)

        ask()
    return len(operations)


def test_nothing_breaks_and_nothing_undocumented_is_answered(app: App, tokens: dict[str, str]) -> None:
    assert probe(api_app(app, Limit(1_000_000, 1)), tokens["admin"], 2, every=8) > 10


@pytest.mark.drill
def test_nothing_breaks_with_many_more_requests(app: App, tokens: dict[str, str]) -> None:
    assert probe(api_app(app, Limit(1_000_000, 1)), tokens["admin"], 60) > 70
