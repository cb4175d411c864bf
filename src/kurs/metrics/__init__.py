"""Question -> plan -> one SQL statement for a dialect."""
