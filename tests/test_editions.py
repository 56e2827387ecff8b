"""Editions: what they hold, that nothing changes them, who publishes them, and where they stand."""

from __future__ import annotations

import csv
import dataclasses
import hashlib
import io
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import polars as pl
import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings

from kpi_core import editions, ingest, rating, registry, schemas, scorecard, summary
from kpi_core.archive import Archive, DamagedEdition
from kpi_core.errors import UnknownName, UserError
from kpi_core.figures import Figures, tables_in_order
from kpi_core.periods import Period
from kpi_core.standing import Standing
from kpi_core.store import Store
from tests import tables
from tests.councils import QUARTERS, csv_bytes, figure, write_council
from tests.random_council import HOSTILE, Council, councils

LAST = Period.parse(QUARTERS[-1])
EARLIER = Period.parse(QUARTERS[-2])
ANOTHER = "[publishing]\nconfirmed_by_another = true\n"


def change(store: Store, value: str, indicator: str = "CALLS", period: str = str(LAST)) -> int:
    """Load another figure; returns the upload's number."""
    rows = [figure(indicator, period, value)]
    return store.commit({"observations.csv": csv_bytes("observations", rows)}, "Bo", "late").id


def two_persons(store: Store) -> Archive:
    settings = store.folder / "organisation.toml"
    settings.write_text(f"{settings.read_text()}\n{ANOTHER}")
    return Archive(store)


def shown(figures: Figures, at: Period) -> dict[str, list[dict[str, object]]]:
    """Everything that a report shows of a period."""
    card = scorecard.kpis(figures, "qpr", at)
    return {
        "kpis": card.to_dicts(),
        "activities": scorecard.activities(figures, "qpr", at).to_dicts(),
        "counts": summary.counts(card, figures, "qpr", at).to_dicts(),
    }


def ratings(figures: Figures, at: Period = LAST) -> dict[str, str]:
    card = scorecard.kpis(figures, "qpr", at)
    return dict(card.select("indicator", pl.col("rating").cast(pl.String)).iter_rows())


def assert_same(one: Figures, other: Figures) -> None:
    """Both hold the same rows in the same order, wherever in a file they stood."""
    for (name, left), (_, right) in zip(one.tables(), other.tables(), strict=True):
        assert left.drop("file_row").equals(right.drop("file_row")), name
        assert left.schema == right.schema


# What an edition holds


def test_an_edition_holds_every_table_the_settings_and_what_was_shown(store: Store) -> None:
    edition = Archive(store).prepare("qpr", LAST, "Ann")
    files = Archive(store).files(edition.number)
    tables = {f"{name}.csv" for name, _ in store.figures().tables()}
    more = {"organisation.toml", "edition.csv", "shown-ratings.csv", "shown-activities.csv", "shown-counts.csv"}  # fmt: skip
    assert files.keys() == tables | more
    assert files["edition.csv"].decode().splitlines() == [
        "organisation,report,title,period",
        f"Testshire Council,qpr,Quarterly report,{LAST}",
    ]
    (share,) = (
        line for line in files["shown-ratings.csv"].decode().splitlines() if "SHARE" in line
    )
    assert "24,17.5,22.5,15,25,20,AMBER" in share


def test_the_figures_of_an_edition_are_those_of_the_moment(store: Store) -> None:
    edition = Archive(store).prepare("qpr", LAST, "Ann")
    frozen = Archive(store).figures(edition.number)
    assert_same(frozen, store.figures())
    assert frozen.organisation == store.organisation
    assert shown(frozen, LAST) == shown(store.figures(), LAST)


def test_anybody_can_work_out_the_hash(store: Store) -> None:
    archive = Archive(store)
    edition = archive.prepare("qpr", LAST, "Ann")
    with zipfile.ZipFile(io.BytesIO(archive.packed(edition.number))) as packed:
        listed = "".join(
            f"{hashlib.sha256(packed.read(name)).hexdigest()}  {name}\n"
            for name in sorted(packed.namelist())
        )
    assert edition.hash == hashlib.sha256(listed.encode()).hexdigest()


def test_the_hash_is_that_of_the_figures_whoever_freezes_them_and_when(
    store: Store, tmp_path: Path
) -> None:
    elsewhere = Store(write_council(tmp_path / "other" / "testshire"), tmp_path / "there")
    elsewhere.refresh()
    first = Archive(store).prepare("qpr", LAST, "Ann", "for Cabinet")
    later = datetime.now(UTC) + timedelta(days=30)
    other = Archive(elsewhere).prepare("qpr", LAST, "Bo", moment=later)
    assert first.hash == other.hash
    assert Archive(store).packed(first.number) == Archive(elsewhere).packed(other.number)
    change(store, "91")
    assert Archive(store).prepare("qpr", LAST, "Ann").hash != first.hash
    assert Archive(elsewhere).prepare("qpr", EARLIER, "Bo").hash != first.hash


@pytest.mark.parametrize(
    "text", [*HOSTILE, "'=1+1", "''=1", "'quoted'", 'a "b", c\r\nd', "e\rf", "g\u2028h"]
)
def test_text_comes_back_as_it_was_and_is_no_formula_meanwhile(store: Store, text: str) -> None:
    row = {"report": "qpr", "section": "Roads", "period": str(LAST), "kind": "commentary", "order": "1"}  # fmt: skip
    quoted = '"' + text.replace('"', '""') + '"'
    content = csv_bytes("commentary", [{**row, "text": "TEXT"}]).replace(b"TEXT", quoted.encode())
    store.commit({"commentary.csv": content}, "Bo", "")
    archive = Archive(store)
    edition = archive.prepare("qpr", LAST, "Ann")
    assert archive.figures(edition.number).commentary["text"].to_list() == [text]
    held = pl.read_csv(archive.files(edition.number)["commentary.csv"], infer_schema=False)["text"][
        0
    ]
    assert held[0] not in "=+-@"


@given(councils())
@hypothesis_settings(max_examples=8, suppress_health_check=[HealthCheck.too_slow])
def test_editions_of_any_council_come_back_as_they_were(
    tmp_path_factory: pytest.TempPathFactory, council: Council
) -> None:
    base = tmp_path_factory.mktemp("any")
    store = Store(write_council(base / "any", council), base / "var")
    store.refresh()
    figures = store.figures()
    for at in registry.report_periods(figures, "qpr")[:1]:
        files = editions.contents(figures, store.settings, "qpr", at)
        frozen = editions.figures_of("any", files)
        assert_same(frozen, figures)
        assert shown(frozen, at) == shown(figures, at)
        assert editions.contents(frozen, store.settings, "qpr", at) == files
        shuffled = {
            name: rows.sample(fraction=1, shuffle=True, seed=1) for name, rows in figures.tables()
        }
        mixed = Figures(figures.organisation, *tables_in_order(shuffled))
        for name, rows in mixed.tables():
            again = editions.contents(mixed, store.settings, "qpr", at)[f"{name}.csv"]
            assert again == files[f"{name}.csv"], rows


def test_files_are_written_as_the_standard_says(store: Store) -> None:
    """The same bytes as Python's own writer: the hash must not hang on a version of a library."""
    key = {"report": "qpr", "section": "Roads", "period": str(LAST), "kind": "commentary"}
    texts = [*(text for text in HOSTILE if text[0] not in "=+-@"), 'a "b", c\r\nd', "e\rf", "g\nh", "i,j", " "]  # fmt: skip
    rows = [{**key, "order": str(order), "text": text} for order, text in enumerate(texts, start=1)]
    names = list(schemas.columns("commentary"))
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, names, restval="", lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(rows)
    frame = tables.table("commentary", rows)
    figures = dataclasses.replace(store.figures(), commentary=frame)
    files = editions.contents(figures, store.settings, "qpr", LAST)
    assert files["commentary.csv"] == out.getvalue().encode()


def test_a_file_of_an_edition_can_be_loaded_again(store: Store) -> None:
    files = Archive(store).files(Archive(store).prepare("qpr", LAST, "Ann").number)
    for name, rows in store.figures().tables():
        received = ingest.read(f"{name}.csv", files[f"{name}.csv"])
        assert not received.problems
        assert received.rows.drop("file_row").equals(rows.drop("file_row"))


# As published


def _another_floor(frame: pl.DataFrame) -> pl.DataFrame:
    """A rule of some later day: everything is Red."""
    return _rate(frame).with_columns(rating=pl.lit("RED").cast(rating.RATING))


_rate = rating.rate


def test_as_published_survives_a_change_of_the_rules(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive = Archive(store)
    edition = archive.prepare("qpr", LAST, "Ann")
    before = shown(store.figures(), LAST)
    monkeypatch.setattr(rating, "rate", _another_floor)
    monkeypatch.setattr("kpi_core.alerts.alert", lambda *_: pl.lit("Below"))
    assert set(ratings(store.figures()).values()) == {"RED"}
    frozen = archive.figures(edition.number)
    assert ratings(frozen) == {"CALLS": "GREEN", "DAYS": "GREEN", "SHARE": "AMBER"}
    then = shown(frozen, LAST)
    assert then["counts"] == before["counts"]
    for kind, columns in (("kpis", ("rating", "previous_rating", "direction", "value")), ("activities", ("alert",))):  # fmt: skip
        for was, row in zip(before[kind], then[kind], strict=True):
            assert [row[name] for name in columns] == [was[name] for name in columns]
    # Of other periods the edition has only the figures.
    assert set(ratings(frozen, EARLIER).values()) == {"RED"}


def test_as_published_never_changes_after_uploads_undoing_and_rebuilding(store: Store) -> None:
    archive = Archive(store)
    edition = archive.prepare("qpr", LAST, "Ann")
    before = archive.figures(edition.number)
    first = change(store, "12")
    assert ratings(store.figures())["CALLS"] == "RED"
    acts: list[Callable[[], object]] = [
        lambda: change(store, "30", "DAYS"),
        lambda: store.undo(first, "Bo"),
        lambda: archive.prepare("qpr", LAST, "Cy"),
        store.rebuild,
        lambda: store.undo(edition.id, "Bo"),
    ]
    for act in acts:
        act()
        after = archive.figures(edition.number)
        assert_same(before, after)
        assert shown(before, LAST) == shown(after, LAST)


def test_editions_leave_the_figures_alone(store: Store) -> None:
    before = store.figures()
    Archive(store).prepare("qpr", LAST, "Ann")
    assert_same(store.figures(), before)
    store.rebuild()
    assert_same(store.figures(), before)
    assert [(one.kind, one.by) for one in store.log()] == [("folder", "folder"), ("edition", "Ann")]


def test_a_rebuilt_store_has_the_same_editions(store: Store) -> None:
    archive = two_persons(store)
    draft = archive.prepare("qpr", LAST, "Ann")
    archive.confirm(draft.number, "Bo")
    before = archive.editions()
    store.rebuild()
    assert archive.editions() == before


# Who publishes


def test_preparing_publishes_at_once_unless_the_council_asks_for_another_person(
    store: Store,
) -> None:
    edition = Archive(store).prepare("qpr", LAST, "  Ann   Other ", "for Cabinet")
    assert (edition.standing, edition.number) == (Standing.PUBLISHED, 1)
    assert (edition.prepared_by, edition.note) == ("Ann Other", "for Cabinet")
    assert edition.published_at == edition.prepared_at


def test_a_draft_is_published_by_another_person(store: Store) -> None:
    archive = two_persons(store)
    draft = archive.prepare("qpr", LAST, "Ann Other")
    assert draft.is_draft
    assert draft.published_at is None
    for name in ("Ann Other", " ann  OTHER", "AnnOther"):
        with pytest.raises(UserError, match="another person must confirm"):
            archive.confirm(draft.number, name)
    done = archive.confirm(draft.number, "Bo")
    assert (done.standing, done.confirmed_by) == (Standing.PUBLISHED, "Bo")
    assert done.published_at is not None
    assert done.published_at > done.prepared_at
    with pytest.raises(UserError, match="published already"):
        archive.confirm(draft.number, "Cy")


def test_a_draft_stays_one_when_the_setting_is_taken_back(store: Store) -> None:
    settings = store.folder / "organisation.toml"
    plain = settings.read_text()
    archive = two_persons(store)
    draft = archive.prepare("qpr", LAST, "Ann")
    settings.write_text(plain)
    assert archive.edition(draft.number).is_draft


def test_a_confirmation_can_be_undone(store: Store) -> None:
    archive = two_persons(store)
    draft = archive.prepare("qpr", LAST, "Ann")
    archive.confirm(draft.number, "Bo")
    store.undo(store.log()[-1].id, "Bo")
    assert archive.edition(draft.number).is_draft


@pytest.mark.parametrize("name", ["", "   "])
def test_a_name_is_needed(store: Store, name: str) -> None:
    with pytest.raises(UserError, match="a name is missing"):
        Archive(store).prepare("qpr", LAST, name)
    assert Archive(store).editions() == []


def test_a_period_without_figures_is_not_published(store: Store) -> None:
    with pytest.raises(UserError, match="shows nothing for 2025/26 Q1"):
        Archive(store).prepare("qpr", LAST.shift(1), "Ann")


def test_an_unknown_edition_is_told_with_those_there_are(store: Store) -> None:
    edition = Archive(store).prepare("qpr", LAST, "Ann")
    with pytest.raises(UnknownName, match=f"Known: {edition.number}"):
        Archive(store).figures(77)


# Where editions stand


def test_a_later_edition_supersedes_and_both_stay_readable(store: Store) -> None:
    archive = Archive(store)
    first = archive.prepare("qpr", LAST, "Ann")
    change(store, "12")
    second = archive.prepare("qpr", LAST, "Ann")
    other = archive.prepare("qpr", EARLIER, "Ann")
    assert [(one.number, one.standing) for one in archive.editions()] == [
        (1, Standing.SUPERSEDED), (2, Standing.PUBLISHED), (3, Standing.PUBLISHED),
    ]  # fmt: skip
    assert ratings(archive.figures(first.number))["CALLS"] == "GREEN"
    assert ratings(archive.figures(second.number))["CALLS"] == "RED"
    assert other.period == str(EARLIER)


def test_a_draft_supersedes_nothing(store: Store) -> None:
    first = Archive(store).prepare("qpr", LAST, "Ann")
    archive = two_persons(store)
    draft = archive.prepare("qpr", LAST, "Ann")
    assert archive.edition(first.number).standing is Standing.PUBLISHED
    archive.confirm(draft.number, "Bo")
    assert archive.edition(first.number).standing is Standing.SUPERSEDED


def test_a_withdrawn_edition_gives_way_and_its_number_is_not_given_again(store: Store) -> None:
    archive = Archive(store)
    first, second = (archive.prepare("qpr", LAST, "Ann") for _ in range(2))
    undone = store.undo(second.id, "Bo", "wrong figures")
    assert archive.edition(second.number).standing is Standing.WITHDRAWN
    assert archive.edition(first.number).standing is Standing.PUBLISHED
    with pytest.raises(UserError, match="was withdrawn"):
        archive.confirm(second.number, "Bo")
    assert archive.prepare("qpr", LAST, "Ann").number == 3
    store.undo(undone.id, "Bo")
    assert archive.edition(second.number).standing is Standing.SUPERSEDED


# Damage


def test_a_changed_file_is_noticed(store: Store) -> None:
    archive = two_persons(store)
    edition = archive.prepare("qpr", LAST, "Ann")
    assert archive.recomputed(edition.number) == edition.hash
    path = store.journal.folder_of(edition.id) / "edition.zip"
    files = {**archive.files(edition.number)}
    files["observations.csv"] = files["observations.csv"].replace(b"92", b"93")
    with zipfile.ZipFile(path, "w") as packed:
        for name, content in files.items():
            packed.writestr(name, content)
    assert archive.recomputed(edition.number) not in ("", edition.hash)
    for act in (archive.files, archive.figures, lambda number: archive.confirm(number, "Bo")):
        with pytest.raises(DamagedEdition, match="their hash differs"):
            act(edition.number)
    path.write_bytes(b"PK\x03\x04 cut off")
    assert archive.recomputed(edition.number) != edition.hash
