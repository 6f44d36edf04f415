"""Parts of machine code: functions that only other compiled functions call.

Comes in: a function that something compiled calls. Goes out: its code in LLVM's language, which is optimised and made
into machine code once, inside whatever Python can call (an `Entry`) and together with all other parts of it. Numba by
itself finishes every function it meets, with all that this one calls inside it, before it goes on to the caller: the
240 functions of the compiled engine were optimised again and again, 46 of 76 s of compiling.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import llvmlite.binding as llvm
from llvmlite import ir
from numba.core import codegen, compiler, compiler_machinery, typed_passes, types, untyped_passes
from numba.np import arrayobj

_ARRAYS: Any = arrayobj
_CODEGEN: Any = codegen
_TYPED: Any = typed_passes
_UNTYPED: Any = untyped_passes
_MACHINERY: Any = compiler_machinery
_COMPILER: Any = compiler
_SHARED, _OWN = llvm.Linkage.linkonce_odr, llvm.Linkage.private


class _NoEnvironment:
    """What Python objects a function needs: none, for nothing but compiled code calls it."""

    def set_env(self, name: str, env: Any) -> None:
        """Nothing to remember."""


class PartLibrary(_CODEGEN.JITCodeLibrary):  # type: ignore[misc]
    """The code of one function, unfinished, and the libraries of those that it calls."""

    _shared_module: Any

    @property
    def codegen(self) -> Any:
        """What Numba hands the function's environment to."""
        return _NoEnvironment()

    def add_llvm_module(self, module: Any) -> None:
        """Takes the code as it is: the entry optimises it."""
        module.data_layout = self._codegen._data_layout
        self._final_module.link_in(module)

    def add_linking_library(self, library: Any) -> None:
        """Remembers whose code this one calls."""
        self._linking_libraries.append(library)

    def finalize(self) -> None:
        """There is nothing to finish."""
        self._finalized = True

    def get_pointer_to_function(self, name: str) -> int:
        """There is no machine code to point to."""
        return 0

    def _get_module_for_linking(self) -> Any:
        """The code of this function and of all that it calls, however deep, each once."""
        if self._shared_module is None:
            whole = llvm.parse_assembly(str(self._codegen._create_empty_module(self.name)))
            for library in self._all(dict.fromkeys([self])):
                part = isinstance(library, PartLibrary)
                module = library._final_module if part else library._get_module_for_linking()
                whole.link_in(module, preserve=True)
            for function in whole.functions:
                if not function.is_declaration and function.linkage == llvm.Linkage.external:
                    function.linkage = _SHARED
            self._shared_module = whole
        return self._shared_module

    def _all(self, known: dict[Any, None]) -> dict[Any, None]:
        for library in self._linking_libraries:
            if library not in known:
                known[library] = None
                if isinstance(library, PartLibrary):
                    library._all(known)
        return known


class EntryLibrary(_CODEGEN.JITCodeLibrary):  # type: ignore[misc]
    """The code of a function that Python calls, with all its parts, which are its own: LLVM may change what they take,
    so they must be `private`, without a symbol. An `internal` one has a symbol, which the loader gives to any later
    code in this process that shares a function of that name, and calls it with arguments that it no longer takes.
    """

    def _optimize_final_module(self) -> None:
        for function in self._final_module.functions:
            if not function.is_declaration and function.linkage == _SHARED and not function.name.startswith("NRT_"):
                function.linkage = _OWN
        super()._optimize_final_module()


_FROM_EITHER_END: Any = _ARRAYS.fix_integer_index


def _from_the_start(context: Any, builder: Any, kind: Any, index: Any, size: Any) -> Any:
    """An index that is computed counts from the start, that is what all of ours do; only a written `[-1]` counts from
    the end. To ask of every index whether it is below zero took a part of each run and of each compilation."""
    if isinstance(index, ir.Constant) or not kind.signed:
        return _FROM_EITHER_END(context, builder, kind, index, size)
    return context.cast(builder, index, kind, types.intp)


@contextmanager
def _indices_from_the_start() -> Iterator[None]:
    """For what is put into LLVM's language meanwhile; Numba's lock on compiling is held."""
    _ARRAYS.fix_integer_index = _from_the_start
    try:
        yield
    finally:
        _ARRAYS.fix_integer_index = _FROM_EITHER_END


_PASSES = (
    _UNTYPED.TranslateByteCode, _UNTYPED.FixupArgs, _UNTYPED.IRProcessing, _UNTYPED.GenericRewrites,
    _UNTYPED.ReconstructSSA, _TYPED.NopythonTypeInference, _TYPED.PreLowerStripPhis, _TYPED.IRLegalization,
    _TYPED.AnnotateTypes,
)  # fmt: skip
"""of Numba's passes those that plain numbers and arrays need"""


def _compiler(name: str, library: type) -> type:
    """A compiler with few passes, that puts LLVM's code into a library of this class."""

    class Lowering(_TYPED.NativeLowering):  # type: ignore[misc]
        """Numba's own, with another library."""

        _name = name

        def run_pass(self, state: Any) -> bool:
            """Fills in the library first."""
            state.library = library(state.targetctx.codegen(), state.func_id.func_qualname)
            state.library.enable_object_caching()
            with _indices_from_the_start():
                return bool(super().run_pass(state))

    lowering = _MACHINERY.register_pass(mutates_CFG=True, analysis_only=False)(Lowering)

    class Compiler(_COMPILER.CompilerBase):  # type: ignore[misc]
        """One way, without Python objects."""

        def define_pipelines(self) -> list[Any]:
            """The passes, in order."""
            manager = _MACHINERY.PassManager(name)
            for each in (*_PASSES, lowering, _TYPED.NoPythonBackend):
                manager.add_pass(each, each._name)
            manager.finalize()
            return [manager]

    return Compiler


PartCompiler = _compiler("part_lowering", PartLibrary)
EntryCompiler = _compiler("entry_lowering", EntryLibrary)
