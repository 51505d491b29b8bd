"""What a choice would find: which values of a filter any case of the period has."""

from __future__ import annotations

from datetime import timedelta

import pandas as pd

from dashboard.claims.database import Database
from dashboard.claims.flows import FLOWS, OPENED
from dashboard.filters import Filters, Window
from dashboard.scope import Scope
from dashboard.text.calendars import calendar_named
from queries.counts import counts

TOLD = ("province", "channel", "category", "office", "trait")


def presence(db: Database, filters: Filters, scope: Scope) -> pd.DataFrame:
    """The values that cases of the filters' subject have which were filed in the months that the period touches.

    Whatever else is filtered. Columns: ``filter`` (out of `TOLD`), ``value``. Of traits all kinds together; of a
    subject without any, none.
    """
    calendar = calendar_named(db.jurisdiction.calendar)
    first, after = calendar.month_start(filters.window.start), calendar.next_month(filters.window.end)
    everywhere = filters.only(()).over(Window(first, after - timedelta(days=1)))
    found = []
    for name in TOLD:
        if name == "trait" and not FLOWS[filters.subject].traits:
            continue
        values = counts(db, everywhere, scope, filters.subject, (OPENED,), everywhere.window, (name,))[name]
        found.append(pd.DataFrame({"filter": name, "value": values.astype(str)}))
    for flow in FLOWS.values():
        if flow.each and flow.table == filters.subject:
            carried = counts(db, everywhere, scope, flow.subject, (OPENED,), everywhere.window, ("category",))
            types = f"{flow.each}:" + carried["category"].astype(str)
            found.append(pd.DataFrame({"filter": "trait", "value": types}))
    return pd.concat(found, ignore_index=True)
