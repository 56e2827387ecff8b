"""Cached loaders of the pages that explore. The keys are those of `pages.shared.load`."""

from __future__ import annotations

import polars as pl
import streamlit as st

from kpi_core import catalogue, versions, views
from pages.shared import load


@st.cache_resource(max_entries=load.PAGES, show_spinner=False)
def ratings_over_time(
    organisation: str, version: str, report: str, period: str, span: int
) -> views.MatrixView:
    """The ratings of a report's KPIs over a span of periods."""
    known = load.figures(organisation, version)
    return views.ratings_over_time(known, report, known.organisation.period(period), span)


@st.cache_resource(max_entries=load.VERSIONS * 8, show_spinner=False)
def comparable(organisation: str, version: str, report: str, period: str) -> pl.DataFrame:
    """Everything of a report that can be compared: see catalogue."""
    known = load.figures(organisation, version)
    return catalogue.catalogue(known, report, known.organisation.period(period))


@st.cache_resource(max_entries=load.VERSIONS * 8, show_spinner=False)
def findable(organisation: str, version: str, report: str, period: str) -> pl.DataFrame:
    """The indicators of a report, to be searched: see catalogue.indicators."""
    known = load.figures(organisation, version)
    return catalogue.indicators(known, report, known.organisation.period(period))


@st.cache_resource(max_entries=load.PAGES, show_spinner=False)
def together(
    organisation: str,
    version: str,
    report: str,
    period: str,
    keys: tuple[str, ...],
    *,
    first: str = "",
    last: str = "",
) -> views.Together:
    """What is compared, from one period to another; keys of `comparable` only."""
    known = load.figures(organisation, version)
    at = known.organisation.period(period)
    return views.together(known, report, at, keys, first=first, last=last)


@st.cache_resource(max_entries=load.PAGES, show_spinner=False)
def pair(
    organisation: str,
    version: str,
    report: str,
    period: str,
    keys: tuple[str, ...],
    *,
    lag: int,
    first: str = "",
    last: str = "",
) -> views.Pair:
    """The first two of what is compared, one against the other."""
    key = (organisation, version, report, period)
    view = together(*key, keys, first=first, last=last)
    return views.pair(load.figures(organisation, version), view, lag)


@st.cache_resource(max_entries=load.PAGES, show_spinner=False)
def indicator(
    organisation: str,
    version: str,
    report: str,
    period: str,
    code: str,
    *,
    window: int | None = None,
) -> views.IndicatorView:
    """One indicator in depth."""
    known = load.figures(organisation, version)
    return views.indicator(known, report, known.organisation.period(period), code, window)


@st.cache_resource(max_entries=load.PAGES, show_spinner=False)
def telling(
    organisation: str,
    version: str,
    report: str,
    period: str,
    code: str,
    *,
    window: int | None = None,
) -> views.Telling:
    """What an indicator's figures can tell."""
    return views.telling(indicator(organisation, version, report, period, code, window=window))


@st.cache_resource(max_entries=load.PAGES, show_spinner=False)
def seasons(organisation: str, version: str, report: str, period: str, code: str) -> views.Seasons:
    """The seasons of an indicator."""
    return views.seasons(indicator(organisation, version, report, period, code))


@st.cache_resource(max_entries=load.PAGES, show_spinner=False)
def revisions(organisation: str, version: str, code: str) -> pl.DataFrame:  # noqa: ARG001
    """Figures of an indicator that are held otherwise than at first: see versions.revisions."""
    return versions.revisions(load.store(organisation), code)


@st.cache_resource(max_entries=load.PAGES, show_spinner=False)
def control(
    organisation: str,
    version: str,
    report: str,
    period: str,
    code: str,
    *,
    screened: bool,
    rebase: str = "",
    baseline: str = "",
) -> views.Control:
    """An indicator's XmR chart."""
    view = indicator(organisation, version, report, period, code)
    return views.control(view, screened=screened, rebase=rebase, baseline=baseline)


@st.cache_resource(max_entries=load.PAGES, show_spinner=False)
def ahead(organisation: str, version: str, report: str, period: str, code: str) -> views.AheadView:
    """What is ahead of an indicator in its year."""
    view = indicator(organisation, version, report, period, code)
    return views.ahead(load.figures(organisation, version), view)


@st.cache_resource(max_entries=load.VERSIONS * 8, show_spinner="Forecasting again from the past …")
def past_forecasts(
    organisation: str, version: str, report: str, period: str
) -> views.ForecastsView:
    """Every forecast of a report's year ends that could have been made. It takes about a second."""
    known = load.figures(organisation, version)
    return views.past_forecasts(known, report, known.organisation.period(period))
