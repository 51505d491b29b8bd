"""Jurisdictions: a country is a folder of data. ``load`` reads a shipped one (``ir``, ``vn``) or any other by path."""

from __future__ import annotations

from dashboard.jurisdictions.folder import SHIPPED, load
from dashboard.jurisdictions.jurisdiction import Jurisdiction
from dashboard.jurisdictions.model import (
    Code,
    Deadline,
    Directorate,
    EligibilityRule,
    Island,
    Limit,
    Merge,
    Office,
    Procedure,
    ProcedureCode,
    Province,
    ProvinceProblem,
)
from dashboard.jurisdictions.problems import JurisdictionError, Problem
from dashboard.jurisdictions.service_index import ServiceIndex
from dashboard.jurisdictions.workdays import WorkCalendar, WorkdayException

__all__ = [
    "SHIPPED",
    "Code",
    "Deadline",
    "Directorate",
    "EligibilityRule",
    "Island",
    "Jurisdiction",
    "JurisdictionError",
    "Limit",
    "Merge",
    "Office",
    "Problem",
    "Procedure",
    "ProcedureCode",
    "Province",
    "ProvinceProblem",
    "ServiceIndex",
    "WorkCalendar",
    "WorkdayException",
    "load",
]
