"""No pattern of ours takes longer than in proportion to a text that was made to mislead it (H17)."""

import re
import sys
import time
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages

import pytest

import policy_themes

SHORT, LONG = 5_000, 20_000
# What repeats is what a pattern repeats over; what ends the text is what it then does not find.
REPEATED = (
    " ", "\n", "\t ", "　", "1", "一", "年", "第", "第一", "1年", "1.", "a", "A", "a ", "A. ", "a-", "-", "—", ".", "(", "（", "〔", "《", "“",
    "<", "，", "。", "：", ": ", "/", "http://a", "省", "市", "浙江", "记者 ", "来源：", "责任编辑", "of the ", "In terms of ", "=", "#", ",",
    " \n", "号",
)  # fmt: skip
END = "\x01"
NOTHING = 0.05  # seconds below which nothing is said


def patterns() -> Iterator[tuple[str, re.Pattern[str]]]:
    """Yield every compiled pattern that stands in a module of the package, alone or in a container."""
    seen = set()
    for found in walk_packages(policy_themes.__path__, "policy_themes."):
        if found.name.endswith("__main__") or ".scale" in found.name or ".explore" in found.name:
            continue
        module = import_module(found.name)
        for name, value in vars(module).items():
            for pattern in held(value):
                if isinstance(pattern.pattern, str) and pattern not in seen:
                    seen.add(pattern)
                    yield f"{found.name.removeprefix('policy_themes.')}.{name}", pattern


def held(value: object) -> Iterator[re.Pattern[str]]:
    """Yield the patterns in a value."""
    if isinstance(value, re.Pattern):
        yield value
    elif isinstance(value, dict):
        for one in value.values():
            yield from held(one)
    elif isinstance(value, tuple | list | frozenset | set):
        for one in value:
            yield from held(one)


PATTERNS = list(patterns())


def test_there_are_patterns() -> None:
    assert len(PATTERNS) > 80
    assert Path(sys.modules["policy_themes"].__file__ or "").exists()


def seconds(pattern: re.Pattern[str], text: str, times: int = 1) -> float:
    """Return the CPU seconds in which a pattern is looked for throughout a text, the fewest of some times."""
    taken = []
    for _ in range(times):
        began = time.process_time()
        for _ in pattern.finditer(text):
            pass
        taken.append(time.process_time() - began)
    return min(taken)


def steep(pattern: re.Pattern[str], units: tuple[str, ...] = REPEATED) -> list[str]:
    """Return the texts of which one four times as long takes more than eight times as long."""
    found = []
    for unit in units:
        long, short = (unit * (size // len(unit)) + END for size in (LONG, SHORT))
        # A neighbour on the machine slows one measurement, hardly all of three.
        if all(seconds(pattern, long) > max(NOTHING, 8 * seconds(pattern, short, 2)) for _ in range(3)):
            found.append(unit)
    return found


def test_a_steep_one_is_found() -> None:
    assert steep(re.compile(r"\s+$"), (" ", "a")) == [" "]


@pytest.mark.parametrize(("name", "pattern"), PATTERNS, ids=[name for name, _ in PATTERNS])
def test_it_is_linear(name: str, pattern: re.Pattern[str]) -> None:
    assert steep(pattern) == []
