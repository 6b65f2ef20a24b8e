from __future__ import annotations

import errno

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seawall.engine.spark.failures import MARK, as_words, carried, refusal
from seawall.errors import (
    ConfigurationError,
    ConnectError,
    MeasureError,
    SeawallError,
    StorageError,
)


@given(what=st.text(), where=st.none() | st.text(min_size=1), before=st.text(), after=st.text())
def test_an_error_of_seawall_travels_whole_in_any_words(what: str, where: str | None, before: str, after: str) -> None:
    """Whatever Spark writes around it, kind, sentence and place arrive."""
    found = carried(before.replace(MARK, "") + as_words(MeasureError(what, where=where)) + after)
    assert isinstance(found, MeasureError)
    assert (found.what, found.where) == (what, where)


@given(st.text(min_size=4).filter(lambda text: not text.isascii()))
def test_of_another_error_only_kind_and_place_travel(words: str) -> None:
    """Its message could quote a message of the lake, so it stays where it was raised."""
    try:
        raise KeyError(words)
    except KeyError as error:
        told = as_words(error)
    found = carried(told)
    assert isinstance(found, KeyError)
    assert words not in str(found)
    assert "test_failures.py, line" in str(found)


def test_words_of_others_name_exceptions_and_start_nothing() -> None:
    """Words that claim to be an error, but name none that is known here, become one that says so."""
    import base64
    import json

    for module, kind in (("os", "system"), ("no.such", "Error"), ("builtins", "SystemExit"), ("builtins", "int")):
        told = json.dumps({"module": module, "kind": kind, "where": "x.py, line 1"})
        assert type(carried(MARK + base64.b64encode(told.encode()).decode() + ";")) is RuntimeError
    assert carried("An error of Java.") is None


@pytest.mark.parametrize(
    ("words", "kind", "part"),
    [
        ("[JAVA_GATEWAY_EXITED] Java gateway process exited", ConfigurationError, "Java 17"),
        ("x UnsupportedClassVersionError y JAVA_GATEWAY_EXITED", ConfigurationError, "too old"),
        ("[PYTHON_VERSION_MISMATCH] Python in worker has 3.9", ConfigurationError, "another version of Python"),
        ("ModuleNotFoundError: No module named 'seawall'", ConfigurationError, "lacks the package seawall"),
        ("[PACKAGE_NOT_INSTALLED] PyArrow >= 15 must be installed", ConfigurationError, "lacks the package PyArrow"),
        ('java.io.IOException: Cannot run program "/x/python"', ConfigurationError, "no Python"),
        ('[CANNOT_MODIFY_STATIC_CONFIG] the value of "spark.executor.memory"', ConfigurationError, "executor.memory"),
        ("java.io.IOException: No space left on device", StorageError, "no disk left"),
        ("java.lang.OutOfMemoryError: Java heap space", StorageError, "no memory"),
        ("is bigger than spark.driver.maxResultSize (1024.0 MiB)", MeasureError, "maxResultSize"),
        ("ExecutorLostFailure (executor 1 exited", ConnectError, "lost its workers"),
        ("\n\n  Something else.\nmore", ConnectError, "Something else."),
        ("", ConnectError, "no reason"),
    ],
)
def test_refusals_of_spark_become_sentences(words: str, kind: type[SeawallError], part: str) -> None:
    """Each says what is wrong, where, and what to do."""
    error = refusal(words, "spark://club.example:7077")
    assert type(error) is kind
    assert part in str(error)
    assert error.mend


def test_a_full_disk_of_a_worker_is_told_as_that() -> None:
    """Also where Python, not Java, met it."""
    error = carried(as_words(OSError(errno.ENOSPC, "full")))
    assert isinstance(error, StorageError)
