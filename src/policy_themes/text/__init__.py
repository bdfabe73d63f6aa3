"""Normalised text that remembers where every character came from."""
