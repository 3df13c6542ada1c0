"""How alike two descriptions are: Splink's settings, its training with checks, and trained models as files.

A model is a folder: ``model.json`` (Splink's settings with trained weights), ``frequencies.parquet`` (how common each name was
when it was trained, so that a weight does not drift as the data grows) and ``card.json`` (when, over how much, with which
checks). A folder once published is never changed; a new training writes a new one.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pandas as pd

from yos_warehouse.errors import YosError
from yos_warehouse.identity.people import COMPARED, NAMES, for_matching
from yos_warehouse.settings import matching_model

MODELS = Path(__file__).with_name("models")
SHIPPED = MODELS / "children_1"

MEMORY_LIMIT = "2GB"
MAXIMUM_ITERATIONS = 50
FEWEST_DESCRIPTIONS = 300
# No single comparison speaks louder than this: a level seen in few pairs learns absurd weights (linkage.md).
LOUDEST = 10.0
# The level that says a given name, or a date of birth, is another one: nothing about it is near.
OTHER = 0


@dataclass(frozen=True)
class Model:
    """A trained model.

    Attributes:
        name: of its folder.
        settings: for Splink, with trained weights.
        frequencies: columns ``column``, ``value``, ``frequency`` (share of descriptions, 0 to 1).
        has_families: whether families are among the people: then another given name, or a date of birth nothing like the
            other, keeps a pair apart whatever a family shares.
    """

    name: str
    settings: dict[str, Any]
    frequencies: pd.DataFrame
    has_families: bool = True

    @property
    def compared(self) -> list[str]:
        """The names of the comparisons, in order."""
        return [one["output_column_name"] for one in self.settings["comparisons"]]

    def blocked_by(self) -> list[list[str]]:
        """The columns of each blocking rule; who shares all of one is compared."""
        rules = self.settings["blocking_rules_to_generate_predictions"]
        return [re.findall(r'\bl\."?(\w+)"? = ', rule["blocking_rule"]) for rule in rules]

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
    return Model(folder.name, settings, frequencies, card["has_families"])


def model_in_use() -> Model:
    """The service's own model where it has one, else the one that comes with the project.

    Raises:
        YosError: NO_MODEL.
    """
    return load_model(matching_model() or SHIPPED)


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
            json.dumps({**card, "has_families": model.has_families}, indent=1) + "\n", "utf-8"
        )
        place.rename(folder)


@contextmanager
def matching(people: pd.DataFrame, model: Model, threads: int = 2) -> Iterator[tuple[Any, Any]]:
    """Splink over a DuckDB of bounded memory, with the model and its name frequencies; gone afterwards.

    Args:
        people: as :func:`people.for_matching` makes them.
        threads: 1 where a seed must give the same sample again.

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
                f"set memory_limit = '{MEMORY_LIMIT}'; set temp_directory = '{spill}'; set threads = {threads}"
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
            levels.CustomLevel(
                "list_has_any(string_split(given_roots_l, '|'), string_split(given_roots_r, '|')) or (least(length(given_name_l), length(given_name_r)) >= 3"
                " and (starts_with(given_name_l, given_name_r) or starts_with(given_name_r, given_name_l)))",
                "nickname, or the beginning of the other",
            ),
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

    # House, street, town and postcode are one fact, not four: taken one by one they would outweigh name and birth.
    def home() -> Any:
        return library.CustomComparison(
            output_column_name="home",
            comparison_levels=[
                levels.CustomLevel("street_l is null or street_r is null", "street not known").configure(
                    is_null_level=True
                ),
                levels.CustomLevel(f"house_l = house_r and {near('street')}", "house and street alike"),
                levels.CustomLevel(near("street"), "street alike"),
                levels.ElseLevel(),
            ],
        )

    def area() -> Any:
        alike = " + ".join(
            f"coalesce(({rule})::int, 0)"
            for rule in ("damerau_levenshtein(postcode_l, postcode_r) <= 1", near("town"), near("locality"))
        )
        comparable = [
            f"({column}_l is null or {column}_r is null)" for column in ("postcode", "town", "locality")
        ]
        return library.CustomComparison(
            output_column_name="area",
            comparison_levels=[
                levels.CustomLevel(" and ".join(comparable), "area not known").configure(is_null_level=True),
                levels.CustomLevel(f"postcode_l = postcode_r and {alike} > 1", "postcode and place the same"),
                levels.CustomLevel(
                    f"postcode_l = postcode_r or {alike} > 1",
                    "postcode the same, or two of town, locality, postcode",
                ),
                levels.CustomLevel(f"{alike} = 1", "one of town, locality, postcode"),
                levels.ElseLevel(),
            ],
        )

    def near(column: str) -> str:
        return f"jaro_winkler_similarity({column}_l, {column}_r) >= 0.88"

    def exact(column: str) -> Any:
        return lambda: comparison(column, same(column))

    return {
        "given_name": given,
        "family_name": family,
        "date_of_birth": birth,
        "sex": exact("sex"),
        "street": home,
        "postcode": area,
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
    descriptions: pd.DataFrame, name: str, *, has_families: bool = True, seed: int = 1
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
    if len(people) < FEWEST_DESCRIPTIONS:
        raise YosError(
            "NOT_TRAINED",
            f"{len(people)} different records are too few",
            f"train on {FEWEST_DESCRIPTIONS} at least, or take a trained model with --model",
        )
    frequencies = _frequencies(people)
    try:
        return _train(people, name, frequencies, has_families, seed)
    except ValueError as problem:  # a weight that runs away while it is learnt
        raise YosError(
            "NOT_TRAINED",
            f"no weights were found ({problem})",
            "train on more records; the model in use stays",
        ) from problem


def _train(
    people: pd.DataFrame, name: str, frequencies: pd.DataFrame, has_families: bool, seed: int
) -> tuple[Model, dict[str, Any]]:
    # what hardly any record shows cannot be learnt: such a level joins the next one
    dropped = _unseen(people, Model(name, settings_for(people), frequencies))
    iterations, settings = _fit(people, Model(name, _without(people, dropped), frequencies), seed)
    if untrained(settings):
        dropped += untrained(settings)
        iterations, settings = _fit(people, Model(name, _without(people, dropped), frequencies), seed)
    nulls = {column: round(float(people[column].isna().mean()), 4) for column in COMPARED}
    card = {
        "descriptions": len(people),
        "iterations": iterations,
        "levels_dropped": dropped,
        "null_share": nulls,
    }
    problems = [f"not trained: {level}" for level in untrained(settings)]
    if max(iterations) >= MAXIMUM_ITERATIONS:
        problems.append(f"a session stopped at its limit of {MAXIMUM_ITERATIONS} iterations")
    if nulls["date_of_birth"] > 0.5:
        problems.append("more than half of the dates of birth are missing")
    if problems:
        raise YosError("NOT_TRAINED", "; ".join(problems), "train on more records; the model in use stays")
    _soften(settings)
    return Model(name, settings, frequencies, has_families), card


def _fit(people: pd.DataFrame, model: Model, seed: int) -> tuple[list[int], dict[str, Any]]:
    """Train once; the iterations of each session, and the settings with their weights."""
    from splink import block_on

    with matching(people, model, threads=1) as (linker, _):
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


def _unseen(people: pd.DataFrame, model: Model) -> list[str]:
    """Levels between alike and not that hardly any pair shows which agrees in names and date of birth."""
    from splink import block_on

    with matching(people, model) as (linker, _):
        sure = linker.inference.predict_within(
            linker._input_tables_dict["people"],
            blocking_rules_to_generate_predictions=[block_on(*_SURE[0])],
            warning_mode="never",
        ).as_pandas_dataframe()
    found = []
    for comparison in model.settings["comparisons"]:
        column = comparison["output_column_name"]
        if column not in _SURE[0]:
            levels = [level for level in comparison["comparison_levels"] if not level.get("is_null_level")]
            for gamma, level in zip(range(len(levels) - 1, 0, -1), levels[:-1], strict=True):
                if (sure[f"gamma_{column}"] == gamma).sum() < _FEWEST:
                    found.append(_level(comparison, level))
    return found


def _without(people: pd.DataFrame, levels: list[str]) -> dict[str, Any]:
    """Settings for the people without some levels."""
    settings = settings_for(people)
    for comparison in settings["comparisons"]:
        comparison["comparison_levels"] = [
            level
            for level in comparison["comparison_levels"]
            if _level(comparison, level) not in levels or level["sql_condition"] == "ELSE"
        ]
    return settings


def _level(comparison: dict[str, Any], level: dict[str, Any]) -> str:
    return f"{comparison['output_column_name']}: {level['label_for_charts']}"


_FEWEST = 5  # pairs that must show a level for it to be learnt
# Pairs that agree in all of these are taken for one person when the share of true pairs is guessed.
_SURE = (
    ("given_name", "family_name", "date_of_birth"),
    ("given_sound", "family_sound", "date_of_birth", "postcode"),
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
