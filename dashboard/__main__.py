"""``python -m dashboard VERB``: the command line of Rasad."""

from __future__ import annotations

import signal
import sys

import typer

from dashboard.commands import loading, serving, upkeep

main = typer.Typer(
    help="Rasad: a live dashboard over a claims database.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
for verb in (
    *(serving.demo, serving.serve),
    *(loading.load, loading.simulate, loading.quarantine, loading.schema),
    upkeep.reconcile,
):
    main.command()(verb)
main.add_typer(upkeep.token, name="token")

if __name__ == "__main__":
    # Asked to end, Python would end on the spot and leave the embedded server running.
    signal.signal(signal.SIGTERM, lambda signum, _frame: sys.exit(128 + signum))
    main()
