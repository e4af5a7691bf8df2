"""What can go wrong with search."""


class SearchError(Exception):
    """The base of search's errors."""


class NoIndex(SearchError):
    """The site's database has no index that search knows."""
