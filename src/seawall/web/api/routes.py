"""Declares what programs may call: like pages, no call goes without saying who may, and it says what it answers."""

from __future__ import annotations

from collections.abc import Callable

from seawall.web.api import PREFIX
from seawall.web.api.once import once
from seawall.web.api.shape import Shape
from seawall.web.routes import Call, Handler, May, Pages


class Calls(Pages):
    """The calls of one module.

    Args:
        group: what they are about; the document lists them under it.
    """

    def __init__(self, group: str) -> None:
        super().__init__()
        self.group = group

    def read(
        self, path: str, *, may: May, name: str, answer: type[Shape] | None, also: tuple[int, ...] = ()
    ) -> Callable[[Handler], Handler]:
        """Declare what is read.

        Args:
            path: what follows ``PREFIX``.
            may: the act that role and token must allow, SIGNED_IN for any token, or PUBLIC.
            name: of the route.
            answer: the shape of the answer; None leaves it out of the document.
            also: other statuses with which the same shape is answered.
        """
        return self._declare("GET", PREFIX + path, may, f"api.{name}", Call(self.group, answer, 200, also))

    def act(
        self, path: str, *, may: May, name: str, answer: type[Shape], status: int = 200
    ) -> Callable[[Handler], Handler]:
        """Declare an act. Sent twice with one Idempotency-Key it is done once."""
        declare = self._declare("POST", PREFIX + path, may, f"api.{name}", Call(self.group, answer, status))

        def declared(handler: Handler) -> Handler:
            declare(once(handler, status))
            return handler

        return declared
