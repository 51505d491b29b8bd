"""Iran: figures the ministry and the Social Security Organization published, 1391 to 1404, and plausible rest.

Published: recipients and benefits established by province, 77 % men, end of contract 70 % of causes, end of
entitlement 149,081 of 192,117 cut-offs (1397); petitions 237,003 (1391) to 302,860 (1398) a year, Tehran about a
quarter, Kohgiluyeh and Boyer-Ahmad 471 of 237,003 (1391), wage arrears in about 48 of 100 petitions (1397).
"""

from __future__ import annotations

from dashboard.intake.demo.calibration import FAULTS, OUTCOMES, Calibration, LongHoliday

IRAN = Calibration(
    mix={"registrations": 0.25, "procedures": 0.32, "disputes": 0.14, "service_requests": 0.11},
    province_shares={
        "registrations": {"Tehran": 0.225, "Isfahan": 0.096, "Fars": 0.073, "Khuzestan": 0.052, "Qazvin": 0.031},
        "procedures": {"Tehran": 0.225, "Isfahan": 0.096, "Fars": 0.073, "Khuzestan": 0.052, "Qazvin": 0.031},
        "disputes": {"Tehran": 0.25, "Kohgiluyeh and Boyer-Ahmad": 0.002},
        "service_requests": {"Tehran": 0.20},
    },
    months=(1.12, 1.10, 1.02, 1.0, 0.97, 0.96, 1.05, 1.0, 0.96, 0.95, 0.96, 0.9),
    long_holiday=LongHoliday(8, 0.75, 13, 0.42, 18, 1.75),
    opens=7.75,
    office_hours=6.5,
    online=(0.93, 0.972),
    online_free_day=0.38,
    men=0.77,
    age=(35.5, 9.0),
    faults=FAULTS,
    shares={
        "channels": {"office": 0.62, "agency": 0.2, "counter": 0.16, "post": 0.02},
        "causes": {
            "contract_end": 0.70,
            "dismissal": 0.10,
            "closure": 0.07,
            "restructuring": 0.06,
            "disaster": 0.02,
            "resignation": 0.02,
            "other": 0.03,
        },
        "sectors": {
            "manufacturing": 0.28,
            "construction": 0.21,
            "services": 0.15,
            "trade": 0.13,
            "transport": 0.06,
            "accommodation_food": 0.05,
            "agriculture": 0.04,
            "mining": 0.03,
            "health": 0.02,
            "education": 0.02,
            "energy_water": 0.01,
        },
        "skills": {"unskilled": 0.38, "semi_skilled": 0.31, "skilled": 0.23, "specialist": 0.08},
        "registrations.reason": {"resigned": 0.4, "incomplete": 0.22, "duplicate": 0.15, "still_insured": 0.23},
        "disputes.outcome": OUTCOMES,
        "disputes.category": {"individual": 0.972, "collective": 0.028},
        "filers": {"worker": 0.93, "employer": 0.055, "association": 0.015},
        "service_requests.category": {
            "petitions": 0.0,
            "unemployment_insurance": 0.0,
            "contracts": 0.30,
            "safety_training": 0.17,
            "construction_insurance": 0.13,
            "inspection": 0.12,
            "identity_verification": 0.10,
            "conciliation_councils": 0.07,
            "job_classification": 0.03,
            "job_support": 0.03,
            "associations": 0.03,
            "troubled_units": 0.02,
        },
        "service_requests.outcome": {"approved": 0.58, "done": 0.24, "rejected": 0.13, "withdrawn": 0.05},
        "benefits.outcome": {
            "found_job": 0.55,
            "refused_job": 0.11,
            "hidden_work": 0.15,
            "pension": 0.08,
            "death": 0.03,
            "reinstated": 0.08,
        },
    },
    claim_types={
        "wage_arrears": 0.48,
        "severance": 0.46,
        "bonus": 0.38,
        "leave": 0.27,
        "overtime": 0.19,
        "insurance": 0.2,
        "dismissal": 0.1,
        "reinstatement": 0.13,
        "child_housing": 0.15,
        "job_class": 0.03,
        "other": 0.06,
    },
    dispute_days={"conciliation": 7, "hearing": 24, "ruling": 5, "served": 6, "appeal_ruling": 27, "enforcement": 12},
    months_granted="family",
    procedures={
        "volume": {
            "benefit_grant": 1.0,
            "benefit_suspend": 0.07,
            "benefit_resume": 0.05,
            "benefit_terminate": 0.5,
            "benefit_transfer": 0.03,
        },
        "benefit_grant": {"approved": 0.955, "denied": 0.032, "withdrawn": 0.013},
        "benefit_resume": {"resumed": 0.93, "denied": 0.05, "withdrawn": 0.02},
        "benefit_transfer": {"transferred": 0.94, "denied": 0.03, "withdrawn": 0.03},
    },
    procedure_days={
        "benefit_grant": 8.0,
        "benefit_suspend": 3.0,
        "benefit_resume": 4.0,
        "benefit_terminate": 3.0,
        "benefit_transfer": 6.0,
    },
    grounds={
        "benefit_terminate": {
            "end_of_entitlement": 0.776,
            "found_job": 0.12,
            "refused_job": 0.025,
            "hidden_work": 0.035,
            "pension": 0.018,
            "death": 0.008,
            "reinstated": 0.018,
        }
    },
    service_days={
        "contracts": 4.0,
        "safety_training": 16.0,
        "construction_insurance": 24.0,
        "inspection": 12.0,
        "identity_verification": 1.0,
        "conciliation_councils": 13.0,
        "job_classification": 34.0,
        "job_support": 21.0,
        "associations": 28.0,
        "troubled_units": 30.0,
    },
)
