"""What can keep a site from being served."""


class ProcessError(Exception):
    """The base; the message is one line for the operator."""


class PortBusy(ProcessError):
    """Another program listens at the port."""


class AlreadyServed(ProcessError):
    """Another supervisor serves the same folder."""
