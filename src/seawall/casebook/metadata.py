"""The catalogue into which every table of the casebook is entered."""

from __future__ import annotations

from sqlalchemy import MetaData

metadata = MetaData()
