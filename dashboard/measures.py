"""The measures: each defined once, for screen, export and documents.

A measure's label and definition are the texts ``measure.<key>.label`` and ``measure.<key>.definition``; the formula
here is what the definition says, in the words of the claims database, and is printed in the documents.
"""

from __future__ import annotations

from dataclasses import dataclass

from dashboard.panel import Format


@dataclass(frozen=True)
class Measure:
    """``basis``: "period" counts by the day it happened, "cohort" by filing day, "stock" at one moment, "published" by
    somebody else.

    ``good`` says which direction is welcome: +1 up, -1 down, 0 neither. ``choice``: it shows what applicants choose,
    and where the jurisdiction is neutral about that, nobody is held to it.
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
        Measure("index_total", "score", "sum of the published points of all groups", basis="published", good=1),
        Measure("index_share", "share", "published points ÷ points to be had", basis="published", good=1),
        Measure("index_published", "score", "published points of the group of progress", basis="published", good=1),
        Measure("index_estimate", "score", "points to be had × on time ÷ received", basis="cohort", good=1),
        Measure("index_on_time", "count", "received − closed late − open past the day they are due", basis="cohort"),
        Measure("index_received", "count", "procedures filed by applicants in the period", basis="cohort"),
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
        Measure("contract_steps", "count", "contracts registered in the period that passed the step", basis="cohort"),
        Measure("places_verified", "count", "identity verifications opened, by place, in whole months"),
        Measure(
            "conciliation_success",
            "share",
            "conciliations held in the period whose petition is closed by agreement ÷ held",
        ),
        Measure("settled_unruled", "share", "closed by agreement without a ruling ÷ closed in the period"),
        Measure("judicial_ratio", "share", "judicial reviews sought ÷ closed with a ruling in the period"),
        Measure(
            "board_ruling_rate",
            "share",
            "(for petitioner + partly) ÷ (for petitioner + partly + against petitioner), by month of closing",
        ),
        Measure("board_open", "count", "disputes opened − closed over all days so far, by board", "stock", -1),
        Measure("identities_verified", "count", "identity verifications opened, by place and filer, in whole months"),
        Measure("petition_steps", "count", "identity verifications opened in the period that came so far", "cohort"),
        Measure("appeal_ratio", "share", "appeals lodged ÷ rulings served in the period"),
        Measure("disputes_moved", "count", "disputes opened; disputes closed, each by its own day"),
        Measure("open_now", "count", "cases open now, by days since filing", basis="stock", good=-1),
        Measure("stage_days", "days", "median and 90th percentile of the days from one step to another, whole months"),
        Measure("outcome_share", "share", "closed with the outcome ÷ closed with any, by day of closing"),
        Measure("filer_share", "share", "opened by the filer ÷ opened by a known one"),
        Measure("claim_share", "share", "petitions with the type of claim ÷ petitions, opened in the period"),
        Measure("limit_late", "count", "stages that took longer than their limit, whole months", good=-1),
        Measure("limit_late_share", "share", "stages that took longer than their limit ÷ stages that ended", good=-1),
        Measure(
            "cohort_on_time_rate",
            "share",
            "closed early or on time ÷ (closed under a limit + open past the due day), of cases filed in the period",
            basis="cohort",
            good=1,
        ),
        Measure("closed_unlimited", "count", "cases closed in the period where no limit is set"),
        Measure("online_share", "share", "opened online ÷ opened by an applicant in the period", good=1, choice=True),
        Measure("online_share_chosen", "share", "online_share, where online is a choice and no aim", choice=True),
        Measure("movement", "count", "benefits begun, suspended, resumed, ended, each by its own day"),
        Measure("transfers_sent", "count", "transfers opened, by the province they leave"),
        Measure("transfers_received", "count", "transfers opened, by the province they go to"),
        Measure("transfers", "count", "transfers opened, from one province to another"),
        Measure("problems_open", "count", "problem reports without an answer", basis="stock", good=-1),
        Measure("problems_known", "text", "problem reports whose answer was published to all", basis="stock"),
        Measure(
            "answer_time", "hours", "median of answered − reported, of the reports answered in the period", good=-1
        ),
        Measure(
            "feeds_silent", "count", "provinces of which nothing was accepted for 24 hours", basis="stock", good=-1
        ),
        Measure("feed_lag", "hours", "last heard − newest change reported", basis="stock", good=-1),
        Measure("quarantine_share", "share", "quarantined ÷ received in the period, by day of arrival", good=-1),
        Measure("quarantine_open", "count", "records in quarantine that were not replayed", basis="stock", good=-1),
        Measure(
            "readiness", "share", "mean of trained ÷ staff, delegated ÷ accounts, integrated ÷ systems", "stock", 1
        ),
        Measure("recounted", "text", "rollups recounted from the facts", basis="stock"),
        Measure("batch_account", "count", "received = accepted + unchanged + quarantined"),
        Measure("registered_share", "share", "registered with the trait ÷ registered with a known one"),
        Measure("filed_in_time", "share", "filed within the limit ÷ filed under one, whole months", good=1),
        Measure("refused_late", "count", "decided not eligible because filed late, by day of decision", good=-1),
        Measure("excused", "count", "decided eligible with an excuse on record, by day of decision"),
        Measure("decided_at_once", "share", "decided on the day of filing ÷ decided, insured schemes, whole months"),
        Measure("overridden", "share", "decided otherwise than matched ÷ matched and decided, whole months"),
        Measure("eligible_unpaid", "count", "found eligible − paid over all days so far", basis="stock", good=-1),
        Measure("recipients", "count", "benefits opened − closed over all days up to the period's end", basis="stock"),
        Measure("refused", "count", "decided not eligible, insured schemes, whole months"),
        Measure("step_passed", "count", "cases that passed the step, by day of the step, whole months"),
        Measure(
            "prompt_share",
            "share",
            "decided within days ÷ filed; paid within days ÷ eligible; in time ÷ limited and closed or overdue",
            basis="cohort",
            good=1,
        ),
        Measure("run_off", "count", "benefits open now whose entitlement ends after the month", basis="stock"),
        Measure(
            "run_off_money",
            "money",
            "sum of granted ÷ months granted of the benefits that are paid now, as long as they are entitled",
            basis="stock",
        ),
        Measure("waiting_between", "count", "found eligible, one step passed and the next not, as of now", "stock", -1),
        Measure("recipients_moved", "count", "benefits opened; benefits closed, by outcome"),
        Measure("amount_granted", "money", "sum of amounts granted, by month established"),
        Measure("amount_paid", "money", "sum of amounts paid so far, by month established"),
    )
}
