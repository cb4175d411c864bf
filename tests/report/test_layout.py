"""Which columns fit, and how wide they are."""

from __future__ import annotations

import io

from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console, RenderableType
from rich.text import Text

from kurs.report.layout import Column, fit, in_place, listed, table

WORDS = st.text("ab ", min_size=1, max_size=30)
COLUMNS = st.lists(
    st.builds(
        Column,
        WORDS,
        st.sampled_from(["left", "right"]),
        least=st.sampled_from([0, 8]),
        rank=st.integers(0, 3),
    ),
    min_size=1,
    max_size=6,
)


def drawn(part: RenderableType, width: int) -> list[str]:
    stream = io.StringIO()
    Console(file=stream, width=width, color_system=None).print(part)
    return [line.rstrip() for line in stream.getvalue().splitlines()]


def row(*cells: str) -> tuple[Text, ...]:
    return tuple(Text(cell) for cell in cells)


def test_everything_is_shown_where_there_is_room() -> None:
    fitted = fit([Column("Name"), Column("Value", "right")], [row("orders", "1,234")], 80)
    assert fitted is not None
    assert fitted.widths == (6, 5)
    assert len(fitted) == 13


def test_the_highest_rank_goes_first_and_texts_give_way_only_so_far() -> None:
    columns = [Column("Name", least=20), Column("Value"), Column("Owner", rank=2), Column("Trend", rank=1)]
    rows = [row("n" * 40, "v" * 20, "o" * 20, "t" * 10)]
    everything, fewer, fewest = (fit(columns, rows, width) for width in (96, 80, 60))
    assert everything is not None
    assert everything.widths == (40, 20, 20, 10)
    assert fewer is not None
    assert (fewer.places, fewer.widths) == ((0, 1, 2, 3), (24, 20, 20, 10))
    assert fewest is not None
    assert (fewest.places, fewest.widths) == ((0, 1, 3), (26, 20, 10))


def test_headers_wrap_before_a_column_goes() -> None:
    fitted = fit([Column("Expected by now", rank=1), Column("x")], [row("1", "y" * 60)], 72)
    assert fitted is not None
    assert fitted.widths == (10, 60)


def test_empty_columns_are_left_out() -> None:
    fitted = fit([Column("Name"), Column("Owner"), Column("Value")], [row("a", "", "1")], 80)
    assert fitted is not None
    assert fitted.places == (0, 2)


def test_what_does_not_fit_is_a_list() -> None:
    columns = [Column("Name"), Column("Value"), Column("Gap"), Column("Owner")]
    cells = row("orders", "1,234", "", "Head of web")
    assert fit(columns, [cells], 59) is None
    assert fit(columns, [row("n" * 40, "1", "2", "o" * 40)], 80) is None
    assert drawn(table(columns, [cells], 30), 30) == ["orders", "  Value: 1,234", "  Owner: Head of web"]
    assert drawn(listed(columns, cells, 60), 60) == ["orders", "  Value: 1,234 · Owner: Head of web"]


@given(COLUMNS, st.integers(60, 150), st.data())
def test_a_table_is_never_wider_than_the_screen(
    columns: list[Column], width: int, data: st.DataObject
) -> None:
    rows = [tuple(Text(data.draw(WORDS)) for _ in columns)]
    fitted = fit(columns, rows, width)
    assert fitted is None or len(fitted) <= width
    assert max(map(len, drawn(table(columns, rows, width), width)), default=0) <= width


def test_right_to_left_texts_keep_their_columns() -> None:
    mark = "\N{LEFT-TO-RIGHT MARK}"
    row = "  محقق‌شده    ۱۲  CTR"
    assert in_place(f"Owner  CTR\n{row}\nجمله‌ای بی‌ستون.") == (
        f"Owner  CTR\n{mark}  محقق‌شده{mark}    ۱۲{mark}  CTR{mark}\nجمله‌ای بی‌ستون."
    )
    assert in_place("├─ هدف · CTR") == f"{mark}├─ هدف · CTR{mark}"
    assert in_place("Ägare – 12 %  CTR") == "Ägare – 12 %  CTR"
