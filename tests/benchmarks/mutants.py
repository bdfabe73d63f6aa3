"""Small changes of `compare` and `tokenize`, made by mutmut's own operators; a seeded sample of them.

Of mutmut only the operators are used. Its runner changes what stands in functions, leaving constants and defaults of
classes alone, and wants the whole suite once to learn who calls what; here a mutant is the text of one file.
"""

import ast
import difflib
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Mutant:
    """A file with one change; `key` names the change wherever in the file its lines come to stand."""

    module: str
    line: int
    before: str
    after: str
    code: str

    @property
    def key(self) -> tuple[str, str, str]:
        return self.module, self.before, self.after


def sample(root: Path, paths: Sequence[Path], size: int, seed: int) -> tuple[int, list[Mutant]]:
    """Return how many changes mutmut knows, and about so many of them: of each file its share, and at least one."""
    from mutmut.mutation.file_mutation import create_mutations  # in no lock: see CONTRIBUTING.md

    found = [(path, path.read_text(encoding="utf-8")) for path in paths]
    made = [(path, source, *create_mutations(str(path), source)[:2]) for path, source in found]
    total = sum(len(changes) for *_, changes in made)
    picked: list[Mutant] = []
    for path, source, module, changes in made:
        name = path.relative_to(root).as_posix()
        share = max(1, round(size * len(changes) / total))
        own: dict[str, Mutant] = {}
        for change in random.Random(f"{seed} {name}").sample(changes, len(changes)):
            code = module.deep_replace(change.original_node, change.mutated_node).code
            if compiles(code) and code != source:
                own[code] = Mutant(name, *difference(source, code), code)
            if len(own) == share:
                break
        picked += own.values()
    random.Random(seed).shuffle(picked)  # a run that is stopped has seen a fair part
    return total, picked


def compiles(code: str) -> bool:
    """Tell whether a change left Python."""
    try:
        compile(code, "mutant", "exec")
    except SyntaxError:
        return False
    return True


def difference(source: str, code: str) -> tuple[int, str, str]:
    """Return the number of the first line that differs, what stood there, and what stands there now."""
    before, after = source.splitlines(), code.splitlines()
    blocks = [one for one in difflib.SequenceMatcher(None, before, after, False).get_opcodes() if one[0] != "equal"]
    first, last = blocks[0], blocks[-1]
    cut = [" ".join(map(str.strip, lines)) for lines in (before[first[1] : last[2]], after[first[3] : last[4]])]
    return first[1] + 1, cut[0], cut[1]


def stretch(source: str, line: int) -> tuple[range, bool]:
    """
    Return the lines of the statement in which a line stands, and whether it runs when the module is imported.

    Of a compound statement its head is meant; of the head of a function all of it, because a default shows in there.
    """
    best: ast.stmt | None = None
    inside = False
    for node, within in statements(ast.parse(source)):
        if node.lineno <= line <= (node.end_lineno or 0):
            best, inside = node, within
    if best is None:
        return range(line, line + 1), True
    body = getattr(best, "body", None)
    if not body:
        return range(best.lineno, (best.end_lineno or 0) + 1), not inside
    if isinstance(best, ast.FunctionDef):
        return range(body[0].lineno, (best.end_lineno or 0) + 1), False
    return range(best.lineno, body[0].lineno), not inside


def statements(node: ast.AST, inside: bool = False) -> Iterator[tuple[ast.stmt, bool]]:
    """Yield statements, outer ones before what they hold, and whether each stands in a function."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.stmt):
            yield child, inside
        yield from statements(child, inside or isinstance(child, ast.FunctionDef))
