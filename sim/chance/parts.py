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
from weakref import WeakKeyDictionary

import llvmlite.binding as llvm
from llvmlite import ir
from numba.core import codegen, compiler, compiler_machinery, targetconfig, typed_passes, types, untyped_passes
from numba.np import arrayobj

_ARRAYS: Any = arrayobj
_FLAGS: Any = targetconfig.ConfigStack
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

    def serialize_using_object_code(self) -> tuple[str, str, tuple[bytes, bytes]]:
        """What the cache keeps: machine code, and of LLVM's own no more than the names in it, by which Numba knows what
        there is. It keeps all of that, to be linked into other code, and reads it with the machine code; nothing is
        linked with an entry."""
        self._ensure_finalized()
        module = self._final_module
        text = [f'target triple = "{module.triple}"', f'target datalayout = "{module.data_layout}"']
        names = [each.name for each in (*module.functions, *module.global_variables) if _is_visible(each)]
        text += [f'@"{name}" = global i8 0' for name in names]
        return self.name, "object", (self._get_compiled_object(), llvm.parse_assembly("\n".join(text)).as_bitcode())


def _is_visible(symbol: Any) -> bool:
    """Whether other code could call it."""
    return not symbol.is_declaration and symbol.linkage not in (_OWN, llvm.Linkage.internal)


_FROM_EITHER_END: Any = _ARRAYS.fix_integer_index


def _from_the_start(context: Any, builder: Any, kind: Any, index: Any, size: Any) -> Any:
    """An index that is computed counts from the start, that is what all of ours do; only a written `[-1]` counts from
    the end. To ask of every index whether it is below zero took a part of each run and of each compilation."""
    if isinstance(index, ir.Constant) or not kind.signed:
        return _FROM_EITHER_END(context, builder, kind, index, size)
    return context.cast(builder, index, kind, types.intp)


_CALL_TYPE: Any = types.functions.BaseFunction.get_call_type
_KNOWN: WeakKeyDictionary[Any, dict[Any, tuple[Any, Any]]] = WeakKeyDictionary()
"""of a function of Numba's, such as `+`, and types that it was called with: what it gives, and whose code that is"""


def _known_call_type(function: Any, context: Any, args: Any, kws: Any) -> Any:
    """What a call of these types gives. Numba tries all that a sum could mean anew for each sum there is, which was a
    quarter of compiling."""
    flags, known = _FLAGS.top_or_none(), _KNOWN.setdefault(function, {})
    asked = args, tuple(sorted(kws.items())), flags is not None and flags.nrt
    if asked not in known:
        gives = _CALL_TYPE(function, context, args, kws)
        known[asked] = gives, function._impl_keys[gives.args]
    gives, code = known[asked]
    function._impl_keys[gives.args] = code
    return gives


@contextmanager
def _instead(owner: Any, name: str, ours: Any) -> Iterator[None]:
    """A function of ours in place of one of Numba's, whose lock on compiling is held."""
    before = getattr(owner, name)
    setattr(owner, name, ours)
    try:
        yield
    finally:
        setattr(owner, name, before)


@_MACHINERY.register_pass(mutates_CFG=True, analysis_only=False)
class Inference(_TYPED.NopythonTypeInference):  # type: ignore[misc]
    """Numba's own, which remembers."""

    _name = "remembering_inference"

    def run_pass(self, state: Any) -> bool:
        """Fills in the types."""
        with _instead(types.functions.BaseFunction, "get_call_type", _known_call_type):
            return bool(super().run_pass(state))


_PASSES = (
    _UNTYPED.TranslateByteCode, _UNTYPED.FixupArgs, _UNTYPED.IRProcessing, _UNTYPED.GenericRewrites,
    _UNTYPED.ReconstructSSA, Inference, _TYPED.PreLowerStripPhis, _TYPED.IRLegalization, _TYPED.AnnotateTypes,
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
            with _instead(_ARRAYS, "fix_integer_index", _from_the_start):
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
