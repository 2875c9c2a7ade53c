"""May this contract follow that one? Compares two JSON Schemas of one event and says why not.

Two directions count, because events are kept and subscribers are not rolled out in one moment:
- stored events must stay readable: whatever fitted the released contract fits the current one (`breaks` if not);
- subscribers on the released contract must be able to read new events, unknown fields ignored (`subscribers_first`
  if not: they are rolled out before the producer, and for the stable public contract there is nobody to roll out).

Own rules and not a subset checker: the one at hand (jsonsubschema) knows draft 4, stumbles over `exclusiveMinimum: 0`,
and answers yes or no without a reason.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

Verdict = Literal["breaks", "subscribers_first"]
Schema = Mapping[str, Any]

# (keyword, whether a larger value permits more)
_BOUNDS = (
    ("minimum", False),
    ("exclusiveMinimum", False),
    ("minLength", False),
    ("minItems", False),
    ("maximum", True),
    ("exclusiveMaximum", True),
    ("maxLength", True),
    ("maxItems", True),
)
_IDENTITY = ("$id", "x-producer", "x-topic", "x-key", "x-version")
_LAYERS_MAX = 40


@dataclass(frozen=True, slots=True)
class Change:
    """One difference that matters. `place` is a JSON pointer into the body."""

    place: str
    verdict: Verdict
    what: str


def changes(released: Schema, current: Schema) -> list[Change]:
    """Everything that stands between the two contracts; empty: the current one is an addition to the released one."""
    found = [
        Change("", "breaks", f"{name} changed from {released.get(name)!r} to {current.get(name)!r}")
        for name in _IDENTITY
        if released.get(name) != current.get(name)
    ]
    return [*found, *_Comparison(released, current).compare(released, current, "", 0)]


def instruction(event_type: str, found: Sequence[Change], subscribers: Sequence[str], *, is_stable: bool) -> str:
    """What to do about it, for whoever changed the contract."""
    lines = [f"{event_type} is no longer what was released:"]
    lines += [f"  {change.place or '/'}: {change.what} [{change.verdict}]" for change in found]
    if is_stable or any(change.verdict == "breaks" for change in found):
        why = (
            "it is public and its subscribers cannot be rolled out" if is_stable else "stored events become unreadable"
        )
        lines.append(f"Undo it or make a new version of the type ({why}): docs/how-to/change-a-contract.md.")
    else:
        lines.append(f"Roll out these subscribers with the new contract first: {', '.join(subscribers)}.")
        lines.append("When they run, release it: python -m docs.generate --release.")
    return "\n".join(lines)


class _Comparison:
    """The two documents, for resolving their references."""

    def __init__(self, released: Schema, current: Schema) -> None:
        self._released = released
        self._current = current

    def compare(self, old: Schema, new: Schema, place: str, depth: int) -> Iterator[Change]:
        if depth > _LAYERS_MAX:
            raise RecursionError("contracts are not nested so deeply")
        old, new = _resolve(self._released, old), _resolve(self._current, new)
        if "anyOf" in old or "anyOf" in new:
            yield from self._alternatives(old, new, place, depth)
            return
        if old.get("type") != new.get("type"):
            yield _type_change(old.get("type"), new.get("type"), place)
            return
        yield from _values(old, new, place)
        yield from _bounds(old, new, place)
        yield from self._fields(old, new, place, depth)
        if isinstance(old.get("items"), Mapping) and isinstance(new.get("items"), Mapping):
            yield from self.compare(old["items"], new["items"], place + "/*", depth + 1)

    def _alternatives(self, old: Schema, new: Schema, place: str, depth: int) -> Iterator[Change]:
        before, after = self._by_kind(self._released, old), self._by_kind(self._current, new)
        for kind in sorted(set(before) - set(after)):
            yield Change(place, "breaks", f"may no longer be {kind}")
        for kind in sorted(set(after) - set(before)):
            yield Change(place, "subscribers_first", f"may now be {kind}")
        for kind in sorted(set(before) & set(after)):
            yield from self.compare(before[kind], after[kind], place, depth + 1)

    def _by_kind(self, document: Schema, schema: Schema) -> dict[str, Schema]:
        alternatives = [_resolve(document, entry) for entry in schema.get("anyOf", [schema])]
        kinds = {str(entry.get("type", "any")): entry for entry in alternatives}
        if len(kinds) != len(alternatives):
            raise ValueError("alternatives of one type cannot be told apart")
        return kinds

    def _fields(self, old: Schema, new: Schema, place: str, depth: int) -> Iterator[Change]:
        before, after = old.get("properties", {}), new.get("properties", {})
        required_before, required_after = set(old.get("required", ())), set(new.get("required", ()))
        if old.get("additionalProperties") is False and new.get("additionalProperties") is not False and before:
            yield Change(place, "breaks", "is no longer closed")
        for name in sorted(set(before) - set(after)):
            yield Change(f"{place}/{name}", "breaks", "was removed")
        for name in sorted((set(after) - set(before)) & required_after):
            yield Change(f"{place}/{name}", "breaks", "was added and is required; stored events do not have it")
        for name in sorted(set(before) & set(after)):
            here = f"{place}/{name}"
            if name in required_after - required_before:
                yield Change(here, "breaks", "became required; stored events may not have it")
            if name in required_before - required_after:
                yield Change(here, "subscribers_first", "became optional")
            if "default" in before[name] and before[name]["default"] != after[name].get("default"):
                yield Change(here, "breaks", "what it means when absent has changed")
            yield from self.compare(before[name], after[name], here, depth + 1)


def _resolve(document: Schema, schema: Schema) -> Schema:
    for _ in range(_LAYERS_MAX):
        reference = schema.get("$ref")
        if reference is None:
            return schema
        schema = document["$defs"][reference.removeprefix("#/$defs/")]
    raise RecursionError("references lead nowhere")


def _type_change(old: Any, new: Any, place: str) -> Change:
    if (old, new) == ("integer", "number"):
        return Change(place, "subscribers_first", "is now any number, was a whole one")
    return Change(place, "breaks", f"is now {new}, was {old}")


def _values(old: Schema, new: Schema, place: str) -> Iterator[Change]:
    before, after = _listed(old), _listed(new)
    if before is not None and after is not None:
        for value in [v for v in before if v not in after]:
            yield Change(place, "breaks", f"the value {value!r} was removed; stored events may have it")
        for value in [v for v in after if v not in before]:
            yield Change(place, "subscribers_first", f"the value {value!r} was added")
    elif after is not None:
        yield Change(place, "breaks", "is now limited to listed values")
    elif before is not None:
        yield Change(place, "subscribers_first", "is no longer limited to listed values")
    for keyword in ("pattern", "format"):
        if old.get(keyword) != new.get(keyword):
            yield _form_change(keyword, old, new, place)


def _form_change(keyword: str, old: Schema, new: Schema, place: str) -> Change:
    if keyword not in new:
        return Change(place, "subscribers_first", f"{keyword} was dropped")
    # Whether one pattern permits what another did is not decided here.
    return Change(place, "breaks", f"{keyword} is now {new[keyword]!r}, was {old.get(keyword)!r}")


def _listed(schema: Schema) -> list[Any] | None:
    if "const" in schema:
        return [schema["const"]]
    values = schema.get("enum")
    return None if values is None else list(values)


def _bounds(old: Schema, new: Schema, place: str) -> Iterator[Change]:
    for keyword, larger_permits_more in _BOUNDS:
        before, after = old.get(keyword), new.get(keyword)
        if before == after:
            continue
        is_tighter = before is None or (after is not None and (after < before) == larger_permits_more)
        if is_tighter:
            yield Change(place, "breaks", f"{keyword} is now {after}, was {before}: stored events may not fit")
        else:
            yield Change(place, "subscribers_first", f"{keyword} is now {after}, was {before}")
