"""From files as received to rows of tables, with everything that is wrong or uncertain about them."""

from kpi_core.ingest.across import DEFINES, LISTS, check_overlap, check_references
from kpi_core.ingest.batch import read_batch
from kpi_core.ingest.received import Batch, FileRead, Option, Question, Reading, Received
from kpi_core.ingest.sheet import Sheet
from kpi_core.ingest.tidy import read

__all__ = [
    "DEFINES", "LISTS", "Batch", "FileRead", "Option", "Question", "Reading", "Received", "Sheet",
    "check_overlap", "check_references", "read", "read_batch",
]  # fmt: skip
