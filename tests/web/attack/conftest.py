"""The browser and the served console are those of the tests in a browser."""

from tests.web.browser.conftest import chromium, live, wire

__all__ = ["chromium", "live", "wire"]
