# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What every module is: options in, one result out, on either execution path.

`run_module` is the path of an ordinary module; the action plugin `controller` is the other one. Both build an
`Invocation` and call `execute`, so that neither knows anything that the other does not.
"""

from __future__ import annotations

import json
import sys
import traceback
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, ClassVar

from ansible.module_utils.basic import AnsibleModule

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.ahead import ReadAhead
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.carrier import Broker, no_broker
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.client import Api, Data
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.errors import ApiError, Failure
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.kinds import Kind
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.secrets import (
    Finder,
    Secrets,
    passwords_in,
    scrub,
)
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.transport import RestTransport
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.wait import Clock
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.resource import arguments

AGENT = "fisioflow.digitalocean/0.1.0 (Ansible collection)"

# In check mode: an attribute that only the API can tell, once the resource exists. As an id passed on to another task,
# it says that what is referred to would have been created.
UNKNOWN = "known-after-creation"


def ignore(_message: str, **_undo: Any) -> None:
    """A module cannot speak while it runs."""


@dataclass
class Invocation:
    """What one run of a module was asked, and its way to speak."""

    params: Data
    check_mode: bool = False
    diff: bool = False
    # Whether the task's result is kept from being shown: its `no_log`.
    hidden: bool = False
    warn: Callable[[str], None] = ignore
    progress: Callable[[str], None] = ignore
    # Called with the name of what must not outlive the run, before it is made (with the parameters that take it away,
    # if not `state: absent`) and when it is gone (only possible inside the controller).
    make_short_lived: Callable[..., None] = ignore
    is_gone: Callable[[str], None] = ignore
    # A shared way for what it sends.
    broker: Broker = no_broker
    secrets: Secrets = field(default_factory=Secrets)
    clock: Clock = field(default_factory=Clock)

    def __post_init__(self) -> None:
        self.ahead = ReadAhead(self.broker)


class Module:
    """Base of all modules. Subclasses say what they are about, and implement `run`."""

    kind: ClassVar[Kind]
    # Options of its own and the rules between them (mutually_exclusive, required_if, …), as AnsibleModule takes them.
    options: ClassVar[Data] = {}
    rules: ClassVar[Data] = {}
    # Secret attributes at the top of a resource that the API tells only once, and how to get another: the result has
    # them where a task's `no_log` keeps it from being shown.
    reveals: ClassVar[dict[str, str]] = {}
    # Whether its first look may be of a moment before: for modules that look once more before they do something.
    looks_ahead: ClassVar[bool] = False
    # What finds secrets in answers that only their place tells, beside those known by their name.
    finders: ClassVar[tuple[Finder, ...]] = ()

    def __init__(self, invocation: Invocation) -> None:
        self.invocation = invocation
        self.params = invocation.params
        self.check_mode = invocation.check_mode
        self.secrets = invocation.secrets
        self.secrets.watch(*self.finders)
        self.clock = invocation.clock
        # What is being attempted, to continue "Could not …".
        self.doing = f"read {self.subject}"

    @classmethod
    def argument_spec(cls) -> Data:
        """The keyword arguments that AnsibleModule and ArgumentSpecValidator take."""
        spec = {**arguments.connection(), **arguments.parent(cls.kind.parent), **cls.own_options()}
        rules = {key: [*value] for key, value in arguments.parent_rules(cls.kind.parent).items()}
        for key, value in cls.rules.items():
            rules[key] = [*rules.get(key, []), *value] if isinstance(value, list) else value
        return {"argument_spec": spec, **rules}

    @classmethod
    def own_options(cls) -> Data:
        """The options beside those that every module has."""
        return dict(cls.options)

    @classmethod
    def secrets_among(cls, given: Data) -> Iterator[str]:
        """Secrets in a task's options that no `no_log` tells, but their form or their place."""
        yield from passwords_in(given)
        for finder in cls.finders:
            yield from finder(given)

    def refuse_bad_ids(self) -> None:
        """An id that is none is told before the API is asked, and so is an empty word on what something lives below."""
        parent = self.kind.parent
        if parent is not None:
            for name in (f"{parent.short}_id", parent.short):
                if self.params.get(name) == "":
                    raise Failure(f"{name} is empty: give the id or the name of the {parent.noun} that is meant.")
        forms = {"id": self.kind.ids} if self.kind.key == "id" else {}
        if parent is not None:
            forms[f"{parent.short}_id"] = parent.ids
        for name, ids in forms.items():
            given = self.params.get(name)
            if given and given != UNKNOWN and not ids.fits(given):
                raise Failure(
                    f'The {name} "{given}" is not an id, which looks like {ids.example}: correct it, or give the name '
                    "instead."
                )

    def run(self) -> Data:
        """Do it and return the result. Raises Failure."""
        raise NotImplementedError

    @cached_property
    def api(self) -> Api:
        """The account. Built at first use: a module that needs no API needs no token."""
        options = self.params
        transport = RestTransport(
            token=options["api_token"] or "",
            url=options["api_url"],
            ca_path=options["ca_path"],
            agent=AGENT,
            broker=self.invocation.ahead,
        )
        return Api(
            transport,
            timeout=options["timeout"],
            secrets=self.secrets,
            clock=self.clock,
            progress=self.tell_of_delay,
        )

    @property
    def subject(self) -> str:
        """How sentences call what this is about: `database user "app" of database cluster "db"`."""
        kind = self.kind
        names = [self.params.get(name) for name in (*kind.identity, kind.key) if not kind.singleton]
        name = next((f' "{name}"' for name in names if name), "")
        if kind.parent is None:
            return f"{kind.noun}{name}"
        return f"{kind.noun.removesuffix(f' of {kind.parent.noun}')}{name} of {self.parent_subject}"

    @property
    def parent_subject(self) -> str:
        """How sentences call what this lives below, "" for nothing: `database cluster "db"`."""
        parent = self.kind.parent
        if parent is None:
            return ""
        return f'{parent.noun} "{self.params.get(parent.short) or self.params.get(f"{parent.short}_id")}"'

    def refusal(self, doing: str, why: str) -> Failure:
        """The error about something that is refused before any write; `doing` continues "Could not …"."""
        return Failure(f"Could not {doing} {self.subject}, nothing was done: {why}.")

    @cached_property
    def parent_id(self) -> str:
        """The id of what it lives below; empty when that does not exist (or in check mode, not yet)."""
        parent = self.kind.parent
        if parent is None:
            return ""
        given = self.params.get(f"{parent.short}_id")
        if given:
            return "" if self.check_mode and given == UNKNOWN else str(given)
        name = self.params[parent.short]
        rows = self.api.rows(parent.path, parent.many, parent.tells)
        found = [row for row in rows if row.get("name") == name]
        if not found:
            alike(rows, name, parent)
        return str(only_one(found, parent, f'{parent.noun} "{name}"', f"{parent.short}_id").get("id", ""))

    def id_of(self, kind: Kind, name: str) -> str:
        """The id of another resource, which an option calls by its name; in check mode it may be yet to come."""
        rows = self.api.rows(kind.path, kind.many, kind.tells)
        found = [row for row in rows if row.get("name") == name]
        if not found:
            alike(rows, name, kind)
            if self.check_mode:
                return UNKNOWN
            raise Failure(f'There is no {kind.noun} "{name}": create it first, or correct its name.')
        return str(only_one(found, kind, f'{kind.noun} "{name}"', "its id")[kind.key])

    def warn(self, message: str) -> None:
        """Tell the user something that is no error."""
        self.invocation.warn(self.secrets.mask(message))

    def progress(self, message: str) -> None:
        """Tell a waiting user what is going on (only possible inside the controller)."""
        self.invocation.progress(self.secrets.mask(message))

    def tell_of_delay(self, why: str) -> None:
        """Tell a waiting user why the API takes longer about the subject."""
        self.progress(f"{self.subject}: {why}")

    def changed_something(self) -> bool:
        """Whether a failed run has changed something before it failed."""
        return "api" in self.__dict__ and self.api.has_changed


def alike(rows: list[Data], name: str, kind: Kind) -> None:
    """Raise Failure when one of the rows has that name but for its capitals: "not there" would be a blind answer."""
    if near := sorted({str(row.get("name")) for row in rows if str(row.get("name")).lower() == name.lower()} - {name}):
        raise Failure(
            f'There is no {kind.noun} "{name}", but there is "{near[0]}", nothing was done: capitals count, '
            "so write the name as it is."
        )


def only_one(found: list[Data], kind: Kind, subject: str, option: str) -> Data:
    """The only one of `found`, {} for none. Several are an error that lists them and names the option that decides.

    One that has moved to the next page while pages were read is in the list twice.
    """
    found = list({str(row.get(kind.key)): row for row in found}.values())
    if len(found) > 1:
        ids = ", ".join(sorted(str(row.get(kind.key)) for row in found))
        raise Failure(f"There are {len(found)} of {subject}: {ids}. Set {option} to the one that is meant.")
    return found[0] if found else {}


def execute(module_class: type[Module], invocation: Invocation) -> Data:
    """Run a module and return its result, which is final: failures are sentences in it, and no secret is in it."""
    module: Module | None = None
    invocation.secrets.hide(*module_class.secrets_among(invocation.params))
    try:
        if module_class.looks_ahead:
            invocation.ahead.looks()
        try:
            module = _checked(module_class, invocation)
            result = module.run()
        except Exception:
            if not invocation.ahead.took:
                raise
            invocation.ahead.acts()
            module = _checked(module_class, invocation)
            result = module.run()
    except Failure as failure:
        message = failure.sentence(module.doing) if isinstance(failure, ApiError) and module else str(failure)
        result = {"failed": True, "msg": message}
        if isinstance(failure, ApiError):
            result["error"] = failure.as_result()
        if failure.details:
            result.update(failure.details)
    except Exception as error:
        # A user never gets a traceback; its last line is what a bug report needs.
        where = traceback.extract_tb(error.__traceback__)[-1]
        place = f"{type(error).__name__} at {where.filename.rsplit('/', 1)[-1]}:{where.lineno} ({error})"
        # Whose fault it is cannot be told from here, once something else has had a say.
        heard = module is not None and "api" in module.__dict__
        whose = (
            "An answer of the API is not as its description says, or the module misreads it: nothing is concluded "
            "from it. Run again, and report it if it comes again."
            if heard
            else "This is a defect of the module: please report it."
        )
        result = {
            "failed": True,
            "msg": f"Could not {module.doing if module else 'start'}: unexpected {place}. {whose}",
        }
    if result.get("failed"):
        result["changed"] = bool(module and module.changed_something())
    told = told_once(result, module_class)
    for name in told:
        del result[module_class.kind.name][name]
    result = dict(invocation.secrets.mask(scrub(result)))
    if invocation.hidden:
        result.get(module_class.kind.name, {}).update(told)
    elif told:
        invocation.warn(withheld(told, module_class))
    return result


def _checked(module_class: type[Module], invocation: Invocation) -> Module:
    module = module_class(invocation)
    module.refuse_bad_ids()
    return module


def told_once(result: Data, module_class: type[Module]) -> Data:
    """What a result has of the attributes that `module_class` reveals."""
    resource = result.get(module_class.kind.name) or {}
    return {key: resource[key] for key in module_class.reveals if resource.get(key)}


def withheld(told: Data, module_class: type[Module]) -> str:
    """The warning that those are left out."""
    ways = " and ".join(dict.fromkeys(module_class.reveals[key] for key in told))
    return (
        f"The {' and '.join(told)} of the {module_class.kind.noun} is left out of the result, which this task "
        f"would show: set no_log: true for it. The API tells it only once; to get another, {ways}."
    )


class _Checked(AnsibleModule):  # type: ignore[misc] # Ansible ships no types
    """Refuses, before it validates, what its validation would end over without a sentence."""

    def __init__(self, module_class: type[Module]) -> None:
        self._module_class = module_class
        super().__init__(supports_check_mode=True, **module_class.argument_spec())

    def _load_params(self) -> None:
        super()._load_params()
        if wrong := arguments.misfits(self.argument_spec, self.params):
            # Not by fail_json: it would show the arguments, and which of them are secrets is not known yet.
            sys.stdout.write(json.dumps({"failed": True, "msg": " ".join(wrong)}))
            raise SystemExit(1)
        self.no_log_values.update(self._module_class.secrets_among(self.params))

    def fail_json(self, msg: str, **kwargs: Any) -> None:
        """Arguments that it refuses are shown as all others are; core does not mask them from 2.22 on."""
        kwargs.setdefault("invocation", {"module_args": Secrets(self.no_log_values).mask(self.params)})
        super().fail_json(msg, **kwargs)


def run_module(module_class: type[Module]) -> None:
    """The whole `main` of an ordinary module."""
    ansible = _Checked(module_class)
    secrets = Secrets(ansible.no_log_values)
    result = execute(
        module_class,
        Invocation(
            params=ansible.params,
            check_mode=ansible.check_mode,
            diff=ansible._diff,
            hidden=ansible.no_log,
            warn=ansible.warn,
            secrets=secrets,
        ),
    )
    # All is masked by now. AnsibleModule would go over it once more, in its own way.
    result["invocation"] = {"module_args": secrets.mask(ansible.params)}
    ansible.no_log_values.clear()
    if result.pop("failed", False):
        ansible.fail_json(**result)
    ansible.exit_json(**result)
