"""The measures: each defined once, for screen, export and documents.

A measure's label and definition are the texts ``measure.<key>.label`` and ``measure.<key>.definition``; the formula
here is what the definition says, in the words of the claims database, and is printed in the documents.
"""

from __future__ import annotations

from dataclasses import dataclass

from dashboard.panel import Format


@dataclass(frozen=True)
class Measure:
    """``basis``: "period" counts by the day it happened, "cohort" by filing day, "stock" at one moment.

    ``good`` says which direction is welcome: +1 up, -1 down, 0 neither. ``choice``: it shows what applicants choose, and
    where the jurisdiction is neutral about that, nobody is held to it.
    """

    key: str
    format: Format
    formula: str
    basis: str = "period"
    good: int = 0
    choice: bool = False


MEASURES = {
    measure.key: measure
    for measure in (
        Measure("registered", "count", "cases opened in the period, subject registrations"),
        Measure("registered_usual", "count", "mean of the same weekday over the last four weeks, up to this hour"),
        Measure("registered_per_100k", "count", "registered × 100 000 ÷ inhabitants"),
        Measure("eligibility_rate", "share", "eligible ÷ (eligible + not eligible), by day of decision"),
        Measure("decided", "count", "cases decided eligible or not eligible in the period"),
        Measure("opened", "count", "cases opened in the period"),
        Measure("opened_per_100k", "count", "opened × 100 000 ÷ inhabitants"),
        Measure("closed", "count", "cases closed in the period"),
        Measure("closed_per_working_day", "count", "closed ÷ working days of the period"),
        Measure("backlog", "count", "opened − closed over all days up to the period's end", basis="stock", good=-1),
        Measure("backlog_age", "days", "median age of the cases open now", basis="stock", good=-1),
        Measure("overdue", "count", "cases open now past the day they are due", basis="stock", good=-1),
        Measure("on_time_rate", "share", "closed early or on time ÷ closed under a limit, by day of closing", good=1),
        Measure("clearance", "share", "closed ÷ opened in the period", good=1),
        Measure("attention", "text", "reasons for which a province departs from its limits or its usual level"),
        Measure("office_return_rate", "share", "returned in the period ÷ opened in the period, insured schemes"),
        Measure("office_grant_rate", "share", "approved ÷ (approved + denied), by day of closing"),
        Measure(
            "office_ruling_rate",
            "share",
            "(for petitioner + partly) ÷ (for petitioner + partly + against petitioner), by day of closing",
        ),
        Measure("due_in_one", "count", "cases open now, due from today on, before the next working day", basis="stock"),
        Measure(
            "due_in_three", "count", "cases open now, due from today on, before the third working day", basis="stock"
        ),
        Measure(
            "due_in_seven", "count", "cases open now, due from today on, before the seventh working day", basis="stock"
        ),
        Measure("per_expert", "count", "cases open now that wait for the office ÷ experts", basis="stock", good=-1),
        Measure("per_board", "count", "disputes open now that wait for a board ÷ boards", basis="stock", good=-1),
        Measure("closed_per_expert", "count", "closed ÷ working days of the period ÷ experts at its end"),
    )
}
