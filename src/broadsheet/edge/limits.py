"""What one client, one request and one answer may cost. Times are counted by a timer of one second in each worker."""

from __future__ import annotations

# The head of a request; it is read in pieces of this size, so that few requests wait in memory behind a slow one.
HEAD_BYTES = 16 * 1024
PIECE_BYTES = 4 * 1024
# The body of a request to an address that takes one.
BODY_BYTES = 64 * 1024
# From a connection's first byte, or its opening, to the end of a request.
REQUEST_S = 10
# What a client still sends after our last answer is thrown away for so long, then the connection is cut.
LINGER_S = 2
# Between two requests.
IDLE_S = 60
# A reader who takes less than this in so long is cut.
SLOW_READER_S = 20
SLOW_READER_BYTES = 20 * 1024
# After SIGTERM answers that are being written have so long.
STOP_S = 5
# All connections of a worker, whatever their addresses.
CONNECTIONS = 10_000

# What is written at once; above the upper mark no further request of the connection is answered.
WRITE_HIGH_BYTES = 256 * 1024
WRITE_LOW_BYTES = 64 * 1024
FILE_PIECE_BYTES = 256 * 1024

# Answers that are ready with their date, for the rest of the second in which they were made.
READY_BYTES = 8 * 1024 * 1024
# Addresses of which a worker remembers that they are answered with another's reply, such as a 404.
ALIASES = 4096
LONGEST_ALIAS = 512
# Addresses of which it remembers that nothing about them needs a thought.
PLAIN_TARGETS = 16_384

# A reader who waits for a page that is not stored gets 503 after so long; must stay below two seconds.
PATIENCE_S = 1.8
# Somebody who sent a form, and a page that is made anew while its old copy is still given.
LONG_PATIENCE_S = 10.0
# How often a waiting worker looks whether another's render is done or its holder dead; below 25 ms.
LOOK_S = 0.005
# Renders that one worker asks for at the same time, and how many of them may be of pages that have an old copy.
RENDERS = 16
REFRESHES = 8
# Requests to dynamic addresses that one worker passes on at the same time.
PASSES = 8
# An answer that is passed on without being stored.
PASSED_BYTES = 32 * 1024 * 1024
# After a failure the renderer is left alone for so long, twice as long each time.
FIRST_REST_S = 0.05
LONGEST_REST_S = 1.0
# A reader who needs it waits for the end of such a rest, and the renderer is asked a second time; longer ones tell that
# it has been ill for a while.
SHORT_REST_S = 0.25
# So many failures in a row at whatever addresses mean that the renderer is ill, not one page.
ILL_AFTER = 4
