"""The shape of the four packages: where they stand, how large they are, what imports what."""

from __future__ import annotations

import ast
import graphlib
import importlib
import statistics
from pathlib import Path

import grimp
import pytest

from tests.contract.sources import PACKAGES, ROOT, modules, relative

MAX_LINES = 400
MAX_MEDIAN = 13  # the upper end of the codebases this project learns from
VAGUE_NAMES = {"utils", "util", "helpers", "helper", "manager", "managers", "common", "misc"}


def body_lines(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Count the lines of a function from its ``def`` on, its docstring left out."""
    total = (function.end_lineno or function.lineno) - function.lineno + 1
    first = function.body[0]
    if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant):
        total -= (first.end_lineno or first.lineno) - first.lineno + 1
    return total


def test_the_four_packages_come_from_this_checkout() -> None:
    parents = {}
    for package in PACKAGES:
        file = importlib.import_module(package).__file__
        assert file is not None, f"{package} has no __init__.py"
        parents[package] = Path(file).resolve().parent.parent
    assert set(parents.values()) == {ROOT}, parents


def test_every_folder_of_modules_is_a_package() -> None:
    bare = {
        relative(path.parent) for path in modules() if not (path.parent / "__init__.py").exists()
    }
    assert not bare, f"folders without an __init__.py: {sorted(bare)}"


@pytest.mark.parametrize("path", [p for p in modules() if p.name == "__init__.py"], ids=relative)
def test_an_init_holds_a_docstring_and_nothing_else(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    assert ast.get_docstring(tree), f"{relative(path)} has no docstring"
    assert len(tree.body) == 1, f"{relative(path)} holds more than its docstring"


@pytest.mark.parametrize("path", modules(), ids=relative)
def test_a_module_is_small_and_says_what_it_is(path: Path) -> None:
    n_lines = len(path.read_text(encoding="utf-8").splitlines())
    assert n_lines <= MAX_LINES, f"{relative(path)} has {n_lines} lines; split it by noun"
    names = {path.stem, *path.relative_to(ROOT).parts[:-1]}
    assert not names & VAGUE_NAMES, f"{relative(path)} has a name that says nothing"


def test_functions_are_short() -> None:
    lengths = [
        body_lines(node)
        for path in modules()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    ]
    assert statistics.median(lengths) <= MAX_MEDIAN


def test_no_module_imports_itself_by_a_detour() -> None:
    graph = grimp.build_graph(*PACKAGES, exclude_type_checking_imports=True, cache_dir=None)
    imports = {name: graph.find_modules_directly_imported_by(name) for name in graph.modules}
    cycle: list[str] = []
    try:
        graphlib.TopologicalSorter(imports).prepare()
    except graphlib.CycleError as error:
        cycle = error.args[1]
    assert not cycle, " > ".join(cycle)
