"""Languages of the editions: names, direction, dates and numbers as CLDR has them, translation groups."""
