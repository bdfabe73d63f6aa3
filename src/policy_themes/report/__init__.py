"""Figures, tables and text put together and saved."""

from policy_themes.report.catalogue import catalogue
from policy_themes.report.run import ingest, write_report
from policy_themes.report.save import write_charts

__all__ = ["catalogue", "ingest", "write_charts", "write_report"]
