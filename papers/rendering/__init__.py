"""Printed papers: PDF by Typst, editable Word, answer sheets."""
