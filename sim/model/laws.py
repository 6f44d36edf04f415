"""Laws of times: how long a talk, a wait that is borne, a delay lasts.

Comes in: YAML such as `{law: lognormal, mean: 6 min, cv: 1.2}` or the shorthand `20 s` (a constant). Goes out: a frozen
`Law` that knows its mean and variance (`moments`), and the coefficients that the sampler needs. Which keys each law
takes is the table NEEDS.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field, PrivateAttr, ValidationInfo, model_validator

from ..extensions import check_name
from .base import Part
from .moments import mean_and_variance
from .number_files import digest_of, numbers_of
from .own_laws import NUMBERS, TIMES, own_law, table_of
from .units import HOUR, MINUTE, Duration

NEEDS: dict[str, tuple[set[str], ...]] = {
    "constant": ({"mean"},),
    "uniform": ({"low", "high"},),
    "exponential": ({"mean"},),
    "gamma": ({"mean", "shape"}, {"mean", "cv"}),
    "lognormal": ({"mean", "cv"}, {"median", "sigma"}),
    "weibull": ({"mean", "shape"},),
    "mixture": ({"parts"},),
    "empirical": ({"quantiles"},),
    "sample": ({"file"},),
    "log_logistic": ({"mean", "shape"}, {"median", "shape"}),
    "triangular": ({"low", "mode", "high"},),
    "shifted": ({"shift", "of"},),
}
OF_A_SAMPLE = {"column", "unit", "digest"}
"""what a sample may say beside its file"""
SHAPES = {"gamma": (0.01, 1e5), "weibull": (0.1, 1e3), "log_logistic": (1.01, 1e3)}
"""Smallest and largest shape: beyond them times are all but constant, or have no mean that a run could show."""
UNITS = {"s": 1.0, "min": MINUTE, "h": HOUR}
TRUSTED = 0.1
"""relative error of a quantile table's mean that is worth a warning"""


def shorthand(value: Any) -> Any:
    """A bare time is a constant."""
    if value is None or isinstance(value, (Mapping, Part)):
        return value
    return {"law": "constant", "mean": value}


def _known_law(name: str) -> str:
    return check_name("law", name, NEEDS)


class Law(Part):
    """A distribution of a time in seconds.

    `mean`, `median`, `low`, `mode`, `high`, `shift`, `quantiles` are durations; `cv` is the coefficient of variation
    (standard deviation over mean), `shape` that of the gamma (a whole number k is Erlang-k), Weibull or log-logistic
    law, `sigma` the standard deviation of the logarithm. `quantiles` are values at evenly spaced probabilities from 0
    to 1, joined by straight lines. A `sample` is the numbers of a file, each as likely as any other; `shifted` adds
    `shift` to the law `of`.

    >>> Law.model_validate({"law": "lognormal", "mean": "3 min", "cv": 1.0}).mean_value
    180.0
    """

    law: Annotated[str, AfterValidator(_known_law)] = "exponential"
    mean: Duration | None = None
    median: Duration | None = None
    low: Duration | None = None
    mode: Duration | None = None
    high: Duration | None = None
    cv: float | None = Field(default=None, gt=0, le=100, allow_inf_nan=False)
    shape: float | None = Field(default=None, gt=0, allow_inf_nan=False)
    sigma: float | None = Field(default=None, ge=0, le=5, allow_inf_nan=False)
    parts: tuple[MixturePart, ...] | None = None
    quantiles: tuple[Duration, ...] | None = None
    shift: Duration | None = None
    of: Annotated[Law | None, BeforeValidator(shorthand)] = None
    file: str | None = Field(None, description="of a sample: below the working folder or the configuration's own")
    column: str | None = Field(None, description="of the file, by its title; null: the file is one number a line")
    unit: Literal["s", "min", "h"] | None = Field(None, description="of the file's numbers; null: s")
    digest: str | None = Field(None, description="refuses the file if its numbers are not those of this digest")
    _numbers: tuple[float, ...] = PrivateAttr(())
    """a sample's values, s: never written anywhere"""

    @model_validator(mode="after")
    def _complete(self, info: ValidationInfo) -> Law:
        self._takes_its_keys()
        if self.law in ("uniform", "triangular"):
            self._in_order()
        if self.parts is not None and abs(sum(part.share for part in self.parts) - 1) > 1e-9:
            raise ValueError(f"shares of the parts must sum to 1, got {sum(p.share for p in self.parts):.6g}")
        if self.quantiles is not None and (len(self.quantiles) < 2 or list(self.quantiles) != sorted(self.quantiles)):
            raise ValueError("quantiles must be at least two, in rising order")
        if self.of is not None and self.of.law == "shifted":
            raise ValueError("a shifted law cannot be shifted again: add the shifts")
        if self.law in SHAPES:
            self._shape_within(*SHAPES[self.law])
        if self.file is not None and not self._numbers:
            self._read(info)
        if (own := own_law(self.law)) is not None and not self._numbers:
            given = {name: value for name in (*TIMES, *NUMBERS) if (value := getattr(self, name)) is not None}
            self._numbers = table_of(self.law, own, given)
        if not math.isfinite(self.mean_value):
            raise ValueError("must have a finite mean (for 'never', leave the law out or write null)")
        return self

    def _takes_its_keys(self) -> None:
        given = {name for name in Law.model_fields if name != "law" and getattr(self, name) is not None}
        own = own_law(self.law)
        options = own.keys if own else NEEDS[self.law]
        if (given - OF_A_SAMPLE if self.law == "sample" else given) not in options:
            wanted = " or ".join(" and ".join(sorted(option)) for option in options)
            got = ", ".join(sorted(given)) or "nothing"
            raise ValueError(f"law {self.law} takes {wanted}, got {got} (null unsets)")

    def _in_order(self) -> None:
        said = [(name, getattr(self, name)) for name in ("low", "mode", "high") if getattr(self, name) is not None]
        for (below, x), (above, y) in zip(said, said[1:], strict=False):
            if y < x:
                raise ValueError(f"{above} must not be below {below}, got {x} and {y}")

    def _shape_within(self, least: float, most: float) -> None:
        shape = self.shape or 1 / self.cv**2  # type: ignore[operator]
        if not least <= shape <= most:
            by_cv = f" (cv from {most**-0.5:.2g} to {least**-0.5:g})" if self.cv else ""
            raise ValueError(f"shape must be from {least:g} to {most:g}{by_cv}, got {shape:g}")

    def _read(self, info: ValidationInfo) -> None:
        folders = [Path.cwd(), *(info.context or {}).get("folders", ())]
        factor = UNITS[self.unit or "s"]
        read = numbers_of(str(self.file), self.column, folders)
        if self.digest not in (None, digest_of(read)):
            raise ValueError(f"file {self.file!r} has changed: its digest is {digest_of(read)}, not {self.digest}")
        self._numbers = tuple(value * factor for value in read)
        self.__dict__["digest"] = digest_of(read)  # frozen; so every hash and every copy says which numbers they were

    @property
    def numbers(self) -> tuple[float, ...]:
        """The values of a quantile table, of a sample, or of the table of a law from outside, in rising order, s."""
        return self.quantiles or self._numbers

    @property
    def coefficients(self) -> tuple[float, ...]:
        """The numbers that the sampler needs: their meaning by law is written in `sim.chance.sampler`."""
        if self.law == "uniform":
            return self.low or 0.0, (self.high or 0.0) - (self.low or 0.0)
        if self.law == "triangular":
            low = self.low or 0.0
            return low, (self.mode or 0.0) - low, (self.high or 0.0) - low
        if self.law == "gamma":
            shape = self.shape or 1 / self.cv**2  # type: ignore[operator]
            return shape, self.mean / shape, math.lgamma(shape)  # type: ignore[operator]
        if self.law == "lognormal":
            if self.median is not None:
                return (math.log(self.median) if self.median > 0 else -math.inf), self.sigma or 0.0
            variance = math.log1p(self.cv**2)  # type: ignore[operator]
            return (math.log(self.mean) if self.mean else -math.inf) - variance / 2, math.sqrt(variance)
        if self.law == "weibull":
            return self.mean / math.gamma(1 + 1 / self.shape), 1 / self.shape  # type: ignore[operator]
        if self.law == "log_logistic":
            b = 1 / self.shape  # type: ignore[operator]
            return (self.median if self.mean is None else self.mean * math.sin(math.pi * b) / (math.pi * b)), b  # type: ignore[return-value]
        return (self.mean or 0.0,)

    @property
    def mean_value(self) -> float:
        """Expected value, s."""
        return mean_and_variance(self)[0]

    @property
    def cv_value(self) -> float:
        """Coefficient of variation; 0 where the mean is 0."""
        mean, variance = mean_and_variance(self)
        return math.sqrt(max(0.0, variance)) / mean if mean > 0 else 0.0

    @property
    def doubt(self) -> float:
        """By how much, relative to the mean, that of the times behind a quantile table may differ from it; else 0.

        Between two quantiles the true times may lie at either end, so that each piece is uncertain by half its width.
        """
        if self.quantiles is None or self.mean_value <= 0:
            return 0.0
        return (self.quantiles[-1] - self.quantiles[0]) / (2 * (len(self.quantiles) - 1)) / self.mean_value

    def scaled(self, factor: float) -> Law:
        """The same law with all its times multiplied by `factor`."""
        changes: dict[str, Any] = {}
        for name in ("mean", "median", "low", "mode", "high", "shift"):
            value = getattr(self, name)
            if value is not None:
                changes[name] = value * factor
        if self.parts is not None:
            changes["parts"] = tuple(part.scaled(factor) for part in self.parts)
        if self.of is not None:
            changes["of"] = self.of.scaled(factor)
        if self.quantiles is not None:
            changes["quantiles"] = tuple(value * factor for value in self.quantiles)
        copy = self.model_copy(update=changes)
        copy._numbers = tuple(value * factor for value in self._numbers)
        return copy


class MixturePart(Law):
    """One component of a mixture, chosen with probability `share`."""

    share: float = Field(ge=0, le=1)

    @model_validator(mode="after")
    def _flat(self) -> MixturePart:
        if self.parts is not None or (self.of is not None and self.of.parts is not None):
            raise ValueError("a part of a mixture cannot be a mixture itself")
        return self


Law.model_rebuild()
Time = Annotated[Law, BeforeValidator(shorthand)]
"""A law, or a bare duration for a constant."""


def laws_in(value: Any, where: str = "") -> Iterator[tuple[str, Law]]:
    """Every law of a part of the centre, with its path."""
    if isinstance(value, Law):
        yield where, value
    below: Iterator[tuple[object, Any]] = iter(())
    if isinstance(value, Part):
        below = ((name, getattr(value, name)) for name in type(value).model_fields)
    elif isinstance(value, Mapping):
        below = iter(value.items())
    elif isinstance(value, tuple):
        below = iter(enumerate(value))
    for name, each in below:
        path = f"{where}[{name}]" if isinstance(value, tuple) else f"{where}.{name}".lstrip(".")
        yield from laws_in(each, path)
