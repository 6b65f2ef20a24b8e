"""The paths of routes by their names, looked up and not searched for: a page has many hundreds of links."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI
from starlette.routing import BaseRoute


class Addresses:
    """The paths of an application's routes.

    Args:
        app: the application; its routes may still be added.
    """

    def __init__(self, app: FastAPI) -> None:
        self._app = app
        self._routes: dict[str, BaseRoute] = {}

    def __call__(self, name: str, /, **path: Any) -> str:
        """The path of a route.

        Args:
            name: the route's.
            path: its parameters.

        Raises:
            NoMatchFound: there is none of that name with these parameters.
        """
        if name not in self._routes:
            self._routes = {getattr(route, "name", ""): route for route in reversed(self._app.routes)}
        found = self._routes.get(name, self._app.router)
        return str(found.url_path_for(name, **path))
