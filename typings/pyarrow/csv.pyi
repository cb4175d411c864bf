from collections.abc import Callable, Mapping, Sequence
from typing import BinaryIO

from pyarrow import DataType, RecordBatchReader

class InvalidRow:
    expected_columns: int
    actual_columns: int
    number: int | None
    text: str

class ReadOptions:
    def __init__(self, *, block_size: int, column_names: Sequence[str], use_threads: bool = True) -> None: ...

class ParseOptions:
    def __init__(
        self,
        *,
        delimiter: str,
        quote_char: str | bool,
        newlines_in_values: bool,
        invalid_row_handler: Callable[[InvalidRow], str] | None = None,
    ) -> None: ...

class ConvertOptions:
    def __init__(
        self,
        *,
        column_types: Mapping[str, DataType],
        include_columns: Sequence[str],
        strings_can_be_null: bool,
        quoted_strings_can_be_null: bool = True,
        check_utf8: bool = True,
        null_values: Sequence[str] | None = None,
    ) -> None: ...

def open_csv(
    input_file: BinaryIO,
    read_options: ReadOptions,
    parse_options: ParseOptions,
    convert_options: ConvertOptions,
) -> RecordBatchReader: ...
