"""No pattern of the package takes long on any text: what a document holds must not stop its reading."""

import importlib
import pkgutil
import re
import time
from collections.abc import Iterator

import pytest

import policy_themes.corpus
import policy_themes.corpus.extract
from policy_themes.corpus import clean

LONG = 100_000
SEEDS = (
    "a",
    "1",
    "年",
    " ",
    "\n",
    "<",
    "(",
    "（",
    "2023年",
    "2023-",
    "第一",
    "来源:",
    "http://",
    "<script ",
    "a. ",
    "在，",
    "A b ",
    "-",
)
TEXTS = [seed * (LONG // len(seed)) for seed in SEEDS] + ["<p " * 30_000 + ">", "代表" * 40_000, "\n1月" * 30_000]


def patterns() -> Iterator[tuple[str, re.Pattern[str]]]:
    """Yield every pattern of text that a module of reading holds, and the rules of the data."""
    for package in (policy_themes.corpus, policy_themes.corpus.extract):
        for info in pkgutil.iter_modules(package.__path__, f"{package.__name__}."):
            if info.name.endswith(".worker"):
                continue
            for name, value in vars(importlib.import_module(info.name)).items():
                parts = value.values() if isinstance(value, dict) else value if isinstance(value, tuple) else (value,)
                for number, part in enumerate(parts):
                    part = part[0] if isinstance(part, tuple) and part else part
                    if isinstance(part, re.Pattern) and isinstance(part.pattern, str):
                        yield f"{info.name.rpartition('.')[2]}.{name}.{number}", part


FOUND = dict(patterns())


def test_there_are_patterns() -> None:
    assert len(FOUND) > 30


@pytest.mark.parametrize("name", FOUND)
def test_a_pattern_is_quick_on_any_text(name: str) -> None:
    for text in TEXTS:
        start = time.process_time()
        sum(1 for _ in FOUND[name].finditer(text))
        assert time.process_time() - start < 1.0, f"{name} on {text[:12]!r}"


def test_the_rules_are_quick_on_any_text() -> None:
    for text in TEXTS:
        start = time.process_time()
        clean.clean(text.strip() or "a", "zh")
        assert time.process_time() - start < 5.0, text[:12]
