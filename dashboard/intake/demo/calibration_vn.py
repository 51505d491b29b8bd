"""Vietnam: published counts of the employment services, and plausible rest.

Published: Ho Chi Minh City 153,000 applications, 150,300 decisions and 612,500 notices in eleven months of 2023 (about
four notices a decision), 12,376 applications in April 2025 of which 4,951 online (45 % in January to April); the
nation 773,000 recipients in ten months of 2024, the city about a fifth; about 91 % of decisions in time.
"""

from __future__ import annotations

from dashboard.intake.demo.calibration import FAULTS, OUTCOMES, Calibration, LongHoliday

_RESERVED = ("found_job", "military", "study_12m", "compulsory_measure", "missing", "detained")
"""Grounds of termination that keep the contributions not yet used (Employment Law 38/2013, Art 53.4)."""

VIETNAM = Calibration(
    mix={"registrations": 0.115, "procedures": 0.68, "disputes": 0.035, "service_requests": 0.065},
    province_shares={"": {"Ho Chi Minh City": 0.20, "Hanoi": 0.095, "Dong Nai": 0.075, "Bac Ninh": 0.055}},
    months=(0.92, 0.9, 1.1, 1.12, 1.08, 1.03, 1.02, 1.0, 0.98, 0.97, 0.96, 0.92),
    long_holiday=LongHoliday((1, 2), 9, 0.65, 8, 0.35, 25, 1.45),
    desk_hours=(0, 0, 0, 0, 0, 0, 0, 8, 24, 28, 26, 12, 1, 14, 24, 20, 10, 1, 0, 0, 0, 0, 0, 0),
    opens=7.75,
    office_hours=8.5,
    online=(0.24, 0.36),
    online_of={"Ho Chi Minh City": 0.43},
    online_free_day=0.30,
    eligible=0.965,
    at_once=False,
    returned=0.08,
    late=0.078,
    special_share=0.0,
    men=0.43,
    leaves=0.055,
    age=(34.0, 8.5),
    faults=dict(FAULTS) | {"min_months": 0.4, "registered": 0.12, "filed_within": 0.25},
    shares={
        "channels": {"office": 0.93, "post": 0.05, "counter": 0.02, "agency": 0.01},
        "causes": {
            "contract_end": 0.55,
            "mutual_agreement": 0.24,
            "resignation": 0.1,
            "restructuring": 0.05,
            "closure": 0.03,
            "dismissal": 0.02,
            "other": 0.01,
        },
        "sectors": {
            "manufacturing": 0.48,
            "services": 0.13,
            "trade": 0.14,
            "construction": 0.08,
            "transport": 0.05,
            "accommodation_food": 0.05,
            "agriculture": 0.03,
            "education": 0.015,
            "health": 0.015,
            "mining": 0.005,
            "energy_water": 0.005,
        },
        "skills": {"unskilled": 0.64, "semi_skilled": 0.12, "skilled": 0.13, "specialist": 0.11},
        "registrations.reason": {"unlawful_leave": 0.25, "found_job": 0.35, "incomplete": 0.25, "duplicate": 0.15},
        "disputes.outcome": OUTCOMES,
        "disputes.category": {"individual": 0.985, "collective": 0.015},
        "filers": {"worker": 0.95, "employer": 0.04, "association": 0.01},
        "service_requests.category": {
            "job_counselling": 0.74,
            "training_support": 0.12,
            "participation": 0.13,
            "employer_training_support": 0.01,
        },
        "service_requests.outcome": {"approved": 0.64, "done": 0.24, "rejected": 0.08, "withdrawn": 0.04},
        "benefits.outcome": {
            "found_job": 0.72,
            "no_notice_3_months": 0.12,
            "military": 0.03,
            "pension": 0.03,
            "refused_two_jobs": 0.03,
            "abroad": 0.03,
            "study_12m": 0.02,
            "sanctioned": 0.01,
            "death": 0.01,
        },
    },
    claim_types={
        "wage_arrears": 0.42,
        "severance": 0.33,
        "dismissal": 0.24,
        "insurance": 0.36,
        "overtime": 0.17,
        "leave": 0.15,
        "reinstatement": 0.08,
        "bonus": 0.1,
        "other": 0.08,
    },
    dispute_days={"conciliation": 4, "hearing": 18, "ruling": 5, "served": 4, "appeal_ruling": 30, "enforcement": 15},
    procedures={
        "volume": {
            "job_search_notice": 4.05,
            "benefit_grant": 1.0,
            "benefit_suspend": 0.16,
            "benefit_resume": 0.09,
            "benefit_terminate": 0.58,
            "benefit_transfer": 0.05,
        },
        "job_search_notice": {"recorded": 0.955, "recorded_late_with_reason": 0.035, "not_accepted": 0.01},
        "benefit_grant": {"approved": 0.968, "denied": 0.018, "withdrawn": 0.008, "cancelled": 0.006},
        "benefit_transfer": {"transferred_out": 0.5, "transferred_in": 0.48, "transfer_lapsed": 0.02},
    },
    grounds={
        "benefit_terminate": {
            "period_ended": 0.62,
            "found_job": 0.24,
            "military": 0.012,
            "pension": 0.013,
            "refused_two_jobs": 0.012,
            "no_notice_3_months": 0.06,
            "abroad": 0.012,
            "study_12m": 0.008,
            "sanctioned": 0.005,
            "death": 0.004,
            "compulsory_measure": 0.003,
            "missing": 0.001,
            "detained": 0.002,
        },
        "benefit_suspend": {"missed_notice": 1.0},
    },
    outcome_of_ground=dict.fromkeys(_RESERVED, "terminated_reserved"),
    service_days={"job_counselling": 1.0, "training_support": 14.0, "participation": 4.0},
    monthly_benefit=(4_300_000.0, 0.4),
)
