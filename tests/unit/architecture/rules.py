"""Rules about source text that ruff does not know. Each answers with one line a violation."""

from __future__ import annotations

import ast
import io
import re
import tokenize
from collections.abc import Callable, Collection, Iterator, Sequence

from tests.unit.architecture.sources import Source

Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
Rule = Callable[[Source], list[str]]

FORBIDDEN_WORDS = frozenset({"Manager", "Helper", "Helpers", "Util", "Utils", "Base", "Impl", "Data", "Info", "DTO"})
WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z][a-z0-9]*")
FORBIDDEN_MODULES = frozenset({"utils", "util", "helpers", "helper", "common", "base", "misc", "manager", "constants"})
EXEMPTION = re.compile(r"#\s*(noqa|type:\s*ignore)")
EXPLAINED = re.compile(r"#\s*(noqa: [A-Z0-9, ]+|type:\s*ignore\[[a-z, -]+\])\s+(-|#|—)\s*\S")
KAFKA_CLIENTS = frozenset({"AIOKafkaConsumer", "AIOKafkaProducer"})
WALL_CLOCKS = frozenset(
    {
        ("datetime", "now"),
        ("datetime", "utcnow"),
        ("datetime", "today"),
        ("date", "today"),
        ("time", "time"),
        ("time", "time_ns"),
        ("time", "sleep"),
    }
)


def forbidden_names(source: Source) -> list[str]:
    """Names that say nothing: a Manager manages, a Helper helps (taste: no such words)."""
    found = [
        f"{source.path}:{node.lineno} class {node.name}"
        for node in ast.walk(source.tree)
        if isinstance(node, ast.ClassDef) and FORBIDDEN_WORDS & set(WORD.findall(node.name))
    ]
    module = source.path.rsplit("/", 1)[-1].removesuffix(".py")
    return found + ([f"{source.path} is a drawer"] if module in FORBIDDEN_MODULES else [])


def consumers(source: Source) -> list[str]:
    """`consumer` is, in debt-collection law, the person who owes; the Kafka side is a subscriber."""
    return [
        f"{source.path}:{node.lineno} {node.name}"
        for node in ast.walk(source.tree)
        if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef) and "consumer" in node.name.lower()
    ]


def kafka_clients(source: Source) -> list[str]:
    """Clients are made in one factory, which knows the traps of aiokafka."""
    return [
        f"{source.path}:{node.lineno} {_name(node.func)}"
        for node in ast.walk(source.tree)
        if isinstance(node, ast.Call) and _name(node.func) in KAFKA_CLIENTS
    ]


def wall_clocks(source: Source) -> list[str]:
    """Time comes from the clock port: a sandbox drives it, a test stops it."""
    found = []
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Attribute) and (_name(node.value), node.attr) in WALL_CLOCKS:
            found.append(f"{source.path}:{node.lineno} {_name(node.value)}.{node.attr}")
        if isinstance(node, ast.ImportFrom) and node.module == "time":
            hidden = [alias.name for alias in node.names if ("time", alias.name) in WALL_CLOCKS]
            found += [f"{source.path}:{node.lineno} from time import {name}" for name in hidden]
    return found


def unfinished(source: Source) -> list[str]:
    """Nothing here is for later: no `pass`, no TODO, no NotImplementedError."""
    found = [f"{source.path}:{n.lineno} pass" for n in ast.walk(source.tree) if isinstance(n, ast.Pass)]
    found += [
        f"{source.path}:{n.lineno} NotImplementedError"
        for n in ast.walk(source.tree)
        if isinstance(n, ast.Name) and n.id == "NotImplementedError"
    ]
    return found + [
        f"{source.path}:{line} {text}" for line, text in _comments(source) if re.search(r"\b(TODO|FIXME|XXX)\b", text)
    ]


def unexplained_exemptions(source: Source) -> list[str]:
    """`noqa` and `type: ignore` name what they exempt and say why, in the same line."""
    return [
        f"{source.path}:{line} {text}"
        for line, text in _comments(source)
        if EXEMPTION.match(text) and not EXPLAINED.match(text)
    ]


def printed(source: Source) -> list[str]:
    """Logs are structured and hold identifiers only; `logging` is set up in one place."""
    return [
        f"{source.path}:{node.lineno} logging"
        for node in ast.walk(source.tree)
        if isinstance(node, ast.Import) and any(alias.name == "logging" for alias in node.names)
    ]


def commits_of(source: Source, names: Collection[str] | None = None) -> list[str]:
    """`.commit(` in the named functions and in what they reach in the same module; None: in the whole module."""
    roots: Sequence[ast.AST] = [source.tree] if names is None else reached(source, names)
    return [
        f"{source.path}:{node.lineno} commit"
        for root in roots
        for node in ast.walk(root)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "commit"
    ]


def reached(source: Source, names: Collection[str]) -> list[Definition]:
    """The named functions and classes of a module, and those of the module that they use, and so on."""
    defined = {node.name: node for node in source.tree.body if isinstance(node, Definition)}
    found: dict[str, Definition] = {}
    ahead = [name for name in names if name in defined]
    while ahead:
        name = ahead.pop()
        if name not in found:
            found[name] = defined[name]
            used = {node.id for node in ast.walk(defined[name]) if isinstance(node, ast.Name)}
            ahead += sorted(used & set(defined))
    return list(found.values())


def _name(node: ast.AST) -> str:
    if isinstance(node, ast.Name):
        return node.id
    return node.attr if isinstance(node, ast.Attribute) else ""


def _comments(source: Source) -> Iterator[tuple[int, str]]:
    for token in tokenize.generate_tokens(io.StringIO(source.text).readline):
        if token.type == tokenize.COMMENT:
            yield token.start[0], token.string
