"""What the server tells the application beyond WSGI."""

# Under this key the server gives the path as it was sent; WSGI's own PATH_INFO is decoded already.
RAW_PATH = "broadsheet.raw_path"
