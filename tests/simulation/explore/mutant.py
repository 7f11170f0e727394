"""Faults seeded into the product: mutants.toml names each module, the text in it, and what replaces it."""

import importlib.abc
import importlib.util
import os
import sys
import tomllib
from dataclasses import dataclass
from importlib.machinery import ModuleSpec, SourceFileLoader
from pathlib import Path
from types import CodeType, ModuleType
from typing import Any

ROOT = Path(__file__).parents[3]
DATA = Path(__file__).with_name("mutants.toml")
VARIABLE = "SIMULATION_MUTANT"  # its number: processes that the exploration starts inherit it


@dataclass(frozen=True)
class Mutant:
    """One fault: the text ``original`` of a module is replaced. The schedule of ``seed`` shows it."""

    name: str
    module: str
    original: str
    replacement: str
    seed: int

    @property
    def module_name(self) -> str:
        return self.module.removesuffix(".py").replace("/", ".")


def mutants() -> list[Mutant]:
    found: list[dict[str, Any]] = tomllib.loads(DATA.read_text(encoding="utf-8"))["mutant"]
    return [Mutant(**fields) for fields in found]


def install() -> None:
    """Load the chosen mutant's module in its mutated form. To be called before the product is imported."""
    if number := os.environ.get(VARIABLE):
        sys.meta_path.insert(0, _Finder(mutants()[int(number)]))


class _Finder(importlib.abc.MetaPathFinder):
    def __init__(self, mutant: Mutant) -> None:
        self._mutant = mutant

    def find_spec(self, fullname: str, path: Any, target: ModuleType | None = None) -> ModuleSpec | None:  # noqa: ARG002
        if fullname != self._mutant.module_name:
            return None
        file = str(ROOT / self._mutant.module)
        return importlib.util.spec_from_file_location(fullname, file, loader=_Loader(fullname, file, self._mutant))


class _Loader(SourceFileLoader):
    def __init__(self, fullname: str, path: str, mutant: Mutant) -> None:
        super().__init__(fullname, path)
        self._mutant = mutant

    def get_code(self, fullname: str) -> CodeType:  # noqa: ARG002 - its name is Python's
        source = Path(self.path).read_text(encoding="utf-8")
        if source.count(self._mutant.original) != 1:
            raise ValueError(f"{self._mutant.module} does not contain once: {self._mutant.original!r}")
        return compile(source.replace(self._mutant.original, self._mutant.replacement), self.path, "exec")
