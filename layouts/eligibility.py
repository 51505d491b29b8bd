"""Eligibility and benefits: who is found eligible, how far they come, who receives and for how long, and the money."""

from __future__ import annotations

from dashboard.figures import amounts, lines, ranked, stacked, steps, trend
from dashboard.panel import Column, Page, Panel, Query
from layouts.headline import number
from queries import eligibility, gaps, overview, promptness, recipients
from queries.ages import BANDS

_PERIOD = frozenset({"period", "province"})
_COMPARED = frozenset({"period", "compare", "province"})
_NOW = frozenset({"province"})
_STANDING = frozenset({"province", "office", "channel", "category"})
_REGISTRATIONS, _BENEFITS = "registrations", "benefits"
_PROVINCE = Column("province", "province", codes="provinces", picks="province")


def _number(
    name: str, query: Query, measures: tuple[str, ...], subject: str, answers: frozenset[str] = _PERIOD
) -> Panel:
    return number(f"eligibility-{name}", query, measures, subject, answers, 2)


_RATES = (
    Panel(
        key="eligibility-course",
        query=eligibility.over_time,
        columns=(
            Column("bin", "day", picks="period"),
            Column("n", "share", measure="eligibility_rate"),
            Column("decided", measure="decided"),
            Column("compared", "share", label="column.compared"),
        ),
        measures=("eligibility_rate", "decided"),
        n=("decided",),
        figure=trend.draw,
        subject=_REGISTRATIONS,
        answers=frozenset({"period", "compare", "province", "channel"}),
        width=7,
        height=330,
    ),
    Panel(
        key="eligibility-provinces",
        query=eligibility.provinces,
        columns=(
            _PROVINCE,
            Column("eligibility_rate", "share", measure="eligibility_rate"),
            Column("decided", measure="decided"),
        ),
        measures=("eligibility_rate", "decided"),
        n=("decided",),
        figure=ranked.draw,
        subject=_REGISTRATIONS,
        answers=frozenset({"period", "province", "channel"}),
        width=5,
        height=330,
    ),
    Panel(
        key="eligibility-reasons",
        query=eligibility.reasons,
        columns=(
            Column("reason", "category", label="column.refusal", codes="registrations.reason"),
            Column("refused", measure="refused"),
            Column("share", "share", label="column.share_of_refused"),
        ),
        measures=("refused",),
        n=("refused",),
        figure=stacked.draw,
        subject=_REGISTRATIONS,
        answers=_PERIOD,
        width=5,
        height=360,
    ),
    Panel(
        key="eligibility-match",
        query=eligibility.register_and_decision,
        columns=(
            Column("match", "category", label="column.match", codes="registrations.reason", labels="eligibility.match"),
            Column("eligible", label="column.eligible"),
            Column("not_eligible", label="column.not_eligible"),
            Column("by_hand", label="column.overridden"),
        ),
        measures=("overridden", "decided"),
        n=overview.DECISIONS,
        figure=stacked.draw,
        subject=_REGISTRATIONS,
        answers=_PERIOD,
        width=7,
        height=360,
    ),
)
_WAY = (
    Panel(
        key="eligibility-steps",
        query=eligibility.steps,
        columns=(
            Column("step", "text", label="column.step", labels="eligibility.step"),
            Column("n", label="column.passed"),
            Column("share", "share", label="column.share_of_filed"),
            Column("lost", label="column.lost"),
            Column("median", "days", label="column.median_since_filing"),
            Column("p90", "days", label="column.p90_since_filing"),
        ),
        measures=("step_passed",),
        figure=steps.draw,
        subject=_REGISTRATIONS,
        answers=_PERIOD,
        width=6,
        height=400,
    ),
    Panel(
        key="eligibility-promptness",
        query=promptness.promptness,
        columns=(
            Column("bin", "day", label="column.filing_month", picks="period"),
            Column("series", "text", label="column.within", labels="eligibility.prompt"),
            Column("value", "share", measure="prompt_share"),
            Column("n", label="column.n"),
        ),
        measures=("prompt_share",),
        figure=lines.draw,
        subject=_REGISTRATIONS,
        answers=_PERIOD,
        width=6,
        height=400,
    ),
    Panel(
        key="eligibility-speed",
        query=eligibility.speed,
        columns=(
            _PROVINCE,
            *(Column(name, label=f"eligibility.speed.{name}") for name in eligibility.SPEEDS),
        ),
        measures=("decided_at_once",),
        n=tuple(eligibility.SPEEDS),
        figure=stacked.draw,
        subject=_REGISTRATIONS,
        answers=_PERIOD,
        width=4,
        height=430,
    ),
    Panel(
        key="eligibility-between",
        query=eligibility.between,
        columns=(_PROVINCE, *(Column(name, label=f"eligibility.gap.{name}") for name in eligibility.GAPS)),
        measures=("eligible_unpaid",),
        n=tuple(eligibility.GAPS),
        figure=stacked.draw,
        subject=_REGISTRATIONS,
        answers=_NOW,
        width=4,
        height=430,
    ),
    Panel(
        key="eligibility-ages",
        query=eligibility.unpaid_ages,
        columns=(_PROVINCE, *(Column(name, label=f"eligibility.band.{name}") for name in BANDS)),
        measures=("eligible_unpaid",),
        n=tuple(BANDS),
        figure=stacked.draw,
        subject=_REGISTRATIONS,
        answers=_NOW,
        width=4,
        height=430,
    ),
)
_BETWEEN = (
    Panel(
        key="eligibility-gaps",
        query=gaps.gaps,
        columns=(
            Column("gap", "text", label="column.gap", labels="cases.gap", picks="gap"),
            Column("waiting", measure="waiting_between"),
            Column("median", "days", label="figure.spans.median"),
            Column("p90", "days", label="figure.spans.p90"),
            *(Column(name, label=f"eligibility.band.{name}") for name in BANDS),
        ),
        measures=("waiting_between",),
        kind="table",
        subject=_REGISTRATIONS,
        answers=_STANDING,
        width=12,
        height=170,
    ),
    Panel(
        key="eligibility-gaps-provinces",
        query=gaps.provinces,
        columns=(
            _PROVINCE,
            *(
                column
                for gap in gaps.GAPS
                for column in (
                    Column(gap, label=f"cases.gap.{gap}"),
                    Column(f"{gap}_median", "days", label=f"eligibility.{gap}.median"),
                    Column(f"{gap}_p90", "days", label=f"eligibility.{gap}.p90"),
                )
            ),
        ),
        measures=("waiting_between",),
        kind="table",
        subject=_REGISTRATIONS,
        answers=_STANDING,
        width=12,
        height=330,
    ),
)
_RECEIVING = (
    Panel(
        key="eligibility-left",
        query=recipients.left,
        columns=(
            Column("state", "text", label="column.state", labels="eligibility.state"),
            *(Column(name, label=f"eligibility.left.{name}") for name in recipients.PARTS),
        ),
        measures=("recipients",),
        n=recipients.PARTS,
        figure=stacked.draw,
        subject=_BENEFITS,
        answers=_NOW,
        width=4,
        height=260,
    ),
    Panel(
        key="eligibility-run-off",
        query=recipients.run_off,
        columns=(
            Column("bin", "day", label="word.month"),
            Column("n", measure="run_off"),
            Column("ending", label="column.ending"),
        ),
        measures=("run_off",),
        figure=trend.draw,
        subject=_BENEFITS,
        answers=_NOW,
        width=4,
        height=260,
    ),
    Panel(
        key="eligibility-run-off-money",
        query=recipients.run_off_money,
        columns=(
            Column("bin", "day", label="word.month"),
            Column("n", measure="run_off_money"),
            Column("ending", "money", label="column.falling_away"),
        ),
        measures=("run_off_money",),
        figure=trend.draw,
        subject=_BENEFITS,
        answers=_NOW,
        width=4,
        height=260,
    ),
    Panel(
        key="eligibility-movement",
        query=recipients.movement,
        columns=(
            Column("bin", "day", picks="period"),
            Column("series", "text", label="column.movement", codes="benefits.outcome", labels="eligibility.movement"),
            Column("value", measure="recipients_moved"),
        ),
        measures=("recipients_moved",),
        n=("value",),
        figure=lines.draw,
        subject=_BENEFITS,
        answers=frozenset({"period", "province", "step"}),
        width=6,
        height=330,
    ),
    Panel(
        key="eligibility-money",
        query=recipients.money,
        columns=(
            Column("bin", "day", label="column.established_in", picks="period"),
            Column("granted", measure="amount_granted"),
            Column("paid", measure="amount_paid"),
            Column("share", "share", label="figure.amounts.share"),
        ),
        measures=("amount_granted", "amount_paid"),
        figure=amounts.draw,
        subject=_BENEFITS,
        answers=_PERIOD,
        width=6,
        height=330,
    ),
)

ELIGIBILITY = Page(
    key="eligibility",
    path="/eligibility",
    icon="patch-check",
    right="counts",
    panels=(
        _number(
            "rate",
            overview.eligibility,
            ("eligibility_rate", "decided"),
            _REGISTRATIONS,
            frozenset({"period", "compare", "province", "channel"}),
        ),
        _number("at-once", eligibility.at_once, ("decided_at_once",), _REGISTRATIONS),
        _number("overridden", eligibility.overridden, ("overridden",), _REGISTRATIONS),
        _number("unpaid", eligibility.unpaid, ("eligible_unpaid",), _REGISTRATIONS, _NOW),
        _number("recipients", recipients.recipients, ("recipients",), _BENEFITS, _COMPARED),
        _number("granted", recipients.granted, ("amount_granted",), _BENEFITS),
        *_RATES,
        *_WAY,
        *_BETWEEN,
        *_RECEIVING,
    ),
    subject=_REGISTRATIONS,
)
"""Ministry and social security side by side: what the one has referred and the other not yet established or paid."""
