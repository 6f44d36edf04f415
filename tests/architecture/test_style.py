"""House style, executably: everything public is documented and typed, modules and functions stay small."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
MODULES = [path for path in sorted((ROOT / "sim").rglob("*.py")) if "_shipped" not in path.parts]


def public(path: Path) -> Iterator[tuple[str, ast.AST]]:
    """Public functions, classes and methods of a module, properties and nested ones too, and the module itself."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    yield "module", tree
    for node in ast.walk(tree):
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)) and not node.name.startswith("_"):
            yield f"{node.name} (line {node.lineno})", node


def test_everything_public_is_documented() -> None:
    silent = [
        f"{path.relative_to(ROOT)}: {name}"
        for path in MODULES
        for name, node in public(path)
        if not ast.get_docstring(node)  # type: ignore[arg-type]
    ]
    assert silent == []


def test_everything_public_is_typed() -> None:
    """Every public function says what it takes and what it returns."""
    untyped = []
    for path in MODULES:
        for name, node in public(path):
            if isinstance(node, ast.FunctionDef):
                arguments = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
                bare = [a.arg for a in arguments if a.annotation is None and a.arg not in ("self", "cls")]
                if bare or node.returns is None:
                    untyped.append(f"{path.relative_to(ROOT)}: {name} {bare}")
    assert untyped == []


def test_modules_stay_small() -> None:
    """House style: think at 350 lines, no function over 60."""
    for path in MODULES:
        assert len(path.read_text(encoding="utf-8").splitlines()) <= 350, path
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef):
                assert (node.end_lineno or 0) - node.lineno < 60, (path, node.name)


GUIDES = sorted(
    [*ROOT.glob("*.md"), *ROOT.glob("conf/**/*.md"), *ROOT.glob("scenarios/*"), *ROOT.glob("sim/model/*.md")]
)


@pytest.mark.parametrize("path", GUIDES, ids=lambda path: path.name)
def test_users_read_of_agent_groups_and_never_of_pools(path: Path) -> None:
    """`pool` is the name of a scope (`pool.phone.occupancy`), a word of code; what people read says agent group."""
    text = re.sub(
        r"```.*?```|`[^`]*`|\bpool[.:/,][\w{]\S*|^ {4}[^\n]*$", "", path.read_text(encoding="utf-8"), flags=re.S | re.M
    )
    assert re.findall(r"\b[Pp]ools?\b", text) == []
