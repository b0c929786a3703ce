"""What a benchmark found: measures with their spread and goals, and whether the results were right;
as lines of a table and as JSON."""

import dataclasses
import statistics


@dataclasses.dataclass(frozen=True)
class Goal:
    limit: float
    at_least: bool

    def is_met(self, value):
        return value >= self.limit if self.at_least else value <= self.limit


def at_least(limit):
    return Goal(limit, True)


def at_most(limit):
    return Goal(limit, False)


@dataclasses.dataclass(frozen=True)
class Measure:
    """One figure, once per run; the median counts."""

    name: str
    unit: str
    values: list[float]
    goal: Goal | None = None

    @property
    def median(self):
        return statistics.median(self.values)

    def line(self):
        spread = f"{amount(min(self.values))} – {amount(max(self.values))}"
        text = f"  {self.name:<34}{amount(self.median):>9} {self.unit:<13}{spread:<18}"
        if self.goal is None:
            return text.rstrip()
        sign = "≥" if self.goal.at_least else "≤"
        verdict = "met" if self.goal.is_met(self.median) else "NOT met"
        return f"{text} goal {sign} {amount(self.goal.limit)}: {verdict}"

    def to_json(self):
        found = {
            "name": self.name,
            "unit": self.unit,
            "median": self.median,
            "min": min(self.values),
            "max": max(self.values),
            "runs": self.values,
        }
        if self.goal is not None:
            found["goal"] = {
                "limit": self.goal.limit,
                "at_least": self.goal.at_least,
                "met": self.goal.is_met(self.median),
            }
        return found


@dataclasses.dataclass
class Report:
    """`setting` says under which conditions; `problems` what was wrong with the results."""

    name: str
    setting: dict
    measures: list[Measure]
    problems: list[str]
    checked: str = ""

    def lines(self):
        yield self.name + ": " + ", ".join(f"{key} {value}" for key, value in self.setting.items())
        for measure in self.measures:
            yield measure.line()
        if self.problems:
            for problem in self.problems:
                yield f"  WRONG: {problem}"
        elif self.checked:
            yield f"  right: {self.checked}"

    def to_json(self):
        return {
            "name": self.name,
            "setting": self.setting,
            "measures": [measure.to_json() for measure in self.measures],
            "right": not self.problems,
            "problems": self.problems,
            "checked": self.checked,
        }


def amount(value):
    """Three significant digits, and never an exponent."""
    if value == 0:
        return "0"
    digits = max(0, 3 - len(str(int(abs(value)))) if abs(value) >= 1 else 3)
    return f"{value:,.{digits}f}"
