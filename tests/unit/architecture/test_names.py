"""Names and habits, over the whole code; every rule is shown a good and a bad line."""

from __future__ import annotations

import ast

import pytest

from tests.unit.architecture import rules
from tests.unit.architecture.rules import Rule
from tests.unit.architecture.sources import ROOT, SERVICES, Source, sources

PRODUCT = ("services", "shared", "deploy", "docs")
PROCESSES = ("services", "shared")

# path -> why it may
MAY_READ_THE_WALL_CLOCK = {
    "shared/kernel/clock.py": "is the clock",
    "shared/kernel/identifiers.py": "the order of rows must not follow a clock that a sandbox drives",
    "shared/outbox/relay.py": "retention follows the wall clock that the identifiers were made by",
}
MAY_MAKE_KAFKA_CLIENTS = {"shared/messaging/kafka.py": "is the factory"}
MAY_SET_UP_LOGGING = {"shared/service/logs.py": "is where logging is set up"}

CASES: dict[str, tuple[Rule, str, str]] = {
    "names": (rules.forbidden_names, "class CaseFile: ...", "class CaseManager: ..."),
    "short words": (rules.forbidden_names, "class Database: ...", "class CaseData: ..."),
    "acronyms": (rules.forbidden_names, "class HTTPAnswer: ...", "class CaseDTO: ..."),
    "consumer": (rules.consumers, "def subscribe(): ...", "def start_consumer(): ..."),
    "kafka": (rules.kafka_clients, "client = new_subscriber_client()", "client = aiokafka.AIOKafkaProducer()"),
    "sleep": (rules.wall_clocks, "await asyncio.sleep(1)", "time.sleep(1)"),
    "now": (rules.wall_clocks, "clock.now()", "datetime.now(UTC)"),
    "today": (rules.wall_clocks, "business_date(clock.now(), zone)", "datetime.date.today()"),
    "hidden": (rules.wall_clocks, "from time import monotonic", "from time import sleep"),
    "pass": (rules.unfinished, "def f(): ...", "def f():\n    pass"),
    "todo": (rules.unfinished, "# why it is so", "# TODO: later"),
    "stub": (rules.unfinished, "raise ValueError", "raise NotImplementedError"),
    "noqa": (rules.unexplained_exemptions, "x = 1  # noqa: S105 - not a secret", "x = 1  # noqa: S105"),
    "bare noqa": (rules.unexplained_exemptions, "x = 1  # plain", "x = 1  # noqa"),
    "ignore": (
        rules.unexplained_exemptions,
        "x = 1  # type: ignore[misc]  # ships no types",
        "x = 1  # type: ignore[misc]",
    ),
    "logging": (rules.printed, "import structlog", "import logging"),
    "commit": (rules.commits_of, "work.announce(body)", "await work.commit()"),
}


@pytest.mark.parametrize("name", CASES)
def test_each_rule_lets_the_good_line_pass_and_catches_the_bad_one(name: str) -> None:
    rule, good, bad = CASES[name]
    assert rule(Source("services/outreach/domain/case_file.py", good)) == []
    assert rule(Source("services/outreach/domain/case_file.py", bad))


def _violations(rule: Rule, folders: tuple[str, ...], exempt: dict[str, str] | None = None) -> list[str]:
    return [line for source in sources(*folders) if source.path not in (exempt or {}) for line in rule(source)]


def test_no_name_says_nothing() -> None:
    assert _violations(rules.forbidden_names, PRODUCT) == []


def test_nobody_is_called_a_consumer() -> None:
    assert _violations(rules.consumers, PRODUCT) == []


def test_kafka_clients_come_from_the_one_factory() -> None:
    assert _violations(rules.kafka_clients, PROCESSES, MAY_MAKE_KAFKA_CLIENTS) == []


def test_time_comes_from_the_clock() -> None:
    assert _violations(rules.wall_clocks, PROCESSES, MAY_READ_THE_WALL_CLOCK) == []


def test_nothing_is_left_for_later() -> None:
    assert _violations(rules.unfinished, PRODUCT) == []


def test_every_exemption_says_why() -> None:
    assert _violations(rules.unexplained_exemptions, (*PRODUCT, "tests")) == []


def test_logging_is_set_up_in_one_place() -> None:
    assert _violations(rules.printed, PROCESSES, MAY_SET_UP_LOGGING) == []


def test_exemptions_are_for_files_that_exist() -> None:
    for path in {**MAY_READ_THE_WALL_CLOCK, **MAY_MAKE_KAFKA_CLIENTS, **MAY_SET_UP_LOGGING}:
        assert (ROOT / path).is_file(), path


@pytest.mark.parametrize("service", SERVICES)
def test_what_handles_events_never_commits(service: str) -> None:
    """The subscriber loop commits effects, inbox and cursor together; a commit in between would tear them apart."""
    table = next(s for s in sources(f"services/{service}/entrypoints") if s.path.endswith("/events.py"))
    found = rules.commits_of(table, ["subscriptions"])
    by_module = {s.path: s for s in sources(f"services/{service}/application")}
    use_cases = _use_cases(table, f"services.{service}.application", set(by_module))
    assert use_cases
    for module, names in use_cases:
        found += rules.commits_of(by_module[module], names)
    assert found == []


def _use_cases(table: Source, package: str, known: set[str]) -> list[tuple[str, list[str]]]:
    """Application modules, and the functions in them that `subscriptions` names (a table may list timers as well)."""
    nodes = [node for root in rules.reached(table, ["subscriptions"]) for node in ast.walk(root)]
    names = {node.id for node in nodes if isinstance(node, ast.Name)}
    attributes: dict[str, list[str]] = {}
    for node in nodes:
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            attributes.setdefault(node.value.id, []).append(node.attr)
    found = []
    for node in ast.walk(table.tree):
        if not isinstance(node, ast.ImportFrom) or not (node.module or "").startswith(package):
            continue
        for alias in node.names:
            module = (node.module or "").replace(".", "/")
            if f"{module}/{alias.name}.py" in known:
                found.append((f"{module}/{alias.name}.py", attributes.get(alias.asname or alias.name, [])))
            elif f"{module}.py" in known and (alias.asname or alias.name) in names:
                found.append((f"{module}.py", [alias.name]))
    return found
