"""Proof of the readers' site: the demo edition served by its real processes, read by a crawler and by a real browser.

Main path: `conftest.site` (builds the demo edition once, `harness.serve`) -> the tests, one module a promise.
`desk` changes the running site from a process of its own; `crawl` walks every public address; `checks` measures pages.
"""
