"""``python -m dashboard VERB``: the command line of Rasad."""

from __future__ import annotations

import typer

from dashboard.commands import exporting, loading, people, serving, upkeep, working
from dashboard.commands.opening import end_in_order

main = typer.Typer(
    help="Rasad: a live dashboard over a claims database.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
for verb in (
    *(serving.demo, serving.serve, working.worker),
    *(loading.load, loading.simulate, loading.quarantine, loading.schema),
    *(exporting.export, upkeep.reconcile),
):
    main.command()(verb)
main.add_typer(upkeep.token, name="token")
main.add_typer(people.user, name="user")

if __name__ == "__main__":
    end_in_order()
    main()
