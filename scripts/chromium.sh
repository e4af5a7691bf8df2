#!/bin/sh
# Sees to it that there is a Chromium for the browser tests: installs one on Debian as root, else says what to install.
set -eu

for name in chromium chromium-browser google-chrome; do
    if command -v "$name" >/dev/null 2>&1; then
        exit 0
    fi
done
if [ -f /etc/debian_version ] && [ "$(id -u)" = 0 ]; then
    echo "Installing Chromium for the browser tests …"
    if apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
        chromium fonts-noto-core >/dev/null; then
        exit 0
    fi
fi
echo "broadsheet: the browser tests need Chromium; install the package 'chromium' (Debian: apt-get install chromium)." >&2
exit 1
