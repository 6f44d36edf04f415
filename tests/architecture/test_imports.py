"""The import contract: each third-party library has one home, layers look one way, and start-up stays light."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SIM = ROOT / "sim"
MODULES = sorted(path for path in SIM.rglob("*.py") if "_shipped" not in path.parts)

HOMES = {  # library -> where it may be imported, as paths below sim/
    "hydra": ("cli",),
    "omegaconf": ("cli",),
    "simpy": ("engine/simpy",),
    "numba": ("chance/jit.py", "chance/parts.py", "engine/compiled/bundle.py"),
    "matplotlib": ("plots",),
    "pandas": (),
    "polars": (),
    "joblib": ("runs", "sweep"),
    "dask": (),
    "distributed": ("sweep/cluster.py",),
    "openpyxl": ("calibration/intervals/workbook.py", "studies/staffing/roster.py"),
    "yaml": ("calibration/intervals/presets.py", "reports/centre_file.py", "cli"),
    "duckdb": ("reports", "sweep", "studies"),
    "tabulate": ("reports", "studies"),
    "tqdm": ("runs", "calibration", "sweep", "studies"),
}
FLOORS = (  # from the bottom up: a module imports from its own floor and from those below
    ("errors", "files", "shipped", "caches", "memory"),
    ("extensions",),
    ("provenance",),
    ("model", "theory", "known_centres"),
    ("chance",),
    ("rules", "sums"),
    ("coded",),
    ("log",),
    ("engine",),
    ("measures",),
    ("statistics",),
    ("runs",),
    ("calibration",),
    ("sweep",),
    ("reports",),
    ("studies",),
    ("plots",),
    ("api", "extend"),
    ("again", "known"),
    ("cli",),
    ("__init__", "__main__"),
)
FLOOR = {room: floor for floor, rooms in enumerate(FLOORS) for room in rooms}
EXCUSED: set[tuple[str, str]] = set()


def imports(path: Path) -> Iterator[str]:
    """Absolute names of everything that a module imports, wherever in the module the statement stands."""
    package = path.relative_to(ROOT).with_suffix("").parts[:-1]
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else ()
            module = ".".join([*base, *([node.module] if node.module else [])])
            yield module
            yield from (f"{module}.{alias.name}" for alias in node.names)


def test_the_contract_sees_relative_imports() -> None:
    found = set(imports(SIM / "engine" / "simpy" / "simulation.py"))
    assert {"simpy", "sim.chance.arrivals", "sim.rules.decisions", "sim.engine.simpy.clock"} <= found


@pytest.mark.parametrize("library", HOMES)
def test_each_library_has_one_home(library: str) -> None:
    strangers = [
        path.relative_to(SIM).as_posix()
        for path in MODULES
        if any(name.split(".")[0] == library for name in imports(path))
        and not any(path.relative_to(SIM).as_posix().startswith(home) for home in HOMES[library])
    ]
    assert strangers == []


def room(path: Path) -> str:
    """The room of a module: its folder below sim/, or its own name where it stands at the top."""
    return path.relative_to(SIM).with_suffix("").parts[0]


def test_every_room_has_a_floor() -> None:
    assert {room(path) for path in MODULES} == set(FLOOR)


def test_rooms_look_down_only() -> None:
    wrong = [
        (path.relative_to(SIM).as_posix(), name)
        for path in MODULES
        if room(path) != "__init__"  # `import sim` offers the house's doors and imports inside functions
        for name in imports(path)
        if name.startswith("sim.")
        and name.split(".")[1] != room(path)
        and FLOOR.get(name.split(".")[1], -1) >= FLOOR[room(path)]
    ]
    assert set(wrong) - EXCUSED == set()


def test_nothing_random_in_the_model_and_no_other_generator_anywhere() -> None:
    """Chance is keyed: neither NumPy's generators nor Python's are used in sim, nor is the time of day a seed."""
    for path in MODULES:
        text = path.read_text(encoding="utf-8")
        assert "np.random" not in text, path
        assert not {"random", "numpy.random", "secrets"} & set(imports(path)), path
    for path in MODULES:
        if path.relative_to(SIM).parts[0] == "model":
            assert not any(name.split(".")[0] in ("numpy", "scipy", "numba") for name in imports(path)), path


def test_rules_are_pure() -> None:
    """Rules and steps know neither SimPy nor the log nor the configuration."""
    for path in (SIM / "rules").glob("*.py"):
        ours = {each for each in imports(path) if each.startswith("sim.")}
        assert all(each.startswith(("sim.chance", "sim.rules")) for each in ours), (path, ours)


def loaded(statement: str) -> set[str]:
    """Top-level and second-level modules after a statement in a fresh interpreter."""
    code = f"{statement}; import sys; print('\\n'.join(sys.modules))"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=True)
    return set(run.stdout.split())


HEAVY = {"scipy.stats", "pandas", "matplotlib", "matplotlib.pyplot", "hydra", "omegaconf", "IPython", "duckdb"}
HEAVY |= {"distributed"}


def test_importing_sim_is_light() -> None:
    assert loaded("import sim") & HEAVY == set()


def test_simulating_needs_neither_plots_nor_the_command_line() -> None:
    assert loaded("import sim.engine.simpy.simulation, sim.measures.observe") & HEAVY == set()


def test_a_model_needs_no_engine() -> None:
    found = loaded("import sim.model")
    assert {name for name in found if name.startswith(("sim.engine", "sim.chance"))} == set()
    assert found & {"simpy", "numba", "joblib"} == set()
