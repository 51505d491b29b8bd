"""The subjects of the claims database and the fields a record of each brings.

One declaration serves the intake (what a column must look like), the fact tables (a test holds the migrations against
it), ``python -m dashboard schema`` and the HTTP door. Field kinds:

========  ====================================================================================
text      free text, trimmed
code      a key out of one of the jurisdiction's code lists (``codes``)
codes     several keys out of a code list, separated by ``|``
moment    a point in time; without an offset it is local time of the jurisdiction
day       a calendar day of the jurisdiction
whole     a whole number, zero or more
flag      yes or no
person    a national code; only its keyed hash is stored, in the column ``person_hash``
workshop  a workshop (establishment) code
========  ====================================================================================
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal["text", "code", "codes", "moment", "day", "whole", "flag", "person", "workshop"]


@dataclass(frozen=True)
class Field:
    """A column of a record: its name, its kind and, for codes, the jurisdiction's list it is taken from."""

    name: str
    kind: Kind
    required: bool = False
    codes: str = ""

    @property
    def column(self) -> str:
        """The column of the fact table that holds it."""
        return "person_hash" if self.kind == "person" else self.name


@dataclass(frozen=True)
class Subject:
    """A kind of record: its fact table, the key of a record, its fields and the columns the intake derives."""

    key: str
    fields: tuple[Field, ...]
    identity: tuple[str, ...] = ("id",)
    derived: tuple[Field, ...] = ()

    @property
    def columns(self) -> tuple[Field, ...]:
        """Fields and derived columns: what the fact table holds beside its bookkeeping."""
        return self.fields + self.derived

    def field(self, name: str) -> Field:
        """The field of that name; KeyError when there is none."""
        for field in self.fields:
            if field.name == name:
                return field
        raise KeyError(name)


def _case(key: str, *own: Field, channel: bool = True, derived: tuple[Field, ...] = ()) -> Subject:
    """A subject whose records are cases: what every case has, then what only this subject's have."""
    common = (
        Field("id", "text", required=True),
        Field("province", "code", required=True, codes="provinces"),
        Field("office", "code", codes="offices"),
        Field("channel", "code", required=channel, codes="channels"),
        Field("category", "code", required=True, codes=f"{key}.category"),
        Field("opened_at", "moment", required=True),
        Field("closed_at", "moment"),
        Field("outcome", "code", codes=f"{key}.outcome"),
        Field("updated_at", "moment", required=True),
    )
    return Subject(key, common + own, derived=derived)


_PERSON = (
    Field("sex", "code", codes="sexes"),
    Field("age", "whole"),
    Field("sector", "code", codes="sectors"),
    Field("skill", "code", codes="skills"),
)
_SUPPLEMENT = (Field("returned_at", "moment"), Field("resubmitted_at", "moment"))
_TIMING = (Field("timing", "text"),)
"""``early``, ``on_time`` or ``late`` once closed under a limit; empty while open or where no limit is set."""

REGISTRATIONS = _case(
    "registrations",
    Field("national_code", "person"),
    Field("workshop_code", "workshop"),
    Field("job_lost_on", "day"),
    Field("cause", "code", codes="causes"),
    *_SUPPLEMENT,
    Field("review_at", "moment"),
    Field("decided_at", "moment"),
    Field("reason", "code", codes="registrations.reason"),
    Field("referred_at", "moment"),
    Field("established_at", "moment"),
    Field("account_at", "moment"),
    Field("paid_at", "moment"),
    Field("due_on", "day"),
    *_PERSON,
    Field("filer", "code", codes="filers"),
    Field("device", "code", codes="devices"),
    Field("excuse", "code", codes="excuses"),
    derived=(Field("match", "text"), *_TIMING),
)
DISPUTES = _case(
    "disputes",
    Field("claim_types", "codes", codes="claim_types"),
    Field("filer", "code", codes="filers"),
    Field("national_code", "person"),
    Field("workshop_code", "workshop"),
    Field("board", "text"),
    Field("conciliation_at", "moment"),
    Field("hearing_at", "moment"),
    Field("ruling_at", "moment"),
    Field("served_at", "moment"),
    Field("appealed_at", "moment"),
    Field("appeal_ruling_at", "moment"),
    Field("enforcement_at", "moment"),
    Field("judicial_review_at", "moment"),
    Field("judicial_ruling_at", "moment"),
    Field("due_on", "day"),
    Field("sector", "code", codes="sectors"),
    derived=_TIMING,
)
"""``board`` is the code of the board of first instance within the province. No country publishes a list of its boards,
which come and go with terms of office: they are those that the records name. ``judicial_review_at`` is when the final
ruling was taken to court, ``judicial_ruling_at`` when the court ruled; both may lie after the closing."""
PROCEDURES = _case(
    "procedures",
    Field("national_code", "person"),
    Field("to_province", "code", codes="provinces"),
    *_SUPPLEMENT,
    Field("reason", "code", codes="procedures.reason"),
    Field("due_on", "day"),
    *_PERSON,
    channel=False,
    derived=_TIMING,
)
SERVICE_REQUESTS = _case(
    "service_requests",
    Field("workshop_code", "workshop"),
    *_SUPPLEMENT,
    Field("due_on", "day"),
    Field("sector", "code", codes="sectors"),
    Field("place", "code", codes="places"),
    Field("confirmed_at", "moment"),
    Field("followed_up_at", "moment"),
    Field("filer", "code", codes="filers"),
    Field("petitioned_at", "moment"),
    derived=_TIMING,
)
"""``petitioned_at``: when the person whose identity was verified filed the first petition after it."""
BENEFITS = _case(
    "benefits",
    Field("registration_id", "text"),
    Field("national_code", "person"),
    Field("suspended_at", "moment"),
    Field("resumed_at", "moment"),
    Field("months_granted", "whole"),
    Field("months_paid", "whole"),
    Field("amount_granted", "whole"),
    Field("amount_paid", "whole"),
    Field("due_on", "day"),
    *_PERSON,
    channel=False,
)
PREMIUMS = Subject(
    "premiums",
    (
        Field("national_code", "person", required=True),
        Field("workshop_code", "workshop", required=True),
        Field("months", "whole", required=True),
        Field("premium_paid", "flag", required=True),
        Field("insurance", "code", required=True, codes="insurances"),
        Field("standing", "code", required=True, codes="standings"),
        Field("last_paid_on", "day"),
        Field("updated_at", "moment", required=True),
    ),
    identity=("person_hash", "workshop_code"),
)
AGGREGATES = Subject(
    "aggregates",
    (
        Field("day", "day", required=True),
        Field("province", "code", required=True, codes="provinces"),
        Field("subject", "text", required=True),
        Field("milestone", "text", required=True),
        Field("category", "text", required=True),
        Field("channel", "code", codes="channels"),
        Field("outcome", "text"),
        Field("n", "whole", required=True),
        Field("updated_at", "moment", required=True),
    ),
    identity=("day", "province", "subject", "milestone", "category", "channel", "outcome"),
)

STAFFING = Subject(
    "staffing",
    (
        Field("province", "code", required=True, codes="provinces"),
        Field("office", "code", required=True, codes="offices"),
        Field("since", "day", required=True),
        Field("experts", "whole", required=True),
        Field("boards", "whole", required=True),
        Field("updated_at", "moment", required=True),
    ),
    identity=("province", "office", "since"),
)
"""How many experts work off an office's cases and how many boards hear its disputes, from ``since`` on."""
READINESS = Subject(
    "readiness",
    (
        Field("province", "code", required=True, codes="provinces"),
        Field("day", "day", required=True),
        Field("staff", "whole", required=True),
        Field("staff_trained", "whole", required=True),
        Field("accounts", "whole", required=True),
        Field("accounts_delegated", "whole", required=True),
        Field("systems", "whole", required=True),
        Field("systems_integrated", "whole", required=True),
        Field("updated_at", "moment", required=True),
    ),
    identity=("province", "day"),
)
"""What a province needs to work online and how much of it is there on a day."""

CASES = (REGISTRATIONS, DISPUTES, PROCEDURES, SERVICE_REQUESTS, BENEFITS)
SUBJECTS = {subject.key: subject for subject in (*CASES, PREMIUMS, AGGREGATES, STAFFING, READINESS)}
