"""Figures, tables and text put together and saved."""

from policy_themes.report.catalogue import catalogue
from policy_themes.report.run import ingest, write_report

__all__ = ["catalogue", "ingest", "write_report"]
