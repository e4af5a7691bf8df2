"""One supervisor a folder, and a busy port is found before anything is started."""

import os
import socket

import pytest

from broadsheet.processes import locks, ports
from broadsheet.processes.errors import AlreadyServed, PortBusy, ProcessError


def test_folder_is_held_by_one_and_free_again_afterwards(tmp_path):
    again = pytest.raises(AlreadyServed, match=f"process {os.getpid()}")
    with locks.hold_site(tmp_path), again, locks.hold_site(tmp_path):
        pytest.fail("held twice")
    with locks.hold_site(tmp_path):
        pass


@pytest.mark.enable_socket
def test_busy_port_is_named():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        port = listener.getsockname()[1]
        with pytest.raises(PortBusy, match=f"port {port} for readers is busy"):
            ports.check_free("127.0.0.1", port, "readers", patience_s=0)
    ports.check_free("127.0.0.1", port, "readers", patience_s=0)


@pytest.mark.enable_socket
def test_address_of_another_machine_cannot_be_listened_at():
    with pytest.raises(ProcessError, match="cannot listen at 192\\.0\\.2\\.1:8000"):
        ports.check_free("192.0.2.1", 8000, "readers", patience_s=0)
