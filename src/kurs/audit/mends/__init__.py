"""What to write into the plan so that a fault is gone, a file for each letter of the audit."""
