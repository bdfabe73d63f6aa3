"""The command line: ``policy-themes COMMAND …``."""

from policy_themes.cli.app import main

__all__ = ["main"]
