"""Run SQL, get rows: one thin engine a file, named alike, ignorant of each other."""
