"""The faults in the figures, found from the data alone.

Each kind of fault has a function that takes frames and returns findings (COLUMNS, all String).
`findings` is what is wrong with all that is held; `brought` what an upload would bring.
"""

from kpi_core.quality.added import MOST_FIGURES, brought
from kpi_core.quality.facts import COLUMNS
from kpi_core.quality.search import KINDS, SEVERITIES, UPLOAD_KINDS, findings

__all__ = [
    "COLUMNS", "KINDS", "MOST_FIGURES", "SEVERITIES", "UPLOAD_KINDS", "brought", "findings",
]  # fmt: skip
