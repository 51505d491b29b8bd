"""Language and theme: chosen in the header, remembered in a cookie each."""

from __future__ import annotations

from dash import ClientsideFunction, Dash, Input, Output

from dashboard import ids
from dashboard.deployment import Deployment


def register(app: Dash, deployment: Deployment) -> None:  # noqa: ARG001  every module registers alike
    """Wire both choices; neither needs the server until the page is built anew or figures are drawn again."""
    app.clientside_callback(
        ClientsideFunction("rasad", "theme"),
        Output(ids.THEME, "data"),
        Input(ids.shell("choose-theme"), "n_clicks"),
    )
    app.clientside_callback(
        ClientsideFunction("rasad", "language"),
        Input(ids.shell("choose-language"), "value"),
        prevent_initial_call=True,
    )
