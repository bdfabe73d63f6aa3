"""The page and its parts as they are shipped: one script and one style, for the browser and for the notebook."""

import html
from functools import cache
from importlib.resources import files

POLICY = (
    "default-src 'none'; script-src 'nonce-{nonce}'; style-src 'nonce-{nonce}'; img-src data:; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)


@cache
def part(name: str) -> str:
    """Return the text of ``app.js``, ``app.css`` or ``page.html``."""
    return (files("policy_themes") / "data" / "explore" / name).read_text(encoding="utf-8")


def page(nonce: str) -> str:
    """
    Return the page with script and style inside, which nothing but this page may run.

    Parameters
    ----------
    nonce : str
        A word that the policy of this answer names.
    """
    parts = {"{nonce}": html.escape(nonce), "{style}": part("app.css"), "{script}": part("app.js")}
    text = part("page.html")
    for gap, content in parts.items():
        text = text.replace(gap, content)
    return text


def policy(nonce: str) -> str:
    """Return the policy under which the page is shown."""
    return POLICY.replace("{nonce}", nonce)
