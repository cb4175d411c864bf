# Where the stubs of duckdb look for these.
from pyarrow import RecordBatchReader as RecordBatchReader
from pyarrow import Table as Table
