"""YAML files -> the linked plan, with every problem at its place."""

from kurs.project.files import find_project
from kurs.project.marks import Marks
from kurs.project.read import Draft, read

__all__ = ["Draft", "Marks", "find_project", "read"]
