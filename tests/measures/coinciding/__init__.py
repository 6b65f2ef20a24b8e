"""Tests of how long things last."""
