"""Where a study runs: on this machine, or on the workers of a dask scheduler."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, model_validator

from .base import Part
from .units import Duration


class Exec(Part):
    """`local`: processes of this machine (`run.workers`). `dask`: the workers of the scheduler at `address`.

    A result is the same wherever it was computed. Anyone who can reach a scheduler's port can run any program on it and
    on its workers: conf/exec/README.md says how to keep the port to oneself.
    """

    kind: Literal["local", "dask"] = "local"
    address: str | None = Field(None, description="of the scheduler, such as tcp://host:8786 or tls://host:8786")
    timeout: Duration = Field(30.0, gt=0, description="for the scheduler to answer and a first worker to be there")

    @model_validator(mode="after")
    def _addressed(self) -> Exec:
        if self.kind == "dask" and not self.address:
            raise ValueError("address: exec=dask needs the scheduler's, such as exec.address=tcp://host:8786")
        return self
