"""The scale on which forecasts of a bounded measure are uncertain, so that none leaves its bounds.

    no bounds           figures as they are
    never below 0       their square root: what counts need (Bartlett, Journal of the Royal
                        Statistical Society, 1936)
    from 0 to 100       the arcsine of the square root of the share: what shares of a count need
                        (Anscombe, Biometrika, 1948)

On these scales a figure varies about as much wherever it lies, and both are defined at 0% and 100%
themselves, as a logarithm and a logit are not. Whatever lies beyond an end of the scale is the end:
the chance of "100% or more" is that of 100%.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from kpi_core.runs import Floats


@dataclass(frozen=True)
class Scale:
    """Between which figures all lie; None is open. With a largest there is a smallest."""

    smallest: float | None = None
    largest: float | None = None

    def of(self, figures: Floats | float) -> Floats:
        """Where figures lie on the scale."""
        given = np.asarray(figures, dtype=np.float64)
        if self.smallest is None:
            return given
        above = np.maximum(given - self.smallest, 0)
        if self.largest is None:
            return np.sqrt(above)
        return np.arcsin(np.sqrt(np.minimum(above / (self.largest - self.smallest), 1)))

    def figures(self, places: Floats | float) -> Floats:
        """The figures at places of the scale."""
        given = np.asarray(places, dtype=np.float64)
        if self.smallest is None:
            return given
        above = np.maximum(given, 0)
        if self.largest is None:
            return self.smallest + above * above
        share = np.sin(np.minimum(above, np.pi / 2)) ** 2
        return self.smallest + (self.largest - self.smallest) * share


#: Of measures that may be any number.
PLAIN = Scale()
