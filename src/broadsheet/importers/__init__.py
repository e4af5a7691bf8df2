"""Archives of other systems become articles, sections, topics and authors of ours; every source has a folder.

A source has the same parts: parse (its format into plain records), map (records into stories), sanitise, load. `models`
remembers which thing of the source became which object of ours, so that a second run changes nothing; `report` accounts
for everything that stood in the source. May import articles, media and all below. Owns the tables `importers_*`.
Run only its tests: `pytest tests/importers`. Mistakes made here: publishing what was not public at the source, and
reading the clock or the network while mapping, so that two runs differ.
"""
