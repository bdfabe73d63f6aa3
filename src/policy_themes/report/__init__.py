"""Figures, tables and text put together and saved."""
