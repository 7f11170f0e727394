"""No parameter of a test is a time: it would be computed at the collection, minutes before the test."""

import ast
from collections.abc import Iterator
from pathlib import Path

FILES = [path for path in Path(__file__).parent.rglob("test_*.py") if "now()" in path.read_text()]


def times_in(node: ast.AST) -> Iterator[int]:
    """Yield the lines of the calls of ``now`` that run when the module is imported."""
    if isinstance(node, ast.Call) and ast.unparse(node.func).rpartition(".")[2] == "now":
        yield node.lineno
    for child in ast.iter_child_nodes(node):
        if not isinstance(child, ast.Lambda):
            yield from times_in(child)


def test_no_parameter_is_a_time_of_the_collection() -> None:
    found = [
        f"{path.name}:{line}"
        for path in FILES
        for function in ast.walk(ast.parse(path.read_text()))
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef)
        for decorator in function.decorator_list
        for line in times_in(decorator)
    ]
    assert found == []
