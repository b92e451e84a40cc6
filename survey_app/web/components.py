"""NHS page components as functions for our templates, in an environment of their own."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

from jinja2 import ChainableUndefined, Environment, PackageLoader
from markupsafe import Markup

Component = Callable[..., Markup]


class Components:
    """`nhs.button({...})` renders that macro; people's words go in as `text`, never as `html`."""

    def __init__(self) -> None:
        # The library's macros need undefined names to chain; ours must not.
        self._environment = Environment(
            loader=PackageLoader("nhsuk_frontend_jinja"),
            undefined=ChainableUndefined,
            autoescape=True,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._component = cache(self._load)

    def __getattr__(self, name: str) -> Component:
        if name.startswith("_"):
            raise AttributeError(name)
        return self._component(name)

    def _load(self, name: str) -> Component:
        template = self._environment.get_template(f"nhsuk/components/{name.replace('_', '-')}/macro.jinja")
        first, *rest = name.split("_")
        macro: Callable[[dict[str, Any]], str] = getattr(
            template.module, first + "".join(word.title() for word in rest)
        )

        def component(params: dict[str, Any] | None = None, **more: object) -> Markup:
            return Markup(macro({**(params or {}), **more}))  # noqa: S704 - the library escapes every `text`

        return component
