"""What can be chosen of a filter and how it is called: out of the jurisdiction's lists, for a subject."""

from __future__ import annotations

from itertools import pairwise

from dashboard.claims.cubes import AGE_BANDS
from dashboard.claims.flows import FLOWS
from dashboard.claims.subjects import SUBJECTS
from dashboard.filters import CLAIMS, Filters
from dashboard.jurisdictions import Jurisdiction
from dashboard.scope import Scope
from dashboard.text import Text

TRAITS = ("sex", "age", "sector", "skill", "cause", "filer", "device", CLAIMS)
"""The traits that can be chosen, in the order they are offered."""


def choices(name: str, filters: Filters, subject: str, jurisdiction: Jurisdiction, text: Text) -> dict[str, str]:
    """Code to name of everything that can be chosen of a filter of several values, or of ``trait``.

    Categories and traits are those of ``subject`` (none when empty), offices those of the one province chosen.
    """
    match name:
        case "province" | "channel":
            return jurisdiction.names_of(f"{name}s", text.language)
        case "office":
            wanted = filters.provinces[0] if len(filters.provinces) == 1 else ""
            return {o.code: o.names[text.language] for o in jurisdiction.offices if o.province == wanted}
        case "category":
            codes = f"{subject}.category"
            return jurisdiction.names_of(codes, text.language) if codes in jurisdiction.codes else {}
        case "trait":
            found: dict[str, str] = {}
            for kind in traits_of(subject):
                found |= of_trait(kind, subject, jurisdiction, text)
            return found
    raise ValueError(f"{name!r} is chosen otherwise")


def offered(
    name: str, filters: Filters, subject: str, jurisdiction: Jurisdiction, text: Text, scope: Scope
) -> dict[str, str]:
    """`choices`, of which a scope holds the places: an option that leads to nothing would tell that it is there."""
    found = choices(name, filters, subject, jurisdiction, text)
    if scope.provinces is None or name not in ("province", "office"):
        return found
    if name == "province":
        return {code: label for code, label in found.items() if code in scope.provinces}
    return found if set(filters.provinces) <= set(scope.provinces) else {}


def called(name: str, subject: str, text: Text) -> str:
    """The name of a filter; that of categories is the subject's own word for them."""
    own = f"filter.{name}.{subject}"
    return text(own if name == "category" and text.has(own) else f"filter.{name}")


def chosen(name: str, filters: Filters, subject: str, jurisdiction: Jurisdiction, text: Text) -> dict[str, str]:
    """What is chosen of a filter: code to name; of a trait with its kind."""
    codes = {
        "province": filters.provinces,
        "office": filters.offices,
        "channel": filters.channels,
        "category": filters.categories,
        "trait": (filters.trait,) if filters.trait else (),
    }[name]
    names = choices(name, filters, subject, jurisdiction, text) if codes else {}
    if name == "trait":
        names = {
            code: text("figure.line", label=text(f"trait.{code.partition(':')[0]}"), value=label)
            for code, label in names.items()
        }
    return {code: names.get(code, code) for code in codes}


def traits_of(subject: str) -> tuple[str, ...]:
    """The kinds of trait that a subject's cases are counted by and that can be chosen."""
    known = {trait for flow in FLOWS.values() if flow.subject == subject for trait in flow.traits}
    known |= {flow.each for flow in FLOWS.values() if flow.table == subject}
    return tuple(kind for kind in TRAITS if kind in known)


def of_trait(kind: str, subject: str, jurisdiction: Jurisdiction, text: Text) -> dict[str, str]:
    """The traits of one kind: ``sector:construction`` to its name."""
    if kind == "age":
        bands = [f"{first}-{after - 1}" for first, after in pairwise(AGE_BANDS)]
        named = {band: text("trait.age.years", band=text.digits(band.replace("-", "–"))) for band in bands}
        named[f"{AGE_BANDS[-1]}+"] = text("trait.age.over", age=text.digits(AGE_BANDS[-1]))
    else:
        named = jurisdiction.names_of(SUBJECTS[subject].field(kind).codes, text.language)
    return {f"{kind}:{value}": name for value, name in named.items()}
