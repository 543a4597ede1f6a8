# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every request and every answer held against the official API description, with openapi-core.

For speed, about 1 ms a message instead of 4: routing knows the operation already, so its path is given, not searched;
references are replaced by what they point to; validators are kept once made.
"""

from __future__ import annotations

import json
from collections import Counter, deque
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

from jsonschema_path import SchemaPath
from openapi_core import V30RequestValidator, V30ResponseValidator
from openapi_core.datatypes import RequestParameters
from openapi_core.templating.datatypes import TemplateResult
from openapi_core.templating.paths.datatypes import PathOperationServer
from openapi_core.templating.paths.finders import APICallPathFinder
from openapi_core.validation.request.exceptions import ParameterValidationError
from openapi_core.validation.schemas import oas30_read_schema_validators_factory, oas30_write_schema_validators_factory
from openapi_core.validation.schemas.factories import SchemaValidatorsFactory
from openapi_core.validation.schemas.validators import SchemaValidator
from werkzeug.datastructures import Headers, ImmutableMultiDict

from localcloud import JSON
from localcloud.contract import relaxations
from localcloud.contract.description import inlined
from localcloud.contract.explain import explain
from localcloud.contract.nulls import without_nulls
from localcloud.contract.undeclared import Undeclared
from localcloud.ports.errors import not_found
from localcloud.ports.exchange import Answer, Call
from localcloud.ports.routing import Operation

HOST = "https://api.digitalocean.com"
JSON_TYPE = "application/json"

# Violations kept for GET /_localcloud/violations.
CAPACITY = 1000


class _Finder(APICallPathFinder):
    """Finds by template instead of by URL."""

    def __init__(self, spec: SchemaPath, base_url: str | None = None) -> None:
        super().__init__(spec, base_url=base_url)
        self._found: dict[tuple[str, str], PathOperationServer] = {}

    def find(self, method: str, name: str) -> PathOperationServer:
        key = (method, name)
        if key not in self._found:
            template = name.removeprefix(HOST)
            path = self.spec / "paths" / template
            self._found[key] = PathOperationServer(path, path / method, None, TemplateResult(template, {}), {})
        return self._found[key]


class _Validators(SchemaValidatorsFactory):
    """Makes the validator of a schema once."""

    def __init__(self, factory: SchemaValidatorsFactory) -> None:
        super().__init__(factory.schema_validator_cls, factory.format_checker)
        self._made: dict[Any, SchemaValidator] = {}

    def create(self, spec: SchemaPath, schema: SchemaPath, *args: Any, **kwargs: Any) -> SchemaValidator:
        key = tuple(schema.parts)
        if key not in self._made:
            self._made[key] = super().create(spec, schema, *args, **kwargs)
        return self._made[key]


class _Asked:
    """What openapi-core wants to see of a request."""

    host_url = HOST

    def __init__(self, op: Operation, call: Call, params: dict[str, str]) -> None:
        self.method = op.method.lower()
        self.path = self.path_pattern = op.path
        self.parameters = RequestParameters(
            query=ImmutableMultiDict(parse_qsl(call.query, keep_blank_values=True)),
            header=Headers(list(call.headers.items())),
            path=params,
        )
        self.body = call.body
        self.content_type = call.headers.get("content-type", JSON_TYPE)


class _Given:
    """What openapi-core wants to see of an answer."""

    def __init__(self, answer: Answer) -> None:
        self.status_code = answer.status
        self.data = answer.body
        self.headers = Headers(answer.headers)
        self.content_type = self.headers.get("content-type", JSON_TYPE)


def _read(source: Path) -> tuple[dict[str, Any], list[str]]:
    """The description, relaxed and without references, and the reasons of the relaxations; ValueError if it is none."""
    try:
        description = json.loads(source.read_text())
        relaxed = relaxations.apply(description)
        return inlined(description), relaxed
    except (ValueError, KeyError, TypeError, AttributeError, StopIteration) as error:
        raise ValueError(
            f"{source} is no description of DigitalOcean's API as of 2026 ({type(error).__name__}: {error})"
        ) from None


def _schema(declared: JSON) -> JSON | None:
    """The schema of a declared body; None when it is none of JSON."""
    found: JSON | None = declared.get("content", {}).get(JSON_TYPE, {}).get("schema")
    return found


class Contract:
    """``source`` is the file of the description, None when there is none: then nothing is checked."""

    def __init__(self, source: Path | None, strict: bool = True) -> None:
        self.source = source
        self.strict = strict
        self.violations: deque[dict[str, Any]] = deque(maxlen=CAPACITY)
        # (request or answer, operation, field) → how often
        self.undeclared: Counter[tuple[str, str, str]] = Counter()
        self._closer = Undeclared()
        self.relaxed: list[str] = []
        self.description: dict[str, Any] = {}
        if source is not None:
            self.description, self.relaxed = _read(source)
            spec = SchemaPath.from_dict(self.description)
            # Whether the description itself is valid is no question for each start (§15.11).
            self._request = V30RequestValidator(
                spec,
                path_finder_cls=_Finder,
                schema_validators_factory=_Validators(oas30_write_schema_validators_factory),
            )
            self._response = V30ResponseValidator(
                spec,
                path_finder_cls=_Finder,
                schema_validators_factory=_Validators(oas30_read_schema_validators_factory),
                extra_media_type_deserializers={"text/csv": bytes.decode},
            )

    @property
    def on(self) -> bool:
        return self.source is not None

    def knows(self, op: Operation) -> bool:
        return self.on and op.contract and op.method.lower() in self.description["paths"].get(op.path, {})

    def meant(self, op: Operation, body: JSON | None) -> JSON | None:
        """The body without the nulls that say nothing; the very same object when there are none."""
        if body is None or not self.knows(op):
            return body
        schema = _schema(self._operation(op).get("requestBody", {}))
        found: JSON = without_nulls([schema], body) if schema else body
        return found

    def check_request(self, op: Operation, call: Call, params: dict[str, str]) -> str | None:
        """What is wrong with the request, recorded; None when nothing is. 404 for an id that cannot be one."""
        if not self.on or not op.contract:
            return None
        if not self.knows(op):
            return self._record(op, call, "request", ["the description has no such operation"])
        errors = list(self._request.iter_errors(_Asked(op, call, params)))
        if any(isinstance(error, ParameterValidationError) and error.location == "path" for error in errors):
            raise not_found()
        self._look_closer(op, "request", self._operation(op).get("requestBody", {}), call.body)
        return self._record(op, call, "request", explain(errors)) if errors else None

    def check_answer(self, op: Operation, call: Call, params: dict[str, str], answer: Answer) -> str | None:
        """What is wrong with the answer, recorded; None when nothing is."""
        if not self.knows(op):
            return None
        problems = explain(self._response.iter_errors(_Asked(op, call, params), _Given(answer)))
        declared = self._operation(op)["responses"]
        self._look_closer(op, "answer", declared.get(str(answer.status), {}), answer.body)
        if answer.status < 400 and str(answer.status) not in declared:
            problems.append(f"status {answer.status} is not declared")
        if answer.body and not problems and not self._has_content(declared, str(answer.status)):
            problems.append("no body is declared, but there is one")
        return self._record(op, call, "answer", problems, answer.status) if problems else None

    def _operation(self, op: Operation) -> dict[str, Any]:
        found: dict[str, Any] = self.description["paths"][op.path][op.method.lower()]
        return found

    def _look_closer(self, op: Operation, what: str, declared: dict[str, Any], raw: bytes) -> None:
        """Count the fields that the description does not have."""
        schema = _schema(declared)
        if schema is None or not raw:
            return
        try:
            body = json.loads(raw)
        except ValueError:
            return
        for path in self._closer.find([schema], body):
            self.undeclared[what, op.name, path] += 1

    @staticmethod
    def _has_content(responses: dict[str, Any], status: str) -> bool:
        return "content" in responses.get(status, responses.get("default", {}))

    def _record(self, op: Operation, call: Call, what: str, problems: list[str], status: int = 0) -> str:
        text = "; ".join(problems)
        entry = {"what": what, "operation": op.name, "path": call.path, "problem": text}
        self.violations.append({**entry, "status": status} if status else entry)
        return text
