"""School formulas: one tree that LaTeX, Word (OMML) and MathML are read into and written from. Pure: no session."""
