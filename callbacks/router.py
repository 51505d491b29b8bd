"""Which page is in view: the address's path, looked up once."""

from __future__ import annotations

from typing import Any

from dash import ClientsideFunction, Dash, Input, Output, State
from dash.exceptions import PreventUpdate

from callbacks.asking import current_person, language_of
from dashboard import ids
from dashboard.deployment import Deployment
from layouts.pages import page_at, page_for
from layouts.shell import LANGUAGE, cards, no_page, page


def register(app: Dash, deployment: Deployment) -> None:
    """Wire the address to the page, and the filters back to the address bar."""
    app.clientside_callback(
        ClientsideFunction("rasad", "address"),
        Output(ids.ADDRESS, "data"),
        Input(ids.ADDRESS, "id"),
    )
    app.clientside_callback(
        ClientsideFunction("rasad", "mirror"),
        Input(ids.FILTERS, "data"),
        prevent_initial_call=True,
    )
    app.clientside_callback(
        ClientsideFunction("rasad", "path"),
        Output(ids.shell("path"), "data"),
        Input(ids.ADDRESS, "data"),
        State(ids.shell("path"), "data"),
        prevent_initial_call=True,
    )

    @app.callback(
        Output(ids.PAGE, "children"),
        Output(ids.SHOWN, "data"),
        Input(ids.shell("path"), "data"),
        State(LANGUAGE, "data"),
        prevent_initial_call=True,
        right="signed in",
    )
    def show(path: Any, language: Any) -> tuple[Any, dict[str, Any]]:
        if not isinstance(path, str):
            raise PreventUpdate
        text = language_of(language, deployment)
        person, jurisdiction = current_person(), deployment.jurisdiction
        spec = page_for(path, person, jurisdiction)
        if spec is None:
            return no_page("403" if page_at(path, jurisdiction) else "404", text), {
                "page": "",
                "cards": "",
                "lanes": ids.LANES,
            }
        built = cards(spec, text, jurisdiction)
        return page(spec, text, jurisdiction, person), {"page": spec.key, "cards": built, "lanes": ids.LANES}
