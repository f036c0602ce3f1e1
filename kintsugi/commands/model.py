"""`kintsugi model`: measure the model on your own labels, train it further, export it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kintsugi.commands.options import CONFIGURATION, Configuration, failed, opened, say

if TYPE_CHECKING:
    from sentiment.labelled import Labelled

Labels = Annotated[
    Path | None, typer.Argument(help="A .csv or .jsonl file, or a folder of them: text, sentiment, topics …")
]
Corrections = Annotated[bool, typer.Option("--corrections", help="What people corrected in cases, as well or alone.")]


def add_to(app: typer.Typer) -> None:
    """Adds the group."""
    group = typer.Typer(help="The sentiment model: measure, train, export.", no_args_is_help=True)
    for command in (evaluate, train, export):
        group.command()(command)
    app.add_typer(group, name="model")


def evaluate(
    labels: Labels = None,
    model: Annotated[str | None, typer.Option(help="Another model: a folder or a Hugging Face name.")] = None,
    corrections: Corrections = False,
    config: Configuration = CONFIGURATION,
) -> None:
    """Print a table by language with confidence intervals, and the confusion of labels."""
    from sentiment.assessor import open_assessor
    from sentiment.evaluate import evaluate as measure

    say(measure(open_assessor(model), _rows(labels, config, corrections=corrections)).table())


def train(
    out: Annotated[Path, typer.Option(help="Where checkpoints and weights go; the same folder goes on.")],
    labels: Labels = None,
    corrections: Corrections = False,
    epochs: Annotated[int, typer.Option(min=1)] = 4,
    base: Annotated[Path | None, typer.Option(help="An encoder to start from; default: the shipped model.")] = None,
    config: Configuration = CONFIGURATION,
) -> None:
    """Train the model further on your own labels (needs torch); a run that was stopped goes on."""
    from sentiment.train import Recipe
    from sentiment.train import train as learn

    rows = _rows(labels, config, corrections=corrections)
    try:
        weights = learn(rows, out, Recipe(epochs=epochs), base, say)
    except ImportError as error:
        raise failed(f"training needs torch: install it beside Kintsugi (pip install torch): {error}") from None
    say(f"wrote {weights}; next: kintsugi model export {weights} --labels HELD-BACK --out FOLDER")


def export(
    weights: Annotated[Path, typer.Argument(help="weights.npz of a training.")],
    labels: Annotated[Path, typer.Option(help="Labelled texts that were not trained on.")],
    out: Annotated[Path, typer.Option(help="The folder of the model; name it under sentiment.model.")],
    name: Annotated[str, typer.Option(help="The name that assessments carry.")] = "own-1",
) -> None:
    """Write the quantised model that the service loads (needs onnx)."""
    from sentiment.export import export as write
    from sentiment.network import SHIPPED

    try:
        told = write(weights, SHIPPED / "tokenizer.json", out, _read(labels), name)
    except ImportError as error:
        raise failed(f"exporting needs onnx: install it beside Kintsugi (pip install onnx): {error}") from None
    say(f"wrote {out}: {told}")


def _rows(labels: Path | None, config: Path, *, corrections: bool) -> list[Labelled]:
    from sentiment.corrections import corrected

    if labels is None and not corrections:
        raise failed("name a file of labelled texts, or --corrections")
    rows = _read(labels) if labels is not None else []
    if corrections:
        with opened(config).database.read() as session:
            rows += corrected(session)
    if not rows:
        raise failed("there is nothing to learn from yet: nobody corrected a case")
    return rows


def _read(path: Path) -> list[Labelled]:
    from sentiment.labelled import read_labelled

    try:
        return read_labelled(path)
    except (ValueError, OSError) as error:
        raise failed(str(error)) from None
