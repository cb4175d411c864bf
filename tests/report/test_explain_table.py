"""The bars of an explanation."""

from kurs.report.explain_table import bar


def test_bars_stand_to_both_sides_of_one_axis() -> None:
    drawn = [bar(effect, 4.0) for effect in (4.0, -4.0, 1.0, -2.0, 0.0)]
    assert drawn == ["        │████████", "████████│", "        │██", "    ████│", "        │"]
    assert {text.index("│") for text in drawn} == {8}


def test_a_small_effect_is_a_part_of_a_cell() -> None:
    assert bar(0.25, 4.0) == "        │▌"
    assert bar(0.0, 0.0) == "        │"
