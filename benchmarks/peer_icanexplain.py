"""icanexplain, in an environment of its own: what it says of each case of ``explanations.py``.

Reads the cases from its standard input as JSON, and writes an answer for each: members with their effects.
"""

from __future__ import annotations

import json
import sys

import icanexplain
import pandas as pd


def effects(case: dict[str, object]) -> dict[str, dict[str, float]]:
    """Return what each member made, by the kinds of effect that it knows."""
    rows = pd.DataFrame(case["rows"], columns=["period", "member", "above", "below"])
    if case["kind"] == "funnel":
        found = icanexplain.FunnelExplainer(funnel=["below", "above"], period="period", group="member")(rows)
    else:
        rows["mean"] = rows["above"] / rows["below"].where(rows["below"] != 0)
        kind = icanexplain.SumExplainer if case["kind"] == "sum" else icanexplain.MeanExplainer
        found = kind(fact="mean", count="below", period="period", group="member")(rows)
    table = (found if isinstance(found, pd.DataFrame) else found.to_pandas()).reset_index()
    kinds = [name for name in table.columns if name in ("inner", "mix") or name.endswith("_contribution")]
    return {
        str(row["member"]): {kind.removesuffix("_contribution"): float(row[kind]) for kind in kinds}
        for _, row in table.iterrows()
    }


def main() -> None:
    """Answer all cases; one that fails is told as its error."""
    said: list[object] = []
    for case in json.load(sys.stdin):
        try:
            said.append(effects(case))
        except Exception as error:  # noqa: BLE001 - whatever it is, it is the answer
            said.append(f"{type(error).__name__}: {error}")
    json.dump(said, sys.stdout)


if __name__ == "__main__":
    main()
