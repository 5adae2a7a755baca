"""Does a body fit Discord's published OpenAPI schema?"""

import json
import re
import urllib.parse
from pathlib import Path
from typing import Any

import jsonschema
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012


class Schema:
    """Checks request and response bodies; every complaint is "place: what is wrong"."""

    def __init__(self, path: Path) -> None:
        document = json.loads(path.read_text(encoding="utf-8"))
        # Discord takes ids as numbers too, and discord.py sends them so; the schema says strings only.
        document["components"]["schemas"]["SnowflakeType"] = {"type": ["string", "integer"]}
        self._paths: dict[str, Any] = document["paths"]
        self._registry: Registry[Any] = Registry().with_resource(
            "urn:discord", Resource.from_contents({"$id": "urn:discord", **document}, DRAFT202012)
        )
        self._patterns = sorted(
            ((re.compile("^" + re.sub(r"\{[^}]*\}", "[^/]+", path) + "$"), path) for path in self._paths),
            key=lambda one: one[1].count("{"),
        )
        self._validators: dict[str, jsonschema.Draft202012Validator] = {}

    def route(self, path: str) -> str | None:
        """The documented path that `path` is an example of."""
        return next((route for pattern, route in self._patterns if pattern.match(path)), None)

    def request(self, method: str, path: str, body: Any) -> list[str]:
        route = self.route(path)
        operation = self._paths.get(route or "", {}).get(method.lower())
        if operation is None:
            return [f"not in the published API: {method} {path}"]
        if "requestBody" not in operation:
            return []
        return self._complaints(
            f"{_pointer(route, method)}/requestBody/content/application~1json/schema", body
        )

    def response(self, method: str, path: str, body: Any) -> list[str]:
        route = self.route(path)
        responses = self._paths.get(route or "", {}).get(method.lower(), {}).get("responses", {})
        status = next((status for status in responses if status.startswith("2")), None)
        if status is None or "content" not in responses[status]:
            return []
        where = f"{_pointer(route, method)}/responses/{status}/content/application~1json/schema"
        return self._complaints(where, body)

    def _complaints(self, pointer: str, body: Any) -> list[str]:
        if pointer not in self._validators:
            self._validators[pointer] = jsonschema.Draft202012Validator(
                {"$ref": f"urn:discord#{pointer}"}, registry=self._registry
            )
        return [_deepest(error) for error in self._validators[pointer].iter_errors(body)]


def _pointer(route: str | None, method: str) -> str:
    escaped = (route or "").replace("~", "~0").replace("/", "~1")
    return f"/paths/{urllib.parse.quote(escaped, safe='~@{}')}/{method.lower()}"


def _deepest(error: jsonschema.ValidationError) -> str:
    """Of nested alternatives, the complaint that lies deepest: it is about the alternative that was meant."""
    while error.context:
        error = min(
            error.context,
            key=lambda one: (-len(one.absolute_path), one.validator in ("enum", "const", "type")),
        )
    return f"{'.'.join(map(str, error.absolute_path)) or '(body)'}: {error.message[:160]}"
