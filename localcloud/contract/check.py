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

from jsonschema_path import SchemaPath
from openapi_core import V30RequestValidator, V30ResponseValidator
from openapi_core.templating.datatypes import TemplateResult
from openapi_core.templating.paths.datatypes import PathOperationServer
from openapi_core.templating.paths.finders import APICallPathFinder
from openapi_core.validation.request.exceptions import ParameterValidationError
from openapi_core.validation.schemas import oas30_read_schema_validators_factory, oas30_write_schema_validators_factory
from openapi_core.validation.schemas.factories import SchemaValidatorsFactory
from openapi_core.validation.schemas.validators import SchemaValidator

from localcloud import JSON
from localcloud.contract import relaxations
from localcloud.contract.description import inlined
from localcloud.contract.explain import explain
from localcloud.contract.messages import HOST, JSON_TYPE, Asked, Given
from localcloud.contract.nulls import without_nulls
from localcloud.contract.undeclared import Undeclared

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


class UnknownIdError(LookupError):
    """Something in the path cannot be an id at all."""


def _read(source: Path) -> tuple[JSON, list[str]]:
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
        self.violations: deque[JSON] = deque(maxlen=CAPACITY)
        # (request or answer, operation, field) → how often
        self.undeclared: Counter[tuple[str, str, str]] = Counter()
        self._closer = Undeclared()
        self.relaxed: list[str] = []
        self.description: JSON = {}
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

    def meant(self, method: str, template: str, body: JSON | None) -> JSON | None:
        """The body without the nulls that say nothing; the very same object when there are none."""
        declared = self._declared(method.lower(), template)
        if body is None or declared is None:
            return body
        schema = _schema(declared.get("requestBody", {}))
        found: JSON = without_nulls([schema], body) if schema else body
        return found

    def check_request(self, asked: Asked) -> str | None:
        """What is wrong with the request, recorded; None when nothing is."""
        if not self.on:
            return None
        declared = self._declared(asked.method, asked.path)
        if declared is None:
            return self._record(asked, "request", ["the description has no such operation"])
        errors = list(self._request.iter_errors(asked))
        if any(isinstance(error, ParameterValidationError) and error.location == "path" for error in errors):
            raise UnknownIdError
        self._look_closer(asked, "request", declared.get("requestBody", {}), asked.body)
        return self._record(asked, "request", explain(errors)) if errors else None

    def check_answer(self, asked: Asked, given: Given) -> str | None:
        """What is wrong with the answer, recorded; None when nothing is."""
        declared = self._declared(asked.method, asked.path)
        if declared is None:
            return None
        problems = explain(self._response.iter_errors(asked, given))
        responses, status = declared["responses"], str(given.status_code)
        self._look_closer(asked, "answer", responses.get(status, {}), given.data)
        if given.status_code < 400 and status not in responses:
            problems.append(f"status {status} is not declared")
        if given.data and not problems and "content" not in responses.get(status, responses.get("default", {})):
            problems.append("no body is declared, but there is one")
        return self._record(asked, "answer", problems, given.status_code) if problems else None

    def _declared(self, method: str, template: str) -> JSON | None:
        """The operation in the description; None when that has no such operation, or nothing is checked."""
        found: JSON | None = self.description["paths"].get(template, {}).get(method) if self.on else None
        return found

    def _look_closer(self, asked: Asked, what: str, declared: JSON, raw: bytes) -> None:
        """Count the fields that the description does not have."""
        schema = _schema(declared)
        if schema is None or not raw:
            return
        try:
            body = json.loads(raw)
        except ValueError:
            return
        for path in self._closer.find([schema], body):
            self.undeclared[what, asked.operation, path] += 1

    def _record(self, asked: Asked, what: str, problems: list[str], status: int = 0) -> str:
        text = "; ".join(problems)
        entry = {"what": what, "operation": asked.operation, "path": asked.url, "problem": text}
        self.violations.append({**entry, "status": status} if status else entry)
        return text
