"""`python -m docs.generate`: make docs/generated/ from the code.

--check     write nothing; name what is stale and end with 1
--release   also keep today's event schemas as the released contracts that later changes are compared with
"""

from __future__ import annotations

import sys
from collections.abc import Sequence

from docs.generators.async_api import async_api
from docs.generators.events_page import events_page, topology_page
from docs.generators.examples import example_document, example_events
from docs.generators.files import GENERATED, RELEASED, Files, as_json, differences, write
from docs.generators.platform import DescribedPlatform, describe_platform
from docs.generators.schemas import all_schemas
from docs.generators.tables_page import tables_page
from shared.events.registry import EVENTS


def event_files() -> Files:
    """Schema and example of each event."""
    files = {f"events/{name}.schema.json": as_json(schema) for name, schema in all_schemas().items()}
    for name, event in example_events().items():
        files[f"events/{name}.example.json"] = as_json(example_document(event))
    return files


def platform_files(platform: DescribedPlatform) -> Files:
    """What needs all five services."""
    files = {
        "events.md": events_page(platform),
        "topology.md": topology_page(platform),
        "asyncapi.json": as_json(async_api(platform)),
    }
    for described in platform.services:
        files[f"openapi/{described.name}.json"] = as_json(described.openapi)
        files[f"tables/{described.name}.md"] = tables_page(described)
    return files


def generated_files() -> Files:
    return {**event_files(), **platform_files(describe_platform())}


def released_files() -> Files:
    return {f"{name}.v{EVENTS[name].version}.schema.json": as_json(schema) for name, schema in all_schemas().items()}


def main(arguments: Sequence[str]) -> int:
    if set(arguments) - {"--check", "--release"} or len(arguments) > 1:
        print(__doc__)
        return 2
    files = generated_files()
    if "--check" in arguments:
        stale = differences(files)
        print("\n".join(stale) if stale else f"{len(files)} files are fresh")
        if stale:
            print("run `make docs` and commit what it changes")
        return 1 if stale else 0
    write(files)
    print(f"{len(files)} files in {GENERATED}")
    if "--release" in arguments:
        released = released_files()
        RELEASED.mkdir(parents=True, exist_ok=True)
        for name, text in released.items():
            (RELEASED / name).write_text(text, encoding="utf-8")
        print(f"{len(released)} released contracts in {RELEASED}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
