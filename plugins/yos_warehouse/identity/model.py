"""How alike two descriptions are: Splink's settings, its training with checks, and trained models as files.

A model is a folder: ``model.json`` (Splink's settings with trained weights), ``frequencies.parquet`` (how common each name was
when it was trained, so that a weight does not drift as the data grows) and ``card.json`` (when, over how much, with which
checks). A folder once published is never changed; a new training writes a new one.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pandas as pd

from yos_warehouse.errors import YosError
from yos_warehouse.identity.people import for_matching

MODELS = Path(__file__).with_name("models")
SHIPPED = MODELS / "children_1"

MEMORY_LIMIT = "2GB"
MAXIMUM_ITERATIONS = 50
# No single comparison speaks louder than this: a level seen in few pairs learns absurd weights (linkage.md).
LOUDEST = 10.0
NAMES = ("given_name", "family_name")
# Levels that say a given name is another one: not the same, not a nickname, not near, not alike in sound.
OTHER_NAME = 0


@dataclass(frozen=True)
class Model:
    """A trained model.

    Attributes:
        name: of its folder.
        settings: for Splink, with trained weights.
        frequencies: columns ``column``, ``value``, ``frequency`` (share of descriptions, 0 to 1).
        has_siblings: whether families are among the people: then a pair with another given name never links by what a
            family shares.
    """

    name: str
    settings: dict[str, Any]
    frequencies: pd.DataFrame
    has_siblings: bool = True

    @property
    def compared(self) -> list[str]:
        """The names of the comparisons, in order."""
        return [one["output_column_name"] for one in self.settings["comparisons"]]

    def lookups(self) -> Iterator[tuple[str, pd.DataFrame]]:
        """How common each name is, as Splink looks it up; a name the training never saw is not adjusted for."""
        for column in NAMES:
            rows = self.frequencies[self.frequencies["column"] == column]
            yield (
                column,
                rows.rename(columns={"value": column, "frequency": f"tf_{column}"})[[column, f"tf_{column}"]],
            )


def load_model(folder: Path) -> Model:
    """Read a model from its folder.

    Raises:
        YosError: NO_MODEL, when it is none or not trained in every level.
    """
    try:
        settings = json.loads((folder / "model.json").read_text("utf-8"))
        frequencies = pd.read_parquet(folder / "frequencies.parquet")
        card = json.loads((folder / "card.json").read_text("utf-8"))
    except (OSError, ValueError) as problem:
        raise YosError("NO_MODEL", f"{folder} holds no model", "train one with: yos train") from problem
    missing = untrained(settings)
    if missing:
        raise YosError("NO_MODEL", f"{folder} is not trained in: {', '.join(missing)}", "train it: yos train")
    return Model(folder.name, settings, frequencies, card["has_siblings"])


def save_model(model: Model, folder: Path, card: dict[str, Any]) -> None:
    """Write a model to a folder of its own; the folder appears whole or not at all.

    Raises:
        YosError: MODEL_EXISTS.
    """
    if folder.exists():
        raise YosError(
            "MODEL_EXISTS", f"{folder} is there already", "give another name; a model never changes"
        )
    folder.parent.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=folder.parent) as made:
        place = Path(made) / folder.name
        place.mkdir(mode=0o700)
        (place / "model.json").write_text(json.dumps(model.settings, indent=1) + "\n", "utf-8")
        model.frequencies.to_parquet(place / "frequencies.parquet", index=False)
        (place / "card.json").write_text(
            json.dumps({**card, "has_siblings": model.has_siblings}, indent=1) + "\n", "utf-8"
        )
        place.rename(folder)


@contextmanager
def matching(people: pd.DataFrame, model: Model) -> Iterator[tuple[Any, Any]]:
    """Splink over a DuckDB of bounded memory, with the model and its name frequencies; gone afterwards.

    Args:
        people: as :func:`people.for_matching` makes them.

    Yields:
        The linker, and a function that registers a part of the people with it.
    """
    import logging

    import duckdb
    from splink import DuckDBAPI, Linker

    logging.getLogger("splink").setLevel(logging.ERROR)
    with TemporaryDirectory(prefix="yos-matching-") as spill:
        Path(spill).chmod(0o700)
        connection = duckdb.connect(":memory:")
        try:
            connection.execute(
                f"set memory_limit = '{MEMORY_LIMIT}'; set temp_directory = '{spill}'; set threads = 2"
            )
            interface = DuckDBAPI(connection)

            def register(frame: pd.DataFrame, name: str) -> Any:
                return interface.register(_arrow(frame), dataset_display_name=name)

            linker = Linker(
                register(people, "people"), model.settings, log_level="ERROR", validate_settings=False
            )
            for column, lookup in model.lookups():
                linker.table_management.register_term_frequency_lookup(
                    register(lookup, f"frequency_{column}"), column
                )
            yield linker, register
        finally:
            connection.close()


def _arrow(frame: pd.DataFrame) -> Any:
    """As Arrow, all text but shares: pandas would make a column without any value something else."""
    import pyarrow as pa

    kinds = [(name, pa.float64() if name.startswith("tf_") else pa.string()) for name in frame.columns]
    return pa.Table.from_pandas(frame, schema=pa.schema(kinds), preserve_index=False)


def settings_for(people: pd.DataFrame) -> dict[str, Any]:
    """Splink's settings for the columns that are filled: comparisons, blocking rules and nothing trained."""
    from splink import SettingsCreator

    filled = {column for column in people.columns if people[column].notna().mean() >= 0.01}
    comparisons = [make() for column, make in _comparisons().items() if column in filled]
    rules = [rule for rule in _BLOCKING if set(rule) <= filled]
    from splink import block_on

    return SettingsCreator(
        link_type="dedupe_only",
        comparisons=comparisons,
        blocking_rules_to_generate_predictions=[block_on(*rule) for rule in rules],
        max_iterations=MAXIMUM_ITERATIONS,
        em_convergence=0.0005,
        retain_intermediate_calculation_columns=True,
    ).create_settings_dict("duckdb")


# Pairs that share all columns of one of these are compared. Looser rules find more than cleverer comparisons do
# (linkage.md), but no rule may make a block of thousands: each names a person or a household with a name.
_BLOCKING: tuple[tuple[str, ...], ...] = (
    ("given_sound", "family_sound", "birth_year"),
    ("given_name", "family_name"),
    ("date_of_birth", "family_initial"),
    ("date_of_birth", "given_initial"),
    ("birth_day_month", "postcode"),
    ("birth_day_month", "family_sound"),
    ("birth_day_month", "given_sound"),
    ("postcode", "family_sound"),
    ("postcode", "given_sound"),
    ("street", "house", "given_sound"),
    ("street", "house", "birth_year"),
    ("postcode", "house"),
    ("postcode", "birth_year"),
    ("town", "family_sound", "birth_year"),
    ("town", "given_sound", "birth_year"),
    ("street", "given_sound"),
    ("street", "family_sound"),
    ("street", "house", "postcode"),
    ("town", "birth_day_month"),
    ("school", "date_of_birth"),
    ("given_sound", "birth_year", "house"),
    ("other_id",),
    ("family_sound", "birth_year", "house"),
)


def _comparisons() -> dict[str, Any]:
    import splink.comparison_level_library as levels
    import splink.comparison_library as library

    def comparison(column: str, *inner: Any) -> Any:
        return library.CustomComparison(
            output_column_name=column,
            comparison_levels=[levels.NullLevel(column), *inner, levels.ElseLevel()],
        )

    def same(column: str, tf: bool = False) -> Any:
        return levels.ExactMatchLevel(column, term_frequency_adjustments=tf)

    def given() -> Any:
        return comparison(
            "given_name",
            same("given_name", tf=True),
            levels.CustomLevel("given_root_l = given_root_r", "nickname or same first of several"),
            levels.JaroWinklerLevel("given_name", 0.9),
            levels.CustomLevel(
                "given_sound_l = given_sound_r or jaro_winkler_similarity(given_name_l, given_name_r) >= 0.82",
                "sounds or looks alike",
            ),
            levels.CustomLevel(
                "given_name_l = family_name_r or family_name_l = given_name_r", "names swapped"
            ),
        )

    def family() -> Any:
        return comparison(
            "family_name",
            same("family_name", tf=True),
            levels.JaroWinklerLevel("family_name", 0.9),
            levels.CustomLevel(
                "family_sound_l = family_sound_r or jaro_winkler_similarity(family_name_l, family_name_r) >= 0.82",
                "sounds or looks alike",
            ),
        )

    def birth() -> Any:
        return comparison(
            "date_of_birth",
            same("date_of_birth"),
            levels.CustomLevel(
                "birth_day_month_l = birth_day_month_r or damerau_levenshtein(date_of_birth_l, date_of_birth_r) <= 1",
                "day and month swapped, or one slip",
            ),
            levels.DamerauLevenshteinLevel("date_of_birth", 2),
        )

    def postcode() -> Any:
        return comparison(
            "postcode",
            same("postcode"),
            levels.DamerauLevenshteinLevel("postcode", 1),
            levels.CustomLevel(
                "left(postcode_l, length(postcode_l) - 2) = left(postcode_r, length(postcode_r) - 2)",
                "same sector",
            ),
        )

    def words(column: str) -> Any:
        return lambda: comparison(column, same(column), levels.JaroWinklerLevel(column, 0.88))

    def exact(column: str) -> Any:
        return lambda: comparison(column, same(column))

    return {
        "given_name": given,
        "family_name": family,
        "date_of_birth": birth,
        "sex": exact("sex"),
        "house": lambda: comparison("house", same("house"), levels.DamerauLevenshteinLevel("house", 1)),
        "street": words("street"),
        "locality": words("locality"),
        "town": words("town"),
        "postcode": postcode,
        "school": exact("school"),
        "other_id": lambda: comparison(
            "other_id", same("other_id"), levels.DamerauLevenshteinLevel("other_id", 1)
        ),
    }


def untrained(settings: dict[str, Any]) -> list[str]:
    """Levels without a trained m or u, as ``comparison: level``."""
    return [
        _level(comparison, level)
        for comparison in settings["comparisons"]
        for level in comparison["comparison_levels"]
        if not level.get("is_null_level")
        and not all(isinstance(level.get(which), float) for which in ("m_probability", "u_probability"))
    ]


def train(
    descriptions: pd.DataFrame, name: str, *, has_siblings: bool = True, seed: int = 1
) -> tuple[Model, dict[str, Any]]:
    """Train a model on descriptions, without labels.

    Args:
        descriptions: as :func:`people.describe` returns them; at least a few hundred.

    Returns:
        The model, and its card: what was trained on and what the checks found.

    Raises:
        YosError: NOT_TRAINED, naming the check that failed; a model in use stays in use.
    """
    people = for_matching(descriptions)
    if people["unique_id"].duplicated().any():
        raise YosError("NOT_TRAINED", "a description is there twice", "give each record once")
    frequencies = _frequencies(people)
    settings = settings_for(people)
    iterations, settings = _fit(people, Model(name, settings, frequencies, has_siblings), seed)
    # what hardly anybody's records show cannot be learnt: such a level joins the next one, and all is learnt anew
    dropped = _drop(settings_before := settings_for(people), untrained(settings))
    if dropped:
        iterations, settings = _fit(people, Model(name, settings_before, frequencies, has_siblings), seed)
    nulls = {
        column: round(float(people[column].isna().mean()), 4)
        for column in Model(name, settings, frequencies).compared
    }
    card = {
        "descriptions": len(people),
        "iterations": iterations,
        "levels_dropped": dropped,
        "null_share": nulls,
    }
    problems = [f"not trained: {level}" for level in untrained(settings)]
    if max(iterations) >= MAXIMUM_ITERATIONS:
        problems.append(f"a session stopped at its limit of {MAXIMUM_ITERATIONS} iterations")
    if nulls.get("date_of_birth", 0) > 0.5:
        problems.append("more than half of the dates of birth are missing")
    if problems:
        raise YosError("NOT_TRAINED", "; ".join(problems), "train on more records; the model in use stays")
    _soften(settings)
    return Model(name, settings, frequencies, has_siblings), card


def _fit(people: pd.DataFrame, model: Model, seed: int) -> tuple[list[int], dict[str, Any]]:
    """Train once; the iterations of each session, and the settings with their weights."""
    from splink import block_on

    with matching(people, model) as (linker, _):
        training = linker.training
        sure = [rule for rule in _SURE if set(rule) <= set(people.columns[people.notna().any()])]
        training.estimate_probability_two_random_records_match([block_on(*rule) for rule in sure], recall=0.8)
        training.estimate_u_using_random_sampling(max_pairs=2e6, seed=seed)
        sessions = [
            training.estimate_parameters_using_expectation_maximisation(block_on(*rule), max_pairs=2e6)
            for rule in _SESSIONS
        ]
        settings = linker.misc.save_model_to_json()
    return [len(session._core_model_settings_history) - 1 for session in sessions], settings


def _drop(settings: dict[str, Any], levels: list[str]) -> list[str]:
    """Take levels out of settings; those that were."""
    for comparison in settings["comparisons"]:
        comparison["comparison_levels"] = [
            level for level in comparison["comparison_levels"] if _level(comparison, level) not in levels
        ]
    return levels


def _level(comparison: dict[str, Any], level: dict[str, Any]) -> str:
    return f"{comparison['output_column_name']}: {level['label_for_charts']}"


# Pairs that agree in all of these are taken for one person when the share of true pairs is guessed.
_SURE = (
    ("given_name", "family_name", "date_of_birth"),
    ("given_root", "family_sound", "date_of_birth", "postcode"),
    ("family_name", "date_of_birth", "street", "house", "given_sound"),
)
# Between them every comparison is trained once, each by the pairs the other columns hold together.
_SESSIONS = (("date_of_birth",), ("given_sound", "family_sound"))


def _frequencies(people: pd.DataFrame) -> pd.DataFrame:
    parts = []
    for column in NAMES:
        counts = people[column].dropna().value_counts(normalize=True).sort_index()
        parts.append(pd.DataFrame({"column": column, "value": counts.index, "frequency": counts.to_numpy()}))
    return pd.concat(parts, ignore_index=True)


def _soften(settings: dict[str, Any]) -> None:
    """Keep each level's weight within bounds, and none below a level that says less."""
    for comparison in settings["comparisons"]:
        least = -LOUDEST
        for level in reversed(comparison["comparison_levels"]):  # from the level that says least
            if level.get("is_null_level"):
                continue
            weight = math.log2(max(level["m_probability"], 1e-12) / max(level["u_probability"], 1e-12))
            least = min(max(weight, least), LOUDEST)
            level["m_probability"] = level["u_probability"] * 2**least
