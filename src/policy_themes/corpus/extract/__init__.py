"""Formats: a file's bytes → its documents' texts and what the format itself says of them."""
