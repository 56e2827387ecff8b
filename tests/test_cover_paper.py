"""Kent's cover paper of Q2 2024/25, against what the published one says (document 002)."""

from __future__ import annotations

import io

import docx
import pytest

from kpi_core import report
from kpi_core.figures import Figures
from kpi_core.periods import Period
from kpi_core.report.tree import Facts, Items, Paper, Paragraph
from tests.papers import Pdf

#: Document 002, paragraph 2.2: how many have which rating, and how many had it before.
RATED = [
    "16 are rated Green (one fewer than the previous Quarter)",
    "15 are rated Amber (one more than the previous Quarter)",
    "Eight are rated Red (the same as the previous Quarter)",
]
#: Paragraph 2.3: the Reds by section; Percentage is written % here.
REDS = {
    "Customer Services": ["% of complaints responded to within timescale"],
    "Governance and Law": [
        "% of Freedom of Information Act (FoI) requests completed within 20 working days",
        "% of Data Protection Act (DPA) Subject Access requests completed within statutory timescales",
    ],
    "Children, Young People and Education (Education & Skills)": [
        "% of Education, Health Care Plans (EHCPs) issued within 20 weeks",
    ],
    "Children, Young People and Education (Integrated Children's Services)": [
        "% of case holding posts filled by permanent qualified social workers",
        "% of foster care placements which are in-house or with relatives and friends (excluding UASC)",
        "Number of foster households",
        "% of care leavers in education, employment or training (of those KCC is in touch with)",
    ],
}  # fmt: skip
#: Paragraph 2.4: directions, and the change in each.
WAYS = [
    "11 indicators show a positive trend (the same as the previous Quarter)",
    "22 are stable or have no clear trend (one more than the previous Quarter)",
    "six show a negative trend (one fewer than the previous Quarter)",
]


@pytest.fixture(scope="module")
def cover(kent: Figures) -> Paper:
    return report.build(kent, "cover-paper", "qpr", Period.parse("2024/25 Q2"))


def lists(paper: Paper) -> list[Items]:
    return [block for block in paper.blocks if isinstance(block, Items)]


def paragraphs(paper: Paper) -> str:
    return "\n".join(block.text for block in paper.blocks if isinstance(block, Paragraph))


def test_its_counts_are_those_of_the_published_one(cover: Paper) -> None:
    lines = [text for text, _ in lists(cover)[0].items]
    assert [line.partition(":")[0] for line in lines[:3]] == RATED
    assert lines[3] == "One has no data."
    assert "Of the 40 KPIs in the report" in paragraphs(cover)


def test_its_reds_are_those_of_the_published_one_by_section(cover: Paper) -> None:
    def plain(name: str) -> str:
        return name.removesuffix(" – rolling 12 months")

    assert "The eight indicators rated Red are in:" in paragraphs(cover)
    shown = {section: [*map(plain, names)] for section, names in lists(cover)[1].items}
    assert shown == REDS
    assert list(shown) == list(REDS)


def test_its_directions_are_those_of_the_published_one(cover: Paper) -> None:
    text = paragraphs(cover)
    assert all(words in text for words in WAYS)


def test_its_head_its_recommendation_and_its_contacts(cover: Paper) -> None:
    [facts] = [block for block in cover.blocks if isinstance(block, Facts)]
    assert dict(facts.rows) == {
        "From": "Roger Gough – Leader of the Council\nAmanda Beer – Chief Executive Officer",
        "To": "Cabinet – 9 January 2025",
        "Decision No": "n/a",
        "Subject": "Quarterly Performance Report, Quarter 2, 2024/25",
        "Classification": "Unrestricted",
    }
    text = paragraphs(cover)
    assert (
        "Cabinet is asked to NOTE the Quarterly Performance Report for Quarter 2, 2024/25 and the "
        "actions being taken to address areas where performance is not as targeted."
    ) in text
    assert "Matthew Wagner\nChief Analyst\n" in text
    assert "Telephone: 03000 416559\nMatthew.Wagner@kent.gov.uk" in text


def test_it_says_the_same_as_pdf_and_as_word(cover: Paper) -> None:
    shown = Pdf(report.write(cover, "pdf")).text
    document = docx.Document(io.BytesIO(report.write(cover, "docx")))
    words = "\n".join(line.text for line in document.paragraphs)
    for line in [*RATED, *WAYS]:
        assert line in shown
        assert line in words
    for section, names in lists(cover)[1].items:
        assert section in shown
        assert all(name in shown and name in words for name in names)


def test_a_paper_of_another_time_does_not_bear_the_names_of_today(kent: Figures) -> None:
    old = report.build(kent, "cover-paper", "qpr", Period.parse("2020/21 Q2"))
    assert "Matthew Wagner" not in paragraphs(old)
    [facts] = [block for block in old.blocks if isinstance(block, Facts)]
    assert dict(facts.rows) == {"Subject": "Quarterly Performance Report, Quarter 2, 2020/21"}
    assert "The committee is asked to NOTE" in paragraphs(old)
    assert "The three indicators rated Red are in:" in paragraphs(old)
